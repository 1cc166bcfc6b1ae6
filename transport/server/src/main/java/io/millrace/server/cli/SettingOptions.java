package io.millrace.server.cli;

import io.millrace.client.QueueSettings;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
    private Long maxMessageBytes;

    @Option(
            names = "--max-receive-count",
            paramLabel = "N",
            description = "Receives before a message goes to the dead-letter queue.")
    private Long maxReceiveCount;

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

    /** Whether no option was given. */
    boolean isEmpty() {
        return redriveSources.isEmpty()
                && Stream.of(
                                visibilityTimeoutNs,
                                delayNs,
                                receiveWaitNs,
                                retentionNs,
                                backoffDelayNs,
                                backoffMaxNs,
                                highAgeNs,
                                lowAgeNs,
                                highDepth,
                                lowDepth,
                                maxMessageBytes,
                                maxReceiveCount,
                                priorities,
                                queueType,
                                contentDeduplication,
                                deduplicationScope,
                                throughputScope,
                                redrivePermission,
                                backoff,
                                deadLetterQueue)
                        .allMatch(Objects::isNull);
    }

    /** Whether an option is outside what the protocol can say; null if none is. */
    String complaint() {
        if (priorities != null && (priorities < 0 || priorities > 254)) {
            return "Option --priorities must be from 0 to 254";
        }
        if (isNoCount(maxMessageBytes)) {
            return "Option --max-message-bytes must be from 0 to " + Integer.MAX_VALUE;
        }
        return isNoCount(maxReceiveCount) ? "Option --max-receive-count must be from 0 to " + Integer.MAX_VALUE : null;
    }

    private static boolean isNoCount(final Long value) {
        return value != null && (value < 0 || value > Integer.MAX_VALUE);
    }

    /** Puts what was given into settings; queues are looked up by their names. */
    QueueSettings applyTo(final QueueSettings settings, final ServerConnection server) {
        ifGiven(visibilityTimeoutNs, settings::visibilityTimeoutNs);
        ifGiven(delayNs, settings::delayNs);
        ifGiven(receiveWaitNs, settings::receiveWaitNs);
        ifGiven(retentionNs, settings::retentionNs);
        ifGiven(backoffDelayNs, settings::backoffDelayNs);
        ifGiven(backoffMaxNs, settings::backoffMaxNs);
        ifGiven(highAgeNs, settings::highAgeNs);
        ifGiven(lowAgeNs, settings::lowAgeNs);
        ifGiven(highDepth, settings::highDepth);
        ifGiven(lowDepth, settings::lowDepth);
        ifGiven(maxMessageBytes, settings::maxMessageBytes);
        ifGiven(priorities, settings::priorities);
        ifGiven(queueType, settings::queueType);
        ifGiven(contentDeduplication, settings::contentDeduplication);
        ifGiven(deduplicationScope, settings::deduplicationScope);
        ifGiven(throughputScope, settings::throughputScope);
        ifGiven(redrivePermission, settings::redrivePermission);
        ifGiven(backoff, settings::backoff);
        ifGiven(deadLetterQueue, name -> {
            if (name.equals(NO_QUEUE)) {
                settings.deadLetterQueueId(0).maxReceiveCount(0);
            } else {
                settings.deadLetterQueueId(server.lookUp(name).queueId());
            }
        });
        ifGiven(maxReceiveCount, settings::maxReceiveCount);
        if (!redriveSources.isEmpty()) {
            settings.redriveSources(redriveSources.stream()
                    .mapToLong(name -> server.lookUp(name).queueId())
                    .toArray());
        }
        return settings;
    }

    private static <T> void ifGiven(final T value, final Consumer<T> setting) {
        if (value != null) {
            setting.accept(value);
        }
    }
}
