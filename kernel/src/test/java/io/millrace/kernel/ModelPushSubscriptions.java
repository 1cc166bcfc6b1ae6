package io.millrace.kernel;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.DeliveryPolicy;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.ModelTopicState.Topic;

/** Makes subscriptions that sessions consume, and sets their delivery policies. */
final class ModelPushSubscriptions {

    private static final int DELIVERY_POLICY = 5;
    private static final int ACKNOWLEDGED = 6;
    private static final SubscriptionSettings NEW =
            new SubscriptionSettings(0L, Switch.ON, FilterPolicyScope.MESSAGE_ATTRIBUTES, "", 0L);

    private final ModelState state;
    private final ModelTopics topics;
    private final ModelSettings settings;

    ModelPushSubscriptions(final ModelState state, final ModelTopics topics) {
        this.state = state;
        this.topics = topics;
        settings = new ModelSettings(state);
    }

    /** N14: the same name once more is the same subscription; with other settings it is refused. */
    Event subscribe(final Session session, final Topic topic, final Command.SubscribeSession command) {
        Event wrong = topics.wrong(session, topic, command, command.settings());
        wrong = wrong == null ? wrongPolicy(command, command.policy()) : wrong;
        wrong = wrong == null ? wrongName(command, command.name()) : wrong;
        if (wrong != null) {
            return wrong;
        }
        final SubscriptionSettings all = ModelTopics.merge(command.settings(), NEW);
        final Event wrongFilter = ModelTopics.wrongPolicy(command, all);
        if (wrongFilter != null) {
            return wrongFilter;
        }
        final Switch acknowledged = command.acknowledged() == Switch.OFF ? Switch.OFF : Switch.ON;
        for (final Subscription existing : topic.subscriptions.values()) {
            if (command.name().equals(existing.name)) {
                final int different = firstDifference(existing, all, command.policy(), acknowledged);
                return different == 0
                        ? new Event.Confirmed(command.correlationId(), existing.id, 1)
                        : ModelTopics.differs(command, ResultCode.SUBSCRIPTION_EXISTS, different);
            }
        }
        final Event full = full(topic, command, all);
        if (full != null) {
            return full;
        }
        final Subscription subscription = topics.add(topic, state.nextQueueId++, all);
        subscription.name = command.name();
        subscription.policy = command.policy();
        subscription.acknowledged = acknowledged;
        openQueue(subscription);
        topics.begin(subscription);
        return new Event.Confirmed(command.correlationId(), subscription.id, 1);
    }

    private Event wrongName(final Command command, final String name) {
        if (name.length() > state.limit(LimitId.NAME_BYTES)) {
            return topics.limited(command, LimitId.NAME_BYTES, name.length());
        }
        return name.isEmpty() || !Utf8.isWellFormed(name)
                ? ModelAnswers.refused(command, ResultCode.INVALID_NAME, -1)
                : null;
    }

    private static int firstDifference(
            final Subscription existing,
            final SubscriptionSettings all,
            final DeliveryPolicy policy,
            final Switch acknowledged) {
        final int different = ModelTopics.firstDifference(existing.settings, all);
        if (different != 0) {
            return different;
        }
        if (!existing.policy.equals(policy)) {
            return DELIVERY_POLICY;
        }
        return existing.acknowledged == acknowledged ? 0 : ACKNOWLEDGED;
    }

    private Event full(final Topic topic, final Command.SubscribeSession command, final SubscriptionSettings all) {
        if (state.queues.size() >= state.limit(LimitId.QUEUES)) {
            return topics.limited(command, LimitId.QUEUES, state.queues.size() + 1L);
        }
        final Event full = topics.full(command, topic, all);
        final long bytes =
                state.storedBytes() + ModelState.accounted(command.name().length());
        return full == null && bytes > state.limit(LimitId.ARENA_BYTES)
                ? topics.limited(command, LimitId.ARENA_BYTES, bytes)
                : full;
    }

    /** What sessions consume is a queue without anything that is special about queues. */
    private void openQueue(final Subscription subscription) {
        final Queue queue = new Queue();
        queue.id = subscription.queueId;
        queue.name = subscription.name;
        queue.subscription = subscription;
        queue.settings = settings.defaults().with("queueType", subscription.topic.settings.type());
        queue.createdTimeNs = state.nowNs;
        queue.changedTimeNs = state.nowNs;
        state.queues.put(queue.id, queue);
        setDeadLetterQueue(queue, subscription.settings.deadLetterQueueId());
    }

    /** N11: the dead-letter queue is the subscription's. */
    void setDeadLetterQueue(final Queue queue, final Long deadLetterQueueId) {
        if (!queue.settings.deadLetterQueueId().equals(deadLetterQueueId)) {
            queue.settings = queue.settings.with("deadLetterQueueId", deadLetterQueueId);
            queue.tookDeadLetterQueue = state.nextUse++;
        }
    }

    Event setPolicy(final Topic topic, final Command.SetDeliveryPolicy command) {
        final Event wrong = wrongPolicy(command, command.policy());
        if (wrong == null) {
            topic.policy = command.policy();
        }
        return wrong;
    }

    Event setPolicy(final Subscription subscription, final Command.SetDeliveryPolicy command) {
        if (!subscription.isForSessions()) {
            return ModelTopics.differs(command, ResultCode.INVALID_SETTING, DELIVERY_POLICY);
        }
        final Event wrong = wrongPolicy(command, command.policy());
        if (wrong == null) {
            subscription.policy = command.policy();
        }
        return wrong;
    }

    /** N10: retries, then whether the phases fit, then how long it takes. */
    private Event wrongPolicy(final Command command, final DeliveryPolicy policy) {
        if (policy.equals(DeliveryPolicy.NONE)) {
            return null;
        }
        if (policy.retries() > state.limit(LimitId.DELIVERY_RETRIES)) {
            return topics.limited(command, LimitId.DELIVERY_RETRIES, policy.retries());
        }
        final boolean multiplies =
                policy.function() == RetryFunction.GEOMETRIC || policy.function() == RetryFunction.EXPONENTIAL;
        final boolean fits = policy.minDelayNs() >= (multiplies ? 1 : 0)
                && policy.maxDelayNs() >= policy.minDelayNs()
                && policy.noDelayRetries() + policy.minDelayRetries() + policy.maxDelayRetries() <= policy.retries()
                && policy.function() != RetryFunction.NULL_VAL;
        if (!fits) {
            return ModelTopics.differs(command, ResultCode.INVALID_SETTING, DELIVERY_POLICY);
        }
        if (policy.maxDelayNs() > state.limit(LimitId.BACKOFF)) {
            return topics.limited(command, LimitId.BACKOFF, policy.maxDelayNs());
        }
        final long totalNs = ModelBackoff.delaysNs(policy).stream()
                .mapToLong(Long::longValue)
                .sum();
        return totalNs > state.limit(LimitId.RETRY_TIME) ? topics.limited(command, LimitId.RETRY_TIME, totalNs) : null;
    }
}
