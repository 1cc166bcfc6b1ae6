package io.millrace.kernel;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Session;

/**
 * Works off in slices what ended at once: first the holdings of closed sessions, which others wait for, then the contents of
 * deleted queues, which nobody can see. Each step takes one from a budget of its own, so that a long clean-up does not hold up deliveries.
 */
final class Reclaimer {
    private final State state;
    private final Deliveries deliveries;
    private final Consumers consumers;
    private final Messages messages;
    private final DeadLetterSources sources;

    Reclaimer(
            final State state,
            final Deliveries deliveries,
            final Consumers consumers,
            final Messages messages,
            final DeadLetterSources sources) {
        this.state = state;
        this.deliveries = deliveries;
        this.consumers = consumers;
        this.messages = messages;
        this.sources = sources;
    }

    boolean hasWork() {
        return state.closedSessions.first(State.ONLY) >= 0 || state.deletedQueues.first(State.ONLY) >= 0;
    }

    void work() {
        while (state.reclaimBudget > 0 && hasWork()) {
            final int session = state.closedSessions.first(State.ONLY);
            if (session >= 0) {
                stepSession(session);
            } else {
                stepQueue(state.deletedQueues.first(State.ONLY));
            }
            state.reclaimBudget--;
        }
        deliveries.dispatchPending();
    }

    private void stepSession(final int session) {
        final int consumer = state.sessionConsumers.first(session);
        if (consumer >= 0) {
            // A consumer is stopped when its session closes, so one that is still there holds something.
            final int message = state.held.first(consumer);
            final int queue = state.messages.getInt(message, Message.QUEUE);
            deliveries.takeBack(queue, message);
            // Only when the whole slice is back is it known which message of a queue comes first.
            deliveries.dispatchLater(queue);
        } else {
            final int principal = state.sessions.getInt(session, Session.PRINCIPAL_PAYLOAD);
            state.closedSessions.remove(State.ONLY, session);
            state.sessions.free(session);
            state.payloads.release(principal);
        }
    }

    private void stepQueue(final int queue) {
        final int waiter = state.queueWaiters.first(queue);
        final int consumer = state.queueConsumers.first(queue);
        final int source = state.sources.first(queue);
        final int message = state.arrivals.first(queue);
        if (waiter >= 0) {
            deliveries.endWaiter(waiter, ResultCode.QUEUE_DELETED);
        } else if (consumer >= 0) {
            consumers.stop(consumer, ResultCode.QUEUE_DELETED);
        } else if (source >= 0) {
            sources.leave(source);
            state.queues.seal(source);
        } else if (message >= 0) {
            messages.remove(queue, message);
        } else {
            final int name = state.queues.getInt(queue, Queue.NAME_PAYLOAD);
            final int named = state.queues.getInt(queue, Queue.REDRIVE_SOURCES_PAYLOAD_LINK) - 1;
            state.lanes.free(state.queues.getInt(queue, Queue.DEFAULT_LANE));
            state.deletedQueues.remove(State.ONLY, queue);
            state.queues.free(queue);
            state.payloads.release(name);
            if (named >= 0) {
                state.payloads.release(named);
            }
        }
    }
}
