package io.millrace.kernel;

import io.millrace.codecs.Switch;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.SlotTable;
import java.util.concurrent.TimeUnit;

/**
 * What is different about the deliveries of a queue by which sessions consume a subscription: a policy says when they are tried again and
 * how many there are in a second, and what becomes of them is counted. Every method but {@link #isPush} is for such queues only.
 */
final class Push {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final State state;
    private final SlotTable queues;
    private final SlotTable subscriptions;
    private final DeliveryPolicy policy = new DeliveryPolicy();

    Push(final State state) {
        this.state = state;
        this.queues = state.queues;
        this.subscriptions = state.topics.subscriptions;
    }

    boolean isPush(final int queue) {
        return queues.getInt(queue, Queue.SUBSCRIPTION_LINK) != 0;
    }

    private int subscriptionOf(final int queue) {
        return queues.getInt(queue, Queue.SUBSCRIPTION_LINK) - 1;
    }

    /** The policy in force: the subscription's, the topic's or what counts without one. */
    DeliveryPolicy policyOf(final int subscription) {
        if (!policy.load(subscriptions, subscription, Subscription.POLICY)
                && !policy.load(
                        state.topics.topics, subscriptions.getInt(subscription, Subscription.TOPIC), Topic.POLICY)) {
            policy.readDefault();
        }
        return policy;
    }

    /** Whether a delivery leaves nothing to be acknowledged. */
    boolean isAtMostOnce(final int queue) {
        return subscriptions.getInt(subscriptionOf(queue), Subscription.ACKNOWLEDGED) == Switch.OFF.value();
    }

    /** Whether a delivery that failed so often is not tried again. */
    boolean isSpent(final int queue, final int failedCount) {
        return failedCount > policyOf(subscriptionOf(queue)).retries();
    }

    long retryDelayNs(final int queue, final int failedCount) {
        return policyOf(subscriptionOf(queue)).delayNs(failedCount);
    }

    /**
     * Whether a message that is there may be delivered in this second; if not, a timer goes on when the second is over, and until then
     * everything waits, though the policy changes.
     */
    boolean admits(final int queue) {
        final int subscription = subscriptionOf(queue);
        if (subscriptions.getLong(subscription, Subscription.THROTTLED_UNTIL) != 0) {
            return false;
        }
        final long max = policyOf(subscription).maxPerSecond();
        final long second = state.nowNs / NANOS_PER_SECOND;
        if (max == 0
                || subscriptions.getLong(subscription, Subscription.RATE_SECOND) != second
                || Integer.toUnsignedLong(subscriptions.getInt(subscription, Subscription.RATE_COUNT)) < max) {
            return true;
        }
        subscriptions.putSealed(subscription, Subscription.THROTTLED_UNTIL, (second + 1) * NANOS_PER_SECOND);
        link(queue);
        return false;
    }

    /** Sets the timer that follows from the subscription's row. */
    void link(final int queue) {
        final long untilNs = subscriptions.getLong(subscriptionOf(queue), Subscription.THROTTLED_UNTIL);
        if (untilNs != 0) {
            final long queueId = queues.getLong(queue, Queue.ID);
            state.timers.add(Timers.THROTTLE, queue, untilNs, Timers.ofQueue(queueId, Timers.THROTTLE));
        }
    }

    /** The second is over in which the queue had all its deliveries. */
    void onTimer(final int queue) {
        state.timers.remove(Timers.THROTTLE, queue);
        subscriptions.putSealed(subscriptionOf(queue), Subscription.THROTTLED_UNTIL, 0);
    }

    /** A delivery was made. */
    void onPushed(final int queue) {
        final int subscription = subscriptionOf(queue);
        if (policyOf(subscription).maxPerSecond() != 0) {
            final long second = state.nowNs / NANOS_PER_SECOND;
            final boolean isNew = subscriptions.getLong(subscription, Subscription.RATE_SECOND) != second;
            final int before = isNew ? 0 : subscriptions.getInt(subscription, Subscription.RATE_COUNT);
            subscriptions.putLong(subscription, Subscription.RATE_SECOND, second);
            subscriptions.putInt(subscription, Subscription.RATE_COUNT, before + 1);
            subscriptions.seal(subscription);
        }
    }

    void onDelivered(final int queue) {
        count(queue, Subscription.DELIVERED_COUNT);
    }

    void onRetried(final int queue) {
        count(queue, Subscription.RETRIED_COUNT);
    }

    void onDeadLetter(final int queue) {
        count(queue, Subscription.DEAD_LETTER_COUNT);
    }

    void onDiscarded(final int queue) {
        count(queue, Subscription.DISCARDED_COUNT);
        state.counters.undeliverable++;
    }

    private void count(final int queue, final int field) {
        final int subscription = subscriptionOf(queue);
        subscriptions.putSealed(subscription, field, subscriptions.getLong(subscription, field) + 1);
    }
}
