package io.millrace.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes a stream. */
@Command(
        name = "delete",
        description = "Deletes a stream and all its records.",
        footer = {"", "Example:", "  millrace stream delete tape"})
final class StreamDelete extends ServerAction {

    @Parameters(paramLabel = "NAME", description = "Name of the stream.")
    private String name;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long streamId = server.streams().lookUp(name).streamId();
        server.streams().delete(streamId);
        output.print("Stream " + name + " is deleted.", json -> {
            json.writeStringField("stream", name);
            json.writeNumberField("streamId", streamId);
        });
    }
}
