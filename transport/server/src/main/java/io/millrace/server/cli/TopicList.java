package io.millrace.server.cli;

import io.millrace.client.TopicName;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists topics. */
@Command(
        name = "list",
        description = "Lists the topics in order of creation.",
        footer = {"", "Example:", "  millrace topic list --prefix trade"})
final class TopicList extends ServerAction {

    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only names that start with this.")
    private String prefix = "";

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final List<TopicName> topics = server.topics().list(prefix);
        for (final TopicName topic : topics) {
            output.print(String.format("%8d  %s", topic.topicId(), topic.name()), json -> {
                json.writeStringField("topic", topic.name());
                json.writeNumberField("topicId", topic.topicId());
            });
        }
        if (topics.isEmpty()) {
            output.printText(
                    "There is no topic" + (prefix.isEmpty() ? "." : " whose name starts with " + prefix + "."));
        }
    }
}
