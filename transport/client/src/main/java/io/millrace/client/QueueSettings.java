package io.millrace.client;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsEncoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;

/**
 * What a new queue is to be like. Everything but the name has the server's default until it is set.
 */
public final class QueueSettings {
    private final String name;
    private long visibilityTimeoutNs = QueueSettingsEncoder.visibilityTimeoutNsNullValue();
    private long delayNs = QueueSettingsEncoder.delayNsNullValue();
    private long receiveWaitNs = QueueSettingsEncoder.receiveWaitNsNullValue();
    private long maxMessageBytes = QueueSettingsEncoder.maxMessageBytesNullValue();

    private QueueSettings(final String name) {
        this.name = name;
    }

    /**
     * @param name of the queue: UTF-8, at most 256 bytes
     * @return settings with the server's defaults
     */
    public static QueueSettings named(final String name) {
        return new QueueSettings(name);
    }

    /** @param value how long a delivery stays in flight, nanoseconds; default 30 s. @return this */
    public QueueSettings visibilityTimeoutNs(final long value) {
        visibilityTimeoutNs = value;
        return this;
    }

    /** @param value how long a new message waits before it can be delivered, nanoseconds; default 0. @return this */
    public QueueSettings delayNs(final long value) {
        delayNs = value;
        return this;
    }

    /** @param value how long a receive waits for a first message, nanoseconds; default 0. @return this */
    public QueueSettings receiveWaitNs(final long value) {
        receiveWaitNs = value;
        return this;
    }

    /** @param value largest payload of a message, bytes; default the server's limit. @return this */
    public QueueSettings maxMessageBytes(final long value) {
        maxMessageBytes = value;
        return this;
    }

    String name() {
        return name;
    }

    /** Writes every setting; what was not set is null, which the server takes as its default. */
    void encode(final QueueSettingsEncoder encoder) {
        encoder.visibilityTimeoutNs(visibilityTimeoutNs)
                .delayNs(delayNs)
                .receiveWaitNs(receiveWaitNs)
                .retentionNs(QueueSettingsEncoder.retentionNsNullValue())
                .deadLetterQueueId(QueueSettingsEncoder.deadLetterQueueIdNullValue())
                .backoffDelayNs(QueueSettingsEncoder.backoffDelayNsNullValue())
                .backoffMaxNs(QueueSettingsEncoder.backoffMaxNsNullValue())
                .highDepth(QueueSettingsEncoder.highDepthNullValue())
                .lowDepth(QueueSettingsEncoder.lowDepthNullValue())
                .highAgeNs(QueueSettingsEncoder.highAgeNsNullValue())
                .lowAgeNs(QueueSettingsEncoder.lowAgeNsNullValue())
                .maxMessageBytes(maxMessageBytes)
                .maxReceiveCount(QueueSettingsEncoder.maxReceiveCountNullValue())
                .queueType(QueueType.NULL_VAL)
                .contentDeduplication(Switch.NULL_VAL)
                .deduplicationScope(QueueScope.NULL_VAL)
                .throughputScope(QueueScope.NULL_VAL)
                .redrivePermission(RedrivePermission.NULL_VAL)
                .backoff(Backoff.NULL_VAL)
                .priorities(QueueSettingsEncoder.prioritiesNullValue())
                .reserved((short) 0);
    }
}
