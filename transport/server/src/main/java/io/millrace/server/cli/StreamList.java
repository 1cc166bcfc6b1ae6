package io.millrace.server.cli;

import io.millrace.client.StreamName;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists streams. */
@Command(
        name = "list",
        description = "Lists the streams in order of creation.",
        footer = {"", "Example:", "  millrace stream list --prefix ta"})
final class StreamList extends ServerAction {

    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only names that start with this.")
    private String prefix = "";

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final List<StreamName> streams = server.streams().list(prefix);
        for (final StreamName stream : streams) {
            output.print(String.format("%8d  %s", stream.streamId(), stream.name()), json -> {
                json.writeStringField("stream", stream.name());
                json.writeNumberField("streamId", stream.streamId());
            });
        }
        if (streams.isEmpty()) {
            output.printText(
                    "There is no stream" + (prefix.isEmpty() ? "." : " whose name starts with " + prefix + "."));
        }
    }
}
