package io.millrace.kernel;

import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;

/**
 * Puts messages into the structures that follow from their place in a queue and from their status, takes them out again, and counts
 * them. What the change of a status means to others is not decided here.
 */
final class MessageStates {
    private final State state;
    private final SlotTable messages;
    private final SlotTable queues;
    private final Lanes lanes;
    private final Consumers consumers;
    private final Attempts attempts;
    private final Lifetimes lifetimes;
    private final RedriveScan scan;
    private final Alarms alarms;
    private final PayloadIds ids = new PayloadIds();

    MessageStates(
            final State state,
            final Lanes lanes,
            final Consumers consumers,
            final Attempts attempts,
            final Lifetimes lifetimes,
            final RedriveScan scan,
            final Alarms alarms) {
        this.state = state;
        this.messages = state.messages;
        this.queues = state.queues;
        this.lanes = lanes;
        this.consumers = consumers;
        this.attempts = attempts;
        this.lifetimes = lifetimes;
        this.scan = scan;
        this.alarms = alarms;
    }

    /** A message that is in no queue takes its place at the end of one; its payload, priority and times are set, its status is not. */
    void enter(final int queue, final int message) {
        final int payload = messages.getInt(message, Message.PAYLOAD);
        ids.wrap(state.payloads.buffer(payload), state.payloads.offset(payload));
        enter(queue, message, ids);
    }

    /** As {@link #enter(int, int)}, for a caller that has looked at the payload. */
    void enter(final int queue, final int message, final PayloadIds payloadIds) {
        final int lane = lanes.open(
                queue,
                messages.getInt(message, Message.PRIORITY),
                payloadIds.buffer(),
                payloadIds.groupIdOffset(),
                payloadIds.groupIdLength());
        enter(queue, message, lane);
    }

    /** As {@link #enter(int, int)}, for a message that moves: its group id, from {@link #leaveToMove}, is shared and takes no more room. */
    void enterMoved(final int queue, final int message, final int group) {
        enter(queue, message, lanes.open(queue, messages.getInt(message, Message.PRIORITY), group));
        if (group >= 0) {
            state.payloads.release(group);
        }
    }

    private void enter(final int queue, final int message, final int lane) {
        final long sequence = queues.getLong(queue, Queue.NEXT_SEQUENCE);
        queues.putSealed(queue, Queue.NEXT_SEQUENCE, sequence + 1);
        messages.putLong(message, Message.SEQUENCE, sequence);
        messages.putLong(message, Message.ARRIVED_TIME, state.nowNs);
        messages.putInts(message, Message.QUEUE, queue, lane);
        messages.putInts(
                message, Message.EPOCH, queues.getInt(queue, Queue.EPOCH), messages.getInt(message, Message.PRIORITY));
        lanes.join(message);
        state.arrivals.addLast(queue, message);
        lifetimes.start(queue, message);
        alarms.onChange(queue);
    }

    /** Takes a message out of its queue, whatever its status. */
    void leave(final int queue, final int message) {
        detach(queue, message);
        lanes.leave(message);
        scan.onLeave(queue, message);
        state.arrivals.remove(queue, message);
        lifetimes.end(queue, message);
        alarms.onChange(queue);
    }

    /** As {@link #leave}; returns the group id, which {@link #enterMoved} takes over, -1 if there is none. */
    int leaveToMove(final int queue, final int message) {
        final int group = lanes.retainGroup(message);
        leave(queue, message);
        return group;
    }

    /** A message that has just come into its queue can be delivered at once. */
    void addFresh(final int queue, final int message) {
        messages.status(message, Message.AVAILABLE);
        lanes.addAvailable(message, true);
        countAvailable(queue, 1);
    }

    /** A message that is detached can be delivered again. */
    void addReturned(final int queue, final int message) {
        messages.status(message, Message.AVAILABLE);
        messages.putLong(message, Message.DEADLINE, 0);
        messages.putLong(message, Message.TIMER_ID, 0);
        lanes.addAvailable(message, false);
        countAvailable(queue, 1);
        messages.seal(message);
    }

    /** A message waits: for its time, or to be retried. */
    void addWaiting(final int queue, final int message, final int status, final long deadlineNs) {
        messages.status(message, status);
        setTimer(message, deadlineNs);
        countDelayed(queue, 1);
    }

