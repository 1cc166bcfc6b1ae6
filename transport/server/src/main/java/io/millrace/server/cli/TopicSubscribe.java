package io.millrace.server.cli;

import io.millrace.client.SubscriptionSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Subscribes a queue or a stream to a topic. */
@Command(
        name = "subscribe",
        description =
                "Subscribes a queue or a stream to a topic. One that is subscribed with these settings is left as it is.",
        footer = {
            "",
            "Examples:",
            "  millrace topic subscribe trades audit --raw on --dead-letter-queue failed",
            "  millrace topic subscribe trades large --filter '{\"amount\":[{\"numeric\":[\">=\",10]}]}'",
            "  millrace topic subscribe orders history --replay-from -12h",
            "  millrace topic subscribe trades --stream tape --key-attribute symbol --raw on"
        })
final class TopicSubscribe extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the topic.")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "QUEUE", description = "Name of the queue.")
    private String queue;

    @Option(
            names = "--stream",
            paramLabel = "STREAM",
            description = "Name of a stream instead of QUEUE: each message becomes a record.")
    private String stream;

    @Option(
            names = "--key-attribute",
            paramLabel = "NAME",
            description =
                    "With --stream: the message attribute whose value is the partition key. Without one, that is the message "
                            + "group or else the message id.")
    private String keyAttribute = "";

    @Mixin
    private SubscriptionOptions options;

    @Override
    void validate() {
        if ((queue == null) == (stream == null)) {
            throw new ParameterException(spec.commandLine(), "Give either QUEUE or --stream");
        }
        if (stream == null && !keyAttribute.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Give --key-attribute with --stream only");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long topicId = server.topics().lookUp(name).topicId();
        final SubscriptionSettings settings = options.settings(server);
        final long subscriptionId = stream == null
                ? server.topics().subscribeQueue(topicId, server.lookUp(queue).queueId(), settings)
                : server.topics()
                        .subscribeStream(
                                topicId, server.streams().lookUp(stream).streamId(), keyAttribute, settings);
        final String kind = stream == null ? "queue" : "stream";
        final String endpoint = stream == null ? queue : stream;
        output.print(
                output.capital(kind) + " " + endpoint + " is subscribed to topic " + name + " with id " + subscriptionId
                        + ".",
                json -> {
                    json.writeStringField("topic", name);
                    json.writeStringField(kind, endpoint);
                    json.writeNumberField("subscriptionId", subscriptionId);
                });
    }
}
