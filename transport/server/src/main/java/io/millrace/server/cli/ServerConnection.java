package io.millrace.server.cli;

import io.aeron.exceptions.AeronException;
import io.millrace.client.BlobReference;
import io.millrace.client.Blobs;
import io.millrace.client.ClientListener;
import io.millrace.client.Delivery;
import io.millrace.client.ErrorText;
import io.millrace.client.MessageBatch;
import io.millrace.client.MessageOptions;
import io.millrace.client.MillraceClient;
import io.millrace.client.MillraceException;
import io.millrace.client.PublishBatch;
import io.millrace.client.PublishOptions;
import io.millrace.client.QueueInfo;
import io.millrace.client.Queues;
import io.millrace.client.ReceiveOptions;
import io.millrace.client.SendOptions;
import io.millrace.client.Streams;
import io.millrace.client.Topics;
import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** A session of one command: calls that wait for their answers. A refusal ends the command with its sentence. */
final class ServerConnection implements AutoCloseable, ClientListener {

    /** Handles of one acknowledgement; no profile allows fewer. */
    private static final int HANDLES_PER_FRAME = 10;

    private static final int CREDIT_MESSAGES = 64;
    private static final int CREDIT_BYTES = 1024 * 1024;
    private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    static final long ANSWER_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private final IdleStrategy idle = new BackoffIdleStrategy();
    private final MillraceClient client;
    private Throwable failure;
    private String refusal;
    private long confirmedCommands;
    private long firstValue = -1;
    private long lastValue = -1;
    private long lastSequenceNumber = -1;
    private long duplicates;
    private long alarms;
    private long endedReceive = -1;
    private List<EntryResult> entryResults;
    private AlarmTaker alarmTaker;
    private Consumer<Delivery> receiver;
    private long heard;
    private long spent;

