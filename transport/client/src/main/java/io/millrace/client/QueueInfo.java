package io.millrace.client;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.QueueDescriptionDecoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsDecoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings of a queue and how many messages it holds. A code that this client does not know is {@code NULL_VAL}.
 *
 * @param queueId the queue
 * @param name its name
 * @param createdTimeNs when it was created: nanoseconds since 1970
 * @param changedTimeNs when its settings were last changed: nanoseconds since 1970
 * @param visibilityTimeoutNs how long a delivery stays in flight, nanoseconds
 * @param delayNs how long a new message waits before it can be delivered, nanoseconds
 * @param receiveWaitNs how long a receive waits for a first message, nanoseconds
 * @param retentionNs how long a message is kept, in flight too, nanoseconds
 * @param deadLetterQueueId queue for messages that failed maxReceiveCount times
 * @param backoffDelayNs unit of the back-off, nanoseconds
 * @param backoffMaxNs longest back-off, nanoseconds
 * @param highDepth available messages that raise an alarm
 * @param lowDepth available messages that end it
 * @param highAgeNs age of the oldest message that raises an alarm, nanoseconds
 * @param lowAgeNs age below which it ends, nanoseconds
 * @param maxMessageBytes largest payload of a message, bytes
 * @param maxReceiveCount receives before a message goes to the dead-letter queue; 0 without one
 * @param queueType what the queue promises
 * @param contentDeduplication FIFO: whether the SHA-256 of the body stands for a missing deduplication id
 * @param deduplicationScope FIFO: what a deduplication id is unique in
 * @param throughputScope FIFO: what the profile's rate limits are counted by
 * @param redrivePermission which queues may have this one as their dead-letter queue
 * @param backoff how long a failed message waits before it is delivered again
 * @param priorities how many priorities messages can have
 * @param redriveSources with the permission BY_QUEUE: the queues that may have this one as their dead-letter queue
 * @param availableCount messages that can be delivered
 * @param delayedCount messages that wait for their time, or to be retried
 * @param inFlightCount messages delivered and not acknowledged
 * @param reclaimingCount messages purged whose memory is not free yet
 * @param oldestTimeNs when the oldest message came into the queue: nanoseconds since 1970; 0 if there is none
 */
public record QueueInfo(
        long queueId,
        String name,
        long createdTimeNs,
        long changedTimeNs,
        long visibilityTimeoutNs,
        long delayNs,
        long receiveWaitNs,
        long retentionNs,
        long deadLetterQueueId,
        long backoffDelayNs,
        long backoffMaxNs,
        long highDepth,
        long lowDepth,
        long highAgeNs,
        long lowAgeNs,
        long maxMessageBytes,
        long maxReceiveCount,
        QueueType queueType,
        Switch contentDeduplication,
        QueueScope deduplicationScope,
        QueueScope throughputScope,
        RedrivePermission redrivePermission,
        Backoff backoff,
        int priorities,
        List<Long> redriveSources,
        long availableCount,
        long delayedCount,
        long inFlightCount,
        long reclaimingCount,
        long oldestTimeNs) {

    static QueueInfo of(final QueueDescriptionDecoder decoder) {
        final QueueSettingsDecoder settings = decoder.settings();
        final List<Long> sources = new ArrayList<>();
        for (final QueueDescriptionDecoder.RedriveSourcesDecoder source : decoder.redriveSources()) {
            sources.add(source.queueId());
        }
        // The name stands behind the group.
        final String name = decoder.name();
        return new QueueInfo(
                decoder.queueId(),
                name,
                decoder.createdTimeNs(),
                decoder.changedTimeNs(),
                settings.visibilityTimeoutNs(),
                settings.delayNs(),
                settings.receiveWaitNs(),
                settings.retentionNs(),
                settings.deadLetterQueueId(),
                settings.backoffDelayNs(),
                settings.backoffMaxNs(),
                settings.highDepth(),
                settings.lowDepth(),
                settings.highAgeNs(),
                settings.lowAgeNs(),
                settings.maxMessageBytes(),
                settings.maxReceiveCount(),
                Codes.queueType(settings.queueTypeRaw()),
                Codes.onOff(settings.contentDeduplicationRaw()),
                Codes.scope(settings.deduplicationScopeRaw()),
                Codes.scope(settings.throughputScopeRaw()),
                Codes.redrivePermission(settings.redrivePermissionRaw()),
                Codes.backoff(settings.backoffRaw()),
                settings.priorities(),
                List.copyOf(sources),
                decoder.availableCount(),
                decoder.delayedCount(),
                decoder.inFlightCount(),
                decoder.reclaimingCount(),
                decoder.oldestTimeNs());
    }
}
