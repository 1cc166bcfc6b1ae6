package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SetDeliveryPolicyDecoder;
import io.millrace.codecs.SubscribeSessionDecoder;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import org.agrona.DirectBuffer;

/**
 * Makes the subscriptions that sessions consume. Each has a queue of its own, which only its id leads to: that gives it credit,
 * acknowledgement and everything else that consumers of queues have. Several sessions may consume one subscription; then they share it.
 */
final class PushSubscriptions {
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final int NULL_BYTE = 255;
    /** Values of the schema's SubscriptionSetting. */
    private static final int SETTING_POLICY = 5;

    private static final int SETTING_ACKNOWLEDGED = 6;

    private final State state;
    private final TopicState topics;
    private final Subscriptions subscriptions;
    private final QueueLifecycle queues;
    private final QueueSettings queueSettings;
    private final DeliveryPolicy policy = new DeliveryPolicy();
    private int acknowledged;

    PushSubscriptions(final State state, final Subscriptions subscriptions, final QueueLifecycle queues) {
        this.state = state;
        this.topics = state.topics;
        this.subscriptions = subscriptions;
        this.queues = queues;
        this.queueSettings = new QueueSettings(state);
    }

    void subscribe(final Request request, final SubscribeSessionDecoder command) {
        final int topic = request.topic(command.topicId(), Access.RECEIVE);
        if (topic < 0 || !subscriptions.readNew(request, topic, command.settings(), Switch.ON)) {
            return;
        }
        acknowledged = command.acknowledgedRaw() == NULL_BYTE ? Switch.ON.value() : command.acknowledgedRaw();
        if (acknowledged > Switch.ON.value()) {
            Subscriptions.refuseSetting(request, SETTING_ACKNOWLEDGED);
            return;
        }
        policy.read(command.policy());
        final DirectBuffer buffer = command.buffer();
        final int length = command.nameLength();
        final int offset = command.limit() + TEXT_LENGTH_SIZE;
        final int filter = offset + length + TEXT_LENGTH_SIZE;
        command.limit(offset + length);
        if (isPolicyRefused(request)
                || isNameRefused(request, buffer, offset, length)
                || !subscriptions.readFilter(request, buffer, filter, command.filterPolicyLength())) {
            return;
        }
        final int existing = topics.subscriptionByName(topic, buffer, offset, length);
        if (existing >= 0) {
            answerExisting(request, existing);
        } else if (state.queues.liveCount() >= state.limit(LimitId.QUEUES)) {
            request.refuseLimit(LimitId.QUEUES, state.limit(LimitId.QUEUES), state.queues.liveCount() + 1L);
        } else if (subscriptions.hasRoom(request, topic) && request.hasArenaRoom(length, 0)) {
            create(request, topic, state.payloads.store(buffer, offset, length));
        }
    }

    private boolean isNameRefused(
            final Request request, final DirectBuffer buffer, final int offset, final int length) {
        if (length > state.limit(LimitId.NAME_BYTES)) {
            request.refuseLimit(LimitId.NAME_BYTES, state.limit(LimitId.NAME_BYTES), length);
        } else if (length == 0 || !Text.isUtf8(buffer, offset, length)) {
            request.refuse(ResultCode.INVALID_NAME);
        } else {
            return false;
        }
        return true;
    }

    private boolean isPolicyRefused(final Request request) {
        if (!policy.isGiven()) {
            return false;
        }
        if (policy.retries() > state.limit(LimitId.DELIVERY_RETRIES)) {
            request.refuseLimit(LimitId.DELIVERY_RETRIES, state.limit(LimitId.DELIVERY_RETRIES), policy.retries());
        } else if (!policy.isConsistent()) {
            Subscriptions.refuseSetting(request, SETTING_POLICY);
        } else if (policy.maxDelayNs() > state.limit(LimitId.BACKOFF)) {
            request.refuseLimit(LimitId.BACKOFF, state.limit(LimitId.BACKOFF), policy.maxDelayNs());
        } else if (policy.totalDelayNs() > state.limit(LimitId.RETRY_TIME)) {
            request.refuseLimit(LimitId.RETRY_TIME, state.limit(LimitId.RETRY_TIME), policy.totalDelayNs());
        } else {
            return false;
        }
        return true;
    }

    private void answerExisting(final Request request, final int subscription) {
        final int other = subscriptions.firstDifference(subscription);
        final int different = other != 0
                ? other
                : !policy.isThatOf(topics.subscriptions, subscription, Subscription.POLICY)
                        ? SETTING_POLICY
                        : topics.subscriptions.getInt(subscription, Subscription.ACKNOWLEDGED) != acknowledged
                                ? SETTING_ACKNOWLEDGED
                                : 0;
        subscriptions.answerExisting(request, subscription, different);
    }

    private void create(final Request request, final int topic, final int namePayload) {
        final int subscription = subscriptions.allocate(topic);
        queueSettings.readDefaults(topics.topics.getInt(topic, Topic.TYPE), subscriptions.deadLetterQueueId());
        state.payloads.retain(namePayload);
        final int queue = queues.open(queueSettings, namePayload, subscription + 1);
        topics.subscriptions.putLong(subscription, Subscription.QUEUE_ID, state.queues.getLong(queue, Queue.ID));
        topics.subscriptions.putInt(subscription, Subscription.NAME_PAYLOAD_LINK, namePayload + 1);
        topics.subscriptions.putInt(subscription, Subscription.ACKNOWLEDGED, acknowledged);
        policy.store(topics.subscriptions, subscription, Subscription.POLICY);
        subscriptions.complete(subscription);
        request.confirm(topics.subscriptions.getLong(subscription, Subscription.ID), 1);
    }

    /** Sets the policy of a topic or of a subscription; what waits for a retry already waits as long as it was told to. */
    void setPolicy(final Request request, final SetDeliveryPolicyDecoder command) {
        policy.read(command.policy());
        if (command.topicId() != 0) {
            final int topic = request.topic(command.topicId(), Access.MANAGE);
            if (topic >= 0 && !isPolicyRefused(request)) {
                policy.store(topics.topics, topic, Topic.POLICY);
                topics.topics.seal(topic);
                request.confirm(0, 0);
            }
            return;
        }
        final int subscription = request.subscription(command.subscriptionId(), Access.RECEIVE);
        if (subscription < 0) {
            return;
        }
        if (topics.subscriptions.getInt(subscription, Subscription.NAME_PAYLOAD_LINK) == 0) {
            Subscriptions.refuseSetting(request, SETTING_POLICY);
        } else if (!isPolicyRefused(request)) {
            policy.store(topics.subscriptions, subscription, Subscription.POLICY);
            topics.subscriptions.seal(subscription);
            request.confirm(0, 0);
        }
    }
}
