package io.millrace.server.cli;

import io.millrace.client.TopicSettings;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.Switch;
import picocli.CommandLine.Option;

/** The settings of a topic as options. What is not given is not said to the server. */
final class TopicSettingOptions {

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            converter = CodeConverter.Type.class,
            description = "standard or fifo; cannot be changed. Default: standard.")
    private QueueType topicType;

    @Option(
            names = "--content-deduplication",
            paramLabel = "ON|OFF",
            converter = CodeConverter.OnOff.class,
            description = "FIFO: the SHA-256 of the body stands for a missing deduplication id. Default: off.")
    private Switch contentDeduplication;

    @Option(
            names = "--deduplication-scope",
            paramLabel = "SCOPE",
            converter = CodeConverter.Scope.class,
            description = "FIFO: what a deduplication id is unique in: queue, which is the topic, or message-group. "
                    + "Default: queue.")
    private QueueScope deduplicationScope;

    @Option(
            names = "--archive",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "FIFO: how long what is published is kept for replays, for example 30d; 0: not at all, which is the "
                            + "default.")
    private Long archivePeriodNs;

    /** Whether no option was given. */
    boolean isEmpty() {
        return topicType == null
                && contentDeduplication == null
                && deduplicationScope == null
                && archivePeriodNs == null;
    }

    /** Puts what was given into settings. */
    TopicSettings applyTo(final TopicSettings settings) {
        if (topicType != null) {
            settings.topicType(topicType);
        }
        if (contentDeduplication != null) {
            settings.contentDeduplication(contentDeduplication);
        }
        if (deduplicationScope != null) {
            settings.deduplicationScope(deduplicationScope);
        }
        if (archivePeriodNs != null) {
            settings.archivePeriodNs(archivePeriodNs);
        }
        return settings;
    }
}
