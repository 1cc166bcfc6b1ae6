package io.millrace.kernel;

import io.millrace.codecs.AlarmKind;
import io.millrace.kernel.QueueTables.Watch;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.memory.SlotTable;

/**
 * Raises and ends the alarms of queues. Depth is judged at the end of a record, in the queues that it changed; age by a timer, and
 * at the end of a record while the alarm stands. As with the retention, the timer may fire early and find nothing.
 */
final class Alarms {
    private final State state;
    private final SlotTable queues;
    private final Reply reply;

    Alarms(final State state, final Reply reply) {
        this.state = state;
        this.queues = state.queues;
        this.reply = reply;
    }

    /** Something came into a queue, left it, or became available or not. */
    void onChange(final int queue) {
        if (queues.getInt(queue, Queue.ALARMS) != 0 && queues.getInt(queue, Queue.IS_CHANGED) == 0) {
            queues.putInt(queue, Queue.IS_CHANGED, 1);
            state.changedQueues.add(State.ONLY, queue);
        }
    }

    /** A queue has got other marks, or its first ones; its row is left to be sealed. */
    void onSettings(final int queue) {
        final boolean hasMarks =
                queues.getLong(queue, Queue.HIGH_DEPTH) > 0 || queues.getLong(queue, Queue.HIGH_AGE) > 0;
        disarm(queue);
        if (hasMarks || queues.getInt(queue, Queue.ALARMS) != 0) {
            queues.putInt(queue, Queue.ALARMS, queues.getInt(queue, Queue.ALARMS) | Queue.HAS_MARKS);
            onChange(queue);
        }
    }

    /** A queue is being deleted; its row is left to be sealed. */
    void forget(final int queue) {
        disarm(queue);
        queues.putInt(queue, Queue.ALARMS, 0);
        if (queues.getInt(queue, Queue.IS_CHANGED) != 0) {
            queues.putInt(queue, Queue.IS_CHANGED, 0);
            state.changedQueues.remove(State.ONLY, queue);
        }
    }

    private void disarm(final int queue) {
        if (queues.getLong(queue, Queue.AGE_DEADLINE) != 0) {
            state.timers.remove(Timers.AGE, queue);
            queues.putLong(queue, Queue.AGE_DEADLINE, 0);
        }
    }

    /** Judges the queues that the record changed, in the order of their ids. */
    void evaluate() {
        for (int queue = state.changedQueues.first(State.ONLY);
                queue >= 0;
                queue = state.changedQueues.first(State.ONLY)) {
            state.changedQueues.remove(State.ONLY, queue);
            queues.putInt(queue, Queue.IS_CHANGED, 0);
            evaluateDepth(queue);
            evaluateAge(queue);
            queues.seal(queue);
        }
    }

    private void evaluateDepth(final int queue) {
        final long high = queues.getLong(queue, Queue.HIGH_DEPTH);
        final long depth = queues.getLong(queue, Queue.AVAILABLE_COUNT);
        if (high == 0) {
            set(queue, Queue.DEPTH_IS_HIGH, false);
        } else if (!stands(queue, Queue.DEPTH_IS_HIGH) && depth >= high) {
            set(queue, Queue.DEPTH_IS_HIGH, true);
            tellAll(queue, AlarmKind.DEPTH_HIGH, depth);
        } else if (stands(queue, Queue.DEPTH_IS_HIGH)
                && depth < high
                && depth <= queues.getLong(queue, Queue.LOW_DEPTH)) {
            set(queue, Queue.DEPTH_IS_HIGH, false);
            tellAll(queue, AlarmKind.DEPTH_LOW, depth);
        }
    }

    private void evaluateAge(final int queue) {
        final long high = queues.getLong(queue, Queue.HIGH_AGE);
        final boolean isEmpty = state.arrivals.first(queue) < 0;
        if (high == 0) {
            set(queue, Queue.AGE_IS_HIGH, false);
        } else if (stands(queue, Queue.AGE_IS_HIGH)
                && (isEmpty || ageNs(queue) < queues.getLong(queue, Queue.LOW_AGE))) {
            set(queue, Queue.AGE_IS_HIGH, false);
            tellAll(queue, AlarmKind.AGE_LOW, ageNs(queue));
        }
        if (high != 0
                && !isEmpty
                && !stands(queue, Queue.AGE_IS_HIGH)
                && queues.getLong(queue, Queue.AGE_DEADLINE) == 0) {
            arm(queue);
        }
    }

    private void arm(final int queue) {
        queues.putLong(queue, Queue.AGE_DEADLINE, oldestArrivedNs(queue) + queues.getLong(queue, Queue.HIGH_AGE));
        armTimer(queue);
    }

    /** Sets the timer of a restored queue; that its messages were put into it is no change. */
    void relink(final int queue) {
        if (queues.getInt(queue, Queue.IS_CHANGED) != 0) {
            queues.putInt(queue, Queue.IS_CHANGED, 0);
            state.changedQueues.remove(State.ONLY, queue);
        }
        armTimer(queue);
    }

    private void armTimer(final int queue) {
        final long deadlineNs = queues.getLong(queue, Queue.AGE_DEADLINE);
        if (deadlineNs != 0) {
            state.timers.add(
                    Timers.AGE, queue, deadlineNs, Timers.ofQueue(queues.getLong(queue, Queue.ID), Timers.AGE));
        }
    }

    /** The oldest message of a queue has reached the mark, or one would have that has left since. */
    void onAge(final int queue) {
        final long firedNs = queues.getLong(queue, Queue.AGE_DEADLINE);
        disarm(queue);
        if (state.arrivals.first(queue) >= 0) {
            if (oldestArrivedNs(queue) + queues.getLong(queue, Queue.HIGH_AGE) > firedNs) {
                arm(queue);
            } else {
                set(queue, Queue.AGE_IS_HIGH, true);
                tellAll(queue, AlarmKind.AGE_HIGH, ageNs(queue));
            }
        }
        queues.seal(queue);
    }

    private long oldestArrivedNs(final int queue) {
        return state.messages.getLong(state.arrivals.first(queue), Message.ARRIVED_TIME);
    }

    private long ageNs(final int queue) {
        return state.arrivals.first(queue) < 0 ? 0 : state.nowNs - oldestArrivedNs(queue);
    }

    private boolean stands(final int queue, final int alarm) {
        return (queues.getInt(queue, Queue.ALARMS) & alarm) != 0;
    }

    private void set(final int queue, final int alarm, final boolean stands) {
        final int alarms = queues.getInt(queue, Queue.ALARMS);
        queues.putInt(queue, Queue.ALARMS, stands ? alarms | alarm : alarms & ~alarm);
    }

    private void tellAll(final int queue, final AlarmKind kind, final long value) {
        for (int watch = state.queueWatches.first(queue); watch >= 0; watch = state.queueWatches.next(watch)) {
            tell(queue, state.watches.getInt(watch, Watch.SESSION), kind, value);
        }
    }

    private void tell(final int queue, final int session, final AlarmKind kind, final long value) {
        reply.queueAlarm(state.sessionId(session), queues.getLong(queue, Queue.ID), state.nowNs, value, kind);
    }

    /** A session has begun to watch a queue: it learns what stands. */
    void tellStanding(final int queue, final int session) {
        if (stands(queue, Queue.DEPTH_IS_HIGH)) {
            tell(queue, session, AlarmKind.DEPTH_HIGH, queues.getLong(queue, Queue.AVAILABLE_COUNT));
        }
        if (stands(queue, Queue.AGE_IS_HIGH)) {
            tell(queue, session, AlarmKind.AGE_HIGH, ageNs(queue));
        }
    }
}
