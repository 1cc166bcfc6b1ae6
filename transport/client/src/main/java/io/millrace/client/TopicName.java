package io.millrace.client;

/**
 * One line of a list of topics.
 *
 * @param topicId the topic
 * @param name its name
 */
public record TopicName(long topicId, String name) {}
