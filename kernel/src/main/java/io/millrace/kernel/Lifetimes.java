package io.millrace.kernel;

import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.memory.SlotTable;

/**
 * When messages end by themselves: with the queue's retention or with their own time to live, in flight or not.
 *
 * <p>A queue has one timer for its retention. The oldest message is the first that arrived, or the first of those that brought an
 * older clock from another queue. The timer is set when the queue gets a first message and when it fires, not whenever the oldest
 * message leaves: it may fire early and find nothing, but not late.
 */
final class Lifetimes {
    private final State state;
    private final SlotTable messages;
    private final SlotTable queues;

    Lifetimes(final State state) {
        this.state = state;
        this.messages = state.messages;
        this.queues = state.queues;
    }

    /** A message has come into a queue; its times are set. */
    void start(final int queue, final int message) {
        link(queue, message);
        final long armedNs = queues.getLong(queue, Queue.RETENTION_DEADLINE);
        if (armedNs == 0 || messages.getInt(message, Message.IS_OLDER) != 0) {
            final long endNs = messages.getLong(message, Message.SENT_TIME) + queues.getLong(queue, Queue.RETENTION);
            if (armedNs == 0 || endNs < armedNs) {
                arm(queue, endNs);
            }
        }
    }

    /** Puts a message's row into the structures that follow from it. */
    void link(final int queue, final int message) {
        if (messages.getLong(message, Message.SENT_TIME) < messages.getLong(message, Message.ARRIVED_TIME)) {
            messages.putInt(message, Message.IS_OLDER, 1);
            state.older.add(queue, message);
        }
        linkTimeToLive(message);
    }

    /** Sets the timer of a message that has a time to live. */
    void linkTimeToLive(final int message) {
        final long expiryNs = messages.getLong(message, Message.EXPIRY);
        if (expiryNs != 0) {
            state.timers.add(
                    Timers.TIME_TO_LIVE, message, expiryNs, Timers.ofMessage(messages.getLong(message, Message.ID)));
        }
    }

    /** A message leaves its queue. */
    void end(final int queue, final int message) {
        if (messages.getInt(message, Message.IS_OLDER) != 0) {
            messages.putInt(message, Message.IS_OLDER, 0);
            state.older.remove(queue, message);
        }
        if (messages.getLong(message, Message.EXPIRY) != 0) {
            state.timers.remove(Timers.TIME_TO_LIVE, message);
        }
    }

    /** The time to live of a message that is buried is over: nothing happens, and it does not come back. */
    void forgetTimeToLive(final int message) {
        state.timers.remove(Timers.TIME_TO_LIVE, message);
        messages.putLong(message, Message.EXPIRY, 0);
        messages.seal(message);
    }

    /** Whether a message may no longer be delivered. */
    boolean isOver(final int queue, final int message) {
        final long expiryNs = messages.getLong(message, Message.EXPIRY);
        return state.nowNs - messages.getLong(message, Message.SENT_TIME) >= queues.getLong(queue, Queue.RETENTION)
                || expiryNs != 0 && state.nowNs >= expiryNs;
    }

    /** The message whose retention ends first, -1 if the queue is empty. */
    int oldest(final int queue) {
        final int first = state.arrivals.first(queue);
        final int older = state.older.first(queue);
        final boolean isOlder =
                older >= 0 && messages.getLong(older, Message.SENT_TIME) < messages.getLong(first, Message.SENT_TIME);
        return isOlder ? older : first;
    }

    /** When the retention of a message ends. */
    long retainedUntilNs(final int queue, final int message) {
        return messages.getLong(message, Message.SENT_TIME) + queues.getLong(queue, Queue.RETENTION);
    }

    /** Sets the timer of a queue's retention to its oldest message: it fired, or the setting was changed. */
    void update(final int queue) {
        final int oldest = oldest(queue);
        if (oldest < 0) {
            forget(queue);
        } else {
            arm(queue, retainedUntilNs(queue, oldest));
        }
    }

    private void arm(final int queue, final long deadlineNs) {
        if (deadlineNs != queues.getLong(queue, Queue.RETENTION_DEADLINE)) {
            state.timers.remove(Timers.RETENTION, queue);
            queues.putSealed(queue, Queue.RETENTION_DEADLINE, deadlineNs);
            relink(queue);
        }
    }

    /** Sets the timer of a restored queue. */
    void relink(final int queue) {
        final long deadlineNs = queues.getLong(queue, Queue.RETENTION_DEADLINE);
        if (deadlineNs != 0) {
            state.timers.add(
                    Timers.RETENTION,
                    queue,
                    deadlineNs,
                    Timers.ofQueue(queues.getLong(queue, Queue.ID), Timers.RETENTION));
        }
    }

    /** A queue is empty, with what it held buried. */
    void forget(final int queue) {
        if (queues.getLong(queue, Queue.RETENTION_DEADLINE) != 0) {
            state.timers.remove(Timers.RETENTION, queue);
            queues.putSealed(queue, Queue.RETENTION_DEADLINE, 0);
        }
    }
}