    private ServerConnection(final ServerAddress address, final int resendBufferBytes) {
        try {
            client = MillraceClient.connect(address.context()
                    .resendBufferLength(resendBufferBytes)
                    .clientName("millrace command line")
                    .connectTimeoutNs(CONNECT_TIMEOUT_NS)
                    .requestTimeoutNs(ANSWER_TIMEOUT_NS)
                    .listener(this)
                    .messageHandler(delivery -> receiver.accept(delivery))
                    .errorHandler(this::onError));
        } catch (final IllegalArgumentException | AeronException e) {
            throw new CommandFailure(
                    "Cannot connect over " + address.channel() + " on " + address.aeronDirectory() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Connects, or fails within seconds. */
    static ServerConnection open(final ServerAddress address, final int resendBufferBytes) {
        return new ServerConnection(address.requireServer(), resendBufferBytes);
    }

    /** The blocking calls about queues. */
    Queues queues() {
        return client.queues();
    }

    /** The blocking calls about topics. */
    Topics topics() {
        return client.topics();
    }

    /** The blocking calls about streams. */
    Streams streams() {
        return client.streams();
    }

    /** The blocking calls about blobs. */
    Blobs blobs() {
        return client.blobs();
    }

    /** What a message says of a blob, to be its body. */
    byte[] reference(final long blobId) {
        final UnsafeBuffer reference = new UnsafeBuffer(new byte[BlobReference.LENGTH]);
        client.blobs().describe(blobId).reference().encode(reference, 0);
        return reference.byteArray();
    }

    QueueInfo lookUp(final String name) {
        return client.queues().lookUp(name);
    }

    /** What people know a queue by: its name, or that its id is no queue's any more. */
    String nameOf(final long queueId) {
        try {
            return client.queues().describe(queueId).name();
        } catch (final MillraceException e) {
            if (e.code() == ResultCode.UNKNOWN_QUEUE) {
                return "id " + queueId + " (deleted)";
            }
            throw e;
        }
    }

    /**
     * Sends messages with the same attributes and options.
     *
     * @param queueId    queue to send to.
     * @param bodies     the bodies; read as they are sent.
     * @param attributes of each.
     * @param options    of each.
     * @return what was stored.
     */
    Stored send(
            final long queueId,
            final Iterable<byte[]> bodies,
            final List<MessageAttribute> attributes,
            final SendOptions options) {
        return send(client.newSendBatch(), queueId, bodies, attributes, options);
    }

    /** Publishes messages with the same attributes and options, as {@link #send} sends them. */
    Stored publish(
            final long topicId,
            final Iterable<byte[]> bodies,
            final List<MessageAttribute> attributes,
            final PublishOptions options) {
        return send(client.topicPublisher().newBatch(), topicId, bodies, attributes, options);
    }

    private <B extends MessageBatch<B, O>, O extends MessageOptions<O>> Stored send(
            final B batch,
            final long targetId,
            final Iterable<byte[]> bodies,
            final List<MessageAttribute> attributes,
            final O options) {
        long sent = 0;
        for (final byte[] body : bodies) {
            batch.begin(targetId).text(options.isText()).claim(options.isClaim());
            if (!add(batch, body, attributes, options)) {
                throw new CommandFailure("Message " + (sent + 1) + " of " + body.length
                        + " bytes is larger than the server takes (" + client.maxMessageBytes()
                        + "); the messages before it were stored.");
            }
            offer(batch::send);
            sent++;
        }
        final long expected = sent;
        await("confirmation of the messages", ANSWER_TIMEOUT_NS, () -> confirmedCommands == expected);
        return new Stored(sent, duplicates, firstValue, lastValue, lastSequenceNumber);
    }

    private static <B extends MessageBatch<B, O>, O extends MessageOptions<O>> boolean add(
            final B batch, final byte[] body, final List<MessageAttribute> attributes, final O options) {
        batch.startMessage(options);
        for (final MessageAttribute attribute : attributes) {
            final UnsafeBuffer value = new UnsafeBuffer(attribute.value());
            batch.putAttribute(attribute.type(), attribute.name(), attribute.customType(), value, 0, value.capacity());
        }
        return batch.endMessage(new UnsafeBuffer(body), 0, body.length);
    }

    /**
     * What became of one message of a batch.
     *
     * @param entryIndex     the message, from 0.
     * @param messageId      its id.
     * @param sequenceNumber its number in the topic.
     * @param isDuplicate    whether it was accepted and dropped.
     * @param refusal        why it was refused, or null.
     */
    record EntryResult(int entryIndex, long messageId, long sequenceNumber, boolean isDuplicate, String refusal) {}

    /**
     * Publishes messages in one command, each of which stands for itself.
     *
     * @param topicId          topic to publish to.
     * @param bodies           the bodies.
     * @param deduplicationIds one for each, or none at all.
     * @param attributes       of each.
     * @param options          of each.
     * @return a result for each.
     */
    List<EntryResult> publishBatch(
            final long topicId,
            final List<byte[]> bodies,
            final List<String> deduplicationIds,
            final List<MessageAttribute> attributes,
            final PublishOptions options) {
        final PublishBatch batch = client.topicPublisher().newBatch();
        batch.begin(topicId).text(options.isText()).eachEntry(true);
        for (int i = 0; i < bodies.size(); i++) {
            if (!deduplicationIds.isEmpty()) {
                options.deduplicationId(deduplicationIds.get(i));
            }
            if (!add(batch, bodies.get(i), attributes, options)) {
                throw new CommandFailure("The first " + (i + 1) + " messages do not fit one command of "
                        + client.maxFrameBytes() + " bytes; none was published.");
            }
        }
        entryResults = new ArrayList<>();
        offer(batch::send);
        await("results of the messages", ANSWER_TIMEOUT_NS, () -> entryResults.size() == bodies.size());
        return entryResults;
    }

    /**
     * What a send stored.
     *
     * @param count              number of messages.
     * @param duplicates         how many of them were accepted and dropped.
     * @param firstMessageId     id of the first, -1 if there is none.
     * @param lastMessageId      id of the last, -1 if there is none.
     * @param lastSequenceNumber number of the last in its queue, -1 if the server did not say.
     */
    record Stored(long count, long duplicates, long firstMessageId, long lastMessageId, long lastSequenceNumber) {}

    /**
     * Receives once.
     *
     * @param queue       queue to receive from.
     * @param maxMessages how many at most.
     * @param options     how.
     * @param waitNs      how long the receive may wait.
     * @param taker       takes each message as it comes.
     */
    void receive(
            final QueueInfo queue,
            final int maxMessages,
            final ReceiveOptions options,
            final long waitNs,
            final Consumer<ReceivedMessage> taker) {
        receiver = delivery -> taker.accept(ReceivedMessage.of(delivery));
        final long receiveId = offer(() -> client.receive(queue.queueId(), maxMessages, options));
        await("end of the receive", waitNs + ANSWER_TIMEOUT_NS, () -> endedReceive == receiveId);
    }

    /**
     * Has messages pushed and acknowledges each when it was taken, until so many have come or it is over. What was pushed beyond that goes
     * back when the session ends.
     *
     * @param queueId what is to be consumed.
     * @param count   the messages.
     * @param isOver  whether no more is wanted.
     * @param taker   takes each message as it comes.
     */
    void listen(
            final long queueId, final long count, final BooleanSupplier isOver, final Consumer<ReceivedMessage> taker) {
        receiver = delivery -> {
            if (heard < count) {
                heard++;
                taker.accept(ReceivedMessage.of(delivery));
                if (delivery.isSettled()) {
                    spent++;
                } else {
                    delivery.acknowledge();
                }
            }
        };
        long granted = grant(queueId, Math.min(count, CREDIT_MESSAGES));
        while (heard < count && !isOver.getAsBoolean()) {
            poll();
            // What is settled when it comes does not give its credit back.
            final long missing = Math.min(spent + CREDIT_MESSAGES, count) - granted;
            if (spent > 0 && (missing >= CREDIT_MESSAGES / 2 || missing > 0 && spent == granted)) {
                granted += grant(queueId, missing);
            }
        }
    }

    private long grant(final long queueId, final long messages) {
        offer(() -> client.consume(queueId, (int) messages, CREDIT_BYTES));
        return messages;
    }

    /** Takes alarms as they come. */
    interface AlarmTaker {
        void onAlarm(long queueId, AlarmKind kind, long value, long timeNs);
    }

    /**
     * Watches queues until so many alarms have come or the time is over.
     *
     * @param queueIds   the queues.
     * @param durationNs the time.
     * @param count      the alarms.
     * @param taker      takes each as it comes.
     */
    void watch(final Set<Long> queueIds, final long durationNs, final long count, final AlarmTaker taker) {
        final long startNs = System.nanoTime();
        alarmTaker = (queueId, kind, value, timeNs) -> {
            if (alarms++ < count) {
                taker.onAlarm(queueId, kind, value, timeNs);
            }
        };
        queueIds.forEach(client.queues()::watch);
        while (alarms < count && System.nanoTime() - startNs < durationNs) {
            poll();
        }
    }

    /** Acknowledges; the first handle that is refused ends the command, those before it are done. */
    void acknowledge(final long queueId, final List<byte[]> handles) {
        inFrames(handles, (receipts, offset, count) -> client.acknowledge(queueId, receipts, offset, count));
    }

    /** Ends deliveries in another way; the first handle that is refused ends the command, those before it are done. */
    void settle(final long queueId, final List<byte[]> handles, final Disposition disposition, final long delayNs) {
        inFrames(
                handles,
                (receipts, offset, count) -> client.settle(queueId, receipts, offset, count, disposition, delayNs));
    }

    /** Sends one frame of receipts. */
    private interface ReceiptRequest {
        long send(UnsafeBuffer receipts, int offset, int count);
    }

    private void inFrames(final List<byte[]> handles, final ReceiptRequest request) {
        final UnsafeBuffer receipts = new UnsafeBuffer(new byte[handles.size() * ReceiptText.BYTES]);
        for (int i = 0; i < handles.size(); i++) {
            receipts.putBytes(i * ReceiptText.BYTES, handles.get(i));
        }
        for (int from = 0; from < handles.size(); from += HANDLES_PER_FRAME) {
            final int offset = from * ReceiptText.BYTES;
            final int count = Math.min(HANDLES_PER_FRAME, handles.size() - from);
            final long before = confirmedCommands;
            offer(() -> request.send(receipts, offset, count));
            await("confirmation of the receipts", ANSWER_TIMEOUT_NS, () -> confirmedCommands > before);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public void onConfirmed(final long from, final long to, final long value, final int valuesPerCommand) {
        confirmedCommands += to - from + 1;
        if (valuesPerCommand > 0) {
            firstValue = firstValue < 0 ? value : firstValue;
            lastValue = value + (to - from + 1) * valuesPerCommand - 1;
        }
    }

    @Override
    public void onRefused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        refuse(ErrorText.describe(code, limitId, limit, actual));
    }

    @Override
    public void onEntryResult(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        refuse(ErrorText.describe(code, limitId, limit, actual));
    }

    @Override
    public void onSendResult(
            final long correlationId,
            final int entryIndex,
            final long messageId,
            final long sequenceNumber,
            final boolean isDuplicate,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        final String sentence = code == ResultCode.OK ? null : ErrorText.describe(code, limitId, limit, actual);
        if (entryResults != null) {
            entryResults.add(new EntryResult(entryIndex, messageId, sequenceNumber, isDuplicate, sentence));
            return;
        }
        if (sentence != null) {
            refuse(sentence);
            return;
        }
        // Each of this command's sends has one message.
        confirmedCommands++;
        duplicates += isDuplicate ? 1 : 0;
        firstValue = firstValue < 0 ? messageId : firstValue;
        lastValue = messageId;
        lastSequenceNumber = sequenceNumber;
    }

    @Override
    public void onQueueAlarm(final long queueId, final AlarmKind kind, final long value, final long timeNs) {
        alarmTaker.onAlarm(queueId, kind, value, timeNs);
    }

    @Override
    public void onConsumerStopped(final long correlationId, final long queueId, final ResultCode code) {
        refuse(ErrorText.describe(code, LimitId.NONE, 0, 0));
    }

    @Override
    public void onReceiveEnd(
            final long correlationId, final long queueId, final int messageCount, final ResultCode code) {
        endedReceive = correlationId;
        if (code != ResultCode.OK) {
            refuse(ErrorText.describe(code, LimitId.NONE, 0, 0));
        }
    }

    private void refuse(final String sentence) {
        if (refusal == null) {
            refusal = sentence;
        }
    }

    private void onError(final Throwable error) {
        if (failure == null) {
            failure = error;
        }
    }

    private long offer(final LongSupplier request) {
        final long deadlineNs = System.nanoTime() + ANSWER_TIMEOUT_NS;
        while (true) {
            final long result = request.getAsLong();
            if (result > 0) {
                poll();
                return result;
            }
            final boolean passes = result == MillraceClient.BACK_PRESSURED
                    || result == MillraceClient.WINDOW_FULL
                    || result == MillraceClient.NOT_CONNECTED;
            if (!passes || System.nanoTime() - deadlineNs > 0) {
                throw new CommandFailure(ErrorText.describe(result));
            }
            poll();
        }
    }

    /** Polls until something is so; an answer that does not come, and one that refuses, end the command. */
    void await(final String what, final long patienceNs, final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + patienceNs;
        while (!condition.getAsBoolean()) {
            poll();
            if (System.nanoTime() - deadlineNs > 0) {
                throw new CommandFailure("The server gave no " + what + " within "
                        + TimeUnit.NANOSECONDS.toSeconds(patienceNs) + " s: look at it with millrace stat.");
            }
        }
    }

    private void poll() {
        poll(0);
    }

    /** Polls once, and waits a little if there was nothing to do, the work that the caller did included. */
    void poll(final int work) {
        idle.idle(work + client.poll());
        if (failure != null) {
            throw new CommandFailure("The connection failed: " + failure.getMessage(), failure);
        }
        if (refusal != null) {
            throw new CommandFailure(refusal);
        }
    }
}
