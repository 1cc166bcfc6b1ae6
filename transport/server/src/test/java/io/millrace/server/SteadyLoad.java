package io.millrace.server;

import io.millrace.client.ClientListener;
import io.millrace.client.Delivery;
import io.millrace.client.MillraceClient;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** A client that keeps a server busy: it sends, consumes, gives every eighth message back once, and acknowledges all. */
final class SteadyLoad implements ClientListener {

    private static final String QUEUE = "steady";
    private static final int BODY_BYTES = 200;
    private static final int WINDOW = 48;
    private static final int REDELIVERED = 8;
    private static final long DEADLINE_NS = TimeUnit.MINUTES.toNanos(2);

    private final UnsafeBuffer body = new UnsafeBuffer(new byte[BODY_BYTES]);
    private MillraceClient client;
    private long queue;
    private long sent;
    private long acknowledged;
    private long redelivered;
    private long refused;

    /** Creates the queue and consumes from it; the client must have this as its listener. */
    void start(final MillraceClient connected) {
        client = connected;
        client.messageHandler(this::onMessage);
        queue = client.queues().create(QUEUE);
        client.consume(queue, WINDOW * 2, 1 << 20);
    }

    /** Sends a number of messages and returns when all of them are acknowledged. */
    void run(final long messages) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        final long target = sent + messages;
        while (acknowledged < target || client.ackBatch(queue).size() > 0) {
            while (sent < target && sent - acknowledged < WINDOW && send()) {
                sent++;
            }
            if (client.poll() == 0) {
                Thread.onSpinWait();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        "acknowledged " + acknowledged + " of " + target + ", sent " + sent + ", refused " + refused);
            }
        }
    }

    /** Sends one message and does not wait for anything. */
    void offer() {
        if (!send()) {
            throw new AssertionError("a quiet client has no room for a message");
        }
        sent++;
    }

    /** {@return deliveries that were not the first of their message} */
    long redelivered() {
        return redelivered;
    }

    /** {@return requests that the server refused} */
    long refused() {
        return refused;
    }

    private boolean send() {
        return client.send(queue, body, 0, BODY_BYTES) > 0;
    }

    private void onMessage(final Delivery delivery) {
        if (delivery.isRedelivered()) {
            redelivered++;
        } else if (delivery.sequenceNumber() % REDELIVERED == 0 && delivery.changeVisibility(0) > 0) {
            return;
        }
        acknowledged++;
        delivery.acknowledge();
    }

    @Override
    public void onRefused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        refused++;
    }
}
