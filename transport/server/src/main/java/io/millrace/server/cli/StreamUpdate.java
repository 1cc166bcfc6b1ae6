package io.millrace.server.cli;

import io.millrace.client.Streams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Changes the number of shards. */
@Command(
        name = "update",
        description =
                "Splits or merges shards, spread evenly, until there are as many as wanted, and waits until they are open.",
        footer = {"", "Example:", "  millrace stream update tape --shards 8"})
final class StreamUpdate extends ReshardAction {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--shards",
            required = true,
            paramLabel = "N",
            description = "Open shards wanted: at most twice, at least half of what there is.")
    private int shards;

    @Override
    void validate() {
        if (shards < 1) {
            throw new ParameterException(spec.commandLine(), "Option --shards must be at least 1");
        }
    }

    @Override
    void begin(final Streams streams, final long streamId) {
        streams.updateShardCount(streamId, shards);
    }
}
