package io.millrace.server.cli;

import io.millrace.client.PushSettings;
import io.millrace.client.TopicSubscription;
import io.millrace.codecs.Switch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what is published to a topic as it comes. */
@Command(
        name = "listen",
        description = {
            "Has what is published to a topic pushed to this session, prints and acknowledges it, until it is stopped.",
            "With --name the subscription stays when the command ends: what is published meanwhile waits, and several commands that "
                    + "listen under one name share it. Without, it begins and ends with the command."
        },
        footer = {
            "",
            "Examples:",
            "  millrace topic listen trades --filter '{\"amount\":[{\"numeric\":[\">=\",10]}]}' --count 10",
            "  millrace topic listen trades --name desk --retries 5 --min-delay 1s --json",
            "  millrace topic listen ticks --at-most-once"
        })
final class TopicListen extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the topic.")
    private String topic;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the subscription, which stays.")
    private String name;

    @Option(names = "--count", paramLabel = "N", description = "Ends after this many messages.")
    private long count = Long.MAX_VALUE;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Ends after this time.")
    private long durationNs = Long.MAX_VALUE;

    @Option(
            names = "--at-most-once",
            description =
                    "Nothing is acknowledged or delivered again; what comes while nobody listens is dropped and counted.")
    private boolean atMostOnce;

    @Mixin
    private SubscriptionOptions options;

    @Mixin
    private DeliveryOptions delivery;

    @Override
    void validate() {
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "Option --count must be at least 1");
        }
        delivery.policy();
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        try (ShutdownSignal signal = new ShutdownSignal()) {
            subscribeAndListen(server, output, signal);
            if (signal.isGiven()) {
                // Nobody comes back to the caller once the process is ending.
                server.close();
            }
        }
    }

    private void subscribeAndListen(
            final ServerConnection server, final OutputOptions output, final ShutdownSignal signal) {
        final long topicId = server.topics().lookUp(topic).topicId();
        final PushSettings settings = PushSettings.named(name == null ? nameOfItsOwn() : name)
                .delivery(options.settings(server))
                .deliveryPolicy(delivery.policy())
                .acknowledged(atMostOnce ? Switch.OFF : Switch.ON);
        final TopicSubscription subscription = server.topics().subscribeSession(topicId, settings);
        try {
            final long startNs = System.nanoTime();
            server.listen(
                    subscription.queueId(),
                    count,
                    () -> signal.isGiven() || System.nanoTime() - startNs >= durationNs,
                    message -> output.print(message.line(), message::writeTo));
        } finally {
            if (name == null) {
                server.topics().unsubscribe(subscription.subscriptionId());
            }
        }
    }

    private static String nameOfItsOwn() {
        return "listen-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    }
}
