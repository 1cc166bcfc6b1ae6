package io.millrace.server.cli;

import io.millrace.client.TopicSubscription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** Changes settings of a subscription. */
@Command(
        name = "set-subscription",
        description = "Changes settings of a subscription; those that are not named stay as they are.",
        footer = {
            "",
            "Examples:",
            "  millrace topic set-subscription trades audit --raw off",
            "  millrace topic set-subscription orders history --replay-from 2030-01-31T08:00:00Z"
        })
final class TopicSetSubscription extends SubscriptionAction {

    @Mixin
    private SubscriptionOptions options;

    @Override
    void validate() {
        super.validate();
        if (options.isEmpty()) {
            throw new ParameterException(spec().commandLine(), "Name a setting to change");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final TopicSubscription subscription = subscription(server);
        server.topics().setSubscription(subscription.subscriptionId(), options.settings(server));
        output.print("Subscription " + subscription.subscriptionId() + " is changed.", json -> {
            json.writeStringField("topic", topic());
            json.writeNumberField("subscriptionId", subscription.subscriptionId());
        });
    }
}
