package io.millrace.server.cli;

import io.millrace.client.ShardInfo;
import io.millrace.client.ShardSelection;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists shards of a stream. */
@Command(
        name = "shards",
        description = "Lists the shards of a stream in order of their creation, with what each was made from.",
        footer = {
            "",
            "Examples:",
            "  millrace stream shards tape --open",
            "  millrace stream shards tape --since 2030-01-31T08:00:00Z --json"
        })
final class StreamShards extends ServerAction {

    @Parameters(paramLabel = "NAME", description = "Name of the stream.")
    private String name;

    @ArgGroup
    private Selection selection = new Selection();

    /** Which shards, in one way. */
    private static final class Selection {
        @Option(names = "--open", description = "Only those that are open.")
        private boolean open;

        @Option(names = "--at-horizon", description = "Only those that were open at the beginning of the retention.")
        private boolean horizon;

        @Option(
                names = "--at",
                paramLabel = "INSTANT",
                converter = InstantConverter.class,
                description = "Only those that were open at this time, for example 2030-01-31T08:00:00Z.")
        private Long atNs;

        @Option(
                names = "--since",
                paramLabel = "INSTANT",
                converter = InstantConverter.class,
                description = "Only those that were open at this time or later.")
        private Long sinceNs;

        private ShardSelection value() {
            if (atNs != null || sinceNs != null) {
                return atNs != null ? ShardSelection.at(atNs) : ShardSelection.from(sinceNs);
            }
            return open ? ShardSelection.OPEN : horizon ? ShardSelection.AT_HORIZON : ShardSelection.ALL;
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long streamId = server.streams().lookUp(name).streamId();
        for (final ShardInfo shard : server.streams().shards(streamId, selection.value())) {
            output.print(text(shard), json -> {
                json.writeStringField("stream", name);
                json.writeNumberField("shardId", shard.shardId());
                json.writeNumberField("index", shard.shardIndex());
                json.writeStringField("state", CodeConverter.format(shard.state()));
                json.writeNumberField("parent", shard.parentShardId());
                json.writeNumberField("adjacentParent", shard.adjacentParentShardId());
                json.writeStringField("firstHashKey", shard.firstHashKey().toString());
                json.writeStringField("lastHashKey", shard.lastHashKey().toString());
                json.writeNumberField("openedTimeNs", shard.openedTimeNs());
                json.writeNumberField("closedTimeNs", shard.closedTimeNs());
                json.writeNumberField("lastSequenceNumber", shard.lastSequenceNumber());
                json.writeNumberField("lastArrivalTimeNs", shard.lastArrivalTimeNs());
                json.writeNumberField("records", shard.recordCount());
                json.writeNumberField("bytes", shard.recordBytes());
            });
        }
    }

    private static String text(final ShardInfo shard) {
        final StringBuilder line = new StringBuilder();
        line.append(String.format("%8d  %-7s", shard.shardId(), CodeConverter.format(shard.state())));
        line.append("  ").append(shard.firstHashKey()).append(" to ").append(shard.lastHashKey());
        line.append("  ").append(shard.recordCount()).append(" records");
        if (shard.parentShardId() != 0) {
            line.append("  from ").append(shard.parentShardId());
            line.append(shard.adjacentParentShardId() == 0 ? "" : " and " + shard.adjacentParentShardId());
        }
        return line.toString();
    }
}
