package io.millrace.client;

import io.millrace.codecs.ResultCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Makes, finds, changes and removes topics and their subscriptions. Every call waits for its answer, at most the context's request
 * timeout, and polls meanwhile, as the calls of {@link Queues} do, and is not to be called from inside a handler. {@link
 * TopicPublisher} publishes.
 *
 * <p>Every call throws {@link MillraceException} if the server refuses, and {@link MillraceTimeoutException} if it does
 * not answer in time; a query is asked again after a reconnect.
 */
public final class Topics {
    private static final int PAGE_ENTRIES = 100;
    private static final int ALL_TOPICS = 0;
    private static final SubscriptionSettings NO_SETTINGS = new SubscriptionSettings();

    private final TopicFrames frames;
    private final BlockingRequests requests;

    Topics(final TopicFrames frames, final BlockingRequests requests) {
        this.frames = frames;
        this.requests = requests;
    }

    /**
     * Creates a topic. One of this name and these settings is left as it is. A topic that is to have an archive is returned when that has
     * begun: what is published then is in it.
     *
     * @param settings of the topic
     * @return id of the topic
     */
    public long create(final TopicSettings settings) {
        final long topicId = requests.command(
                "create the topic " + settings.name(),
                none("is named " + settings.name()),
                () -> frames.create(settings));
        awaitArchive(topicId, settings);
        return topicId;
    }

    private void awaitArchive(final long topicId, final TopicSettings settings) {
        if (settings.hasArchive()) {
            requests.repeat(
                    "see the archive of the topic " + topicId + " begin",
                    () -> describe(topicId),
                    topic -> topic.archiveBeganNs() != 0,
                    true);
        }
    }

    /**
     * Creates a topic with the server's defaults.
     *
     * @param name of the topic
     * @return id of the topic
     */
    public long create(final String name) {
        return create(TopicSettings.named(name));
    }

    /**
     * Changes settings of a topic. Where they give it an archive, this waits until that has begun.
     *
     * @param topicId the topic
     * @param changes what is not set in them stays as it is
     */
    public void set(final long topicId, final TopicSettings changes) {
        requests.command("change the topic " + topicId, noneWithId(topicId), () -> frames.set(topicId, changes));
        awaitArchive(topicId, changes);
    }

    /**
     * Finds a topic.
     *
     * @param name of the topic
     * @return the topic; {@code UNKNOWN_TOPIC} is thrown if there is none
     */
    public TopicInfo lookUp(final String name) {
        return requests.query(
                "look up the topic " + name, none("is named " + name), TopicInfo.class, () -> frames.lookUp(name));
    }

    /**
     * Tells of a topic.
     *
     * @param topicId the topic
     * @return its settings and counts
     */
    public TopicInfo describe(final long topicId) {
        return requests.query(
                "describe the topic " + topicId, noneWithId(topicId), TopicInfo.class, () -> frames.describe(topicId));
    }

    /**
     * Lists topics in order of creation, page by page until the last.
     *
     * @param prefix only names that start with this; may be empty
     * @return the topics
     */
    public List<TopicName> list(final String prefix) {
        final List<TopicName> result = new ArrayList<>();
        long after = 0;
        do {
            final long start = after;
            final Answers.TopicPage page = requests.query(
                    "list the topics",
                    none("is there"),
                    Answers.TopicPage.class,
                    () -> frames.list(start, PAGE_ENTRIES, prefix));
            result.addAll(page.topics());
            after = page.nextAfterTopicId();
        } while (after != 0);
        return result;
    }

    /**
     * Deletes a topic and its subscriptions. What was published before is delivered.
     *
     * @param topicId the topic
     */
    public void delete(final long topicId) {
        requests.command("delete the topic " + topicId, noneWithId(topicId), () -> frames.delete(topicId));
    }

    /**
     * Adds tags to a topic, or replaces their values.
     *
     * @param topicId the topic
     * @param tags values by key
     */
    public void tag(final long topicId, final Map<String, String> tags) {
        requests.command("tag the topic " + topicId, noneWithId(topicId), () -> frames.tag(topicId, tags));
    }

    /**
     * Removes tags of a topic; keys that it does not have are none.
     *
     * @param topicId the topic
     * @param keys of the tags
     */
    public void untag(final long topicId, final Collection<String> keys) {
        requests.command("untag the topic " + topicId, noneWithId(topicId), () -> frames.untag(topicId, keys));
    }

