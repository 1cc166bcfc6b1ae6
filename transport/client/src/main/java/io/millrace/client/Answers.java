package io.millrace.client;

import java.util.List;
import java.util.Map;

/**
 * What queries are answered with, besides {@link QueueInfo}.
 */
final class Answers {
    private Answers() {}

    /** One page of queues; with 0 it is the last. */
    record QueuePage(List<QueueName> queues, long nextAfterQueueId) {}

    /** Tags of a queue, in the order in which their keys were added. */
    record Tags(Map<String, String> tags) {}

    /** The whole allow list of a queue. */
    record Access(List<AccessEntry> entries) {}

    /** Redrive tasks of a queue, the newest first. */
    record Redrives(List<RedriveTask> tasks) {}

    /** The end of a page of messages; with 0 it is the last. */
    record BrowseEnd(long nextCursor) {}
}
