package io.millrace.server.cli;

import io.millrace.store.BatchReader;
import io.millrace.store.JournalVerifier;
import io.millrace.store.RecoveryReport;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the records of a journal. */
@Command(
        name = "print",
        description = "Prints the records of the journal, also while a server is running.",
        footer = {"", "Example:", "  millrace journal print --from 100 --to 120 --json"})
final class JournalPrint implements Runnable {

    @Mixin
    private DirectoryOption directory;

    @Mixin
    private OutputOptions output;

    @Option(names = "--from", paramLabel = "N", description = "First position. Default: the first there is.")
    private long from;

    @Option(names = "--to", paramLabel = "N", description = "Last position. Default: the last there is.")
    private long to = Long.MAX_VALUE;

    @Override
    public void run() {
        final Path path = directory.path();
        final RecoveryReport report = JournalVerifier.verify(path, true);
        final RecordDecoder decoder = decoder();
        CountingScan.run(path, report, (file, filePosition, batch) -> {
            while (batch.lastPosition() >= from && batch.position() < to && batch.next()) {
                if (batch.position() >= from) {
                    print(decoder, batch);
                }
            }
            return batch.lastPosition() < to;
        });
    }

    private static RecordDecoder decoder() {
        try {
            return new RecordDecoder();
        } catch (final NoClassDefFoundError e) {
            throw new CommandFailure(
                    "This class path has no SBE tool, which decodes the records: use ./millrace journal print", e);
        }
    }

    private void print(final RecordDecoder decoder, final BatchReader batch) {
        final String name = decoder.name(batch.buffer(), batch.frameOffset(), batch.frameLength());
        final StringBuilder line = new StringBuilder();
        if (!output.isJson()) {
            line.append(batch.position());
            line.append(" boot=").append(batch.bootEpoch());
            line.append(' ').append(ReceivedMessage.instant(batch.timestampNs()));
            line.append(batch.sessionId() == 0 ? "" : " session=" + batch.sessionId());
            line.append(' ').append(name);
            decoder.decode(batch.buffer(), batch.frameOffset(), batch.frameLength(), new TextSink(line));
        }
        output.print(line.toString(), json -> {
            json.writeNumberField("position", batch.position());
            json.writeNumberField("bootEpoch", batch.bootEpoch());
            json.writeNumberField("timeNs", batch.timestampNs());
            json.writeNumberField("sessionId", batch.sessionId());
            json.writeStringField("record", name);
            json.writeObjectFieldStart("fields");
            decoder.decode(batch.buffer(), batch.frameOffset(), batch.frameLength(), new JsonSink(json));
            json.writeEndObject();
        });
    }
}
