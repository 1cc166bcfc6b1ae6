package io.millrace.server.cli;

import io.millrace.client.DeliveryPolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sets a delivery policy. */
@Command(
        name = "set-delivery",
        description =
                "Sets how deliveries to sessions are tried again, of a subscription or of the whole topic for subscriptions "
                        + "without a policy of their own.",
        footer = {
            "",
            "Examples:",
            "  millrace topic set-delivery trades --retries 10 --retries-at-once 2 --min-delay 1s --max-delay 1m "
                    + "--retry-function exponential",
            "  millrace topic set-delivery trades desk --retries 0 --max-per-second 100",
            "  millrace topic set-delivery trades desk --none"
        })
final class TopicSetDelivery extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the topic.")
    private String name;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SUBSCRIPTION",
            description = "Name of a subscription that sessions consume. Default: the topic's policy is set.")
    private String subscription;

    @Option(names = "--none", description = "Takes the policy away.")
    private boolean none;

    @Mixin
    private DeliveryOptions options;

    @Override
    void validate() {
        if (none != options.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    none ? "Give --none or a policy, not both" : "Name a setting of the policy, or --none");
        }
        options.policy();
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long topicId = server.topics().lookUp(name).topicId();
        final DeliveryPolicy policy = options.policy();
        if (subscription == null) {
            server.topics().setDeliveryPolicy(topicId, policy);
        } else {
            final long subscriptionId = SubscriptionAction.named(server, name, topicId, subscription)
                    .subscriptionId();
            server.topics().setSubscriptionDeliveryPolicy(subscriptionId, policy);
        }
        final String whose =
                subscription == null ? "topic " + name : "subscription " + subscription + " of topic " + name;
        output.print(
                none
                        ? "The delivery policy of " + whose + " is taken away."
                        : "The delivery policy of " + whose + " is " + DeliveryOptions.text(policy) + ".",
                json -> {
                    json.writeStringField("topic", name);
                    if (subscription != null) {
                        json.writeStringField("subscription", subscription);
                    }
                });
    }
}
