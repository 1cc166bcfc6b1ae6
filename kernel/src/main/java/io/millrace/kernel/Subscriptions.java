package io.millrace.kernel;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SetSubscriptionDecoder;
import io.millrace.codecs.SubscribeQueueDecoder;
import io.millrace.codecs.SubscriptionSettingsDecoder;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Makes, changes and ends subscriptions. */
final class Subscriptions {
    private static final int NULL_BYTE = 255;
    /** Values of the schema's SubscriptionSetting. */
    private static final int SETTING_RAW_DELIVERY = 1;

    private static final int SETTING_DEAD_LETTER_QUEUE = 2;
    private static final int SETTING_FILTER_SCOPE = 3;
    private static final int SETTING_FILTER_POLICY = 4;

    private static final int TEXT_LENGTH_SIZE = Short.BYTES;

    private final State state;
    private final TopicState topics;
    private final SlotTable subscriptions;
    private final FanOut fanOut;
    private final QueueLifecycle lifecycle;
    private final DeadLetterSources sources;
    private final FilterPolicies policies;
    private final Subscribers subscribers;
    private final Replays replays;
    private long deadLetterQueueId;
    private int rawDelivery;
    private int filterScope;
    private long replayFrom;
    private boolean isReplayAsked;

    Subscriptions(
            final State state,
            final FanOut fanOut,
            final Subscribers subscribers,
            final Replays replays,
            final QueueLifecycle lifecycle,
            final DeadLetterSources sources) {
        this.subscribers = subscribers;
        this.replays = replays;
        this.state = state;
        this.fanOut = fanOut;
        this.lifecycle = lifecycle;
        this.sources = sources;
        this.policies = new FilterPolicies(state);
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
        final int policy = command.limit() + TEXT_LENGTH_SIZE;
        if (readNew(request, topic, command.settings(), Switch.OFF)
                && readFilter(request, command.buffer(), policy, command.filterPolicyLength())) {
            final int existing = topics.subscriptionOf(topic, command.queueId());
            if (existing >= 0) {
                answerExisting(request, existing, firstDifference(existing));
            } else if (hasRoom(request, topic)) {
                request.confirm(create(topic, command.queueId()), 1);
            }
        }
    }

    /** Takes over the settings of a new subscription; false if they are wrong: then the request is refused. */
    boolean readNew(
            final Request request,
            final int topic,
            final SubscriptionSettingsDecoder settings,
            final Switch defaultRawDelivery) {
        deadLetterQueueId = 0;
        rawDelivery = defaultRawDelivery.value();
        filterScope = FilterPolicyScope.MESSAGE_ATTRIBUTES.value();
        replayFrom = 0;
        return readSettings(request, topic, settings);
    }

    /** Takes over the filter policy of a new subscription, after its settings; false if it is wrong: then the request is refused. */
    boolean readFilter(final Request request, final DirectBuffer buffer, final int offset, final int length) {
        return policies.read(request, filterScope, buffer, offset, length);
    }

    /** Whether the topic may have another subscription, the arena its filter policy, and the server its replay; if not, the request is refused. */
    boolean hasRoom(final Request request, final int topic) {
        final int count = topics.topics.getInt(topic, Topic.SUBSCRIPTION_COUNT);
        final boolean hasRoom = count < state.limit(LimitId.SUBSCRIPTIONS);
        if (!hasRoom) {
            request.refuseLimit(LimitId.SUBSCRIPTIONS, state.limit(LimitId.SUBSCRIPTIONS), count + 1L);
        }
        return hasRoom
                && replays.hasRoom(request, topic, replayFrom)
                && (policies.length() == 0 || request.hasArenaRoom(policies.length(), 0));
    }

