package io.millrace.server.cli;

import io.millrace.client.SubscriptionSettings;
import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.Switch;
import picocli.CommandLine.Option;

/** The settings of a subscription as options. What is not given is not said to the server. */
final class SubscriptionOptions {

    /** Stands for no dead-letter queue and no filter policy. */
    private static final String NONE = "none";

    @Option(
            names = "--raw",
            paramLabel = "ON|OFF",
            converter = CodeConverter.OnOff.class,
            description =
                    "On: messages as they were published; off: in an envelope of JSON. Default: off for queues, on for"
                            + " sessions.")
    private Switch rawDelivery;

    @Option(
            names = "--dead-letter-queue",
            paramLabel = "NAME",
            description = "Queue for what cannot be delivered, of the topic's type; none takes it away.")
    private String deadLetterQueue;

    @Option(
            names = "--filter",
            paramLabel = "JSON",
            description =
                    "Filter policy as SNS has it: which messages are delivered; none takes it away. Default: all.")
    private String filterPolicy;

    @Option(
            names = "--filter-scope",
            paramLabel = "SCOPE",
            converter = CodeConverter.FilterScope.class,
            description =
                    "What the filter policy is about: message-attributes or message-body. Default: message-attributes.")
    private FilterPolicyScope filterScope;

    @Option(
            names = "--replay-from",
            paramLabel = "INSTANT",
            converter = PastConverter.class,
            description =
                    "From when on archived messages are delivered first, for example 2030-01-31T08:00:00Z, or -1h: an hour "
                            + "ago; 0 ends a replay.")
    private Long replayFromNs;

    /** Whether no option was given. */
    boolean isEmpty() {
        return rawDelivery == null
                && deadLetterQueue == null
                && filterPolicy == null
                && filterScope == null
                && replayFromNs == null;
    }

    /** The settings that were given; queues are looked up by their names. */
    SubscriptionSettings settings(final ServerConnection server) {
        final SubscriptionSettings settings = new SubscriptionSettings();
        if (rawDelivery != null) {
            settings.rawDelivery(rawDelivery);
        }
        if (deadLetterQueue != null) {
            settings.deadLetterQueueId(
                    deadLetterQueue.equals(NONE)
                            ? 0
                            : server.lookUp(deadLetterQueue).queueId());
        }
        if (filterPolicy != null) {
            settings.filterPolicy(filterPolicy.equals(NONE) ? "" : filterPolicy);
        }
        if (filterScope != null) {
            settings.filterScope(filterScope);
        }
        if (replayFromNs != null) {
            settings.replayFromNs(replayFromNs);
        }
        return settings;
    }
}
