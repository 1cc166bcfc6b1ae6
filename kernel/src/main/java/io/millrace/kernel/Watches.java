package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import io.millrace.codecs.WatchQueueDecoder;
import io.millrace.kernel.QueueTables.Watch;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.memory.SlotTable;

/** Which sessions want to hear of the alarms of which queues. */
final class Watches {
    private final State state;
    private final SlotTable watches;
    private final Alarms alarms;

    Watches(final State state, final Alarms alarms) {
        this.state = state;
        this.watches = state.watches;
        this.alarms = alarms;
    }

    void watch(final Request request, final WatchQueueDecoder command) {
        final int queue = request.queue(command.queueId(), Access.RECEIVE);
        if (queue < 0) {
            return;
        }
        final int session = request.session;
        final int watching = command.watchingRaw();
        final int watch = state.watchOf(session, queue);
        final long count = state.sessions.getInt(session, Session.WATCH_COUNT) + 1L;
        if (watching != Switch.ON.value() && watching != Switch.OFF.value()) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, watching);
        } else if (watching == Switch.OFF.value()) {
            if (watch >= 0) {
                remove(watch);
            }
            request.confirm(0, 0);
        } else if (watch >= 0) {
            request.confirm(0, 0);
        } else if (count > state.limit(LimitId.WATCHES)) {
            request.refuseLimit(LimitId.WATCHES, state.limit(LimitId.WATCHES), count);
        } else {
            add(session, queue);
            request.confirm(0, 0);
            alarms.tellStanding(queue, session);
        }
    }

    private void add(final int session, final int queue) {
        final int watch = watches.allocate();
        watches.putLong(watch, Watch.TURN, state.next(Root.NEXT_TURN));
        watches.putInt(watch, Watch.SESSION, session);
        watches.putInt(watch, Watch.QUEUE, queue);
        watches.seal(watch);
        link(watch);
    }

    Alarms alarms() {
        return alarms;
    }

    /** Puts a watch's row into the structures that follow from it. */
    void link(final int watch) {
        final int session = watches.getInt(watch, Watch.SESSION);
        state.queueWatches.addLast(watches.getInt(watch, Watch.QUEUE), watch);
        state.sessionWatches.addLast(session, watch);
        state.watchesByKey.add(watch);
        count(session, 1);
    }

    /** A session no longer watches, or it or the queue has ended. */
    void remove(final int watch) {
        final int session = watches.getInt(watch, Watch.SESSION);
        state.queueWatches.remove(watches.getInt(watch, Watch.QUEUE), watch);
        state.sessionWatches.remove(session, watch);
        state.watchesByKey.remove(watch);
        count(session, -1);
        watches.free(watch);
    }

    private void count(final int session, final int delta) {
        final SlotTable sessions = state.sessions;
        sessions.putInt(session, Session.WATCH_COUNT, sessions.getInt(session, Session.WATCH_COUNT) + delta);
    }
}
