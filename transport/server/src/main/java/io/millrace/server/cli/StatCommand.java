package io.millrace.server.cli;

import io.millrace.server.ServerCounters;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.status.CountersReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the counters of a running server. */
@Command(
        name = "stat",
        description = "Shows the counters of the running server, each second until interrupted.",
        footer = {"", "Examples:", "  millrace stat", "  millrace stat --once --json"})
final class StatCommand implements Runnable {

    /** Counters that are values of now, so that a rate of them says nothing. */
    private static final Set<ServerCounters.Id> GAUGES = EnumSet.of(
            ServerCounters.Id.SESSIONS,
            ServerCounters.Id.AVAILABLE_MESSAGES,
            ServerCounters.Id.DELAYED_MESSAGES,
            ServerCounters.Id.IN_FLIGHT_MESSAGES,
            ServerCounters.Id.QUEUES,
            ServerCounters.Id.ARENA_BYTES,
            ServerCounters.Id.DISK_LOW,
            ServerCounters.Id.MAX_CYCLE_NS,
            ServerCounters.Id.TIMER_LATENESS_NS,
            ServerCounters.Id.MAX_TIMER_LATENESS_NS,
            ServerCounters.Id.MAX_TIMER_CPU_NS,
            ServerCounters.Id.SNAPSHOT_POSITION,
            ServerCounters.Id.SNAPSHOT_NS);

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private OutputOptions output;

    @Option(names = "--once", description = "Shows them once and ends.")
    private boolean once;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "Time between two looks. Default: ${DEFAULT-VALUE}.")
    private long intervalNs;

    /** Adds the command to the command line. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new StatCommand();
        }
    }

    @Override
    public void run() {
        final ServerAddress address = connection.address().requireServer();
        Map<ServerCounters.Id, Long> before = Map.of();
        long lookedAtNs = System.nanoTime();
        while (true) {
            final Map<ServerCounters.Id, Long> now = read(address);
            final double seconds = (System.nanoTime() - lookedAtNs) / NANOS_PER_SECOND;
            lookedAtNs = System.nanoTime();
            print(now, before, seconds);
            if (once) {
                return;
            }
            before = now;
            waitUntil(lookedAtNs + intervalNs);
            address.requireServer();
        }
    }

    private static void waitUntil(final long deadlineNs) {
        for (long left = deadlineNs - System.nanoTime(); left > 0; left = deadlineNs - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static Map<ServerCounters.Id, Long> read(final ServerAddress address) {
        final Map<ServerCounters.Id, Long> values = new EnumMap<>(ServerCounters.Id.class);
        try (DriverProbe probe = DriverProbe.openOrNull(Path.of(address.aeronDirectory()))) {
            if (probe == null) {
                throw new CommandFailure("The server on " + address.aeronDirectory() + " has stopped.");
            }
            final CountersReader counters = probe.counters();
            for (final ServerCounters.Id id : ServerCounters.Id.values()) {
                final int counterId = address.findCounter(probe, id);
                if (counterId >= 0 && id != ServerCounters.Id.SNAPSHOT_CONTROL) {
                    values.put(id, counters.getCounterValue(counterId));
                }
            }
        }
        return values;
    }

    private void print(
            final Map<ServerCounters.Id, Long> now, final Map<ServerCounters.Id, Long> before, final double seconds) {
        if (output.isJson()) {
            JsonLines.print(output.out(), json -> {
                for (final Map.Entry<ServerCounters.Id, Long> entry : now.entrySet()) {
                    json.writeNumberField(jsonName(entry.getKey()), entry.getValue());
                }
            });
            return;
        }
        now.forEach((id, value) -> {
            final Long earlier = GAUGES.contains(id) ? null : before.get(id);
            final String rate = earlier == null ? "" : String.format("%,16.0f/s", (value - earlier) / seconds);
            output.out()
                    .println(String.format("%-32s %,20d%s", id.label(), value, rate)
                            .stripTrailing());
        });
        output.out().println();
        output.out().flush();
    }

    /** {@code MAX_CYCLE_NS} as {@code maxCycleNs}. */
    static String jsonName(final ServerCounters.Id id) {
        final StringBuilder name = new StringBuilder();
        for (final String word : id.name().toLowerCase(Locale.ROOT).split("_")) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }
}
