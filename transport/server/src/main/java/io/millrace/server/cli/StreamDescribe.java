package io.millrace.server.cli;

import io.millrace.client.StreamInfo;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows settings and counts of a stream. */
@Command(
        name = "describe",
        description = "Shows the settings of a stream and what was put to it.",
        footer = {"", "Example:", "  millrace stream describe tape --json"})
final class StreamDescribe extends ServerAction {

    @Parameters(paramLabel = "NAME", description = "Name of the stream.")
    private String name;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final StreamInfo stream = server.streams().lookUp(name);
        output.print(String.join(System.lineSeparator(), lines(stream)), json -> {
            json.writeStringField("stream", stream.name());
            json.writeNumberField("streamId", stream.streamId());
            json.writeStringField("status", CodeConverter.format(stream.status()));
            json.writeNumberField("createdTimeNs", stream.createdTimeNs());
            json.writeNumberField("changedTimeNs", stream.changedTimeNs());
            json.writeNumberField("horizonTimeNs", stream.horizonTimeNs());
            json.writeNumberField("retentionNs", stream.retentionNs());
            json.writeNumberField("maxRecordBytes", stream.maxRecordBytes());
            json.writeNumberField("openShards", stream.openShardCount());
            json.writeNumberField("shards", stream.shardCount());
            json.writeNumberField("records", stream.recordCount());
            json.writeNumberField("bytes", stream.recordBytes());
        });
    }

    private static List<String> lines(final StreamInfo stream) {
        final List<String> lines = new ArrayList<>();
        add(lines, "stream", stream.name() + " (id " + stream.streamId() + ")");
        add(lines, "status", CodeConverter.format(stream.status()));
        add(lines, "created", ReceivedMessage.instant(stream.createdTimeNs()));
        add(lines, "changed", ReceivedMessage.instant(stream.changedTimeNs()));
        add(lines, "horizon", ReceivedMessage.instant(stream.horizonTimeNs()));
        add(lines, "retention", DurationConverter.format(stream.retentionNs()));
        add(lines, "max record bytes", stream.maxRecordBytes());
        add(lines, "shards", stream.openShardCount() + " open of " + stream.shardCount());
        add(lines, "records", stream.recordCount() + ", " + stream.recordBytes() + " bytes");
        return lines;
    }

    private static void add(final List<String> lines, final String label, final Object value) {
        lines.add(String.format("%-18s  %s", label, value));
    }
}
