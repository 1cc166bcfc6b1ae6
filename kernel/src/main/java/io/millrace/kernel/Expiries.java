package io.millrace.kernel;

import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;

/** Removes messages when their retention or their time to live is over. */
final class Expiries {
    private final State state;
    private final Deliveries deliveries;
    private final Lifetimes lifetimes;

    Expiries(final State state, final Deliveries deliveries) {
        this.state = state;
        this.deliveries = deliveries;
        this.lifetimes = deliveries.lifetimes();
    }

    /** The retention of a queue's oldest message is over, or that of one that has left since. */
    void onRetention(final int queue) {
        final long firedNs = state.queues.getLong(queue, Queue.RETENTION_DEADLINE);
        int oldest = lifetimes.oldest(queue);
        // Fired for one that has left: what is due before the oldest that is there comes before it.
        if (oldest >= 0 && lifetimes.retainedUntilNs(queue, oldest) <= firedNs) {
            while (oldest >= 0
                    && lifetimes.retainedUntilNs(queue, oldest) <= state.nowNs
                    && deliveries.discard(queue, oldest)) {
                oldest = lifetimes.oldest(queue);
            }
        }
        lifetimes.update(queue);
        deliveries.dispatch(queue);
    }

    /** The time to live of a message is over. */
    void onTimeToLive(final int message) {
        if (state.isPresent(message)) {
            final int queue = state.messages.getInt(message, Message.QUEUE);
            deliveries.discard(queue, message);
            deliveries.dispatch(queue);
        } else {
            lifetimes.forgetTimeToLive(message);
        }
    }
}
