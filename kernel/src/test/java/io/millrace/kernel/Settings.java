package io.millrace.kernel;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsDecoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;
import java.lang.reflect.RecordComponent;
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

    /** Builds settings out of few values: the rest is left out. */
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

    /** These settings, with the other ones where something is left out; the sources stay as they are. */
    Settings orElse(final Settings other) {
        return new Settings(
                or(visibilityTimeoutNs, other.visibilityTimeoutNs),
                or(delayNs, other.delayNs),
                or(receiveWaitNs, other.receiveWaitNs),
                or(retentionNs, other.retentionNs),
                or(deadLetterQueueId, other.deadLetterQueueId),
                or(backoffDelayNs, other.backoffDelayNs),
                or(backoffMaxNs, other.backoffMaxNs),
                or(highDepth, other.highDepth),
                or(lowDepth, other.lowDepth),
                or(highAgeNs, other.highAgeNs),
                or(lowAgeNs, other.lowAgeNs),
                or(maxMessageBytes, other.maxMessageBytes),
                or(maxReceiveCount, other.maxReceiveCount),
                queueType == QueueType.NULL_VAL ? other.queueType : queueType,
                contentDeduplication == Switch.NULL_VAL ? other.contentDeduplication : contentDeduplication,
                deduplicationScope == QueueScope.NULL_VAL ? other.deduplicationScope : deduplicationScope,
                throughputScope == QueueScope.NULL_VAL ? other.throughputScope : throughputScope,
                redrivePermission == RedrivePermission.NULL_VAL ? other.redrivePermission : redrivePermission,
                backoff == Backoff.NULL_VAL ? other.backoff : backoff,
                or(priorities, other.priorities),
                redriveSources);
    }

    /** The same with one component changed, which is named as in the record. */
    Settings with(final String component, final Object value) {
        try {
            final RecordComponent[] components = Settings.class.getRecordComponents();
            final Object[] values = new Object[components.length];
            final Class<?>[] types = new Class<?>[components.length];
            boolean found = false;
            for (int i = 0; i < components.length; i++) {
                final boolean changes = components[i].getName().equals(component);
                types[i] = components[i].getType();
                values[i] = changes ? value : components[i].getAccessor().invoke(this);
                found |= changes;
            }
            if (!found) {
                throw new AssertionError("no setting " + component);
            }
            return Settings.class.getDeclaredConstructor(types).newInstance(values);
        } catch (final ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
    }

    Settings withSources(final List<Long> sources) {
        return new Settings(
                visibilityTimeoutNs,
                delayNs,
                receiveWaitNs,
                retentionNs,
                deadLetterQueueId,
                backoffDelayNs,
                backoffMaxNs,
                highDepth,
                lowDepth,
                highAgeNs,
                lowAgeNs,
                maxMessageBytes,
                maxReceiveCount,
                queueType,
                contentDeduplication,
                deduplicationScope,
                throughputScope,
                redrivePermission,
                backoff,
                priorities,
                sources);
    }

    private static <T> T or(final T value, final T other) {
        return value == null ? other : value;
    }
}
