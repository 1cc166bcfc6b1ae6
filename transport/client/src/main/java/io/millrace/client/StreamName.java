package io.millrace.client;

/**
 * One line of a list of streams.
 *
 * @param streamId the stream
 * @param name its name
 */
public record StreamName(long streamId, String name) {}
