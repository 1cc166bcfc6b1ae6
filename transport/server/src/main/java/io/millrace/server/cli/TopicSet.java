package io.millrace.server.cli;

import io.millrace.client.TopicSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Changes settings of a topic. */
@Command(
        name = "set",
        description = "Changes settings of a topic; those that are not named stay as they are.",
        footer = {
            "",
            "Examples:",
            "  millrace topic set orders --content-deduplication off",
            "  millrace topic set orders --archive 0"
        })
final class TopicSet extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the topic.")
    private String name;

    @Mixin
    private TopicSettingOptions settings;

    @Override
    void validate() {
        if (settings.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Name a setting to change");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long topicId = server.topics().lookUp(name).topicId();
        server.topics().set(topicId, settings.applyTo(TopicSettings.changes()));
        output.print("Topic " + name + " is changed.", json -> {
            json.writeStringField("topic", name);
            json.writeNumberField("topicId", topicId);
        });
    }
}
