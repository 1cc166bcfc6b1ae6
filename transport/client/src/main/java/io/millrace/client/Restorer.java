package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;

/**
 * Brings a new session to where the old one was: sends unanswered commands again in their order, consumes again, and
 * asks again for what receives wait for. Goes on where it stopped when the way to the server is full.
 */
final class Restorer {
    private final Producer producer;
    private final IngressPublisher publisher;
    private final LargeTransfer transfer;
    private final Requests requests;
    private final ConsumerTable consumers;
    private final ReceiveTable receives;
    private final ClientCounters counters;
    private ClientListener listener;
    private long command;
    private int consumer;
    private int receive;

    Restorer(
            final Producer producer,
            final IngressPublisher publisher,
            final LargeTransfer transfer,
            final Requests requests,
            final ConsumerTable consumers,
            final ReceiveTable receives,
            final ClientCounters counters,
            final ClientListener listener) {
        this.producer = producer;
        this.publisher = publisher;
        this.transfer = transfer;
        this.requests = requests;
        this.consumers = consumers;
        this.receives = receives;
        this.counters = counters;
        this.listener = listener;
    }

    void listener(final ClientListener newListener) {
        listener = newListener;
    }

    void start() {
        command = 0;
        consumer = 0;
        receive = 0;
        endStartedReceives();
    }

    /** For a producer opened again within a session. */
    void startCommandsOnly() {
        command = 0;
        consumer = consumers.count();
        receive = receives.count();
    }

    /** @return whether everything was sent. */
    boolean advance(final long sessionId) {
        if (producer.isEnabled() && !resend(sessionId)) {
            return false;
        }
        for (; consumer < consumers.count(); consumer++) {
            final long result = requests.consume(
                    consumers.correlationId(consumer),
                    consumers.queueId(consumer),
                    consumers.creditMessages(consumer),
                    consumers.creditBytes(consumer),
                    consumers.visibilityNs(consumer));
            if (result < 0) {
                return false;
            }
        }
        for (; receive < receives.count(); receive++) {
            final long result = requests.receive(
                    receives.correlationId(receive),
                    receives.queueId(receive),
                    receives.maxMessages(receive),
                    receives.waitNs(receive),
                    receives.visibilityNs(receive));
            if (result < 0) {
                return false;
            }
        }
        return true;
    }

    /** Tells the listener that all unanswered commands ended with a code; they are then forgotten. */
    void refuseAll(final ResultCode code) {
        final ResendRing ring = producer.ring();
        for (long i = ring.head(); i < ring.tail(); i++) {
            if (!ring.isAnswered(i)) {
                listener.onRefused(ring.correlationId(i), -1, code, LimitId.NONE, 0, 0);
            }
        }
    }

    /** What a receive has delivered is in flight, so asking again would give too many: it ends with what it has. */
    private void endStartedReceives() {
        for (int i = receives.count() - 1; i >= 0; i--) {
            if (receives.delivered(i) > 0) {
                final long correlationId = receives.correlationId(i);
                final long queueId = receives.queueId(i);
                final int delivered = receives.delivered(i);
                receives.remove(correlationId);
                listener.onReceiveEnd(correlationId, queueId, delivered, ResultCode.OK);
            }
        }
    }

    private boolean resend(final long sessionId) {
        final ResendRing ring = producer.ring();
        command = Math.max(command, ring.head());
        while (command < ring.tail() || transfer.isActive()) {
            if (transfer.isActive()) {
                transfer.advance();
                if (transfer.isActive()) {
                    return false;
                }
            } else if (ring.isAnswered(command) || resend(ring, command, sessionId)) {
                command++;
            } else {
                return false;
            }
        }
        return true;
    }

    private boolean resend(final ResendRing ring, final long position, final long sessionId) {
        ring.stamp(position, sessionId, producer.id(), producer.epoch());
        if (ring.isTransfer(position)) {
            transfer.start(ring.buffer(), ring.offset(position), ring.length(position), ring.correlationId(position));
        } else if (publisher.offer(ring.buffer(), ring.offset(position), ring.length(position)) < 0) {
            return false;
        }
        counters.resends++;
        return true;
    }
}
