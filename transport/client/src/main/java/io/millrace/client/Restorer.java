package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;

/**
 * Brings a new session to where the old one was: sends unanswered commands again in their order, consumes again, asks
 * again for what receives wait for, and watches again. Goes on where it stopped when the way to the server is full.
 */
final class Restorer {
    private final Producer producer;
    private final IngressPublisher publisher;
    private final LargeTransfer transfer;
    private final Requests requests;
    private final ConsumerTable consumers;
    private final ReceiveTable receives;
    private final WatchTable watches;
    private final AckBatches ackBatches;
    private final StreamWork streamWork;
    private final BlockingCall call;
    private final ClientCounters counters;
    private final ClientListener listener;
    private long command;

    Restorer(
            final Producer producer,
            final IngressPublisher publisher,
            final LargeTransfer transfer,
            final Requests requests,
            final Subscriptions subscriptions,
            final AckBatches ackBatches,
            final StreamWork streamWork,
            final BlockingCall call,
            final ClientCounters counters,
            final GuardedListener listener) {
        this.producer = producer;
        this.publisher = publisher;
        this.transfer = transfer;
        this.requests = requests;
        this.consumers = subscriptions.consumers();
        this.receives = subscriptions.receives();
        this.watches = subscriptions.watches();
        this.ackBatches = ackBatches;
        this.streamWork = streamWork;
        this.call = call;
        this.counters = counters;
        this.listener = listener;
    }

    void start() {
        command = 0;
        consumers.onSession();
        receives.onSession();
        watches.onSession();
        ackBatches.release();
        endStartedReceives();
    }

    /** For a producer opened again within a session. */
    void startCommandsOnly() {
        command = 0;
    }

    /**
     * Sends what there is room for. Without an open producer commands stay where they are, until it is opened.
     *
     * @return whether everything was sent
     */
    boolean advance(final long sessionId) {
        return (!producer.isEnabled() || !producer.isOpen() || resend(sessionId)) && consume() && receive() && watch();
    }

    /**
     * Asks again for what the server has refused for the time being: consumers, watches, and acknowledgements.
     *
     * @return whether everything was sent
     */
    boolean retry() {
        ackBatches.release();
        return consume() && watch();
    }

    /** Tells that all unanswered commands ended with a code; they are then to be forgotten. */
    void refuseAll(final ResultCode code) {
        final ResendRing ring = producer.ring();
        for (long i = ring.head(); i < ring.tail(); i++) {
            if (ring.isAnswered(i)) {
                continue;
            }
            final long correlationId = ring.correlationId(i);
            if (ring.isAckBatch(i)) {
                ackBatches.takeBack(ring.buffer(), ring.offset(i));
            } else if (!call.takesRefused(correlationId, code, LimitId.NONE, 0, 0)
                    && !streamWork.takesRefused(correlationId, -1, code, LimitId.NONE, 0, 0)) {
                listener.onRefused(correlationId, -1, code, LimitId.NONE, 0, 0);
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
        ring.resent(position);
        counters.resends++;
        return true;
    }

    /** Looks at all each time: answers that come in between move the rows. */
    private boolean consume() {
        for (int i = 0; i < consumers.count(); i++) {
            if (consumers.isSent(i)) {
                continue;
            }
            final long result = requests.consume(
                    consumers.correlationId(i),
                    consumers.queueId(i),
                    consumers.creditMessages(i),
                    consumers.creditBytes(i),
                    consumers.visibilityNs(i));
            if (result < 0) {
                return false;
            }
            consumers.sent(i);
        }
        return true;
    }

    private boolean receive() {
        for (int i = 0; i < receives.count(); i++) {
            if (receives.isSent(i)) {
                continue;
            }
            final long result = requests.receive(
                    receives.correlationId(i),
                    receives.queueId(i),
                    receives.maxMessages(i),
                    receives.waitNs(i),
                    receives.visibilityNs(i),
                    receives.tail(i),
                    receives.tailLength(i));
            if (result < 0) {
                return false;
            }
            receives.sent(i);
        }
        return true;
    }

    private boolean watch() {
        for (int i = 0; i < watches.count(); i++) {
            if (watches.isSent(i)) {
                continue;
            }
            if (requests.watch(watches.correlationId(i), watches.queueId(i), true) < 0) {
                return false;
            }
            watches.sent(i);
        }
        return true;
    }
}
