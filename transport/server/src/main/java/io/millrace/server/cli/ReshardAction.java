package io.millrace.server.cli;

import io.millrace.client.ShardInfo;
import io.millrace.client.ShardSelection;
import io.millrace.client.Streams;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Changes the shards of a stream, waits until they stand, and shows those that are open then. */
abstract class ReshardAction extends ServerAction {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the stream.")
    private String name;

    /** Begins the change. */
    abstract void begin(Streams streams, long streamId);

    @Override
    final void execute(final ServerConnection server, final OutputOptions output) {
        final Streams streams = server.streams();
        final long streamId = streams.lookUp(name).streamId();
        begin(streams, streamId);
        streams.awaitActive(streamId);
        final List<Long> open = streams.shards(streamId, ShardSelection.OPEN).stream()
                .map(ShardInfo::shardId)
                .toList();
        output.print("Stream " + name + " has the open shards " + open + " now.", json -> {
            json.writeStringField("stream", name);
            json.writeFieldName("openShards");
            json.writeStartArray();
            for (final long shardId : open) {
                json.writeNumber(shardId);
            }
            json.writeEndArray();
        });
    }
}
