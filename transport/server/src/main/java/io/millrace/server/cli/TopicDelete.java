package io.millrace.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes a topic. */
@Command(
        name = "delete",
        description = "Deletes a topic and its subscriptions; what was published before is delivered.",
        footer = {"", "Example:", "  millrace topic delete trades"})
final class TopicDelete extends ServerAction {

    @Parameters(paramLabel = "NAME", description = "Name of the topic.")
    private String name;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long topicId = server.topics().lookUp(name).topicId();
        server.topics().delete(topicId);
        output.print("Topic " + name + " is deleted.", json -> {
            json.writeStringField("topic", name);
            json.writeNumberField("topicId", topicId);
        });
    }
}
