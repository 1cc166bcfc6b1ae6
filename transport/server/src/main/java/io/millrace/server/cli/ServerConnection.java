package io.millrace.server.cli;

import io.aeron.exceptions.AeronException;
import io.millrace.client.ClientContext;
import io.millrace.client.ClientListener;
import io.millrace.client.ErrorText;
import io.millrace.client.MillraceClient;
import io.millrace.client.QueueInfo;
import io.millrace.client.QueueName;
import io.millrace.client.QueueSettings;
import io.millrace.client.SendBatch;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** A session of one command: calls that wait for their answers. A refusal ends the command with its sentence. */
final class ServerConnection implements AutoCloseable, ClientListener {

    /** Handles of one acknowledgement; no profile allows fewer. */
    private static final int HANDLES_PER_FRAME = 10;

    private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long ANSWER_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private final IdleStrategy idle = new BackoffIdleStrategy();
    private final MillraceClient client;
    private Throwable failure;
    private String refusal;
    private long confirmedCommands;
    private long firstValue = -1;
    private long lastValue = -1;
    private long endedReceive = -1;
    private Consumer<ReceivedMessage> receiver;

    private ServerConnection(final ServerAddress address) {
        try {
            client = MillraceClient.connect(new ClientContext()
                    .aeronDirectoryName(address.aeronDirectory())
                    .ingressChannel(address.channel())
                    .ingressStreamId(address.streamId())
                    .clientName("millrace command line")
                    .connectTimeoutNs(CONNECT_TIMEOUT_NS)
                    .requestTimeoutNs(ANSWER_TIMEOUT_NS)
                    .listener(this)
                    .messageHandler(delivery -> receiver.accept(ReceivedMessage.of(delivery)))
                    .errorHandler(this::onError));
        } catch (final IllegalArgumentException | AeronException e) {
            throw new CommandFailure(
                    "Cannot connect over " + address.channel() + " on " + address.aeronDirectory() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Connects, or fails within seconds. */
    static ServerConnection open(final ServerAddress address) {
        return new ServerConnection(address.requireServer());
    }

    long createQueue(final QueueSettings settings) {
        return client.queues().create(settings);
    }

    QueueInfo lookUp(final String name) {
        return client.queues().lookUp(name);
    }

    List<QueueName> listQueues(final String prefix) {
        return client.queues().list(prefix);
    }

    QueueInfo describe(final long queueId) {
        return client.queues().describe(queueId);
    }

    void deleteQueue(final long queueId) {
        client.queues().delete(queueId);
    }

    /**
     * Sends messages with the same attributes and delay.
     *
     * @param queueId    queue to send to.
     * @param bodies     the bodies; read as they are sent.
     * @param attributes names and texts.
     * @param delayNs    nanoseconds, or {@link SendBatch#QUEUE_DELAY}.
     * @return what was stored.
     */
    Stored send(
            final long queueId,
            final Iterable<byte[]> bodies,
            final Map<String, String> attributes,
            final long delayNs) {
        final SendBatch batch = client.newSendBatch();
        long sent = 0;
        for (final byte[] body : bodies) {
            batch.begin(queueId).startMessage(delayNs);
            attributes.forEach(batch::putString);
            if (!batch.endMessage(new UnsafeBuffer(body), 0, body.length)) {
                throw new CommandFailure("Message " + (sent + 1) + " of " + body.length
                        + " bytes is larger than the server takes (" + client.maxMessageBytes()
                        + "); the messages before it were stored.");
            }
            offer(batch::send);
            sent++;
        }
        final long expected = sent;
        await("confirmation of the messages", ANSWER_TIMEOUT_NS, () -> confirmedCommands == expected);
        return new Stored(sent, firstValue, lastValue);
    }

    /**
     * What a send stored.
     *
     * @param count          number of messages.
     * @param firstMessageId id of the first, -1 if there is none.
     * @param lastMessageId  id of the last, -1 if there is none.
     */
    record Stored(long count, long firstMessageId, long lastMessageId) {}

    /**
     * Receives once.
     *
     * @param queue        queue to receive from.
     * @param maxMessages  how many at most.
     * @param waitNs       how long to wait for a first one; null: as the queue says.
     * @param visibilityNs how long they stay in flight; null: as the queue says.
     * @param taker        takes each message as it comes.
     */
    void receive(
            final QueueInfo queue,
            final int maxMessages,
            final Long waitNs,
            final Long visibilityNs,
            final Consumer<ReceivedMessage> taker) {
        receiver = taker;
        final long receiveId = offer(() -> client.receive(
                queue.queueId(),
                maxMessages,
                waitNs == null ? MillraceClient.QUEUE_DEFAULT : waitNs,
                visibilityNs == null ? MillraceClient.QUEUE_DEFAULT : visibilityNs));
        final long patienceNs = (waitNs == null ? queue.receiveWaitNs() : waitNs) + ANSWER_TIMEOUT_NS;
        await("end of the receive", patienceNs, () -> endedReceive == receiveId);
    }

    /** Acknowledges; the first handle that is refused ends the command, those before it are done. */
    void acknowledge(final long queueId, final List<byte[]> handles) {
        final UnsafeBuffer receipts = new UnsafeBuffer(new byte[handles.size() * ReceiptText.BYTES]);
        for (int i = 0; i < handles.size(); i++) {
            receipts.putBytes(i * ReceiptText.BYTES, handles.get(i));
        }
        for (int from = 0; from < handles.size(); from += HANDLES_PER_FRAME) {
            final int offset = from * ReceiptText.BYTES;
            final int count = Math.min(HANDLES_PER_FRAME, handles.size() - from);
            final long before = confirmedCommands;
            offer(() -> client.acknowledge(queueId, receipts, offset, count));
            await("confirmation of the acknowledgement", ANSWER_TIMEOUT_NS, () -> confirmedCommands > before);
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

    private void await(final String what, final long patienceNs, final Condition condition) {
        final long deadlineNs = System.nanoTime() + patienceNs;
        while (!condition.holds()) {
            poll();
            if (System.nanoTime() - deadlineNs > 0) {
                throw new CommandFailure("The server gave no " + what + " within "
                        + TimeUnit.NANOSECONDS.toSeconds(patienceNs) + " s: look at it with millrace stat.");
            }
        }
    }

    private interface Condition {
        boolean holds();
    }

    private void poll() {
        idle.idle(client.poll());
        if (failure != null) {
            throw new CommandFailure("The connection failed: " + failure.getMessage(), failure);
        }
        if (refusal != null) {
            throw new CommandFailure(refusal);
        }
    }
}
