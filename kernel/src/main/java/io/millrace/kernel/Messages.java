package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;

/** Makes messages and removes them for good. */
final class Messages {
    private final State state;
    private final SlotTable messages;
    private final Deliveries deliveries;
    private final Lanes lanes;
    private final Lifetimes lifetimes;
    private final PayloadIds ids = new PayloadIds();

    Messages(final State state, final Deliveries deliveries, final Lifetimes lifetimes) {
        this.state = state;
        this.messages = state.messages;
        this.deliveries = deliveries;
        this.lanes = deliveries.lanes();
        this.lifetimes = lifetimes;
    }

    /** Refuses the request if the server has no room for so many more messages and accounted bytes. */
    boolean hasRoom(final Request request, final int count, final long accountedBytes) {
        final long total = messages.liveCount() + (long) count;
        final long bytes = state.payloads.accountedBytes() + accountedBytes;
        if (total > state.limit(LimitId.MESSAGES)) {
            request.refuseLimit(LimitId.MESSAGES, state.limit(LimitId.MESSAGES), total);
        } else if (bytes > state.limit(LimitId.ARENA_BYTES)) {
            request.refuseLimit(LimitId.ARENA_BYTES, state.limit(LimitId.ARENA_BYTES), bytes);
        } else {
            return true;
        }
        return false;
    }

    /**
     * Stores a message at the end of its queue.
     *
     * @param visibleNs    when it can be delivered first, on a standard queue; not later than now: at once.
     * @param timeToLiveNs after which it is discarded, or null.
     * @return its slot.
     */
    int store(final int queue, final int payload, final int priority, final long visibleNs, final long timeToLiveNs) {
        ids.wrap(state.payloads.buffer(payload), state.payloads.offset(payload));
        final int lane = lanes.open(queue, priority, ids.buffer(), ids.groupIdOffset(), ids.groupIdLength());
        final int message = messages.allocate();
        messages.putLong(message, Message.ID, state.next(Root.NEXT_MESSAGE_ID));
        messages.putLong(message, Message.SENT_TIME, state.nowNs);
        messages.putInt(message, Message.PAYLOAD, payload);
        messages.putInt(message, Message.PRIORITY, priority);
        if (!Commands.isNull(timeToLiveNs)) {
            messages.putLong(message, Message.EXPIRY, state.nowNs + timeToLiveNs);
        }
        enter(queue, lane, message);
        if (state.isFifo(queue) && state.queues.getLong(queue, Queue.DELAY) > 0) {
            deliveries.addToFifoDelay(queue, message);
        } else if (visibleNs > state.nowNs) {
            deliveries.addDelayed(queue, message, visibleNs);
        } else {
            deliveries.addFresh(queue, message);
        }
        messages.seal(message);
        state.counters.sends++;
        return message;
    }

    /** A message takes its place at the end of a queue; its status is still to be set. */
    private void enter(final int queue, final int lane, final int message) {
        final SlotTable queues = state.queues;
        final long sequence = queues.getLong(queue, Queue.NEXT_SEQUENCE);
        queues.putSealed(queue, Queue.NEXT_SEQUENCE, sequence + 1);
        messages.putLong(message, Message.SEQUENCE, sequence);
        messages.putLong(message, Message.ARRIVED_TIME, state.nowNs);
        messages.putInt(message, Message.QUEUE, queue);
        messages.putInt(message, Message.EPOCH, queues.getInt(queue, Queue.EPOCH));
        messages.putInt(message, Message.LANE, lane);
        lanes.join(message);
        state.arrivals.addLast(queue, message);
        lifetimes.start(queue, message);
    }

    /** Removes a message for good. */
    void remove(final int queue, final int message) {
        deliveries.remove(queue, message);
    }
}
