package io.millrace.server.cli;

import io.millrace.client.StreamSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates a stream. */
@Command(
        name = "create",
        description =
                "Creates a stream and waits until its shards are open. A stream of this name, these settings and this number of "
                        + "shards is left as it is.",
        footer = {"", "Example:", "  millrace stream create tape --shards 4 --retention 7d"})
final class StreamCreate extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the stream.")
    private String name;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "Shards, which divide the records by their keys. Default: 1.")
    private int shards = 1;

    @Mixin
    private StreamSettingOptions settings;

    @Override
    void validate() {
        if (shards < 1) {
            throw new ParameterException(spec.commandLine(), "Option --shards must be at least 1");
        }
        settings.applyTo(StreamSettings.changes());
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long streamId = server.streams().create(settings.applyTo(StreamSettings.named(name)), shards);
        server.streams().awaitActive(streamId);
        output.print("Stream " + name + " has id " + streamId + ".", json -> {
            json.writeStringField("stream", name);
            json.writeNumberField("streamId", streamId);
        });
    }
}
