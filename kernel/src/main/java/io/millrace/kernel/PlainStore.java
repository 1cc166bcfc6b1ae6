package io.millrace.kernel;

import io.millrace.codecs.QueueType;
import io.millrace.kernel.Tables.Lane;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;

/**
 * The short way of a published message into a plain queue, which most of a topic's queues are. It leaves behind just what
 * {@link Messages#storePublished} and {@link Deliveries#dispatch} would, and reads and writes each field once: fan-out is the one place
 * where what a single message costs is paid a thousand times for one command.
 */
final class PlainStore {
    private final State state;
    private final SlotTable queues;
    private final SlotTable messages;
    private final SlotTable lanes;
    private final Lanes ready;

    PlainStore(final State state, final Lanes ready) {
        this.state = state;
        this.queues = state.queues;
        this.messages = state.messages;
        this.lanes = state.lanes;
        this.ready = ready;
    }

    /**
     * Whether a queue is plain at the moment: standard, without a delay, a redrive task or marks of alarms; its retention is under way, and
     * nobody waits for its messages.
     */
    boolean isPlain(final int queue) {
        return queues.getInt(queue, Queue.TYPE) == QueueType.STANDARD.value()
                && queues.getLong(queue, Queue.DELAY) == 0
                && queues.getLong(queue, Queue.RETENTION_DEADLINE) != 0
                && (queues.getInt(queue, Queue.ALARMS) | queues.getInt(queue, Queue.REDRIVE_LINK)) == 0
                && state.queueWaiters.first(queue) < 0
                && state.ring.first(queue) < 0;
    }

    /**
     * Stores a message without a message group at the end of a plain queue; it can be delivered at once.
     *
     * @param payload of which the message gets a reference that was taken for it.
     */
    void store(final int queue, final int payload) {
        final int message = messages.allocate();
        final long sequence = queues.getLong(queue, Queue.NEXT_SEQUENCE);
        final int lane = queues.getInt(queue, Queue.DEFAULT_LANE);
        queues.putSealed(queue, Queue.NEXT_SEQUENCE, sequence + 1);
        messages.status(message, Message.AVAILABLE);
        // What is not written is 0, and adds nothing.
        messages.sealNew(
                message,
                messages.putTerm(message, Message.ID, state.next(Root.NEXT_MESSAGE_ID))
                        + messages.putTerm(message, Message.SEQUENCE, sequence)
                        + messages.putTerm(message, Message.SENT_TIME, state.nowNs)
                        + messages.putTerm(message, Message.ARRIVED_TIME, state.nowNs)
                        + messages.putTerm(message, Message.QUEUE, SlotTable.word(queue, lane))
                        + messages.putTerm(message, Message.PAYLOAD, SlotTable.word(payload, 0))
                        + messages.putTerm(
                                message, Message.EPOCH, SlotTable.word(queues.getInt(queue, Queue.EPOCH), 0)));
        messages.putInt(message, Message.IS_FRESH, 1);
        state.arrivals.addLast(queue, message);
        state.fresh.addLast(lane, message);
        lanes.putInt(lane, Lane.COUNT, lanes.getInt(lane, Lane.COUNT) + 1);
        if (lanes.getLong(lane, Lane.RING_TURN) == 0) {
            ready.enterRing(queue, lane);
        }
        queues.putLong(queue, Queue.AVAILABLE_COUNT, queues.getLong(queue, Queue.AVAILABLE_COUNT) + 1);
        state.counters.availableMessages++;
        state.counters.sends++;
    }
}
