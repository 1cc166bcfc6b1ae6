package io.millrace.server.cli;

import io.millrace.client.TopicSubscription;
import picocli.CommandLine.Command;

/** Ends a subscription. */
@Command(
        name = "unsubscribe",
        description = "Ends a subscription: what was published and has not reached its queue will not.",
        footer = {
            "",
            "Examples:",
            "  millrace topic unsubscribe trades audit",
            "  millrace topic unsubscribe trades --name desk",
            "  millrace topic unsubscribe trades --id 7"
        })
final class TopicUnsubscribe extends SubscriptionAction {

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final TopicSubscription subscription = subscription(server);
        server.topics().unsubscribe(subscription.subscriptionId());
        output.print("Subscription " + subscription.subscriptionId() + " has ended.", json -> {
            json.writeStringField("topic", topic());
            json.writeNumberField("subscriptionId", subscription.subscriptionId());
        });
    }
}
