package io.millrace.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.client.BlobInfo;
import io.millrace.client.BlobReference;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists blobs. */
@Command(
        name = "list",
        description = "Lists the blobs in order of their declaration.",
        footer = {"", "Example:", "  millrace blob list"})
final class BlobList extends ServerAction {

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final List<BlobInfo> blobs = server.blobs().list();
        blobs.forEach(blob -> output.print(text(blob), json -> write(blob, json)));
        if (blobs.isEmpty()) {
            output.printText("There is no blob.");
        }
    }

    static String text(final BlobInfo blob) {
        return String.format(
                "%8d  %d bytes, SHA-256 %s, declared %s, %d references",
                blob.reference().blobId(),
                blob.reference().contentLength(),
                blob.reference().sha256(),
                ReceivedMessage.instant(blob.declaredTimeNs()),
                blob.referenceCount());
    }

    static void write(final BlobInfo blob, final JsonGenerator json) throws IOException {
        write(blob.reference(), json);
        json.writeNumberField("declaredTimeNs", blob.declaredTimeNs());
        json.writeNumberField("references", blob.referenceCount());
    }

    static void write(final BlobReference blob, final JsonGenerator json) throws IOException {
        json.writeNumberField("blobId", blob.blobId());
        json.writeNumberField("length", blob.contentLength());
        json.writeStringField("sha256", blob.sha256());
    }
}
