package io.millrace.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Subscribes a queue to a topic. */
@Command(
        name = "subscribe",
        description = "Subscribes a queue to a topic. One that is subscribed with these settings is left as it is.",
        footer = {
            "",
            "Examples:",
            "  millrace topic subscribe trades audit --raw on --dead-letter-queue failed",
            "  millrace topic subscribe trades large --filter '{\"amount\":[{\"numeric\":[\">=\",10]}]}'"
        })
final class TopicSubscribe extends ServerAction {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the topic.")
    private String name;

    @Parameters(index = "1", paramLabel = "QUEUE", description = "Name of the queue.")
    private String queue;

    @Mixin
    private SubscriptionOptions options;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long topicId = server.topics().lookUp(name).topicId();
        final long queueId = server.lookUp(queue).queueId();
        final long subscriptionId = server.topics().subscribeQueue(topicId, queueId, options.settings(server));
        output.print(
                "Queue " + queue + " is subscribed to topic " + name + " with id " + subscriptionId + ".", json -> {
                    json.writeStringField("topic", name);
                    json.writeStringField("queue", queue);
                    json.writeNumberField("subscriptionId", subscriptionId);
                });
    }
}
