package io.millrace.server.cli;

import io.millrace.client.SubscriptionSettings;
import io.millrace.codecs.Switch;
import picocli.CommandLine.Option;

/** The settings of a subscription as options. What is not given is not said to the server. */
final class SubscriptionOptions {

    /** Name that stands for no dead-letter queue. */
    private static final String NO_QUEUE = "none";

    @Option(
            names = "--raw",
            paramLabel = "ON|OFF",
            converter = CodeConverter.OnOff.class,
            description = "On: messages as they were published; off: in an envelope of JSON. Default: off.")
    private Switch rawDelivery;

    @Option(
            names = "--dead-letter-queue",
            paramLabel = "NAME",
            description = "Queue for what cannot be delivered, of the topic's type; none takes it away.")
    private String deadLetterQueue;

    /** Whether no option was given. */
    boolean isEmpty() {
        return rawDelivery == null && deadLetterQueue == null;
    }

    /** The settings that were given; queues are looked up by their names. */
    SubscriptionSettings settings(final ServerConnection server) {
        final SubscriptionSettings settings = new SubscriptionSettings();
        if (rawDelivery != null) {
            settings.rawDelivery(rawDelivery);
        }
        if (deadLetterQueue != null) {
            settings.deadLetterQueueId(
                    deadLetterQueue.equals(NO_QUEUE)
                            ? 0
                            : server.lookUp(deadLetterQueue).queueId());
        }
        return settings;
    }
}
