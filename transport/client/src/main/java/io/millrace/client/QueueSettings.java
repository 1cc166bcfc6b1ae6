package io.millrace.client;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsEncoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;

/**
 * What a new queue is to be like, or what is to change of a queue. What is not set is the server's default for a new queue,
 * and stays as it is for an existing one.
 */
public final class QueueSettings {
    private static final long[] NO_QUEUES = {};

    private final String name;
    private long visibilityTimeoutNs = QueueSettingsEncoder.visibilityTimeoutNsNullValue();
    private long delayNs = QueueSettingsEncoder.delayNsNullValue();
    private long receiveWaitNs = QueueSettingsEncoder.receiveWaitNsNullValue();
    private long retentionNs = QueueSettingsEncoder.retentionNsNullValue();
    private long deadLetterQueueId = QueueSettingsEncoder.deadLetterQueueIdNullValue();
    private long backoffDelayNs = QueueSettingsEncoder.backoffDelayNsNullValue();
    private long backoffMaxNs = QueueSettingsEncoder.backoffMaxNsNullValue();
    private long highDepth = QueueSettingsEncoder.highDepthNullValue();
    private long lowDepth = QueueSettingsEncoder.lowDepthNullValue();
    private long highAgeNs = QueueSettingsEncoder.highAgeNsNullValue();
    private long lowAgeNs = QueueSettingsEncoder.lowAgeNsNullValue();
    private long maxMessageBytes = QueueSettingsEncoder.maxMessageBytesNullValue();
    private long maxReceiveCount = QueueSettingsEncoder.maxReceiveCountNullValue();
    private QueueType queueType = QueueType.NULL_VAL;
    private Switch contentDeduplication = Switch.NULL_VAL;
    private QueueScope deduplicationScope = QueueScope.NULL_VAL;
    private QueueScope throughputScope = QueueScope.NULL_VAL;
    private RedrivePermission redrivePermission = RedrivePermission.NULL_VAL;
    private Backoff backoff = Backoff.NULL_VAL;
    private int priorities = QueueSettingsEncoder.prioritiesNullValue();
    private long[] redriveSources = NO_QUEUES;

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

    /** @return changes of no setting yet, for {@link Queues#set}. */
    public static QueueSettings changes() {
        return new QueueSettings("");
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

    /** @param value how long a message is kept, in flight too, nanoseconds; default 4 days. @return this */
    public QueueSettings retentionNs(final long value) {
        retentionNs = value;
        return this;
    }

    /** @param value queue for messages that failed maxReceiveCount times; 0, the default: none. @return this */
    public QueueSettings deadLetterQueueId(final long value) {
        deadLetterQueueId = value;
        return this;
    }

    /** @param value unit of the back-off, nanoseconds; default 0. @return this */
    public QueueSettings backoffDelayNs(final long value) {
        backoffDelayNs = value;
        return this;
    }

    /** @param value longest back-off, nanoseconds; default the server's limit. @return this */
    public QueueSettings backoffMaxNs(final long value) {
        backoffMaxNs = value;
        return this;
    }

    /** @param value available messages that raise an alarm; 0, the default: none. @return this */
    public QueueSettings highDepth(final long value) {
        highDepth = value;
        return this;
    }

    /** @param value available messages that end it; default 0. @return this */
    public QueueSettings lowDepth(final long value) {
        lowDepth = value;
        return this;
    }

    /** @param value age of the oldest message that raises an alarm, nanoseconds; 0, the default: none. @return this */
    public QueueSettings highAgeNs(final long value) {
        highAgeNs = value;
        return this;
    }

    /** @param value age below which it ends, nanoseconds; 0, the default: when nothing is left. @return this */
    public QueueSettings lowAgeNs(final long value) {
        lowAgeNs = value;
        return this;
    }

    /** @param value largest payload of a message, bytes; default the server's limit. @return this */
    public QueueSettings maxMessageBytes(final long value) {
        maxMessageBytes = value;
        return this;
    }

    /** @param value receives before a message goes to the dead-letter queue; 0 without one. @return this */
    public QueueSettings maxReceiveCount(final long value) {
        maxReceiveCount = value;
        return this;
    }

    /** @param value what the queue promises; default STANDARD; cannot be changed. @return this */
    public QueueSettings queueType(final QueueType value) {
        queueType = value;
        return this;
    }

    /** @param value FIFO: whether the SHA-256 of the body stands for a missing deduplication id; default OFF. @return this */
    public QueueSettings contentDeduplication(final Switch value) {
        contentDeduplication = value;
        return this;
    }

    /** @param value FIFO: what a deduplication id is unique in; default QUEUE. @return this */
    public QueueSettings deduplicationScope(final QueueScope value) {
        deduplicationScope = value;
        return this;
    }

    /** @param value FIFO: what the profile's rate limits are counted by; default QUEUE; MESSAGE_GROUP needs that deduplication scope too. @return this */
    public QueueSettings throughputScope(final QueueScope value) {
        throughputScope = value;
        return this;
    }

    /** @param value which queues may have this one as their dead-letter queue; default ALLOW_ALL. @return this */
    public QueueSettings redrivePermission(final RedrivePermission value) {
        redrivePermission = value;
        return this;
    }

    /** @param value how long a failed message waits before it is delivered again; default NONE. @return this */
    public QueueSettings backoff(final Backoff value) {
        backoff = value;
        return this;
    }

    /**
     * @param value standard queues: how many priorities messages can have; default 1
     * @return this
     * @throws IllegalArgumentException if it is not from 0 to 254, which is all that a message can say
     */
    public QueueSettings priorities(final int value) {
        if (value < 0 || value >= QueueSettingsEncoder.prioritiesNullValue()) {
            throw new IllegalArgumentException("The priorities must be from 0 to 254, not " + value + ".");
        }
        priorities = value;
        return this;
    }

    /** @param queueIds with the permission BY_QUEUE: the queues that may have this one as their dead-letter queue. @return this */
    public QueueSettings redriveSources(final long... queueIds) {
        redriveSources = queueIds.clone();
        return this;
    }

    String name() {
        return name;
    }

    long[] redriveSourceIds() {
        return redriveSources;
    }

    /** Writes every setting; what was not set is null. */
    void encode(final QueueSettingsEncoder encoder) {
        encoder.visibilityTimeoutNs(visibilityTimeoutNs)
                .delayNs(delayNs)
                .receiveWaitNs(receiveWaitNs)
                .retentionNs(retentionNs)
                .deadLetterQueueId(deadLetterQueueId)
                .backoffDelayNs(backoffDelayNs)
                .backoffMaxNs(backoffMaxNs)
                .highDepth(highDepth)
                .lowDepth(lowDepth)
                .highAgeNs(highAgeNs)
                .lowAgeNs(lowAgeNs)
                .maxMessageBytes(maxMessageBytes)
                .maxReceiveCount(maxReceiveCount)
                .queueType(queueType)
                .contentDeduplication(contentDeduplication)
                .deduplicationScope(deduplicationScope)
                .throughputScope(throughputScope)
                .redrivePermission(redrivePermission)
                .backoff(backoff)
                .priorities((short) priorities)
                .reserved((short) 0);
    }
}
