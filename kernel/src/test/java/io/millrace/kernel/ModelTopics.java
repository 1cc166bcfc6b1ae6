package io.millrace.kernel;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.ModelTopicState.Topic;
import java.util.List;

/** Topics of the model and who subscribes to them. */
final class ModelTopics {

    private static final int TYPE = 1;
    private static final int CONTENT_DEDUPLICATION = 2;
    private static final int DEDUPLICATION_SCOPE = 3;
    private static final int ARCHIVE_PERIOD = 4;
    private static final int RAW_DELIVERY = 1;
    private static final int DEAD_LETTER_QUEUE = 2;
    private static final int FILTER_SCOPE = 3;
    private static final int FILTER_POLICY = 4;
    private static final int REPLAY_FROM = 7;
    private static final SubscriptionSettings NEW =
            new SubscriptionSettings(0L, Switch.OFF, FilterPolicyScope.MESSAGE_ATTRIBUTES, "", 0L);

    private final KernelModel model;
    private final ModelState state;
    private final ModelTopicState topics;
    private final ModelPublishing publishing;
    private final ModelArchives archives;
    private final ModelReplays replays;
    private final ModelTags tags;
    private final ModelPushSubscriptions sessions;
    private final ModelStreamSubscriptions streams;

    ModelTopics(
            final KernelModel model,
            final ModelPublishing publishing,
            final ModelArchives archives,
            final ModelReplays replays) {
        this.model = model;
        this.publishing = publishing;
        this.archives = archives;
        this.replays = replays;
        state = model.state;
        topics = state.topics;
        tags = new ModelTags(state);
        sessions = new ModelPushSubscriptions(state, this);
        streams = new ModelStreamSubscriptions(state, this);
    }

    /** The answer, null if the command does not concern topics. */
    Event execute(final Session session, final Command command) {
        if (command instanceof Command.CreateTopic create) {
            return create(create);
        } else if (command instanceof Command.DeleteTopic delete) {
            return manage(session, command, delete.topicId(), topic -> delete(command, topic));
        } else if (command instanceof Command.SetTopicSettings set) {
            return manage(session, command, set.topicId(), topic -> set(topic, set));
        } else if (command instanceof Command.TagTopic tag) {
            return manage(session, command, tag.topicId(), topic -> tags.tag(command, topic.tags, tag.tags()));
        } else if (command instanceof Command.UntagTopic untag) {
            return manage(
                    session, command, untag.topicId(), topic -> ModelTags.untag(command, topic.tags, untag.keys()));
        } else if (command instanceof Command.SetTopicAccess set) {
            return manage(session, command, set.topicId(), topic -> setAccess(topic, set));
        } else if (command instanceof Command.SubscribeQueue subscribe) {
            return onTopic(
                    session,
                    command,
                    topics.topics.get(subscribe.topicId()),
                    ModelAccess.RECEIVE,
                    topic -> subscribe(session, topic, subscribe));
        } else if (command instanceof Command.SubscribeSession subscribe) {
            return onTopic(
                    session,
                    command,
                    topics.topics.get(subscribe.topicId()),
                    ModelAccess.RECEIVE,
                    topic -> sessions.subscribe(session, topic, subscribe));
        } else if (command instanceof StreamCommand.SubscribeStream subscribe) {
            return onTopic(
                    session,
                    command,
                    topics.topics.get(subscribe.topicId()),
                    ModelAccess.RECEIVE,
                    topic -> streams.subscribe(session, topic, subscribe));
        } else if (command instanceof Command.SetDeliveryPolicy set) {
            return set.topicId() != 0
                    ? manage(session, command, set.topicId(), topic -> sessions.setPolicy(topic, set))
                    : onSubscription(
                            session,
                            command,
                            set.subscriptionId(),
                            subscription -> sessions.setPolicy(subscription, set));
        } else if (command instanceof Command.Unsubscribe unsubscribe) {
            return onSubscription(session, command, unsubscribe.subscriptionId(), this::unsubscribe);
        } else if (command instanceof Command.SetSubscription set) {
            return onSubscription(
                    session, command, set.subscriptionId(), subscription -> set(session, subscription, set));
        } else if (command instanceof Command.PublishMessages publish) {
            return onTopic(
                    session,
                    command,
                    topics.topics.get(publish.topicId()),
                    ModelAccess.SEND,
                    topic -> publishing.publish(topic, publish));
        }
        return null;
    }

    private static Event manage(
            final Session session, final Command command, final Topic topic, final Action<Topic> action) {
        return onTopic(session, command, topic, ModelAccess.MANAGE, action);
    }

