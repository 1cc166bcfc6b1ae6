package io.millrace.server.cli;

import io.millrace.server.ServerControl;
import io.millrace.store.SnapshotStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has a running server write a snapshot. */
@Command(
        name = "snapshot",
        description =
                "Has the running server write a snapshot now; segments of the journal go once two snapshots cover "
                        + "them.",
        footer = {"", "Example:", "  millrace snapshot --dir ./millrace-data"})
final class SnapshotCommand implements Runnable {

    private static final long UNKNOWN = -1;
    private static final int KEPT = 2;
    private static final Pattern NAME = Pattern.compile("(\\d+)\\.snapshot");
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
        final Map<Long, Long> kept =
                address.directory().map(SnapshotCommand::kept).orElse(Map.of());
        final long bytes = kept.getOrDefault(result.position(), UNKNOWN);
        final long covered = covered(kept.keySet());
        output.print(
                String.format(
                        "Snapshot up to position %,d: %s in %.1f ms. %s",
                        result.position(),
                        bytes == UNKNOWN ? "size unknown" : String.format("%,d bytes", bytes),
                        result.durationNs() / NANOS_PER_MILLI,
                        consequence(kept.size(), covered)),
                json -> {
                    json.writeNumberField("position", result.position());
                    json.writeNumberField("bytes", bytes);
                    json.writeNumberField("durationNs", result.durationNs());
                    json.writeNumberField("coveredPosition", covered);
                });
    }

    private static String consequence(final int snapshots, final long covered) {
        if (snapshots == 0) {
            return "Segments of the journal that two snapshots cover go.";
        }
        return covered == UNKNOWN
                ? "No segment of the journal goes before there are two snapshots."
                : String.format("Segments of the journal that end at or before position %,d go.", covered);
    }

    /** The older of the two newest snapshots must stay usable, so the journal is needed behind it. */
    private static long covered(final Set<Long> positions) {
        final List<Long> newestFirst = new ArrayList<>(positions);
        newestFirst.sort(Comparator.reverseOrder());
        return newestFirst.size() < KEPT ? UNKNOWN : newestFirst.get(KEPT - 1);
    }

    /** Lengths of the snapshots in a server's directory, by position. */
    private static Map<Long, Long> kept(final Path directory) {
        final Path folder = directory.resolve(SnapshotStore.FOLDER);
        final Map<Long, Long> lengths = new HashMap<>();
        if (!Files.isDirectory(folder)) {
            // The server sees another file system, a container's for example.
            return lengths;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> {
                final Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    lengths.put(Long.parseLong(name.group(1)), file.toFile().length());
                }
            });
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
        return lengths;
    }
}
