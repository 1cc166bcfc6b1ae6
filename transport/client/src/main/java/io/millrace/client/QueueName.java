package io.millrace.client;

/**
 * One line of a list of queues.
 *
 * @param queueId the queue
 * @param name its name
 */
public record QueueName(long queueId, String name) {}
