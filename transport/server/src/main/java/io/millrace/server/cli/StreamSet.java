package io.millrace.server.cli;

import io.millrace.client.StreamSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Changes settings of a stream. */
@Command(
        name = "set",
        description =
                "Changes settings of a stream; those that are not named stay as they are. A shorter retention puts older records out "
                        + "of reach at once, a longer one does not bring them back.",
        footer = {"", "Example:", "  millrace stream set tape --retention 30d"})
final class StreamSet extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the stream.")
    private String name;

    @Mixin
    private StreamSettingOptions settings;

    @Override
    void validate() {
        if (settings.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Name a setting to change");
        }
        settings.applyTo(StreamSettings.changes());
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long streamId = server.streams().lookUp(name).streamId();
        server.streams().set(streamId, settings.applyTo(StreamSettings.changes()));
        output.print("Stream " + name + " is changed.", json -> {
            json.writeStringField("stream", name);
            json.writeNumberField("streamId", streamId);
        });
    }
}
