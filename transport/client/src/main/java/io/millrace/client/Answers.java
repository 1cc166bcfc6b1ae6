package io.millrace.client;

import java.util.List;
import java.util.Map;

/**
 * What queries are answered with, besides {@link QueueInfo}, {@link TopicInfo}, {@link SubscriptionInfo} and the like.
 */
final class Answers {
    private Answers() {}

    /** One page of queues; with 0 it is the last. */
    record QueuePage(List<QueueName> queues, long nextAfterQueueId) {}

    /** Tags of a queue, topic or stream, in the order in which their keys were added. */
    record Tags(Map<String, String> tags) {}

    /** The whole allow list of a queue, topic or stream. */
    record Access(List<AccessEntry> entries) {}

    /** Redrive tasks of a queue, the newest first. */
    record Redrives(List<RedriveTask> tasks) {}

    /** One page of topics; with 0 it is the last. */
    record TopicPage(List<TopicName> topics, long nextAfterTopicId) {}

    /** One page of blobs; with 0 it is the last. */
    record BlobPage(List<BlobInfo> blobs, long nextAfterBlobId) {}

    /** One page of subscriptions; with 0 it is the last. */
    record SubscriptionPage(List<TopicSubscription> subscriptions, long nextAfterSubscriptionId) {}

    /** One page of streams; with 0 it is the last. */
    record StreamPage(List<StreamName> streams, long nextAfterStreamId) {}

    /** One page of consumers of a stream; with 0 it is the last. */
    record StreamConsumerPage(List<StreamConsumerName> consumers, long nextAfterConsumerId) {}

    /** One page of shards; with 0 it is the last. The time goes with the next request. */
    record ShardPage(List<ShardInfo> shards, long nextAfterShardId, long tokenTimeNs) {}

    /** A consumer group with one page of its members; with 0 it is the last. */
    record MemberPage(GroupInfo group, long nextAfterMemberId) {}

    /** One page of consumer groups; with 0 it is the last. */
    record GroupPage(List<GroupName> groups, long nextAfterGroupId) {}

    /** One page of shards of a consumer group; with 0 it is the last. */
    record LeasePage(List<LeaseInfo> leases, long nextAfterShardId) {}

    /** The end of a page of messages; with 0 it is the last. */
    record BrowseEnd(long nextCursor) {}
}
