package io.millrace.client;

/**
 * One line of a list of subscriptions.
 *
 * @param subscriptionId the subscription
 * @param topicId its topic
 * @param queueId where its messages go; for sessions what they are to consume
 */
public record TopicSubscription(long subscriptionId, long topicId, long queueId) {}
