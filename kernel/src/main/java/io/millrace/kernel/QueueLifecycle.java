package io.millrace.kernel;

import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;

/** The beginning and the end of every queue: those with a name, and those by which sessions consume subscriptions. */
final class QueueLifecycle {
    private final State state;
    private final SlotTable queues;
    private final Deliveries deliveries;
    private final DeadLetterSources sources;
    private final Alarms alarms;
    private final Graves graves;
    private final Redrives redrives;

    QueueLifecycle(
            final State state,
            final Deliveries deliveries,
            final DeadLetterSources sources,
            final Alarms alarms,
            final Graves graves,
            final Redrives redrives) {
        this.state = state;
        this.queues = state.queues;
        this.deliveries = deliveries;
        this.sources = sources;
        this.alarms = alarms;
        this.graves = graves;
        this.redrives = redrives;
    }

    /** Makes a queue with these settings; it can be found by its id only. */
    int open(final QueueSettings settings, final int namePayload, final int subscriptionLink) {
        final int queue = queues.allocate();
        queues.putLong(queue, Queue.ID, state.next(Root.NEXT_QUEUE_ID));
        queues.putLong(queue, Queue.CREATED_TIME, state.nowNs);
        queues.putLong(queue, Queue.CHANGED_TIME, state.nowNs);
        queues.putLong(queue, Queue.NEXT_SEQUENCE, 1);
        queues.putInt(queue, Queue.NAME_PAYLOAD, namePayload);
        queues.putInt(queue, Queue.SUBSCRIPTION_LINK, subscriptionLink);
        settings.store(queue);
        sources.update(queue, 0);
        alarms.onSettings(queue);
        deliveries.lanes().openDefault(queue);
        queues.seal(queue);
        state.queuesById.add(queue);
        return queue;
    }

    /** The queue is gone at once; what it holds is freed in slices. */
    void close(final int queue) {
        state.timers.remove(Timers.THROTTLE, queue);
        queues.putInt(queue, Queue.SUBSCRIPTION_LINK, 0);
        deliveries.forget(queue);
        sources.leave(queue);
        redrives.forget(queue);
        alarms.forget(queue);
        graves.bury(queue);
        state.queuesById.remove(queue);
        queues.putLong(queue, Queue.DELETED_TURN, state.next(Root.NEXT_TURN));
        queues.seal(queue);
        state.deletedQueues.addLast(State.ONLY, queue);
    }
}
