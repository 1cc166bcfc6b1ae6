package io.millrace.server.cli;

import io.millrace.client.Streams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes one shard of two. */
@Command(
        name = "merge",
        description =
                "Makes one shard of two and waits until it is open. What is in them can be read until the retention is over.",
        footer = {"", "Example:", "  millrace stream merge tape 1 2"})
final class StreamMerge extends ReshardAction {

    @Parameters(index = "1", paramLabel = "SHARD", description = "Id of a shard.")
    private long shardId;

    @Parameters(
            index = "2",
            paramLabel = "ADJACENT",
            description = "Id of the shard that begins where the first one ends.")
    private long adjacentShardId;

    @Override
    void begin(final Streams streams, final long streamId) {
        streams.merge(shardId, adjacentShardId);
    }
}
