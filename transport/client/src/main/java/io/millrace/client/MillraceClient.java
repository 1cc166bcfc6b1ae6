package io.millrace.client;

import io.millrace.codecs.ConsumeEncoder;
import io.millrace.codecs.Disposition;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * A connection to a Millrace server, used by one thread. That thread calls {@link #poll()} again and again: it takes in
 * what has arrived, calls the handlers, sends what waits, keeps the session alive and opens it again when it is lost.
 *
 * <p>Requests never wait. They return a correlation id, which is positive and counts up by one, or one of the negative
 * codes of this class; what became of a request is told to the {@link ClientListener} under its id. In steady state no
 * call allocates.
 *
 * <p>The package description has a complete example.
 */
public final class MillraceClient implements AutoCloseable {
    /** The way to the server is full: poll, then try again. */
    public static final long BACK_PRESSURED = -1;
    /** There is no session at the moment; poll opens one again. */
    public static final long NOT_CONNECTED = -2;
    /** The client was closed, or the server refuses it for good. */
    public static final long CLOSED = -3;
    /** Too many requests are unanswered: 64 protected commands or as many bytes as the context allows, or 64 receives. */
    public static final long WINDOW_FULL = -4;
    /** The request is larger than the server takes. */
    public static final long TOO_LARGE = -5;
    /** There is nothing to send. */
    public static final long EMPTY = -6;

    /** Duration that stands for the queue's own. */
    public static final long QUEUE_DEFAULT = ConsumeEncoder.visibilityTimeoutNsNullValue();

    private final ClientContext context;
    private final NanoClock clock;
    private final ClientCounters counters = new ClientCounters();
    private final IngressPublisher publisher = new IngressPublisher(counters);
    private final LargeTransfer transfer = new LargeTransfer(publisher);
    private final SendOptions plain = new SendOptions();
    private final SendOptions delayed = new SendOptions();
    private final ReceiveOptions simpleReceive = new ReceiveOptions();
    private final BlockingCall call = new BlockingCall();
    private final StreamWork streamWork = new StreamWork();
    private final AckBatches ackBatches;
    private final GuardedListener listener;
    private final Producer producer;
    private final FrameWriter writer;
    private final Requests requests;
    private final Subscriptions subscriptions;
    private final ClientSession session;
    private final AnswerRouter router;
    private final Queues queues;
    private final Topics topics;
    private final Streams streams;
    private final Blobs blobs;
    private final TopicPublisher topicPublisher;
    private final int fragmentLimit;
    private final long dutyIntervalNs;
    private long lastDutyNs;
    private boolean isPolling;
    private boolean isCloseWanted;

    private MillraceClient(final ClientContext context) {
        this.context = context.conclude();
        clock = context.nanoClock();
        fragmentLimit = context.fragmentLimit();
        dutyIntervalNs = context.dutyIntervalNs();
        producer = new Producer(context.producer(), context.producerId(), context.resendBufferLength());
        writer = new FrameWriter(publisher, producer, transfer);
        requests = new Requests(writer, transfer, producer);
        ackBatches = new AckBatches(requests, context.ackBatchEntries());
        listener = new GuardedListener(context.listener(), context.errorHandler());
        subscriptions = new Subscriptions(writer, requests);
        final Restorer restorer = new Restorer(
                producer,
                publisher,
                transfer,
                requests,
                subscriptions,
                ackBatches,
                streamWork,
                call,
                counters,
                listener);
        session = new ClientSession(context, counters, publisher, writer, requests, producer, restorer, listener);
        router = new AnswerRouter(
                context, session, producer, transfer, subscriptions, ackBatches, streamWork, call, listener);
        final EgressAdapter adapter = new EgressAdapter(router, new Delivery(this), counters, context.errorHandler());
        router.adapter(adapter);
        session.reader(new EgressReader(adapter, counters));
        final BlockingRequests blocking = new BlockingRequests(this, writer, call, context);
        queues = new Queues(new QueueFrames(writer), subscriptions, blocking);
        blobs = new Blobs(writer, blocking);
        topics = new Topics(new TopicFrames(writer), blocking);
        topicPublisher = new TopicPublisher(requests, writer);
        streams = new Streams(writer, blocking, streamWork, context);
        lastDutyNs = clock.nanoTime() - dutyIntervalNs;
    }

    /**
     * Connects to a server and waits until the session is open.
     *
     * @param context the settings, which are concluded
     * @return the client, ready for requests
     * @throws MillraceException if the server refuses; the code says why
     * @throws MillraceTimeoutException if there is no session within the context's connect timeout
     */
    public static MillraceClient connect(final ClientContext context) {
        final MillraceClient client = start(context);
        final long startNs = client.clock.nanoTime();
        while (!client.isConnected()) {
            context.idleStrategy().idle(client.poll());
            if (client.isClosed() || client.clock.nanoTime() - startNs >= context.connectTimeoutNs()) {
                final MillraceException refusal = client.lastRefusal();
                client.close();
                throw refusal != null ? refusal : MillraceTimeoutException.noSession(context);
            }
        }
        return client;
    }

    /**
     * Makes a client that connects as it is polled.
     *
     * @param context the settings, which are concluded
     * @return the client; requests return {@link #NOT_CONNECTED} until {@link ClientListener#onConnected}
     */
    public static MillraceClient start(final ClientContext context) {
        return new MillraceClient(context);
    }

    /**
     * Does everything there is to do, and never waits: calls the handlers for what has arrived, sends acknowledgements
     * and parts of large messages, and about every 100 µs looks after Aeron and the session.
     *
     * <p>Not to be called from inside a handler.
     *
     * @return how much was done; 0 if nothing
     */
    public int poll() {
        checkNotInCallback();
        isPolling = true;
        int work;
        try {
            work = session.pollEgress(fragmentLimit);
            work += flush();
            // However busy it is: a handler may take long, and the session must be kept alive all the same.
            work += doDuties();
        } finally {
            isPolling = false;
        }
        if (isCloseWanted) {
            session.close();
        }
        return work;
    }

    /**
     * Sends now what waits: acknowledgements, and as much of a large message as there is room for. Poll does the same.
     *
     * @return frames sent; 0 if nothing waits or the way is full
     */
    public int flush() {
        int work = 0;
        if (writer.gate() == 0) {
            work += transfer.advance();
            work += ackBatches.flush();
            work += streamWork.flush();
        }
        return work;
    }

    /**
     * Sends a message.
     *
     * @param queueId queue to send to
     * @param buffer holds the body
     * @param offset where it starts
     * @param length its bytes; one that does not fit a frame leaves in parts with the next polls, and other commands are
     *     back-pressured until it has left
     * @return a correlation id, or a negative code
     */
    public long send(final long queueId, final DirectBuffer buffer, final int offset, final int length) {
        return requests.send(queueId, buffer, offset, length, plain);
    }

    /** Like {@link #send(long, DirectBuffer, int, int)}, for a message that waits so many nanoseconds before it can be delivered. */
    public long send(
            final long queueId, final DirectBuffer buffer, final int offset, final int length, final long delayNs) {
        return requests.send(queueId, buffer, offset, length, delayed.delayNs(delayNs));
    }

    /**
     * Sends a message. To a FIFO queue, and if the options ask for it, {@link ClientListener#onSendResult} tells what became
     * of it; else it is confirmed.
     *
     * @param queueId queue to send to
     * @param buffer holds the body
     * @param offset where it starts
     * @param length its bytes
     * @param options delay, group, ids and so on
     * @return a correlation id, or a negative code
     */
    public long send(
            final long queueId,
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final SendOptions options) {
        return requests.send(queueId, buffer, offset, length, options);
    }

    /** @return a batch builder for many messages in a frame, options and attributes; to be kept and used again. */
    public SendBatch newSendBatch() {
        return new SendBatch(requests, writer);
    }

    /**
     * Removes delivered messages now, in a frame of their own. {@link Delivery#acknowledge()} does it with less effort.
     *
     * @param queueId queue of the deliveries
     * @param receipts holds the receipts, one behind the other, each {@link Delivery#RECEIPT_LENGTH} bytes
     * @param offset where the first starts
     * @param count how many
     * @return a correlation id, or a negative code
     */
    public long acknowledge(final long queueId, final DirectBuffer receipts, final int offset, final int count) {
        return requests.acknowledge(queueId, receipts, offset, count);
    }

    /**
     * The acknowledgements of a queue that leave together with the next {@link #poll()} or {@link #flush()}.
     *
     * @param queueId the queue
     * @return its batch, made at the first call
     */
    public AckBatch ackBatch(final long queueId) {
        return ackBatches.of(queueId);
    }

    /**
     * The deliveries of a queue that are to end otherwise, and leave together with the next {@link #poll()} or {@link
     * #flush()}.
     *
     * @param queueId the queue
     * @return its batch, made at the first call
     */
    public SettleBatch settleBatch(final long queueId) {
        return ackBatches.settlesOf(queueId);
    }

    /**
     * Ends deliveries without acknowledging them, now, in a frame of their own. {@link Delivery#retry(long)} and the like do
     * it with less effort.
     *
     * @param queueId queue of the deliveries
     * @param receipts holds the receipts, one behind the other
     * @param offset where the first starts
     * @param count how many
     * @param disposition what is to become of their messages
     * @param delayNs how long these wait, nanoseconds, or {@link #QUEUE_DEFAULT}
     * @return a correlation id, or a negative code
     */
    public long settle(
            final long queueId,
            final DirectBuffer receipts,
            final int offset,
            final int count,
            final Disposition disposition,
            final long delayNs) {
        return requests.settle(queueId, receipts, offset, count, disposition, delayNs);
    }

    /**
     * Acknowledges with the results of SQS DeleteMessage: an expired receipt of a message that was not delivered again
     * deletes it, and a message that is gone counts as deleted.
     *
     * @param queueId queue of the delivery
     * @param receipt holds the receipt
     * @param offset where it starts
     * @return a correlation id, or a negative code
     */
    public long deleteMessage(final long queueId, final DirectBuffer receipt, final int offset) {
        return requests.delete(queueId, receipt, offset, 1);
    }

    /** Like {@link #deleteMessage(long, DirectBuffer, int)} for so many receipts, one behind the other, in one frame. */
    public long deleteMessages(final long queueId, final DirectBuffer receipts, final int offset, final int count) {
        return requests.delete(queueId, receipts, offset, count);
    }

    /**
     * Sets how long a delivery stays in flight from now.
     *
     * @param queueId queue of the delivery
     * @param receipt holds the receipt
     * @param offset where it starts
     * @param visibilityNs nanoseconds; 0 makes the message available again at once
     * @return a correlation id, or a negative code
     */
    public long changeVisibility(
            final long queueId, final DirectBuffer receipt, final int offset, final long visibilityNs) {
        return requests.changeVisibility(queueId, receipt, offset, 1, visibilityNs);
    }

    /** Like {@link #changeVisibility(long, DirectBuffer, int, long)} for so many receipts, one behind the other. */
    public long changeVisibility(
            final long queueId,
            final DirectBuffer receipts,
            final int offset,
            final int count,
            final long visibilityNs) {
        return requests.changeVisibility(queueId, receipts, offset, count, visibilityNs);
    }

    /**
     * Takes up to so many messages, once. They go to the message handler, then {@link ClientListener#onReceiveEnd}. They are
     * fewer than there are where all of them would pass the server's limit RECEIVE_BYTES.
     *
     * @param queueId queue to receive from
     * @param maxMessages 1 to the server's limit RECEIVE_MESSAGES, at most 65,535
     * @param waitNs how long to wait for a first message, nanoseconds, or {@link #QUEUE_DEFAULT}
     * @param visibilityNs how long the deliveries stay in flight, nanoseconds, or {@link #QUEUE_DEFAULT}
     * @return a correlation id, or a negative code
     * @throws IllegalArgumentException if maxMessages is not from 1 to 65,535
     */
    public long receive(final long queueId, final int maxMessages, final long waitNs, final long visibilityNs) {
        return receive(queueId, maxMessages, simpleReceive.waitNs(waitNs).visibilityNs(visibilityNs));
    }

    /**
     * Like {@link #receive(long, int, long, long)}, with a choice of attributes and an attempt id.
     *
     * @param queueId queue to receive from
     * @param maxMessages 1 to the server's limit RECEIVE_MESSAGES, at most 65,535
     * @param options how it is to be done
     * @return a correlation id, or a negative code
     * @throws IllegalArgumentException if maxMessages is not from 1 to 65,535
     */
    public long receive(final long queueId, final int maxMessages, final ReceiveOptions options) {
        return subscriptions.receive(queueId, maxMessages, options);
    }

    /** Like {@link #consume(long, int, int, long)}, under the queue's visibility timeout. */
    public long consume(final long queueId, final int creditMessages, final int creditBytes) {
        return consume(queueId, creditMessages, creditBytes, QUEUE_DEFAULT);
    }

    /**
     * Has the messages of a queue pushed as they come. The consumer lasts over reconnects; its first request is then
     * confirmed again under the same id.
     *
     * @param queueId queue to consume from
     * @param creditMessages messages that may be unacknowledged at a time; a further call adds to it
     * @param creditBytes payload bytes that may be unacknowledged at a time; a further call adds to it
     * @param visibilityNs how long pushed deliveries stay in flight, nanoseconds, or {@link #QUEUE_DEFAULT}
     * @return a correlation id, or a negative code
     */
    public long consume(final long queueId, final int creditMessages, final int creditBytes, final long visibilityNs) {
        return subscriptions.consume(queueId, creditMessages, creditBytes, visibilityNs);
    }

    /**
     * Ends the pushing of a queue's messages. What was delivered stays in flight.
     *
     * @param queueId the queue
     * @return a correlation id, or a negative code
     */
    public long stopConsuming(final long queueId) {
        return subscriptions.stopConsuming(queueId);
    }

    /** @return blocking calls about queues: create, find, change, delete, tag, redrive, browse, watch. */
    public Queues queues() {
        return queues;
    }

    /** @return blocking calls about topics and their subscriptions. */
    public Topics topics() {
        return topics;
    }

    /** @return blocking calls about streams and their shards, and what puts and reads records. */
    public Streams streams() {
        return streams;
    }

    /** @return blocking calls about blobs that messages refer to. */
    public Blobs blobs() {
        return blobs;
    }

    /** @return what publishes to topics. */
    public TopicPublisher topicPublisher() {
        return topicPublisher;
    }

    /** @param newListener takes the place of the context's from now on. */
    public void listener(final ClientListener newListener) {
        listener.listener(newListener);
    }

    /** @param handler takes the place of the context's from now on. */
    public void messageHandler(final MessageHandler handler) {
        router.messageHandler(handler);
    }

    /** @return what this client has seen. */
    public ClientCounters counters() {
        return counters;
    }

    /** @return whether a session is open and requests are accepted. */
    public boolean isConnected() {
        return session.state() == ClientSession.State.ACTIVE;
    }

    /** @return whether the client has ended: it was closed, or the server refuses it for good. */
    public boolean isClosed() {
        return session.state() == ClientSession.State.CLOSED;
    }

    /** @return the present session, or the last one. */
    public long sessionId() {
        return writer.sessionId();
    }

    /** @return how often the server has started on its directory, as of the last session. */
    public long bootEpoch() {
        return session.bootEpoch();
    }

    /** @return id of the client's producer, 0 if it has none; a later client can take it over with its context. */
    public long producerId() {
        return producer.id();
    }

    /** @return correlation id of the last request. */
    public long lastCorrelationId() {
        return writer.lastCorrelationId();
    }

    /** @return longest frame of the session in bytes. */
    public int maxFrameBytes() {
        return writer.maxFrameLength();
    }

    /** @return largest message of the session in bytes. */
    public int maxMessageBytes() {
        return writer.maxMessageLength();
    }

    /** @return why the server last refused a session, or null. */
    public MillraceException lastRefusal() {
        return session.lastRefusal();
    }

    /**
     * Ends the session and the client. Waits, at most the context's close timeout, until acknowledgements, records and large
     * messages have left and protected commands are answered. From inside a handler it takes effect when poll returns,
     * and waits for nothing.
     */
    @Override
    public void close() {
        if (isPolling) {
            isCloseWanted = true;
            return;
        }
        final long startNs = clock.nanoTime();
        while (isConnected() && hasUnanswered() && clock.nanoTime() - startNs < context.closeTimeoutNs()) {
            context.idleStrategy().idle(poll());
        }
        session.close();
    }

    void checkNotInCallback() {
        if (isPolling) {
            throw new IllegalStateException(
                    "Called from inside a handler, which poll calls: return from the handler first.");
        }
    }

    private boolean hasUnanswered() {
        return transfer.isActive()
                || !ackBatches.isEmpty()
                || streamWork.hasUnanswered()
                || producer.isEnabled() && !producer.ring().isEmpty();
    }

    private int doDuties() {
        final long nowNs = clock.nanoTime();
        if (nowNs - lastDutyNs < dutyIntervalNs) {
            return 0;
        }
        lastDutyNs = nowNs;
        return session.doWork(nowNs);
    }
}
