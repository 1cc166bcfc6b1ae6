package io.millrace.kernel;

import io.millrace.codecs.QueueType;
import io.millrace.kernel.Tables.Lane;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.Row;
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
    boolean isPlain(final int slot) {
        final long queue = queues.row(slot);
        return Row.getInt(queue, Queue.TYPE) == QueueType.STANDARD.value()
                && Row.getLong(queue, Queue.DELAY) == 0
                && Row.getLong(queue, Queue.RETENTION_DEADLINE) != 0
                && (Row.getInt(queue, Queue.ALARMS) | Row.getInt(queue, Queue.REDRIVE_LINK)) == 0
                && Row.getInt(queue, Queue.WAITERS) == 0
                && Row.getInt(queue, Queue.RING) == 0;
    }

    /**
     * Stores a message without a message group at the end of a plain queue; it can be delivered at once.
     *
     * @param payload of which the message gets a reference that was taken for it.
     */
    void store(final int queueSlot, final int payload) {
        final long queue = queues.row(queueSlot);
        final int slot = messages.allocate();
        final long message = messages.row(slot);
        final long sequence = Row.getLong(queue, Queue.NEXT_SEQUENCE);
        final int laneSlot = Row.getInt(queue, Queue.DEFAULT_LANE);
        final long lane = lanes.row(laneSlot);
        queues.addSealed(queue, Queue.NEXT_SEQUENCE, 1);
        // What is not written is 0, and adds nothing.
        messages.sealNew(
                slot,
                message,
                Message.AVAILABLE,
                Row.putTerm(message, Message.ID, state.next(Root.NEXT_MESSAGE_ID))
                        + Row.putTerm(message, Message.SEQUENCE, sequence)
                        + Row.putTerm(message, Message.SENT_TIME, state.nowNs)
                        + Row.putTerm(message, Message.ARRIVED_TIME, state.nowNs)
                        + Row.putTerm(message, Message.QUEUE, SlotTable.word(queueSlot, laneSlot))
                        + Row.putTerm(message, Message.PAYLOAD, SlotTable.word(payload, 0))
                        + Row.putTerm(message, Message.EPOCH, SlotTable.word(Row.getInt(queue, Queue.EPOCH), 0)));
        Row.putInt(message, Message.IS_FRESH, 1);
        state.arrivals.addLast(queue, message, slot);
        state.fresh.addLast(lane, message, slot);
        Row.putInt(lane, Lane.COUNT, Row.getInt(lane, Lane.COUNT) + 1);
        if (Row.getLong(lane, Lane.RING_TURN) == 0) {
            ready.enterRing(queueSlot, laneSlot);
        }
        Row.putLong(queue, Queue.AVAILABLE_COUNT, Row.getLong(queue, Queue.AVAILABLE_COUNT) + 1);
        state.counters.availableMessages++;
        state.counters.sends++;
    }
}
