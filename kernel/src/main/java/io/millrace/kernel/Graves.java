package io.millrace.kernel;

import io.millrace.kernel.QueueTables.Grave;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;

/**
 * What queues held when they were purged or deleted. It is out of sight at once, for its epoch is no longer the queue's: handles are
 * gone, timers do nothing, what ended sessions held does not return. Its rows are freed one by one, in the order of the burials.
 */
final class Graves {
    private final State state;
    private final SlotTable graves;
    private final SlotTable queues;
    private final SlotTable messages;
    private final Lanes lanes;
    private final Lifetimes lifetimes;
    private final RedriveScan scan;
    private final Consumers consumers;
    private final Attempts attempts;
    private int restoring;

    Graves(
            final State state,
            final Lanes lanes,
            final Lifetimes lifetimes,
            final RedriveScan scan,
            final Consumers consumers,
            final Attempts attempts) {
        this.state = state;
        this.graves = state.graves;
        this.queues = state.queues;
        this.messages = state.messages;
        this.lanes = lanes;
        this.lifetimes = lifetimes;
        this.scan = scan;
        this.consumers = consumers;
        this.attempts = attempts;
    }

    /** Empties a queue, whatever it holds, in constant time; its row is left to be sealed. */
    void bury(final int queue) {
        final int epoch = queues.getInt(queue, Queue.EPOCH);
        final long available = queues.getLong(queue, Queue.AVAILABLE_COUNT);
        final long delayed = queues.getLong(queue, Queue.DELAYED_COUNT);
        final long inFlight = queues.getLong(queue, Queue.IN_FLIGHT_COUNT);
        queues.putInt(queue, Queue.EPOCH, epoch + 1);
        if (state.arrivals.first(queue) >= 0) {
            dig(queue, epoch);
        }
        state.counters.availableMessages -= available;
        state.counters.delayedMessages -= delayed;
        state.counters.inFlightMessages -= inFlight;
        state.counters.buried += available + delayed + inFlight;
        queues.putLong(
                queue,
                Queue.RECLAIMING_COUNT,
                queues.getLong(queue, Queue.RECLAIMING_COUNT) + available + delayed + inFlight);
        queues.putLong(queue, Queue.AVAILABLE_COUNT, 0);
        queues.putLong(queue, Queue.DELAYED_COUNT, 0);
        queues.putLong(queue, Queue.IN_FLIGHT_COUNT, 0);
        queues.putLong(queue, Queue.DELAYED, 0);
        queues.putInt(queue, Queue.OLDER, 0);
        lifetimes.forget(queue);
        scan.onBurial(queue);
        state.timers.remove(Timers.FIFO_DELAY, queue);
        lanes.abandon(queue);
    }

    private void dig(final int queue, final int epoch) {
        final int grave = graves.allocate();
        graves.putInt(grave, Grave.QUEUE, queue);
        graves.putInt(grave, Grave.EPOCH, epoch);
        graves.putLong(grave, Grave.TURN, state.next(Root.NEXT_TURN));
        graves.seal(grave);
        graves.putLong(grave, Grave.MESSAGES, queues.getLong(queue, Queue.ARRIVALS));
        queues.putLong(queue, Queue.ARRIVALS, 0);
        state.openGraves.addLast(State.ONLY, grave);
    }

    boolean isEmpty() {
        return state.openGraves.first(State.ONLY) < 0;
    }

    /** Frees one message, or a grave that holds none; returns the queue whose last one it was, else -1. */
    int step() {
        final int grave = state.openGraves.first(State.ONLY);
        final int queue = graves.getInt(grave, Grave.QUEUE);
        final int message = state.buried.first(grave);
        if (message >= 0) {
            state.buried.remove(grave, message);
            free(message);
            queues.putLong(queue, Queue.RECLAIMING_COUNT, queues.getLong(queue, Queue.RECLAIMING_COUNT) - 1);
            return -1;
        }
        state.openGraves.remove(State.ONLY, grave);
        graves.free(grave);
        return queues.getLong(queue, Queue.RECLAIMING_COUNT) == 0 ? queue : -1;
    }

    private void free(final int message) {
        state.timers.remove(Timers.MESSAGE, message);
        state.timers.remove(Timers.TIME_TO_LIVE, message);
        attempts.onDeliveryEnded(message, false);
        consumers.endHolding(message);
        lanes.leaveAbandoned(message);
        state.payloads.release(messages.getInt(message, Message.PAYLOAD));
        messages.free(message);
    }

    /** The timer of a buried message is due: nothing happens, and it does not come back. */
    void onTimer(final int message) {
        state.timers.remove(Timers.MESSAGE, message);
        messages.putLong(message, Message.DEADLINE, 0);
        messages.seal(message);
    }

    /** The session that a buried message was pushed to has ended. */
    void endHolding(final int message) {
        consumers.endHolding(message);
        messages.seal(message);
    }

    /**
     * Puts a restored message into the structures that follow from its row. A snapshot holds the contents of one grave after the
     * other, so that the search goes on where the last one ended.
     */
    void relink(final int message) {
        while (restoring < graves.highWater() && !holds(restoring, message)) {
            restoring++;
        }
        if (restoring == graves.highWater()) {
            throw new IllegalStateException("message " + message + " lies in no grave");
        }
        relink(restoring, message);
    }

    private void relink(final int grave, final int message) {
        final int queue = messages.getInt(message, Message.QUEUE);
        state.buried.addLast(grave, message);
        lanes.joinAbandoned(message);
        lifetimes.linkTimeToLive(message);
        queues.putLong(queue, Queue.RECLAIMING_COUNT, queues.getLong(queue, Queue.RECLAIMING_COUNT) + 1);
        final long deadlineNs = messages.getLong(message, Message.DEADLINE);
        if (deadlineNs != 0) {
            state.timers.add(Timers.MESSAGE, message, deadlineNs, messages.getLong(message, Message.TIMER_ID));
        }
    }

    /** Whether a restored message of an epoch that is over lies in a grave. */
    private boolean holds(final int grave, final int message) {
        return graves.isLive(grave)
                && graves.getInt(grave, Grave.QUEUE) == messages.getInt(message, Message.QUEUE)
                && graves.getInt(grave, Grave.EPOCH) == messages.getInt(message, Message.EPOCH);
    }
}
