package io.millrace.server.cli;

import io.millrace.client.BlobInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Describes a blob. */
@Command(
        name = "describe",
        description = "Tells length and digest of a blob, and how many messages refer to it.",
        footer = {"", "Example:", "  millrace blob describe 1"})
final class BlobDescribe extends ServerAction {

    @Parameters(index = "0", paramLabel = "ID", description = "The blob.")
    private long blobId;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final BlobInfo blob = server.blobs().describe(blobId);
        output.print(BlobList.text(blob), json -> BlobList.write(blob, json));
    }
}
