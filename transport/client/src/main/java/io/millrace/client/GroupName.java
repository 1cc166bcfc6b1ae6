package io.millrace.client;

/**
 * A consumer group in a list.
 *
 * @param groupId the group
 * @param name its name
 */
public record GroupName(long groupId, String name) {}
