package io.millrace.server.cli;

import io.millrace.server.ServerControl;
import io.millrace.store.SnapshotStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has a running server write a snapshot. */
@Command(
        name = "snapshot",
        description = "Has the running server write a snapshot now; segments of the journal that it covers can go.",
        footer = {"", "Example:", "  millrace snapshot --dir ./millrace-data"})
final class SnapshotCommand implements Runnable {

    private static final long UNKNOWN = -1;
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long to wait for it. Default: ${DEFAULT-VALUE}.")
    private long timeoutNs;

    /** Adds the command to the command line. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new SnapshotCommand();
        }
    }

    @Override
    public void run() {
        final ServerAddress address = connection.address().requireServer();
        final ServerControl.SnapshotResult result =
                ServerControl.requestSnapshot(address.aeronDirectory(), address.named(), timeoutNs);
        final long bytes = address.directory()
                .map(directory -> length(directory, result.position()))
                .orElse(UNKNOWN);
        output.print(
                String.format(
                        "Snapshot up to position %,d: %s in %.1f ms.",
                        result.position(),
                        bytes == UNKNOWN ? "size unknown" : String.format("%,d bytes", bytes),
                        result.durationNs() / NANOS_PER_MILLI),
                json -> {
                    json.writeNumberField("position", result.position());
                    json.writeNumberField("bytes", bytes);
                    json.writeNumberField("durationNs", result.durationNs());
                });
    }

    private static long length(final Path directory, final long position) {
        final Path folder = directory.resolve(SnapshotStore.FOLDER);
        if (!Files.isDirectory(folder)) {
            // The server sees another file system, a container's for example.
            return UNKNOWN;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("0*" + position + "\\.snapshot"))
                    .mapToLong(file -> file.toFile().length())
                    .max()
                    .orElse(UNKNOWN);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }
}