    /**
     * Tells the tags of a topic.
     *
     * @param topicId the topic
     * @return values by key, in the order in which the keys were added
     */
    public Map<String, String> tags(final long topicId) {
        return requests.query(
                        "list the tags of the topic " + topicId,
                        noneWithId(topicId),
                        Answers.Tags.class,
                        () -> frames.listTags(topicId))
                .tags();
    }

    /**
     * Sets who may do what with a topic: to send is to publish, to receive is to subscribe.
     *
     * @param topicId the topic
     * @param entries the whole list; empty: everybody may do everything
     */
    public void setAccess(final long topicId, final List<AccessEntry> entries) {
        requests.command(
                "set the access to the topic " + topicId,
                noneWithId(topicId),
                () -> frames.setAccess(topicId, entries));
    }

    /**
     * Tells who may do what with a topic.
     *
     * @param topicId the topic
     * @return the whole list; empty: everybody may do everything
     */
    public List<AccessEntry> access(final long topicId) {
        return requests.query(
                        "tell the access to the topic " + topicId,
                        noneWithId(topicId),
                        Answers.Access.class,
                        () -> frames.describeAccess(topicId))
                .entries();
    }

    /**
     * Subscribes a queue to a topic. One that is subscribed with these settings is left as it is.
     *
     * @param topicId the topic
     * @param queueId the queue; a FIFO queue can only subscribe to a FIFO topic
     * @param settings how the messages are to be delivered
     * @return id of the subscription
     */
    public long subscribeQueue(final long topicId, final long queueId, final SubscriptionSettings settings) {
        return requests.command(
                "subscribe the queue " + queueId + " to the topic " + topicId,
                refusal -> switch (refusal.code()) {
                    case UNKNOWN_TOPIC -> "No topic has the id " + topicId + ".";
                    case UNKNOWN_QUEUE -> "No queue has the id " + queueId + ", or is the dead-letter queue.";
                    default -> ofSubscription(refusal, settings);
                },
                () -> frames.subscribeQueue(topicId, queueId, settings));
    }

    /**
     * Subscribes a stream to a topic: every message that passes the filter policy becomes a record. One that is subscribed with these
     * settings is left as it is.
     *
     * @param topicId the topic
     * @param streamId the stream; what it does not take at once, because of its settings or quotas, counts as not deliverable
     * @param keyAttribute name of the message attribute whose value, a String or Number, is the partition key of the record; empty: none.
     *     Without such a value the message group is, and without one the message id
     * @param settings how the messages are to be delivered
     * @return id of the subscription
     */
    public long subscribeStream(
            final long topicId, final long streamId, final String keyAttribute, final SubscriptionSettings settings) {
        return requests.command(
                "subscribe the stream " + streamId + " to the topic " + topicId,
                refusal -> switch (refusal.code()) {
                    case UNKNOWN_TOPIC -> "No topic has the id " + topicId + ".";
                    case UNKNOWN_STREAM -> "No stream has the id " + streamId + ".";
                    case UNKNOWN_QUEUE -> "The dead-letter queue does not exist.";
                    default -> ofSubscription(refusal, settings);
                },
                () -> frames.subscribeStream(topicId, streamId, keyAttribute, settings));
    }

    /**
     * Makes a subscription that sessions consume themselves: {@link MillraceClient#consume} with the queue id that is returned has its
     * messages pushed to this client, which acknowledges them as those of a queue. Several clients may consume a subscription and share it
     * then; a client that is to get everything needs one of its own. One of this name and these settings is left as it is, and what came
     * while nobody consumed it waits, unless it is at most once.
     *
     * @param topicId the topic
     * @param settings its name, and how the messages are to be delivered
     * @return the subscription and what is to be consumed
     */
    public TopicSubscription subscribeSession(final long topicId, final PushSettings settings) {
        final long subscriptionId = requests.command(
                "subscribe " + settings.name() + " to the topic " + topicId,
                refusal -> switch (refusal.code()) {
                    case UNKNOWN_TOPIC -> "No topic has the id " + topicId + ".";
                    case UNKNOWN_QUEUE -> "The dead-letter queue does not exist.";
                    case SUBSCRIPTION_EXISTS -> ErrorText.ofNamedSubscription(refusal.actual());
                    default -> ofSubscription(refusal, settings.delivery());
                },
                () -> frames.subscribeSession(topicId, settings));
        return new TopicSubscription(
                subscriptionId, topicId, describeSubscription(subscriptionId).queueId());
    }

