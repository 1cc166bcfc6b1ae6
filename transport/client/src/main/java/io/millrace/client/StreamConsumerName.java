package io.millrace.client;

/**
 * A consumer of a stream in a list.
 *
 * @param consumerId the consumer
 * @param name its name, once in the stream
 */
public record StreamConsumerName(long consumerId, String name) {}
