package io.millrace.server.cli;

import io.millrace.client.QueueSettings;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The settings of a queue as options. What is not given is not said to the server. */
final class SettingOptions {

    /** Name that stands for no dead-letter queue. */
    private static final String NO_QUEUE = "none";

    @Option(
            names = "--visibility-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long a delivery stays in flight. Default: 30s.")
    private Long visibilityTimeoutNs;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long a new message waits before it can be delivered. Default: 0.")
    private Long delayNs;

    @Option(
            names = "--receive-wait",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long a receive waits for a first message. Default: 0.")
    private Long receiveWaitNs;

    @Option(
            names = "--retention",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long a message is kept. Default: 4d.")
    private Long retentionNs;

    @Option(
            names = "--backoff-delay",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Unit of the back-off. Default: 0.")
    private Long backoffDelayNs;

    @Option(
            names = "--backoff-max",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Longest back-off. Default: the server's limit.")
    private Long backoffMaxNs;

    @Option(
            names = "--high-age",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Age of the oldest message that raises an alarm. Default: none.")
    private Long highAgeNs;

    @Option(
            names = "--low-age",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Age below which that alarm ends. Default: 0, when nothing is left.")
    private Long lowAgeNs;

    @Option(
            names = "--high-depth",
            paramLabel = "N",
            description = "Available messages that raise an alarm. Default: none.")
    private Long highDepth;

    @Option(
            names = "--low-depth",
            paramLabel = "N",
            description = "Available messages that end that alarm. Default: 0.")
    private Long lowDepth;

    @Option(
            names = "--max-message-bytes",
            paramLabel = "BYTES",
            description = "Largest message, attributes included. Default: the server's limit.")
    private Integer maxMessageBytes;

    @Option(
            names = "--max-receive-count",
            paramLabel = "N",
            description = "Receives before a message goes to the dead-letter queue.")
    private Integer maxReceiveCount;

    @Option(
            names = "--priorities",
            paramLabel = "N",
            description = "Standard queues: how many priorities messages can have. Default: 1.")
    private Integer priorities;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            converter = CodeConverter.Type.class,
            description = "standard or fifo. Default: standard. Cannot be changed.")
    private QueueType queueType;

    @Option(
            names = "--content-deduplication",
            paramLabel = "on|off",
            converter = CodeConverter.OnOff.class,
            description = "FIFO: the SHA-256 of the body stands for a missing deduplication id. Default: off.")
    private Switch contentDeduplication;

    @Option(
            names = "--deduplication-scope",
            paramLabel = "SCOPE",
            converter = CodeConverter.Scope.class,
            description = "FIFO: queue or message-group. Default: queue.")
    private QueueScope deduplicationScope;

    @Option(
            names = "--throughput-scope",
            paramLabel = "SCOPE",
            converter = CodeConverter.Scope.class,
            description = "FIFO: queue or message-group. Default: queue.")
    private QueueScope throughputScope;

    @Option(
            names = "--redrive-permission",
            paramLabel = "WHO",
            converter = CodeConverter.Permission.class,
            description =
                    "Which queues may have this one as their dead-letter queue: allow-all, deny-all or by-queue. Default: allow-all.")
    private RedrivePermission redrivePermission;

    @Option(
            names = "--backoff",
            paramLabel = "FORM",
            converter = CodeConverter.BackoffForm.class,
            description = "How long a failed message waits: none, fixed, linear or exponential. Default: none.")
    private Backoff backoff;

    @Option(
            names = "--dead-letter-queue",
            paramLabel = "NAME",
            description = "Queue for messages that were received --max-receive-count times; none takes it away.")
    private String deadLetterQueue;

    @Option(
            names = "--redrive-source",
            paramLabel = "NAME",
            description = "With --redrive-permission by-queue: a queue that is allowed; may be given more than once.")
    private List<String> redriveSources = new ArrayList<>();

    /** Whether an option was given. */
    boolean isEmpty() {
        return visibilityTimeoutNs == null
                && delayNs == null
                && receiveWaitNs == null
                && retentionNs == null
                && backoffDelayNs == null
                && backoffMaxNs == null
                && highAgeNs == null
                && lowAgeNs == null
                && highDepth == null
                && lowDepth == null
                && maxMessageBytes == null
                && maxReceiveCount == null
                && priorities == null
                && queueType == null
                && contentDeduplication == null
                && deduplicationScope == null
                && throughputScope == null
                && redrivePermission == null
                && backoff == null
                && deadLetterQueue == null
                && redriveSources.isEmpty();
    }

    /** Whether an option is outside what the protocol can say; null if none is. */
    String complaint() {
        if (priorities != null && (priorities < 0 || priorities > 254)) {
            return "Option --priorities must be from 0 to 254";
        }
        if (maxMessageBytes != null && maxMessageBytes < 0) {
            return "Option --max-message-bytes must not be negative";
        }
        return maxReceiveCount != null && maxReceiveCount < 0
                ? "Option --max-receive-count must not be negative"
                : null;
    }

    /** Puts what was given into settings; queues are looked up by their names. */
    QueueSettings applyTo(final QueueSettings settings, final ServerConnection server) {
        applyTimes(settings);
        applyCodes(settings);
        if (highDepth != null) {
            settings.highDepth(highDepth);
        }
        if (lowDepth != null) {
            settings.lowDepth(lowDepth);
        }
        if (maxMessageBytes != null) {
            settings.maxMessageBytes(maxMessageBytes);
        }
        if (maxReceiveCount != null) {
            settings.maxReceiveCount(maxReceiveCount);
        }
        if (priorities != null) {
            settings.priorities(priorities);
        }
        if (deadLetterQueue != null) {
            final boolean isNone = deadLetterQueue.equals(NO_QUEUE);
            settings.deadLetterQueueId(
                    isNone ? 0 : server.lookUp(deadLetterQueue).queueId());
            if (isNone && maxReceiveCount == null) {
                settings.maxReceiveCount(0);
            }
        }
        if (!redriveSources.isEmpty()) {
            settings.redriveSources(redriveSources.stream()
                    .mapToLong(name -> server.lookUp(name).queueId())
                    .toArray());
        }
        return settings;
    }

    private void applyTimes(final QueueSettings settings) {
        if (visibilityTimeoutNs != null) {
            settings.visibilityTimeoutNs(visibilityTimeoutNs);
        }
        if (delayNs != null) {
            settings.delayNs(delayNs);
        }
        if (receiveWaitNs != null) {
            settings.receiveWaitNs(receiveWaitNs);
        }
        if (retentionNs != null) {
            settings.retentionNs(retentionNs);
        }
        if (backoffDelayNs != null) {
            settings.backoffDelayNs(backoffDelayNs);
        }
        if (backoffMaxNs != null) {
            settings.backoffMaxNs(backoffMaxNs);
        }
        if (highAgeNs != null) {
            settings.highAgeNs(highAgeNs);
        }
        if (lowAgeNs != null) {
            settings.lowAgeNs(lowAgeNs);
        }
    }

    private void applyCodes(final QueueSettings settings) {
        if (queueType != null) {
            settings.queueType(queueType);
        }
        if (contentDeduplication != null) {
            settings.contentDeduplication(contentDeduplication);
        }
        if (deduplicationScope != null) {
            settings.deduplicationScope(deduplicationScope);
        }
        if (throughputScope != null) {
            settings.throughputScope(throughputScope);
        }
        if (redrivePermission != null) {
            settings.redrivePermission(redrivePermission);
        }
        if (backoff != null) {
            settings.backoff(backoff);
        }
    }
}
