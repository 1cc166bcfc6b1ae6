package io.millrace.kernel;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.ModelTopicState.Topic;

/** Subscribes streams, and makes records of what is published. */
final class ModelStreamSubscriptions {

    private static final int KEY_ATTRIBUTE = 8;
    private static final int BINARY = 3;
    private static final SubscriptionSettings NEW =
            new SubscriptionSettings(0L, Switch.OFF, FilterPolicyScope.MESSAGE_ATTRIBUTES, "", 0L);

    private final ModelState state;
    private final ModelTopics topics;

    ModelStreamSubscriptions(final ModelState state, final ModelTopics topics) {
        this.state = state;
        this.topics = topics;
    }

    /** N14: the same once more is the same subscription; with other settings it is refused. */
    Event subscribe(final Session session, final Topic topic, final StreamCommand.SubscribeStream command) {
        if (state.streams.get(command.streamId()) == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_STREAM, -1);
        }
        Event wrong = topics.wrong(session, topic, command, command.settings());
        wrong = wrong == null ? wrongKey(command, command.keyAttribute()) : wrong;
        if (wrong != null) {
            return wrong;
        }
        final SubscriptionSettings settings = ModelTopics.merge(command.settings(), NEW);
        final Event wrongPolicy = ModelTopics.wrongPolicy(command, settings);
        if (wrongPolicy != null) {
            return wrongPolicy;
        }
        for (final Subscription existing : topic.subscriptions.values()) {
            if (existing.streamId == command.streamId()) {
                final int other = ModelTopics.firstDifference(existing.settings, settings);
                final int ofKey = existing.keyAttribute.equals(command.keyAttribute()) ? 0 : KEY_ATTRIBUTE;
                return other == 0 && ofKey == 0
                        ? new Event.Confirmed(command.correlationId(), existing.id, 1)
                        : ModelTopics.differs(command, ResultCode.SUBSCRIPTION_EXISTS, other == 0 ? ofKey : other);
            }
        }
        final Event full = topics.full(command, topic, settings);
        if (full != null) {
            return full;
        }
        final Subscription subscription = topics.add(topic, 0, settings);
        subscription.streamId = command.streamId();
        subscription.keyAttribute = command.keyAttribute();
        topics.begin(subscription);
        return new Event.Confirmed(command.correlationId(), subscription.id, 1);
    }

    private Event wrongKey(final Command command, final String keyAttribute) {
        if (keyAttribute.length() > state.limit(LimitId.ATTRIBUTE_NAME_BYTES)) {
            return topics.limited(command, LimitId.ATTRIBUTE_NAME_BYTES, keyAttribute.length());
        }
        return Utf8.isWellFormed(keyAttribute) ? null : ModelAnswers.refused(command, ResultCode.INVALID_NAME, -1);
    }

    /**
     * Puts what was published into the stream of a subscription; false if that does not take it. What is in a blob would not stay for it.
     *
     * @param message what was published.
     * @param content the same, or its envelope.
     */
    static boolean put(
            final ModelState state,
            final Subscription subscription,
            final long messageId,
            final Payload message,
            final Payload content) {
        return state.blobs.of(content) == null
                && state.streams.put(
                        subscription.streamId, key(state, subscription, messageId, message), content.body());
    }

    /** Whether {@link #put} would find that a shard has had its quota of the second. */
    static boolean isThrottled(
            final ModelState state,
            final Subscription subscription,
            final long messageId,
            final Payload message,
            final Payload content) {
        return state.blobs.of(content) == null
                && state.streams.isThrottled(
                        subscription.streamId, key(state, subscription, messageId, message), content.body());
    }

    /** The value of an attribute, or else the group, or else the id of the message. */
    private static String key(
            final ModelState state, final Subscription subscription, final long messageId, final Payload message) {
        final long most = state.limit(LimitId.PARTITION_KEY_CHARACTERS);
        final String withoutAttribute = message.groupId().isEmpty() ? Long.toString(messageId) : message.groupId();
        return message.attributes().stream()
                .filter(attribute -> attribute.name().equals(subscription.keyAttribute) && attribute.type() != BINARY)
                .map(Payload.Attribute::value)
                .filter(value -> Utf8.isWellFormed(value) && Utf8.characters(value) <= most)
                .findFirst()
                .orElse(withoutAttribute);
    }
}
