package io.millrace.kernel;

import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;

/** The queues that have a queue as their dead-letter queue, in the order in which they took it. */
final class DeadLetterSources {
    private final State state;
    private final SlotTable queues;

    DeadLetterSources(final State state) {
        this.state = state;
        this.queues = state.queues;
    }

    /** A queue has got other settings, or its first ones; its row is left to be sealed. */
    void update(final int queue, final long targetIdBefore) {
        if (queues.getLong(queue, Queue.DEAD_LETTER_QUEUE_ID) != targetIdBefore) {
            leave(queue);
            final int target = state.queueById(queues.getLong(queue, Queue.DEAD_LETTER_QUEUE_ID));
            if (target >= 0) {
                queues.putLong(queue, Queue.SOURCE_TURN, state.next(Root.NEXT_TURN));
                link(queue, target);
            }
        }
    }

    /** Puts a source's row into the list that follows from it. */
    void link(final int queue, final int target) {
        queues.putInt(queue, Queue.DEAD_LETTER_LINK, target + 1);
        state.sources.addLast(target, queue);
    }

    /** A queue is no longer a source, or its dead-letter queue is gone; its row is left to be sealed. */
    void leave(final int queue) {
        final int target = queues.getInt(queue, Queue.DEAD_LETTER_LINK) - 1;
        if (target >= 0) {
            state.sources.remove(target, queue);
            queues.putInt(queue, Queue.DEAD_LETTER_LINK, 0);
            queues.putLong(queue, Queue.SOURCE_TURN, 0);
        }
    }
}
