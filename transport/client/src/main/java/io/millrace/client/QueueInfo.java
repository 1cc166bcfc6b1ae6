package io.millrace.client;

import io.millrace.codecs.QueueDescriptionDecoder;
import io.millrace.codecs.QueueSettingsDecoder;

/**
 * Settings of a queue and how many messages it holds.
 *
 * @param queueId the queue
 * @param name its name
 * @param createdTimeNs when it was created: nanoseconds since 1970
 * @param visibilityTimeoutNs how long a delivery stays in flight, nanoseconds
 * @param delayNs how long a new message waits, nanoseconds
 * @param receiveWaitNs how long a receive waits, nanoseconds
 * @param maxMessageBytes largest payload
 * @param availableCount messages that can be delivered
 * @param delayedCount messages that wait for their time
 * @param inFlightCount messages delivered and not acknowledged
 */
public record QueueInfo(
        long queueId,
        String name,
        long createdTimeNs,
        long visibilityTimeoutNs,
        long delayNs,
        long receiveWaitNs,
        long maxMessageBytes,
        long availableCount,
        long delayedCount,
        long inFlightCount) {

    static QueueInfo of(final QueueDescriptionDecoder decoder) {
        final QueueSettingsDecoder settings = decoder.settings();
        final QueueDescriptionDecoder.RedriveSourcesDecoder sources = decoder.redriveSources();
        // The name stands behind the group.
        decoder.limit(decoder.limit() + sources.count() * sources.actingBlockLength());
        return new QueueInfo(
                decoder.queueId(),
                decoder.name(),
                decoder.createdTimeNs(),
                settings.visibilityTimeoutNs(),
                settings.delayNs(),
                settings.receiveWaitNs(),
                settings.maxMessageBytes(),
                decoder.availableCount(),
                decoder.delayedCount(),
                decoder.inFlightCount());
    }
}
