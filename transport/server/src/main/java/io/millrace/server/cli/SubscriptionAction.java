package io.millrace.server.cli;

import io.millrace.client.TopicSubscription;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command on one subscription of a topic, which is named by its queue or, if that was deleted, by its id. */
abstract class SubscriptionAction extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the topic.")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "QUEUE", description = "Name of the subscribed queue.")
    private String queue;

    @Option(names = "--id", paramLabel = "ID", description = "Id of the subscription instead of QUEUE.")
    private Long id;

    @Override
    void validate() {
        if ((queue == null) == (id == null)) {
            throw new ParameterException(
                    spec.commandLine(), queue == null ? "Give QUEUE, or --id" : "Give QUEUE or --id, not both");
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
        final long queueId = queue == null ? 0 : server.lookUp(queue).queueId();
        final Predicate<TopicSubscription> isMeant =
                each -> queue == null ? each.subscriptionId() == id : each.queueId() == queueId;
        return server.topics().subscriptions(topicId).stream()
                .filter(isMeant)
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        queue == null
                                ? "Topic " + name + " has no subscription with id " + id + "."
                                : "Queue " + queue + " is not subscribed to topic " + name + "."));
    }
}
