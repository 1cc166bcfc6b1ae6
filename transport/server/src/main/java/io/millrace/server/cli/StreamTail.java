package io.millrace.server.cli;

import io.millrace.client.ShardHandler;
import io.millrace.client.StreamFollower;
import io.millrace.client.StreamPosition;
import io.millrace.store.reader.ReaderException;
import io.millrace.store.reader.StreamFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints records of a stream as they come. */
@Command(
        name = "tail",
        description = {
            "Prints the records of all shards of a stream as they come, through splits and merges, until it is stopped.",
            "Reads them from the server's mapped files if they can be read, else asks the server."
        },
        footer = {
            "",
            "Examples:",
            "  millrace stream tail tape",
            "  millrace stream tail tape --from horizon --count 100 --json",
            "  millrace stream tail tape --push bars",
            "  millrace stream tail tape --from 2030-01-31T08:00:00Z --for 1m"
        })
final class StreamTail extends ServerAction {

    private static final int RECORDS = 100;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the stream.")
    private String name;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            converter = StreamPositionConverter.class,
            description =
                    "horizon, latest, a sequence number, or a time such as 2030-01-31T08:00:00Z. Default: latest.")
    private StreamPosition from = StreamPosition.LATEST;

    @Option(names = "--count", paramLabel = "N", description = "Ends after this many records.")
    private long count = Long.MAX_VALUE;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Ends after this time.")
    private long durationNs = Long.MAX_VALUE;

    @Option(names = "--pull", description = "Asks the server even if its files can be read.")
    private boolean pull;

    @Option(
            names = "--push",
            paramLabel = "CONSUMER",
            description =
                    "Has the records pushed by the server, to the consumer of this name: see stream consumer register.")
    private String consumer;

    private long printed;

    @Override
    void validate() {
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "Option --count must be at least 1");
        }
        if (pull && consumer != null) {
            throw new ParameterException(spec.commandLine(), "Options --pull and --push exclude each other");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long streamId = server.streams().lookUp(name).streamId();
        final ShardHandler handler =
                (shardId, sequence, timeNs, buffer, keyOffset, keyLength, dataOffset, dataLength) -> {
                    if (printed < count) {
                        printed++;
                        PrintedRecord.of(
                                        shardId, sequence, timeNs, buffer, keyOffset, keyLength, dataOffset, dataLength)
                                .print(output);
                    }
                };
        try (ShutdownSignal signal = new ShutdownSignal();
                StreamFollower follower = follow(server, streamId, handler)) {
            tail(server, follower, signal);
            if (signal.isGiven()) {
                // Nobody comes back to the caller once the process is ending.
                server.close();
            }
        } catch (final ReaderException e) {
            throw new CommandFailure("The records cannot be read from the files: " + e.getMessage(), e);
        }
    }

    private StreamFollower follow(final ServerConnection server, final long streamId, final ShardHandler handler) {
        if (consumer != null) {
            return server.streams().consumers().follow(StreamConsumer.find(server, name, consumer), from, handler);
        }
        final Path directory = pull ? null : readableDirectory();
        return directory == null
                ? server.streams().follow(streamId, from, handler)
                : server.streams().followShared(streamId, from, directory, handler);
    }

    private void tail(final ServerConnection server, final StreamFollower follower, final ShutdownSignal signal) {
        final long startNs = System.nanoTime();
        while (printed < count
                && !signal.isGiven()
                && !follower.isEnded()
                && System.nanoTime() - startNs < durationNs) {
            server.poll(follower.poll(RECORDS));
        }
    }

    /** The server's directory if its record logs can be read here, else null. */
    private Path readableDirectory() {
        return connection()
                .address()
                .directory()
                .filter(directory -> Files.isReadable(StreamFolders.streams(directory))
                        && Files.isExecutable(StreamFolders.streams(directory)))
                .orElse(null);
    }
}
