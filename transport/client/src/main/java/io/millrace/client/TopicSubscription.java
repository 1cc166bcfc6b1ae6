package io.millrace.client;

/**
 * One line of a list of subscriptions.
 *
 * @param subscriptionId the subscription
 * @param topicId its topic
 * @param queueId where its messages go; for sessions what they are to consume; 0 for a stream
 * @param streamId the stream that its messages go to; 0: to none
 */
public record TopicSubscription(long subscriptionId, long topicId, long queueId, long streamId) {
    /** A subscription of a queue or of sessions. */
    public TopicSubscription(final long subscriptionId, final long topicId, final long queueId) {
        this(subscriptionId, topicId, queueId, 0);
    }
}
