package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.AVAILABLE;

import io.millrace.codecs.AlarmKind;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;

/** High and low water marks of depth and age. */
final class ModelAlarms {

    private final KernelModel model;
    private final ModelState state;

    ModelAlarms(final KernelModel model) {
        this.model = model;
        state = model.state;
    }

    /** At the end of a record: how deep is every queue, and is what made it old still there. */
    void evaluate() {
        for (final Queue queue : state.queues.values()) {
            evaluateDepth(queue, queue.count(AVAILABLE));
            if (queue.ageIsHigh && queue.settings.highAgeNs() == 0) {
                queue.ageIsHigh = false;
            } else if (queue.ageIsHigh && (queue.oldest() == null || age(queue) < queue.settings.lowAgeNs())) {
                queue.ageIsHigh = false;
                tell(queue, AlarmKind.AGE_LOW, age(queue));
            }
        }
    }

    private void evaluateDepth(final Queue queue, final long depth) {
        final long high = queue.settings.highDepth();
        if (high == 0) {
            queue.depthIsHigh = false;
        } else if (!queue.depthIsHigh && depth >= high) {
            queue.depthIsHigh = true;
            tell(queue, AlarmKind.DEPTH_HIGH, depth);
        } else if (queue.depthIsHigh && depth < high && depth <= queue.settings.lowDepth()) {
            queue.depthIsHigh = false;
            tell(queue, AlarmKind.DEPTH_LOW, depth);
        }
    }

    /** The time has come for the oldest message. */
    void ageIsHigh(final Queue queue) {
        queue.ageIsHigh = true;
        tell(queue, AlarmKind.AGE_HIGH, age(queue));
    }

    /** The session begins to watch: it learns what stands. */
    void tellStanding(final Session session, final Queue queue) {
        if (queue.depthIsHigh) {
            model.emit(session, alarm(queue, AlarmKind.DEPTH_HIGH, queue.count(AVAILABLE)));
        }
        if (queue.ageIsHigh) {
            model.emit(session, alarm(queue, AlarmKind.AGE_HIGH, age(queue)));
        }
    }

    private long age(final Queue queue) {
        return queue.oldest() == null ? 0 : state.nowNs - queue.oldest().arrivedTimeNs;
    }

    private void tell(final Queue queue, final AlarmKind kind, final long value) {
        queue.watchers.values().forEach(session -> model.emit(session, alarm(queue, kind, value)));
    }

    private Event alarm(final Queue queue, final AlarmKind kind, final long value) {
        return new Event.QueueAlarm(queue.id, state.nowNs, value, kind);
    }
}