    /**
     * Sets how deliveries to sessions are tried again, for the subscriptions of a topic that have no policy of their own. What waits for
     * a retry already waits as long as it was told to.
     *
     * @param topicId the topic
     * @param policy the whole policy; {@link DeliveryPolicy#NONE} takes it away
     */
    public void setDeliveryPolicy(final long topicId, final DeliveryPolicy policy) {
        requests.command(
                "set the delivery policy of the topic " + topicId,
                refusal -> refusal.code() == ResultCode.UNKNOWN_TOPIC
                        ? "No topic has the id " + topicId + "."
                        : ErrorText.ofSubscription(refusal.code(), refusal.actual()),
                () -> frames.setDeliveryPolicy(topicId, 0, policy));
    }

    /**
     * Sets how deliveries of a subscription that sessions consume are tried again.
     *
     * @param subscriptionId the subscription
     * @param policy the whole policy; {@link DeliveryPolicy#NONE}: that of its topic
     */
    public void setSubscriptionDeliveryPolicy(final long subscriptionId, final DeliveryPolicy policy) {
        requests.command(
                "set the delivery policy of the subscription " + subscriptionId,
                noSubscription(subscriptionId),
                () -> frames.setDeliveryPolicy(0, subscriptionId, policy));
    }

    /**
     * Ends a subscription: what was published and has not reached its queue or its sessions will not.
     *
     * @param subscriptionId the subscription
     */
    public void unsubscribe(final long subscriptionId) {
        requests.command(
                "end the subscription " + subscriptionId,
                noSubscription(subscriptionId),
                () -> frames.unsubscribe(subscriptionId));
    }

    /**
     * Changes settings of a subscription.
     *
     * @param subscriptionId the subscription
     * @param changes what is not set in them stays as it is
     */
    public void setSubscription(final long subscriptionId, final SubscriptionSettings changes) {
        requests.command(
                "change the subscription " + subscriptionId,
                noSubscription(subscriptionId, changes),
                () -> frames.setSubscription(subscriptionId, changes));
    }

    /**
     * Tells of a subscription.
     *
     * @param subscriptionId the subscription
     * @return its settings and counts
     */
    public SubscriptionInfo describeSubscription(final long subscriptionId) {
        return requests.query(
                "describe the subscription " + subscriptionId,
                noSubscription(subscriptionId),
                SubscriptionInfo.class,
                () -> frames.describeSubscription(subscriptionId));
    }

    /**
     * Lists the subscriptions of a topic in order of their creation, page by page until the last.
     *
     * @param topicId the topic
     * @return its subscriptions
     */
    public List<TopicSubscription> subscriptions(final long topicId) {
        final List<TopicSubscription> result = new ArrayList<>();
        long after = 0;
        do {
            final long start = after;
            final Answers.SubscriptionPage page = requests.query(
                    "list the subscriptions",
                    noneWithId(topicId),
                    Answers.SubscriptionPage.class,
                    () -> frames.listSubscriptions(topicId, start, PAGE_ENTRIES));
            result.addAll(page.subscriptions());
            after = page.nextAfterSubscriptionId();
        } while (after != 0);
        return result;
    }

    /** @return the subscriptions of all topics, in order of their creation. */
    public List<TopicSubscription> subscriptions() {
        return subscriptions(ALL_TOPICS);
    }

    private static BlockingRequests.Explanation noneWithId(final long topicId) {
        return none("has the id " + topicId);
    }

    private static BlockingRequests.Explanation none(final String whichTopic) {
        return refusal -> refusal.code() == ResultCode.UNKNOWN_TOPIC
                ? "No topic " + whichTopic + "."
                : ErrorText.ofTopic(refusal.code(), refusal.actual());
    }

    private static BlockingRequests.Explanation noSubscription(final long subscriptionId) {
        return noSubscription(subscriptionId, NO_SETTINGS);
    }

    private static BlockingRequests.Explanation noSubscription(
            final long subscriptionId, final SubscriptionSettings settings) {
        return refusal -> refusal.code() == ResultCode.UNKNOWN_SUBSCRIPTION
                ? "No subscription has the id " + subscriptionId + "."
                : ofSubscription(refusal, settings);
    }

    /** What is wrong with a filter policy is said as SNS does, which quotes it. */
    private static String ofSubscription(final MillraceException refusal, final SubscriptionSettings settings) {
        return refusal.code() == ResultCode.INVALID_FILTER_POLICY && settings.filterPolicy() != null
                ? ErrorText.describeAsSqs(
                        refusal.code(), refusal.limitId(), refusal.limit(), refusal.actual(), settings.filterPolicy())
                : ErrorText.ofSubscription(refusal.code(), refusal.actual());
    }
}
