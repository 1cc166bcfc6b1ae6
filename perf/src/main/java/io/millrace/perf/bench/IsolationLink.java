package io.millrace.perf.bench;

import io.millrace.client.ClientContext;
import io.millrace.client.Delivery;
import io.millrace.client.MillraceClient;
import io.millrace.client.QueueSettings;
import io.millrace.perf.client.AnswerCounter;
import io.millrace.perf.rig.DeliveryListener;
import io.millrace.perf.rig.Link;
import io.millrace.perf.rig.RigException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One session that produces and one that consumes from the same queue and, whenever wanted, a third that consumes too, and stops polling
 * as soon as it got messages. What the third holds counts as completed, so that it takes nothing from the window of the other two;
 * {@link #endStall()} closes it and looks at whether all of that comes back.
 */
final class IsolationLink implements Link {
    /** Messages that the server may push to the session that stops. */
    static final int STALLED_CREDIT = 512;

    private static final int CREDIT_MESSAGES = 1_024;
    private static final int CREDIT_BYTES = 4 * 1024 * 1024;
    private static final long PATIENCE_NS = 60_000_000_000L;

    private final String aeronDirectory;
    private final MillraceClient producer;
    private final MillraceClient consumer;
    private final AnswerCounter sends = new AnswerCounter();
    private final AnswerCounter acknowledgements = new AnswerCounter();
    private final BitSet seen = new BitSet(1 << 24);
    private final UnsafeBuffer message;
    private final long queueId;
    private DeliveryListener listener = stamp -> {};
    private long sent;
    private long delivered;
    private long redelivered;
    private long repeated;
    private MillraceClient stalled;
    private boolean isStalled;
    /** Messages that sessions which stopped have held so far. */
    private long taken;

    /**
     * Connects.
     *
     * @param aeronDirectory directory of the server's media driver.
     * @param size           bytes of a message, at least 16.
     * @param visibilityNs   after this the server takes a message back that was not acknowledged.
     */
    IsolationLink(final String aeronDirectory, final int size, final long visibilityNs) {
        this.aeronDirectory = aeronDirectory;
        message = new UnsafeBuffer(ByteBuffer.allocateDirect(size));
        producer = connect(aeronDirectory);
        consumer = connect(aeronDirectory);
        queueId = producer.queues().create(QueueSettings.named("isolation").visibilityTimeoutNs(visibilityNs));
        producer.listener(sends);
        consumer.listener(acknowledgements);
        consumer.messageHandler(this::onMessage);
        requireAccepted(consumer.consume(queueId, CREDIT_MESSAGES, CREDIT_BYTES));
    }

    /** Opens a third session, which stops polling as soon as it gets messages. */
    void beginStall() {
        stalled = connect(aeronDirectory);
        stalled.messageHandler(delivery -> isStalled = true);
        requireAccepted(stalled.consume(queueId, STALLED_CREDIT, CREDIT_BYTES));
    }

    /** {@return true once the third session is not polled any more, or if there is none} */
    boolean isSettled() {
        return stalled == null || isStalled;
    }

    private static MillraceClient connect(final String aeronDirectory) {
        return MillraceClient.connect(new ClientContext()
                .aeronDirectoryName(aeronDirectory)
                .clientName("isolation")
                .fragmentLimit(64)
                .producer(false)
                .errorHandler(Throwable::printStackTrace));
    }

    private static void requireAccepted(final long correlationId) {
        if (correlationId < 0) {
            throw new RigException("The server did not take the request to consume.");
        }
    }

    private void onMessage(final Delivery delivery) {
        final long stamp = delivery.buffer().getLong(delivery.offset());
        final int number = (int) delivery.buffer().getLong(delivery.offset() + Long.BYTES);
        if (delivery.isRedelivered()) {
            redelivered++;
        }
        if (seen.get(number)) {
            repeated++;
        }
        seen.set(number);
        delivered++;
        listener.onDelivery(stamp);
        delivery.acknowledge();
    }

    @Override
    public void listener(final DeliveryListener deliveryListener) {
        listener = deliveryListener;
    }

    @Override
    public boolean offer(final int messages, final long stamp) {
        message.putLong(0, stamp);
        message.putLong(Long.BYTES, sent);
        final boolean isSent = producer.send(queueId, message, 0, message.capacity()) > 0;
        if (isSent) {
            sent++;
        }
        return isSent;
    }

    @Override
    public int poll() {
        final long before = delivered;
        int work = producer.poll() + consumer.poll();
        if (delivered != before && consumer.ackBatch(queueId).size() == 0) {
            acknowledgements.onAcknowledgementSent(consumer.lastCorrelationId(), delivered);
        }
        if (stalled != null && !isStalled) {
            work += stalled.poll();
        }
        if (sends.failure() != null || acknowledgements.failure() != null || acknowledgements.receiptsRefused() > 0) {
            throw new RigException("The server refused a request or a receipt: " + sends.failure() + ", "
                    + acknowledgements.failure());
        }
        return work;
    }

    @Override
    public long settled() {
        return Math.min(sends.confirmed(), acknowledgements.acknowledgementsSent() + held());
    }

    @Override
    public long completed() {
        return Math.min(sends.confirmed(), acknowledgements.acknowledged() + held());
    }

    /** Messages pushed to the session that stopped, less those that came back. */
    private long held() {
        return isStalled ? Math.max(0, taken + STALLED_CREDIT - redelivered) : 0;
    }

    /**
     * Closes the third session and polls until every message was consumed, those that it held included.
     *
     * @throws RigException if one is missing after a minute, or one came twice.
     */
    void endStall() {
        stalled.close();
        stalled = null;
        final long startNs = System.nanoTime();
        while (acknowledgements.acknowledged() < sent) {
            if (poll() == 0) {
                Thread.onSpinWait();
            }
            if (System.nanoTime() - startNs > PATIENCE_NS) {
                throw new RigException("Of " + sent + " messages " + seen.cardinality() + " arrived; " + redelivered
                        + " of them were delivered again.");
            }
        }
        isStalled = false;
        taken += STALLED_CREDIT;
        if (seen.cardinality() != sent || repeated != 0 || redelivered != taken) {
            throw new RigException("Of " + sent + " messages " + seen.cardinality() + " arrived, " + repeated
                    + " twice, and " + redelivered + " were delivered again instead of " + taken + ".");
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(producer, consumer, stalled);
    }
}
