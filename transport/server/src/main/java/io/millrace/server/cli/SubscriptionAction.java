package io.millrace.server.cli;

import io.millrace.client.SubscriptionInfo;
import io.millrace.client.TopicSubscription;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command on one subscription of a topic, which is named by its queue, by its own name if sessions consume it, or by its id. */
abstract class SubscriptionAction extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the topic.")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "QUEUE", description = "Name of the subscribed queue.")
    private String queue;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of a subscription that sessions consume, instead of QUEUE.")
    private String subscriptionName;

    @Option(names = "--stream", paramLabel = "STREAM", description = "Name of the subscribed stream, instead of QUEUE.")
    private String stream;

    @Option(names = "--id", paramLabel = "ID", description = "Id of the subscription instead of QUEUE.")
    private Long id;

    @Override
    void validate() {
        final long given = Stream.of(queue, subscriptionName, stream, id)
                .filter(Objects::nonNull)
                .count();
        if (given != 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    given == 0
                            ? "Give QUEUE, --stream, --name or --id"
                            : "Give only one of QUEUE, --stream, --name and --id");
        }
    }

    String topic() {
        return name;
    }

    CommandSpec spec() {
        return spec;
    }

    /** What was named, or a refusal. */
    final TopicSubscription subscription(final ServerConnection server) {
        final long topicId = server.topics().lookUp(name).topicId();
        if (subscriptionName != null) {
            return named(server, name, topicId, subscriptionName);
        }
        if (stream != null) {
            final long streamId = server.streams().lookUp(stream).streamId();
            return find(
                    server,
                    topicId,
                    each -> each.streamId() == streamId,
                    "Stream " + stream + " is not subscribed to topic " + name + ".");
        }
        final long queueId = queue == null ? 0 : server.lookUp(queue).queueId();
        final Predicate<TopicSubscription> isMeant =
                each -> queue == null ? each.subscriptionId() == id : each.queueId() == queueId;
        return find(
                server,
                topicId,
                isMeant,
                queue == null
                        ? "Topic " + name + " has no subscription with id " + id + "."
                        : "Queue " + queue + " is not subscribed to topic " + name + ".");
    }

    private static TopicSubscription find(
            final ServerConnection server,
            final long topicId,
            final Predicate<TopicSubscription> isMeant,
            final String refusal) {
        return server.topics().subscriptions(topicId).stream()
                .filter(isMeant)
                .findFirst()
                .orElseThrow(() -> new CommandFailure(refusal));
    }

    /** What sessions consume under a name, or a refusal. */
    static TopicSubscription named(
            final ServerConnection server, final String topic, final long topicId, final String subscription) {
        return server.topics().subscriptions(topicId).stream()
                .filter(each -> isNamed(server.topics().describeSubscription(each.subscriptionId()), subscription))
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        "Topic " + topic + " has no subscription of sessions that is named " + subscription + "."));
    }

    private static boolean isNamed(final SubscriptionInfo subscription, final String name) {
        return subscription.push() != null && subscription.push().name().equals(name);
    }
}
