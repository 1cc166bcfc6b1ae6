package io.millrace.server.cli;

import io.millrace.client.TopicSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Creates a topic. */
@Command(
        name = "create",
        description = "Creates a topic. A topic of this name and these settings is left as it is.",
        footer = {
            "",
            "Examples:",
            "  millrace topic create trades",
            "  millrace topic create orders --type fifo --content-deduplication on --archive 30d"
        })
final class TopicCreate extends ServerAction {

    @Parameters(paramLabel = "NAME", description = "Name of the topic.")
    private String name;

    @Mixin
    private TopicSettingOptions settings;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long topicId = server.topics().create(settings.applyTo(TopicSettings.named(name)));
        output.print("Topic " + name + " has id " + topicId + ".", json -> {
            json.writeStringField("topic", name);
            json.writeNumberField("topicId", topicId);
        });
    }
}
