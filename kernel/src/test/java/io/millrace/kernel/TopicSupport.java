package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;

import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.DeliveryPolicy;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import java.util.Arrays;
import java.util.List;

/** Acts on topics; whatever makes something returns its id. */
final class TopicSupport {

    private static final Producer NOBODY = Producer.NONE;

    private final Scenario scenario;
    private long correlationId = 2_000_000;

    TopicSupport(final Scenario scenario) {
        this.scenario = scenario;
    }

    void ask(final String name, final TopicSettings settings) {
        scenario.apply(A, new Command.CreateTopic(++correlationId, NOBODY, name, settings));
    }

    long create(final String name) {
        return create(name, TopicSettings.NONE);
    }

    /** Creates a topic, which must succeed. */
    long create(final String name, final TopicSettings settings) {
        scenario.forget();
        ask(name, settings);
        return confirmedValue();
    }

    private long confirmedValue() {
        return ((Event.Confirmed) scenario.egress.drain().get(0).event()).firstValue();
    }

    void delete(final long topicId) {
        scenario.apply(A, new Command.DeleteTopic(++correlationId, NOBODY, topicId));
    }

    void set(final long topicId, final TopicSettings settings) {
        scenario.apply(A, new Command.SetTopicSettings(++correlationId, NOBODY, topicId, settings));
    }

    void askToSubscribe(final long topicId, final long queueId, final SubscriptionSettings settings) {
        scenario.apply(A, new Command.SubscribeQueue(++correlationId, NOBODY, topicId, queueId, settings));
    }

    /** Subscribes a queue, which must succeed. */
    long subscribe(final long topicId, final long queueId, final SubscriptionSettings settings) {
        scenario.forget();
        askToSubscribe(topicId, queueId, settings);
        return confirmedValue();
    }

    void askToSubscribeSessions(
            final long topicId,
            final String name,
            final SubscriptionSettings settings,
            final DeliveryPolicy policy,
            final Switch acknowledged) {
        scenario.apply(
                A,
                new Command.SubscribeSession(++correlationId, NOBODY, topicId, settings, policy, acknowledged, name));
    }

    /** Makes a subscription that sessions consume, which must succeed; returns the id of its queue. */
    long subscribeSessions(
            final long topicId,
            final String name,
            final SubscriptionSettings settings,
            final DeliveryPolicy policy,
            final Switch acknowledged) {
        scenario.forget();
        askToSubscribeSessions(topicId, name, settings, policy, acknowledged);
        describeSubscription(confirmedValue());
        final Event answer = scenario.egress.drain().get(0).event();
        final Event description =
                answer instanceof ArchiveEvent.OfSubscription replaying ? replaying.description() : answer;
        return ((Event.SubscriptionDescription) description).queueId();
    }

    void setPolicy(final long topicId, final long subscriptionId, final DeliveryPolicy policy) {
        scenario.apply(A, new Command.SetDeliveryPolicy(++correlationId, NOBODY, topicId, subscriptionId, policy));
    }

    void unsubscribe(final long subscriptionId) {
        scenario.apply(A, new Command.Unsubscribe(++correlationId, NOBODY, subscriptionId));
    }

    void setSubscription(final long subscriptionId, final SubscriptionSettings settings) {
        scenario.apply(A, new Command.SetSubscription(++correlationId, NOBODY, subscriptionId, settings));
    }

    void publish(final long topicId, final String... bodies) {
        publish(topicId, Arrays.stream(bodies).map(Payload::of).toArray(Payload[]::new));
    }

    void publish(final long topicId, final Payload... payloads) {
        publish(
                topicId,
                false,
                Arrays.stream(payloads)
                        .map(payload -> new Published(payload, ""))
                        .toList());
    }

    void publish(final long topicId, final boolean eachEntry, final List<Published> entries) {
        publishAs(A, topicId, eachEntry, entries);
    }

    void publishAs(final long sessionId, final long topicId, final boolean eachEntry, final List<Published> entries) {
        scenario.apply(
                sessionId, new Command.PublishMessages(++correlationId, NOBODY, topicId, false, eachEntry, entries));
    }

    void describe(final long topicId) {
        scenario.apply(A, new Command.DescribeTopic(++correlationId, topicId));
    }

    void lookUp(final String name) {
        scenario.apply(A, new Command.LookUpTopic(++correlationId, name));
    }

    void list(final long after, final int max, final String prefix) {
        scenario.apply(A, new Command.ListTopics(++correlationId, after, max, prefix));
    }

    void describeSubscription(final long subscriptionId) {
        scenario.apply(A, new Command.DescribeSubscription(++correlationId, subscriptionId));
    }

    void listSubscriptions(final long topicId, final long after, final int max) {
        scenario.apply(A, new Command.ListSubscriptions(++correlationId, topicId, after, max));
    }

    void tag(final long topicId, final String key, final String value) {
        scenario.apply(A, new Command.TagTopic(++correlationId, NOBODY, topicId, List.of(new Command.Tag(key, value))));
    }

    void untag(final long topicId, final String key) {
        scenario.apply(A, new Command.UntagTopic(++correlationId, NOBODY, topicId, List.of(key)));
    }

    void listTags(final long topicId) {
        scenario.apply(A, new Command.ListTopicTags(++correlationId, topicId));
    }

    void protect(final long topicId, final Command.AccessEntry... entries) {
        scenario.apply(A, new Command.SetTopicAccess(++correlationId, NOBODY, topicId, List.of(entries)));
    }

    void describeAccess(final long topicId) {
        scenario.apply(A, new Command.DescribeTopicAccess(++correlationId, topicId));
    }
}
