package io.millrace.kernel;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Session;

/**
 * Works off in slices what ended at once: first the holdings of closed sessions, which others wait for, then those who wait at
 * deleted queues, then what was purged or deleted, which nobody can see. Each step takes one from a budget of its own, so that a long
 * clean-up does not hold up deliveries.
 */
final class Reclaimer {
    /** Turn of a deleted queue of which nothing but graves is left. */
    private static final long GRAVES_LEFT = -1;

    private final State state;
    private final Deliveries deliveries;
    private final Consumers consumers;
    private final DeadLetterSources sources;
    private final Watches watches;
    private final Graves graves;
    private final Topics topics;
    private final Subscriptions subscriptions;
    private final Streams streams;

    Reclaimer(
            final State state,
            final Deliveries deliveries,
            final Consumers consumers,
            final DeadLetterSources sources,
            final Watches watches,
            final Graves graves,
            final TopicCommands topicCommands,
            final Streams streams) {
        this.state = state;
        this.deliveries = deliveries;
        this.consumers = consumers;
        this.sources = sources;
        this.watches = watches;
        this.graves = graves;
        this.topics = topicCommands.topics();
        this.subscriptions = topicCommands.subscriptions();
        this.streams = streams;
    }

    boolean hasWork() {
        return state.closedSessions.first(State.ONLY) >= 0
                || state.deletedQueues.first(State.ONLY) >= 0
                || state.topics.deletedTopics.first(State.ONLY) >= 0
                || state.streams.hasReclaimable()
                || !graves.isEmpty();
    }

    void work() {
        while (state.reclaimBudget > 0 && hasWork()) {
            final int session = state.closedSessions.first(State.ONLY);
            final int queue = state.deletedQueues.first(State.ONLY);
            final int topic = state.topics.deletedTopics.first(State.ONLY);
            if (session >= 0) {
                stepSession(session);
            } else if (queue >= 0) {
                stepQueue(queue);
            } else if (topic >= 0) {
                stepTopic(topic);
            } else if (state.streams.hasReclaimable()) {
                streams.reclaim();
            } else {
                stepGrave();
            }
            state.reclaimBudget--;
        }
        deliveries.dispatchPending();
    }

    private void stepSession(final int session) {
        final int consumer = state.sessionConsumers.first(session);
        if (consumer >= 0) {
            // A consumer is stopped when its session closes, so one that is still there holds something.
            stepHolding(state.held.first(consumer));
        } else {
            final int principal = state.sessions.getInt(session, Session.PRINCIPAL_PAYLOAD);
            state.closedSessions.remove(State.ONLY, session);
            state.sessions.free(session);
            state.payloads.release(principal);
        }
    }

    private void stepHolding(final int message) {
        if (state.isPresent(message)) {
            final int queue = state.messages.getInt(message, Message.QUEUE);
            deliveries.takeBack(queue, message);
            // Only when the whole slice is back is it known which message of a queue comes first.
            deliveries.dispatchLater(queue);
        } else {
            graves.endHolding(message);
        }
    }

    private void stepQueue(final int queue) {
        final int waiter = state.queueWaiters.first(queue);
        final int consumer = state.queueConsumers.first(queue);
        final int source = state.sources.first(queue);
        final int watch = state.queueWatches.first(queue);
        if (waiter >= 0) {
            deliveries.waiters().end(waiter, ResultCode.QUEUE_DELETED);
        } else if (consumer >= 0) {
            consumers.stop(consumer, ResultCode.QUEUE_DELETED);
        } else if (source >= 0) {
            sources.leave(source);
            state.queues.seal(source);
        } else if (watch >= 0) {
            watches.remove(watch);
        } else {
            state.deletedQueues.remove(State.ONLY, queue);
            state.queues.putSealed(queue, Queue.DELETED_TURN, GRAVES_LEFT);
            if (state.queues.getLong(queue, Queue.RECLAIMING_COUNT) == 0) {
                free(queue);
            }
        }
    }

    private void stepTopic(final int topic) {
        final int subscription = state.topics.ofTopic.first(topic);
        if (subscription >= 0) {
            subscriptions.remove(subscription);
        } else {
            topics.free(topic);
        }
    }

    private void stepGrave() {
        final int queue = graves.step();
        if (queue >= 0 && state.queues.getLong(queue, Queue.DELETED_TURN) == GRAVES_LEFT) {
            free(queue);
        }
    }

    private void free(final int queue) {
        final int name = state.queues.getInt(queue, Queue.NAME_PAYLOAD);
        final int named = state.queues.getInt(queue, Queue.REDRIVE_SOURCES_PAYLOAD_LINK);
        final int tags = state.queues.getInt(queue, Queue.TAGS_PAYLOAD_LINK);
        final int access = state.queues.getInt(queue, Queue.ACCESS_PAYLOAD_LINK);
        state.lanes.free(state.queues.getInt(queue, Queue.DEFAULT_LANE));
        state.queues.free(queue);
        state.payloads.release(name);
        release(named);
        release(tags);
        release(access);
    }

    private void release(final int payloadLink) {
        if (payloadLink != 0) {
            state.payloads.release(payloadLink - 1);
        }
    }
}
