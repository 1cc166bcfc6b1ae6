package io.millrace.server.cli;

import io.millrace.client.HashKey;
import io.millrace.client.ShardInfo;
import io.millrace.client.Streams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Divides a shard in two. */
@Command(
        name = "split",
        description =
                "Divides a shard in two and waits until they are open. What is in it can be read until the retention is over.",
        footer = {
            "",
            "Examples:",
            "  millrace stream split tape 1",
            "  millrace stream split tape 1 --at 170141183460469231731687303715884105728"
        })
final class StreamSplit extends ReshardAction {

    @Parameters(index = "1", paramLabel = "SHARD", description = "Id of the shard, as millrace stream shards shows it.")
    private long shardId;

    @Option(
            names = "--at",
            paramLabel = "HASHKEY",
            converter = HashKeyConverter.class,
            description = "Where the second one begins. Default: in the middle.")
    private HashKey at;

    @Override
    void begin(final Streams streams, final long streamId) {
        streams.split(shardId, at == null ? middle(streams, streamId) : at);
    }

    private HashKey middle(final Streams streams, final long streamId) {
        final ShardInfo shard = streams.shards(streamId).stream()
                .filter(each -> each.shardId() == shardId)
                .findFirst()
                .orElseThrow(() -> new CommandFailure("The stream has no shard with the id " + shardId + "."));
        return HashKey.middle(shard.firstHashKey(), shard.lastHashKey());
    }
}
