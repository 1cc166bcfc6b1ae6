package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.AVAILABLE;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.ModelTopicState.Topic;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Subscriptions that sessions consume: how often they get something, when it is tried again, and how it ends. */
final class ModelPush {

    private final KernelModel model;
    private final ModelState state;

    ModelPush(final KernelModel model) {
        this.model = model;
        state = model.state;
    }

    /** Whether another delivery may be made in this second; what has to wait waits for its end, though the policy changes. */
    boolean admits(final Queue queue) {
        final Subscription subscription = queue.subscription;
        if (subscription == null || subscription.throttledUntilNs != 0) {
            return subscription == null;
        }
        final long most = subscription.policyInForce().maxPerSecond();
        if (most == 0 || pushesInThisSecond(subscription) < most) {
            return true;
        }
        subscription.throttledUntilNs = TimeUnit.SECONDS.toNanos(second(state.nowNs) + 1);
        return false;
    }

    private long pushesInThisSecond(final Subscription subscription) {
        return subscription.limitedPushes.stream()
                .filter(timeNs -> second(timeNs) == second(state.nowNs))
                .count();
    }

    private static long second(final long timeNs) {
        return TimeUnit.NANOSECONDS.toSeconds(timeNs);
    }

    void goOn(final Queue queue) {
        queue.subscription.throttledUntilNs = 0;
        model.touch(queue);
    }

    /** The message was pushed: at most once means that this was it, and that its credit is spent. */
    void onPushed(final Message message) {
        final Subscription subscription = message.queue.subscription;
        if (subscription == null) {
            return;
        }
        if (subscription.policyInForce().maxPerSecond() != 0) {
            subscription.limitedPushes.add(state.nowNs);
        }
        if (subscription.isAtMostOnce()) {
            message.holder = null;
            model.acknowledge(message);
        }
    }

    /** At most once: what finds nobody who takes it now is discarded. */
    void dropTheRest(final Queue queue) {
        if (queue.subscription != null && queue.subscription.isAtMostOnce()) {
            queue.all(AVAILABLE).forEach(model::expire);
        }
    }

    /** N9, N11: after the last retry the message goes to the dead-letter queue, or is discarded. */
    void fail(final Message message, final Long delayNs) {
        final Subscription subscription = message.queue.subscription;
        final List<Long> delaysNs = ModelBackoff.delaysNs(subscription.policyInForce());
        if (message.failedCount <= delaysNs.size()) {
            subscription.retriedCount++;
            model.deliverAgain(message, delayNs == null ? delaysNs.get((int) message.failedCount - 1) : delayNs);
        } else if (model.moves.hasDeadLetterQueue(message.queue)) {
            model.moves.toDeadLetterQueue(message);
        } else {
            model.expire(message);
        }
    }

    /** The subscription ended: nobody finds its queue any more, but its consumers are told only later. */
    void close(final Subscription subscription) {
        if (subscription.isForSessions()) {
            final Queue queue = state.queues.get(subscription.queueId);
            model.close(queue);
            state.topics.closed.add(queue);
        }
    }

    /** Tells those whose subscriptions ended. Those of a deleted topic end when they have got everything. */
    void endSubscriptions() {
        tellConsumers();
        for (final Topic topic : List.copyOf(state.topics.deleted)) {
            if (topic.unfinished.isEmpty()) {
                state.topics.deleted.remove(topic);
                topic.subscriptions.values().forEach(this::close);
                topic.subscriptions.clear();
            }
        }
        tellConsumers();
    }

    private void tellConsumers() {
        state.topics.closed.forEach(
                queue -> queue.consumers.forEach(consumer -> model.stop(consumer, ResultCode.QUEUE_DELETED)));
        state.topics.closed.clear();
    }
}
