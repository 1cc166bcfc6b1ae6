package io.millrace.client;

import io.millrace.codecs.RedriveStatus;

/**
 * A task that moves the messages of a dead-letter queue.
 *
 * @param taskId the task
 * @param destinationQueueId where to; 0: each message to the queue it came from
 * @param startedTimeNs when it was started: nanoseconds since 1970
 * @param movedCount messages moved so far
 * @param toMoveCount messages that were available at the start
 * @param messagesPerSecond at most this many a second
 * @param status where it stands; {@code NULL_VAL} if this client does not know it
 */
public record RedriveTask(
        long taskId,
        long destinationQueueId,
        long startedTimeNs,
        long movedCount,
        long toMoveCount,
        long messagesPerSecond,
        RedriveStatus status) {}
