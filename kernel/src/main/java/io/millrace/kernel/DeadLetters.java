package io.millrace.kernel;

import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.memory.SlotTable;

/** Moves messages that were delivered in vain too often, or were rejected, to the dead-letter queue of their queue. */
final class DeadLetters {
    private final State state;
    private final SlotTable messages;
    private final SlotTable queues;
    private final MessageStates states;

    DeadLetters(final State state, final MessageStates states) {
        this.state = state;
        this.messages = state.messages;
        this.queues = state.queues;
        this.states = states;
    }

    /** The dead-letter queue of a queue, -1 if it has none or that was deleted. */
    int targetOf(final int queue) {
        final int target = queues.getInt(queue, Queue.DEAD_LETTER_LINK) - 1;
        return target < 0 || state.isDeleted(target) ? -1 : target;
    }

    /** Whether the next delivery of a message would be one too many (Q1): the count begins again in each queue (Q2). */
    boolean isDead(final int queue, final int message) {
        final int max = queues.getInt(queue, Queue.MAX_RECEIVE_COUNT);
        return max > 0 && messages.getInt(message, Message.FAILED_COUNT) >= max && targetOf(queue) >= 0;
    }

    /** Moves a message, whatever its status, to the dead-letter queue that its queue has; returns that queue. */
    int move(final int queue, final int message) {
        final int target = targetOf(queue);
        final int group = states.leaveToMove(queue, message);
        messages.putLong(message, Message.DEADLINE, 0);
        messages.putLong(message, Message.TIMER_ID, 0);
        messages.putInt(message, Message.FAILED_COUNT, 0);
        messages.putLong(message, Message.DEAD_LETTER_SOURCE_ID, queues.getLong(queue, Queue.ID));
        messages.putInt(message, Message.FLAGS, messages.getInt(message, Message.FLAGS) | Message.MOVED);
        if (state.isFifo(target)) {
            // The retention of a FIFO queue counts from the move, that of a standard queue from the first send (Q3).
            messages.putLong(message, Message.SENT_TIME, state.nowNs);
        }
        states.enterMoved(target, message, group);
        states.addFresh(target, message);
        messages.seal(message);
        state.counters.deadLetters++;
        return target;
    }
}
