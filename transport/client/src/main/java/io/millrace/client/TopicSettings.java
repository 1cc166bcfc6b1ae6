package io.millrace.client;

import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TopicSettingsEncoder;

/**
 * What a new topic is to be like, or what is to change of a topic. What is not set is the server's default for a new topic, and
 * stays as it is for an existing one.
 */
public final class TopicSettings {
    private final String name;
    private QueueType topicType = QueueType.NULL_VAL;
    private Switch contentDeduplication = Switch.NULL_VAL;
    private QueueScope deduplicationScope = QueueScope.NULL_VAL;
    private long archivePeriodNs = TopicSettingsEncoder.archivePeriodNsNullValue();

    private TopicSettings(final String name) {
        this.name = name;
    }

    /**
     * @param name of the topic: UTF-8, at most 256 bytes
     * @return settings with the server's defaults
     */
    public static TopicSettings named(final String name) {
        return new TopicSettings(name);
    }

    /** @return changes of no setting yet, for {@link Topics#set}. */
    public static TopicSettings changes() {
        return new TopicSettings("");
    }

    /** @param value what the topic promises; default STANDARD; cannot be changed. @return this */
    public TopicSettings topicType(final QueueType value) {
        topicType = value;
        return this;
    }

    /** @param value FIFO: whether the SHA-256 of the body stands for a missing deduplication id; default OFF. @return this */
    public TopicSettings contentDeduplication(final Switch value) {
        contentDeduplication = value;
        return this;
    }

    /** @param value FIFO: what a deduplication id is unique in; default QUEUE, which is the topic. @return this */
    public TopicSettings deduplicationScope(final QueueScope value) {
        deduplicationScope = value;
        return this;
    }

    /**
     * @param value how long published messages are kept for replays, nanoseconds; 0, the default: not at all. FIFO topics only
     * @return this
     */
    public TopicSettings archivePeriodNs(final long value) {
        archivePeriodNs = value;
        return this;
    }

    String name() {
        return name;
    }

    boolean hasArchive() {
        return archivePeriodNs > 0;
    }

    void encode(final TopicSettingsEncoder encoder) {
        encoder.archivePeriodNs(archivePeriodNs)
                .topicType(topicType)
                .contentDeduplication(contentDeduplication)
                .deduplicationScope(deduplicationScope)
                .reserved((short) 0);
    }
}