    private Event manage(final Session session, final Command command, final long topicId, final Action<Topic> action) {
        return manage(session, command, topics.topics.get(topicId), action);
    }

    /** What is done with something; returns the answer, null for the plain confirmation. */
    private interface Action<T> {

        Event on(T object);
    }

    private static Event onTopic(
            final Session session,
            final Command command,
            final Topic topic,
            final ModelAccess needed,
            final Action<Topic> action) {
        if (topic == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_TOPIC, -1);
        }
        if (!needed.allows(session, topic.access)) {
            return ModelAnswers.refused(command, ResultCode.NOT_AUTHORISED, -1);
        }
        final Event answer = action.on(topic);
        return answer == null ? new Event.Confirmed(command.correlationId(), 0, 0) : answer;
    }

    private Event onSubscription(
            final Session session,
            final Command command,
            final long subscriptionId,
            final Action<Subscription> action) {
        final Subscription subscription = topics.subscriptions.get(subscriptionId);
        if (subscription == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_SUBSCRIPTION, -1);
        }
        return onTopic(session, command, subscription.topic, ModelAccess.RECEIVE, topic -> action.on(subscription));
    }

    private Event create(final Command.CreateTopic command) {
        final String name = command.name();
        if (name.length() > state.limit(LimitId.NAME_BYTES)) {
            return limited(command, LimitId.NAME_BYTES, name.length());
        }
        if (name.isEmpty() || !Utf8.isWellFormed(name)) {
            return ModelAnswers.refused(command, ResultCode.INVALID_NAME, -1);
        }
        final TopicSettings settings =
                merge(command.settings(), new TopicSettings(QueueType.STANDARD, Switch.OFF, QueueScope.QUEUE, 0L));
        final Event wrong = wrong(command, settings);
        if (wrong != null) {
            return wrong;
        }
        final Topic existing = topics.named(name);
        if (existing != null) {
            final int different = firstDifference(existing.settings, settings);
            return different == 0
                    ? new Event.Confirmed(command.correlationId(), existing.id, 1)
                    : differs(command, ResultCode.TOPIC_EXISTS, different);
        }
        if (topics.all().size() >= state.limit(LimitId.TOPICS)) {
            return limited(command, LimitId.TOPICS, topics.all().size() + 1L);
        }
        final Topic topic = new Topic();
        topic.id = topics.nextTopicId++;
        topic.name = name;
        topic.settings = settings;
        topic.createdTimeNs = state.nowNs;
        topic.changedTimeNs = state.nowNs;
        topics.topics.put(topic.id, topic);
        archives.set(topic, settings.archivePeriodNs());
        return new Event.Confirmed(command.correlationId(), topic.id, 1);
    }

    /** The settings given, and the others where one is left out. */
    private static TopicSettings merge(final TopicSettings given, final TopicSettings others) {
        return new TopicSettings(
                given.type() == QueueType.NULL_VAL ? others.type() : given.type(),
                given.contentDeduplication() == Switch.NULL_VAL
                        ? others.contentDeduplication()
                        : given.contentDeduplication(),
                given.deduplicationScope() == QueueScope.NULL_VAL
                        ? others.deduplicationScope()
                        : given.deduplicationScope(),
                given.archivePeriodNs() == null ? others.archivePeriodNs() : given.archivePeriodNs());
    }

    /** Deduplication and archives are a matter of FIFO topics. */
    private Event wrong(final Command command, final TopicSettings settings) {
        if (settings.type() == QueueType.FIFO) {
            return archives.wrong(command, settings.archivePeriodNs());
        }
        if (settings.contentDeduplication() == Switch.ON) {
            return invalidSetting(command, CONTENT_DEDUPLICATION);
        }
        if (settings.deduplicationScope() == QueueScope.MESSAGE_GROUP) {
            return invalidSetting(command, DEDUPLICATION_SCOPE);
        }
        return settings.archivePeriodNs() == 0 ? null : invalidSetting(command, ARCHIVE_PERIOD);
    }

    private static int firstDifference(final TopicSettings a, final TopicSettings b) {
        if (a.type() != b.type()) {
            return TYPE;
        }
        if (a.contentDeduplication() != b.contentDeduplication()) {
            return CONTENT_DEDUPLICATION;
        }
        if (a.deduplicationScope() != b.deduplicationScope()) {
            return DEDUPLICATION_SCOPE;
        }
        return a.archivePeriodNs().equals(b.archivePeriodNs()) ? 0 : ARCHIVE_PERIOD;
    }

    private Event set(final Topic topic, final Command.SetTopicSettings command) {
        final TopicSettings settings = merge(command.settings(), topic.settings);
        if (settings.type() != topic.settings.type()) {
            return invalidSetting(command, TYPE);
        }
        final Event wrong = wrong(command, settings);
        if (wrong == null) {
            topic.settings = settings;
            topic.changedTimeNs = state.nowNs;
            if (topic.archive != null && settings.archivePeriodNs() == 0) {
                replays.failAll(topic.archive);
            }
            if (archives.set(topic, settings.archivePeriodNs())) {
                replays.look(topic.archive);
            }
        }
        return wrong;
    }

    private Event setAccess(final Topic topic, final Command.SetTopicAccess command) {
        if (command.entries().size() > state.limit(LimitId.ACCESS_ENTRIES)) {
            return limited(command, LimitId.ACCESS_ENTRIES, command.entries().size());
        }
        topic.access = List.copyOf(command.entries());
        return null;
    }

    /** The subscriptions go with their topic, but get what was published before. */
    private Event delete(final Command command, final Topic topic) {
        if (topic.archive != null) {
            return ModelAnswers.refused(command, ResultCode.TOPIC_HAS_ARCHIVE, -1);
        }
        topic.deleted = true;
        topics.deleted.add(topic);
        topics.topics.remove(topic.id);
        topics.subscriptions.values().removeIf(subscription -> subscription.topic == topic);
        return null;
    }

    /** N14: the same once more is the same subscription; with other settings it is refused. */
    private Event subscribe(final Session session, final Topic topic, final Command.SubscribeQueue command) {
        final Queue queue = state.ownQueue(command.queueId());
        if (queue == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        if (!ModelAccess.SEND.allows(session, queue)) {
            return ModelAnswers.refused(command, ResultCode.NOT_AUTHORISED, -1);
        }
        if (queue.isFifo() && !topic.isFifo()) {
            return ModelAnswers.refused(command, ResultCode.NOT_FOR_QUEUE_TYPE, -1);
        }
        final Event wrong = wrong(session, topic, command, command.settings());
        if (wrong != null) {
            return wrong;
        }
        final SubscriptionSettings settings = merge(command.settings(), NEW);
        final Event wrongPolicy = wrongPolicy(command, settings);
        if (wrongPolicy != null) {
            return wrongPolicy;
        }
        for (final Subscription existing : topic.subscriptions.values()) {
            if (existing.queueId == queue.id) {
                final int different = firstDifference(existing.settings, settings);
                return different == 0
                        ? new Event.Confirmed(command.correlationId(), existing.id, 1)
                        : differs(command, ResultCode.SUBSCRIPTION_EXISTS, different);
            }
        }
        final Event full = full(command, topic, settings);
        if (full != null) {
            return full;
        }
        final Subscription subscription = add(topic, queue.id, settings);
        begin(subscription);
        return new Event.Confirmed(command.correlationId(), subscription.id, 1);
    }

    /** Null if the topic may have another subscription, and the server its replay. */
    Event full(final Command command, final Topic topic, final SubscriptionSettings settings) {
        return topic.subscriptions.size() >= state.limit(LimitId.SUBSCRIPTIONS)
                ? limited(command, LimitId.SUBSCRIPTIONS, topic.subscriptions.size() + 1L)
                : replays.full(command, topic, settings.replayFromNs());
    }

    /** Everything is set: messages may come. */
    void begin(final Subscription subscription) {
        if (subscription.settings.replayFromNs() > 0) {
            replays.begin(subscription);
        }
    }

    Subscription add(final Topic topic, final long queueId, final SubscriptionSettings settings) {
        final Subscription subscription = new Subscription();
        subscription.id = topics.nextSubscriptionId++;
        subscription.topic = topic;
        subscription.queueId = queueId;
        subscription.createdTimeNs = state.nowNs;
        subscription.settings = settings;
        subscription.changed = topics.nextChange++;
        topic.subscriptions.put(subscription.id, subscription);
        topics.subscriptions.put(subscription.id, subscription);
        return subscription;
    }

    private Event unsubscribe(final Subscription subscription) {
        subscription.topic.subscriptions.remove(subscription.id);
        topics.subscriptions.remove(subscription.id);
        replays.close(subscription);
        model.push.close(subscription);
        return null;
    }

    private Event set(final Session session, final Subscription subscription, final Command.SetSubscription command) {
        final Event wrong = wrong(session, subscription.topic, command, command.settings());
        if (wrong != null) {
            return wrong;
        }
        final SubscriptionSettings settings = merge(command.settings(), subscription.settings);
        final Event wrongPolicy = wrongPolicy(command, settings);
        if (wrongPolicy != null) {
            return wrongPolicy;
        }
        final Long replayFromNs = command.settings().replayFromNs();
        final Event full = replayFromNs == null || subscription.replay != null
                ? null
                : replays.full(command, subscription.topic, replayFromNs);
        if (full != null) {
            return full;
        }
        subscription.settings = subscription.settings.withDeadLetters(settings.deadLetterQueueId());
        final boolean anotherPolicy = !settings.filterPolicy().equals(subscription.settings.filterPolicy())
                || subscription.isFiltered() && settings.filterScope() != subscription.settings.filterScope();
        if (anotherPolicy) {
            publishing.catchUp(subscription);
        }
        subscription.settings = settings;
        if (replayFromNs != null) {
            replays.set(subscription);
        }
        if (subscription.isForSessions()) {
            sessions.setDeadLetterQueue(state.queues.get(subscription.queueId), settings.deadLetterQueueId());
        }
        return null;
    }

    static Event wrongPolicy(final Command command, final SubscriptionSettings settings) {
        final ModelFilter.Fault fault = ModelFilter.Fault.of(settings.filterPolicy(), settings.filterScope());
        return fault == null
                ? null
                : new Event.Refused(
                        command.correlationId(),
                        ResultCode.INVALID_FILTER_POLICY,
                        LimitId.NONE,
                        fault.code(),
                        fault.at(),
                        -1);
    }

    /** N11: a standard topic has standard dead-letter queues, a FIFO topic FIFO ones. */
    Event wrong(final Session session, final Topic topic, final Command command, final SubscriptionSettings given) {
        final Event noReplay = replays.wrong(command, topic, given.replayFromNs());
        if (noReplay != null) {
            return noReplay;
        }
        if (given.deadLetterQueueId() == null || given.deadLetterQueueId() == 0) {
            return null;
        }
        final Queue target = state.ownQueue(given.deadLetterQueueId());
        if (target == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        if (!ModelAccess.SEND.allows(session, target)) {
            return ModelAnswers.refused(command, ResultCode.NOT_AUTHORISED, -1);
        }
        return target.isFifo() == topic.isFifo() ? null : invalidSetting(command, DEAD_LETTER_QUEUE);
    }

    static SubscriptionSettings merge(final SubscriptionSettings given, final SubscriptionSettings others) {
        return new SubscriptionSettings(
                given.deadLetterQueueId() == null ? others.deadLetterQueueId() : given.deadLetterQueueId(),
                given.rawDelivery() == Switch.NULL_VAL ? others.rawDelivery() : given.rawDelivery(),
                given.filterScope() == FilterPolicyScope.NULL_VAL ? others.filterScope() : given.filterScope(),
                given.filterPolicy() == null ? others.filterPolicy() : withoutKeys(given.filterPolicy()),
                given.replayFromNs() == null ? others.replayFromNs() : given.replayFromNs());
    }

    /** A policy that asks for nothing is none. */
    private static String withoutKeys(final String policy) {
        final String words = policy.replace(" ", "");
        return words.isEmpty() || words.equals("{}") ? "" : policy;
    }

    static int firstDifference(final SubscriptionSettings a, final SubscriptionSettings b) {
        if (a.rawDelivery() != b.rawDelivery()) {
            return RAW_DELIVERY;
        }
        if (!a.deadLetterQueueId().equals(b.deadLetterQueueId())) {
            return DEAD_LETTER_QUEUE;
        }
        if (a.filterScope() != b.filterScope()) {
            return FILTER_SCOPE;
        }
        if (!a.filterPolicy().equals(b.filterPolicy())) {
            return FILTER_POLICY;
        }
        return a.replayFromNs().equals(b.replayFromNs()) ? 0 : REPLAY_FROM;
    }

    private static Event invalidSetting(final Command command, final int setting) {
        return differs(command, ResultCode.INVALID_SETTING, setting);
    }

    static Event differs(final Command command, final ResultCode code, final int setting) {
        return new Event.Refused(command.correlationId(), code, LimitId.NONE, 0, setting, -1);
    }

    Event limited(final Command command, final LimitId limitId, final long actual) {
        return ModelAnswers.limited(command, limitId, state.limit(limitId), actual, -1);
    }
}