    /** Takes over the settings given; false if they are wrong: then the request is refused. */
    private boolean readSettings(final Request request, final int topic, final SubscriptionSettingsDecoder settings) {
        isReplayAsked = !Commands.isNull(settings.replayFromNs());
        if (isReplayAsked) {
            replayFrom = settings.replayFromNs();
            if (replays.isRefused(request, topic, replayFrom)) {
                return false;
            }
        }
        if (settings.rawDeliveryRaw() != NULL_BYTE) {
            rawDelivery = settings.rawDeliveryRaw();
        }
        if (rawDelivery > Switch.ON.value()) {
            refuseSetting(request, SETTING_RAW_DELIVERY);
            return false;
        }
        if (settings.filterScopeRaw() != NULL_BYTE) {
            filterScope = settings.filterScopeRaw();
        }
        if (filterScope != FilterPolicyScope.MESSAGE_ATTRIBUTES.value()
                && filterScope != FilterPolicyScope.MESSAGE_BODY.value()) {
            refuseSetting(request, SETTING_FILTER_SCOPE);
            return false;
        }
        if (Commands.isNull(settings.deadLetterQueueId())) {
            return true;
        }
        deadLetterQueueId = settings.deadLetterQueueId();
        if (deadLetterQueueId != 0) {
            final int target = state.namedQueueById(deadLetterQueueId);
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

    static void refuseSetting(final Request request, final int setting) {
        request.refuse(Request.WHOLE, ResultCode.INVALID_SETTING, LimitId.NONE, 0, setting);
    }

    /** Number of the first of the settings taken over that a subscription has otherwise, 0 if there is none. */
    int firstDifference(final int subscription) {
        return subscriptions.getInt(subscription, Subscription.RAW_DELIVERY) != rawDelivery
                ? SETTING_RAW_DELIVERY
                : subscriptions.getLong(subscription, Subscription.DEAD_LETTER_QUEUE_ID) != deadLetterQueueId
                        ? SETTING_DEAD_LETTER_QUEUE
                        : subscriptions.getInt(subscription, Subscription.FILTER_SCOPE) != filterScope
                                ? SETTING_FILTER_SCOPE
                                : !isPolicyOf(subscription)
                                        ? SETTING_FILTER_POLICY
                                        : subscriptions.getLong(subscription, Subscription.REPLAY_FROM) != replayFrom
                                                ? Replays.SETTING_REPLAY_FROM
                                                : 0;
    }

    /** Answers a command for a subscription that exists: with its id, or by the number of the setting that is different. */
    void answerExisting(final Request request, final int subscription, final int different) {
        if (different == 0) {
            request.confirm(subscriptions.getLong(subscription, Subscription.ID), 1);
        } else {
            request.refuse(Request.WHOLE, ResultCode.SUBSCRIPTION_EXISTS, LimitId.NONE, 0, different);
        }
    }

    private boolean isPolicyOf(final int subscription) {
        return policies.isStoredAs(subscriptions.getInt(subscription, Subscription.POLICY_PAYLOAD_LINK));
    }

    private long create(final int topic, final long queueId) {
        final int subscription = allocate(topic);
        subscriptions.putLong(subscription, Subscription.QUEUE_ID, queueId);
        complete(subscription);
        return subscriptions.getLong(subscription, Subscription.ID);
    }

    /** Takes a row with everything set into use. */
    void complete(final int subscription) {
        link(subscription);
        store(subscription);
        if (replayFrom == 0) {
            subscribers.begin(subscription);
        } else {
            replays.begin(subscription, replayFrom);
        }
    }

    /** The dead-letter queue taken over, 0 for none. */
    long deadLetterQueueId() {
        return deadLetterQueueId;
    }

    /** A row with what was taken over, which is left to be completed. */
    int allocate(final int topic) {
        final int subscription = subscriptions.allocate();
        subscriptions.putLong(subscription, Subscription.ID, state.next(Root.NEXT_SUBSCRIPTION_ID));
        subscriptions.putLong(subscription, Subscription.CREATED_TIME, state.nowNs);
        subscriptions.putInt(subscription, Subscription.TOPIC, topic);
        subscriptions.putLong(
                subscription, Subscription.PUBLISHED_BEFORE, topics.topics.getLong(topic, Topic.PUBLISHED_COUNT));
        subscriptions.putInt(subscription, Subscription.POLICY_PAYLOAD_LINK, policies.store());
        return subscription;
    }

    /** Puts a subscription's row into the structures that follow from it. */
    void link(final int subscription) {
        final int topic = subscriptions.getInt(subscription, Subscription.TOPIC);
        final int queue = state.queueById(subscriptions.getLong(subscription, Subscription.QUEUE_ID));
        subscriptions.putInt(subscription, Subscription.QUEUE_LINK, queue + 1);
        topics.ofTopic.addLast(topic, subscription);
        topics.subscriptionsById.add(subscription);
        topics.subscriptionsByKey.add(subscription);
        topics.count(topic, Topic.SUBSCRIPTION_COUNT, 1);
        topics.count(topic, Topic.STREAM_COUNT, topics.isForStream(subscription) ? 1 : 0);
    }

    private void store(final int subscription) {
        subscriptions.putLong(subscription, Subscription.DEAD_LETTER_QUEUE_ID, deadLetterQueueId);
        subscriptions.putInt(subscription, Subscription.RAW_DELIVERY, rawDelivery);
        subscriptions.putInt(subscription, Subscription.FILTER_SCOPE, filterScope);
        subscriptions.seal(subscription);
    }

    void set(final Request request, final SetSubscriptionDecoder command) {
        final int subscription = request.subscription(command.subscriptionId(), Access.RECEIVE);
        if (subscription < 0) {
            return;
        }
        final int topic = subscriptions.getInt(subscription, Subscription.TOPIC);
        final int policyBefore = subscriptions.getInt(subscription, Subscription.POLICY_PAYLOAD_LINK);
        deadLetterQueueId = subscriptions.getLong(subscription, Subscription.DEAD_LETTER_QUEUE_ID);
        rawDelivery = subscriptions.getInt(subscription, Subscription.RAW_DELIVERY);
        filterScope = subscriptions.getInt(subscription, Subscription.FILTER_SCOPE);
        if (readSettings(request, topic, command.settings())
                && readPolicy(request, command, policyBefore)
                && (policies.length() == 0 || request.hasArenaRoom(policies.length(), policyBefore))
                && (!isReplayAsked
                        || topics.isReplaying(subscription)
                        || replays.hasRoom(request, topic, replayFrom))) {
            change(subscription, policyBefore);
            if (isReplayAsked) {
                replays.set(subscription, replayFrom);
            }
            if (topics.isForSessions(subscription)) {
                setDeadLetterQueue(state.queueById(subscriptions.getLong(subscription, Subscription.QUEUE_ID)));
            }
            request.confirm(0, 0);
        }
    }

    private boolean readPolicy(final Request request, final SetSubscriptionDecoder command, final int policyBefore) {
        return command.replacePolicyRaw() == Switch.ON.value()
                ? policies.read(
                        request,
                        filterScope,
                        command.buffer(),
                        command.limit() + TEXT_LENGTH_SIZE,
                        command.filterPolicyLength())
                : policies.readAgain(request, filterScope, policyBefore);
    }

    /** Changes what a subscription gets; what was published before reaches it whatever the policy is now. */
    private void change(final int subscription, final int policyBefore) {
        if (isPolicyOf(subscription)) {
            subscribers.countEnvelopes(subscription, -1);
            store(subscription);
            subscribers.countEnvelopes(subscription, 1);
        } else {
            fanOut.catchUp(subscription);
            subscribers.unlink(subscription);
            subscriptions.putInt(subscription, Subscription.POLICY_PAYLOAD_LINK, policies.store());
            release(policyBefore);
            store(subscription);
            subscribers.begin(subscription);
        }
    }

    private void release(final int payloadLink) {
        if (payloadLink != 0) {
            state.payloads.release(payloadLink - 1);
        }
    }

    private void setDeadLetterQueue(final int queue) {
        final long before = state.queues.getLong(queue, Queue.DEAD_LETTER_QUEUE_ID);
        state.queues.putLong(queue, Queue.DEAD_LETTER_QUEUE_ID, deadLetterQueueId);
        sources.update(queue, before);
        state.queues.seal(queue);
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
        final int policy = subscriptions.getInt(subscription, Subscription.POLICY_PAYLOAD_LINK);
        final int keyAttribute = subscriptions.getInt(subscription, Subscription.KEY_ATTRIBUTE_PAYLOAD_LINK);
        subscribers.unlink(subscription);
        replays.onUnsubscribe(subscription);
        topics.count(topic, Topic.SUBSCRIPTION_COUNT, -1);
        topics.count(topic, Topic.STREAM_COUNT, topics.isForStream(subscription) ? -1 : 0);
        topics.ofTopic.remove(topic, subscription);
        topics.subscriptionsById.remove(subscription);
        topics.subscriptionsByKey.remove(subscription);
        final int name = subscriptions.getInt(subscription, Subscription.NAME_PAYLOAD_LINK) - 1;
        if (name >= 0) {
            lifecycle.close(state.queueById(subscriptions.getLong(subscription, Subscription.QUEUE_ID)));
            state.payloads.release(name);
        }
        subscriptions.free(subscription);
        release(policy);
        release(keyAttribute);
    }
}
