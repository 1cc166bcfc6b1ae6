package io.millrace.kernel;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsDecoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;
import java.util.List;

/** The settings of a queue as values; null (for the codes {@code NULL_VAL}) stands for the default, or for unchanged. */
record Settings(
        Long visibilityTimeoutNs,
        Long delayNs,
        Long receiveWaitNs,
        Long retentionNs,
        Long deadLetterQueueId,
        Long backoffDelayNs,
        Long backoffMaxNs,
        Long highDepth,
        Long lowDepth,
        Long highAgeNs,
        Long lowAgeNs,
        Long maxMessageBytes,
        Long maxReceiveCount,
        QueueType queueType,
        Switch contentDeduplication,
        QueueScope deduplicationScope,
        QueueScope throughputScope,
        RedrivePermission redrivePermission,
        Backoff backoff,
        Integer priorities,
        List<Long> redriveSources) {

    /** Everything left out. */
    static final Settings NONE = new Settings(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            QueueType.NULL_VAL,
            Switch.NULL_VAL,
            QueueScope.NULL_VAL,
            QueueScope.NULL_VAL,
            RedrivePermission.NULL_VAL,
            Backoff.NULL_VAL,
            null,
            List.of());

    static Settings of(
            final Long visibilityTimeoutNs, final Long delayNs, final Long receiveWaitNs, final Long maxMessageBytes) {
        final Settings n = NONE;
        return new Settings(
                visibilityTimeoutNs,
                delayNs,
                receiveWaitNs,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                maxMessageBytes,
                null,
                n.queueType,
                n.contentDeduplication,
                n.deduplicationScope,
                n.throughputScope,
                n.redrivePermission,
                n.backoff,
                null,
                List.of());
    }

    /** Reads a composite; the sources come from the message around it. */
    static Settings read(final QueueSettingsDecoder decoder, final List<Long> redriveSources) {
        return new Settings(
                decoder.visibilityTimeoutNs(),
                decoder.delayNs(),
                decoder.receiveWaitNs(),
                decoder.retentionNs(),
                decoder.deadLetterQueueId(),
                decoder.backoffDelayNs(),
                decoder.backoffMaxNs(),
                decoder.highDepth(),
                decoder.lowDepth(),
                decoder.highAgeNs(),
                decoder.lowAgeNs(),
                decoder.maxMessageBytes(),
                decoder.maxReceiveCount(),
                decoder.queueType(),
                decoder.contentDeduplication(),
                decoder.deduplicationScope(),
                decoder.throughputScope(),
                decoder.redrivePermission(),
                decoder.backoff(),
                (int) decoder.priorities(),
                redriveSources);
    }
}
