package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SubscribeQueueDecoder;
import io.millrace.codecs.SubscriptionSettingsDecoder;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.SlotTable;

/** Makes, changes and ends subscriptions. */
final class Subscriptions {
    private static final int NULL_BYTE = 255;
    /** Values of the schema's SubscriptionSetting. */
    private static final int SETTING_RAW_DELIVERY = 1;

    private static final int SETTING_DEAD_LETTER_QUEUE = 2;

    private final State state;
    private final TopicState topics;
    private final SlotTable subscriptions;
    private long deadLetterQueueId;
    private int rawDelivery;

    Subscriptions(final State state) {
        this.state = state;
        this.topics = state.topics;
        this.subscriptions = state.topics.subscriptions;
    }

    /** Subscribes a queue; the same once more is the same subscription (N14). */
    void subscribe(final Request request, final SubscribeQueueDecoder command) {
        final int topic = request.topic(command.topicId(), Access.RECEIVE);
        final int queue = topic < 0 ? -1 : request.queue(command.queueId(), Access.SEND);
        if (queue < 0) {
            return;
        }
        if (state.isFifo(queue) && !topics.isFifo(topic)) {
            request.refuse(ResultCode.NOT_FOR_QUEUE_TYPE);
            return;
        }
        deadLetterQueueId = 0;
        rawDelivery = Switch.OFF.value();
        if (readSettings(request, topic, command.settings())) {
            final int existing = topics.subscriptionOf(topic, command.queueId());
            final int count = topics.topics.getInt(topic, Topic.SUBSCRIPTION_COUNT);
            if (existing >= 0) {
                answerExisting(request, existing);
            } else if (count >= state.limit(LimitId.SUBSCRIPTIONS)) {
                request.refuseLimit(LimitId.SUBSCRIPTIONS, state.limit(LimitId.SUBSCRIPTIONS), count + 1L);
            } else {
                request.confirm(create(topic, command.queueId()), 1);
            }
        }
    }

    /** Takes over the settings given; false if they are wrong: then the request is refused. */
    private boolean readSettings(final Request request, final int topic, final SubscriptionSettingsDecoder settings) {
        if (settings.rawDeliveryRaw() != NULL_BYTE) {
            rawDelivery = settings.rawDeliveryRaw();
        }
        if (rawDelivery > Switch.ON.value()) {
            refuseSetting(request, SETTING_RAW_DELIVERY);
            return false;
        }
        if (Commands.isNull(settings.deadLetterQueueId())) {
            return true;
        }
        deadLetterQueueId = settings.deadLetterQueueId();
        if (deadLetterQueueId != 0) {
            final int target = state.queueById(deadLetterQueueId);
            if (target < 0) {
                request.refuse(ResultCode.UNKNOWN_QUEUE);
                return false;
            }
            if (request.isForbidden(target, Access.SEND)) {
                return false;
            }
            if (state.isFifo(target) != topics.isFifo(topic)) {
                refuseSetting(request, SETTING_DEAD_LETTER_QUEUE);
                return false;
            }
        }
        return true;
    }

    private static void refuseSetting(final Request request, final int setting) {
        request.refuse(Request.WHOLE, ResultCode.INVALID_SETTING, LimitId.NONE, 0, setting);
    }

    private void answerExisting(final Request request, final int subscription) {
        final int different = subscriptions.getInt(subscription, Subscription.RAW_DELIVERY) != rawDelivery
                ? SETTING_RAW_DELIVERY
                : subscriptions.getLong(subscription, Subscription.DEAD_LETTER_QUEUE_ID) != deadLetterQueueId
                        ? SETTING_DEAD_LETTER_QUEUE
                        : 0;
        if (different == 0) {
            request.confirm(subscriptions.getLong(subscription, Subscription.ID), 1);
        } else {
            request.refuse(Request.WHOLE, ResultCode.SUBSCRIPTION_EXISTS, LimitId.NONE, 0, different);
        }
    }

    private long create(final int topic, final long queueId) {
        final int subscription = subscriptions.allocate();
        final long subscriptionId = state.next(Root.NEXT_SUBSCRIPTION_ID);
        subscriptions.putLong(subscription, Subscription.ID, subscriptionId);
        subscriptions.putLong(subscription, Subscription.CREATED_TIME, state.nowNs);
        subscriptions.putLong(subscription, Subscription.QUEUE_ID, queueId);
        subscriptions.putInt(subscription, Subscription.TOPIC, topic);
        subscriptions.putLong(subscription, Subscription.DEAD_LETTER_QUEUE_ID, deadLetterQueueId);
        subscriptions.putInt(subscription, Subscription.RAW_DELIVERY, rawDelivery);
        subscriptions.seal(subscription);
        link(subscription);
        return subscriptionId;
    }

    /** Puts a subscription's row into the structures that follow from it. */
    void link(final int subscription) {
        final int topic = subscriptions.getInt(subscription, Subscription.TOPIC);
        topics.ofTopic.addLast(topic, subscription);
        topics.subscriptionsById.add(subscription);
        topics.subscriptionsByKey.add(subscription);
        add(topic, Topic.SUBSCRIPTION_COUNT, 1);
        add(topic, Topic.ENVELOPE_COUNT, isRaw(subscription) ? 0 : 1);
    }

    private void add(final int topic, final int field, final int change) {
        topics.topics.putInt(topic, field, topics.topics.getInt(topic, field) + change);
    }

    boolean isRaw(final int subscription) {
        return subscriptions.getInt(subscription, Subscription.RAW_DELIVERY) == Switch.ON.value();
    }

    void set(final Request request, final long subscriptionId, final SubscriptionSettingsDecoder settings) {
        final int subscription = request.subscription(subscriptionId, Access.RECEIVE);
        if (subscription < 0) {
            return;
        }
        final int topic = subscriptions.getInt(subscription, Subscription.TOPIC);
        deadLetterQueueId = subscriptions.getLong(subscription, Subscription.DEAD_LETTER_QUEUE_ID);
        rawDelivery = subscriptions.getInt(subscription, Subscription.RAW_DELIVERY);
        if (readSettings(request, topic, settings)) {
            add(topic, Topic.ENVELOPE_COUNT, isRaw(subscription) ? 0 : -1);
            subscriptions.putLong(subscription, Subscription.DEAD_LETTER_QUEUE_ID, deadLetterQueueId);
            subscriptions.putInt(subscription, Subscription.RAW_DELIVERY, rawDelivery);
            subscriptions.seal(subscription);
            add(topic, Topic.ENVELOPE_COUNT, isRaw(subscription) ? 0 : 1);
            request.confirm(0, 0);
        }
    }

    void unsubscribe(final Request request, final long subscriptionId) {
        final int subscription = request.subscription(subscriptionId, Access.RECEIVE);
        if (subscription >= 0) {
            remove(subscription);
            request.confirm(0, 0);
        }
    }

    /** Ends a subscription: what was published and has not reached it yet will not. */
    void remove(final int subscription) {
        final int topic = subscriptions.getInt(subscription, Subscription.TOPIC);
        if (topics.topics.getInt(topic, Topic.CURSOR_LINK) == subscription + 1) {
            topics.topics.putInt(topic, Topic.CURSOR_LINK, topics.ofTopic.next(subscription) + 1);
        }
        add(topic, Topic.SUBSCRIPTION_COUNT, -1);
        add(topic, Topic.ENVELOPE_COUNT, isRaw(subscription) ? 0 : -1);
        topics.ofTopic.remove(topic, subscription);
        topics.subscriptionsById.remove(subscription);
        topics.subscriptionsByKey.remove(subscription);
        subscriptions.free(subscription);
    }
}