    /**
     * A message of a FIFO queue waits for the queue's delay. Only the first of them has a timer, under an id of its own, so that a change
     * of the delay concerns all of them at once (L3).
     */
    void addToFifoDelay(final int queue, final int message) {
        messages.status(message, Message.DELAYED);
        messages.putLong(message, Message.TIMER_ID, state.next(Root.NEXT_TIMER_ID));
        state.fifoDelayed.addLast(queue, message);
        updateFifoDelay(queue);
        countDelayed(queue, 1);
    }

    /** Sets the timer of a FIFO queue's delay to its first delayed message. */
    void updateFifoDelay(final int queue) {
        state.timers.remove(Timers.FIFO_DELAY, queue);
        final int message = state.fifoDelayed.first(queue);
        if (message >= 0) {
            state.timers.add(
                    Timers.FIFO_DELAY,
                    queue,
                    messages.getLong(message, Message.SENT_TIME) + queues.getLong(queue, Queue.DELAY),
                    messages.getLong(message, Message.TIMER_ID));
        }
    }

    /** A message that is detached is in flight from now on; its timer is still to be set. */
    void addInFlight(final int queue, final int message) {
        messages.status(message, Message.IN_FLIGHT);
        lanes.onBlocked(message);
        countInFlight(queue, 1);
    }

    void setTimer(final int message, final long deadlineNs) {
        final long timerId = state.next(Root.NEXT_TIMER_ID);
        messages.putLong(message, Message.DEADLINE, deadlineNs);
        messages.putLong(message, Message.TIMER_ID, timerId);
        state.timers.add(Timers.MESSAGE, message, deadlineNs, timerId);
    }

    /**
     * Takes a message out of the structures of its status, whatever it is, before it gets another one or leaves; its holder gets the
     * credit back.
     */
    void detach(final int queue, final int message) {
        final int status = messages.status(message);
        if (status == Message.AVAILABLE) {
            lanes.removeAvailable(message);
            countAvailable(queue, -1);
        } else if (status == Message.IN_FLIGHT) {
            state.timers.remove(Timers.MESSAGE, message);
            attempts.onDeliveryEnded(message, false);
            countInFlight(queue, -1);
            consumers.endHolding(message);
        } else {
            detachWaiting(queue, message, status);
        }
    }

    private void detachWaiting(final int queue, final int message, final int status) {
        if (status == Message.DELAYED && state.isFifo(queue)) {
            state.fifoDelayed.remove(queue, message);
            updateFifoDelay(queue);
        } else {
            state.timers.remove(Timers.MESSAGE, message);
        }
        countDelayed(queue, -1);
    }

    /** Puts a restored message into the structures that follow from its row, the order of ready lanes excepted. */
    void relink(final int queue, final int message) {
        final int status = messages.status(message);
        lanes.join(message);
        lifetimes.link(queue, message);
        if (scan.isToBeRechecked(message)) {
            state.rechecks.add(queue, message);
        }
        if (status == Message.AVAILABLE) {
            if (!state.isFifo(queue)) {
                lanes.linkAvailable(messages.getInt(message, Message.LANE), message, true);
            }
            countAvailable(queue, 1);
            return;
        }
        if (status == Message.DELAYED && state.isFifo(queue)) {
            state.fifoDelayed.addLast(queue, message);
            countDelayed(queue, 1);
            return;
        }
        state.timers.add(
                Timers.MESSAGE,
                message,
                messages.getLong(message, Message.DEADLINE),
                messages.getLong(message, Message.TIMER_ID));
        if (status == Message.IN_FLIGHT) {
            countInFlight(queue, 1);
        } else {
            countDelayed(queue, 1);
        }
    }

    private void countAvailable(final int queue, final int delta) {
        count(queue, Queue.AVAILABLE_COUNT, delta);
        alarms.onChange(queue);
        state.counters.availableMessages += delta;
    }

    private void countDelayed(final int queue, final int delta) {
        count(queue, Queue.DELAYED_COUNT, delta);
        state.counters.delayedMessages += delta;
    }

    private void countInFlight(final int queue, final int delta) {
        count(queue, Queue.IN_FLIGHT_COUNT, delta);
        state.counters.inFlightMessages += delta;
    }

    private void count(final int queue, final int counter, final long delta) {
        queues.putLong(queue, counter, queues.getLong(queue, counter) + delta);
    }
}
