package io.millrace.client;

import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TopicDescriptionDecoder;
import io.millrace.codecs.TopicSettingsDecoder;

/**
 * Settings of a topic and what it counts. A code that this client does not know is {@code NULL_VAL}.
 *
 * @param topicId the topic
 * @param name its name
 * @param createdTimeNs when it was created: nanoseconds since 1970
 * @param changedTimeNs when its settings were last changed: nanoseconds since 1970
 * @param topicType what the topic promises
 * @param contentDeduplication FIFO: whether the SHA-256 of the body stands for a missing deduplication id
 * @param deduplicationScope FIFO: what a deduplication id is unique in; QUEUE is the topic
 * @param subscriptionCount its subscriptions
 * @param publishedCount messages published, duplicates not counted
 * @param pendingCount messages that some subscriptions are still to get
 * @param archivePeriodNs how long what was published is kept for replays, nanoseconds; 0: not at all
 * @param archiveBeganNs what was published from then on is in the archive: nanoseconds since 1970; 0: there is none, or it has not begun
 */
public record TopicInfo(
        long topicId,
        String name,
        long createdTimeNs,
        long changedTimeNs,
        QueueType topicType,
        Switch contentDeduplication,
        QueueScope deduplicationScope,
        long subscriptionCount,
        long publishedCount,
        long pendingCount,
        long archivePeriodNs,
        long archiveBeganNs) {

    static TopicInfo of(final TopicDescriptionDecoder decoder) {
        final TopicSettingsDecoder settings = decoder.settings();
        return new TopicInfo(
                decoder.topicId(),
                decoder.name(),
                decoder.createdTimeNs(),
                decoder.changedTimeNs(),
                Codes.queueType(settings.topicTypeRaw()),
                Codes.onOff(settings.contentDeduplicationRaw()),
                Codes.scope(settings.deduplicationScopeRaw()),
                decoder.subscriptionCount(),
                decoder.publishedCount(),
                decoder.pendingCount(),
                settings.archivePeriodNs(),
                decoder.archiveBeganNs());
    }
}
