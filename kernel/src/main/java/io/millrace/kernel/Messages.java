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
    private final MessageStates states;

    Messages(final State state, final Deliveries deliveries) {
        this.state = state;
        this.messages = state.messages;
        this.deliveries = deliveries;
        this.states = deliveries.states();
    }

    /** Refuses the request if the server has no room for so many more messages and accounted bytes. */
    boolean hasRoom(final Request request, final long count, final long accountedBytes) {
        final long total = total(count);
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

    private long total(final long count) {
        return messages.liveCount() + state.topics.reservedMessages + count;
    }

    /** Whether the server has room for so many more messages and accounted bytes. */
    boolean hasRoom(final long count, final long accountedBytes) {
        return total(count) <= state.limit(LimitId.MESSAGES)
                && state.payloads.accountedBytes() + accountedBytes <= state.limit(LimitId.ARENA_BYTES);
    }

    /**
     * Stores a message at the end of its queue.
     *
     * @param visibleNs    when it can be delivered first, on a standard queue; not later than now: at once.
     * @param timeToLiveNs after which it is discarded, or null.
     * @return its slot.
     */
    int store(final int queue, final int payload, final int priority, final long visibleNs, final long timeToLiveNs) {
        final int message = allocate(payload, priority);
        if (!Commands.isNull(timeToLiveNs)) {
            messages.putLong(message, Message.EXPIRY, state.nowNs + timeToLiveNs);
        }
        states.enter(queue, message);
        return begin(queue, message, visibleNs);
    }

    /**
     * Stores a message that was published at the end of a subscribed queue.
     *
     * @param ids of its payload.
     * @return its slot.
     */
    int storePublished(final int queue, final int payload, final PayloadIds ids) {
        final int message = allocate(payload, 0);
        states.enter(queue, message, ids);
        return begin(queue, message, state.nowNs + state.queues.getLong(queue, Queue.DELAY));
    }

    private int allocate(final int payload, final int priority) {
        final int message = messages.allocate();
        messages.putLong(message, Message.ID, state.next(Root.NEXT_MESSAGE_ID));
        messages.putLong(message, Message.SENT_TIME, state.nowNs);
        messages.putInts(message, Message.PAYLOAD, payload, 0);
        messages.putInt(message, Message.PRIORITY, priority);
        return message;
    }

    /** A message that has its place begins to be available, or to wait. */
    private int begin(final int queue, final int message, final long visibleNs) {
        if (state.isFifo(queue) && state.queues.getLong(queue, Queue.DELAY) > 0) {
            states.addToFifoDelay(queue, message);
        } else if (visibleNs > state.nowNs) {
            states.addWaiting(queue, message, Message.DELAYED, visibleNs);
        } else {
            states.addFresh(queue, message);
        }
        messages.seal(message);
        state.counters.sends++;
        return message;
    }

    /** Makes a new message out of one, in another queue, available at once; its time to live goes on. */
    void redrive(final int queue, final int message, final int target) {
        final int payload = messages.getInt(message, Message.PAYLOAD);
        final int priority = messages.getInt(message, Message.PRIORITY);
        final long expiryNs = messages.getLong(message, Message.EXPIRY);
        final int flags = messages.getInt(message, Message.FLAGS) & Message.REPLAYED | Message.MOVED;
        final int group = states.leaveToMove(queue, message);
        messages.free(message);
        final int made = messages.allocate();
        messages.putLong(made, Message.ID, state.next(Root.NEXT_MESSAGE_ID));
        messages.putLong(made, Message.SENT_TIME, state.nowNs);
        messages.putLong(made, Message.EXPIRY, expiryNs);
        messages.putInt(made, Message.PAYLOAD, payload);
        messages.putInt(made, Message.PRIORITY, priority);
        messages.putInt(made, Message.FLAGS, flags);
        states.enterMoved(target, made, group);
        states.addFresh(target, made);
        messages.seal(made);
        state.counters.redriven++;
    }

    /** Removes a message for good. */
    void remove(final int queue, final int message) {
        deliveries.remove(queue, message);
    }
}
