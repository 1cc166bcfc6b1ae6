package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.report.Progress;
import io.millrace.perf.report.Table;
import io.millrace.perf.rig.Measurement;
import io.millrace.server.cli.CommandFailure;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What sessions that do nothing cost those that work. */
@Command(
        name = "isolation",
        description = {
            "Measures what a consumer that stops polling costs the others on its queue, as a ratio of throughputs, and what idle "
                    + "sessions cost a busy one, as a ratio of round trips.",
            "It fails if a message of the consumer that stopped is not delivered again, once, to the other."
        },
        footer = {"", "Example:", "  millrace bench isolation --seconds 10 --sessions 1000"})
final class IsolationCommand implements Callable<Integer> {
    private static final String CONTROL = "throughput, one consumer";
    private static final String STALLED = "throughput, and one that stopped";
    private static final String ALONE = "round trip, no idle session";
    private static final String CROWDED = "round trip, idle sessions";

    /** Rounds stay shorter than the time after which the server closes the session that has stopped. */
    private static final int SECONDS_PER_ROUND = 2;

    private static final int MAX_SESSIONS = 4_000;
    private static final long BYTES_A_SESSION = 3L * (1024 * 1024 + IdleClients.TERM_LENGTH);
    private static final long SPARE_BYTES = 1L << 30;
    private static final long JOURNAL_BYTES_PER_SECOND = 700_000_000L;

    private static final ToDoubleFunction<Measurement> P50 =
            measurement -> measurement.histogram().getValueAtPercentile(50);

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "How long each of the four is measured. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--sessions",
            defaultValue = "1000",
            description = "Idle sessions, 4.5 MiB of shared memory each. Default: ${DEFAULT-VALUE}.")
    private int sessions;

    @Override
    public Integer call() {
        Usage.requireSeconds(spec, seconds);
        Usage.require(spec, "--sessions", sessions, 1, MAX_SESSIONS);
        requireSharedMemory();
        final Findings findings = output.measure(this::measure);
        output.report("isolation", text(findings), json -> writeFields(json, findings, sessions), findings);
        return 0;
    }

    private void requireSharedMemory() {
        final File shared = new File("/dev/shm");
        final long needed = sessions * BYTES_A_SESSION + SPARE_BYTES;
        if (shared.isDirectory() && shared.getUsableSpace() < needed) {
            throw new CommandFailure(String.format(
                    Locale.ROOT,
                    "%d sessions need %.1f GiB in /dev/shm, which has %.1f: ask for fewer sessions.",
                    sessions,
                    needed / (double) (1 << 30),
                    shared.getUsableSpace() / (double) (1 << 30)));
        }
    }

    private Findings measure(final Progress progress) {
        final int rounds = Math.max(1, seconds / SECONDS_PER_ROUND);
        final long durationNs = TimeUnit.SECONDS.toNanos(seconds) / rounds;
        Interleaved.requireDisk(JOURNAL_BYTES_PER_SECOND * (seconds / rounds + 4));
        final IsolationTrials trials = new IsolationTrials(durationNs);
        final Map<String, Supplier<Measurement>> byLabel = new LinkedHashMap<>();
        byLabel.put(CONTROL, () -> trials.throughput(false));
        byLabel.put(STALLED, () -> trials.throughput(true));
        byLabel.put(ALONE, () -> trials.roundTrips(0));
        byLabel.put(CROWDED, () -> trials.roundTrips(sessions));
        final List<String> labels = new ArrayList<>(byLabel.keySet());
        final Findings findings = new Findings();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < labels.size(); i++) {
                // Whoever goes first in a round goes last in the next, within each pair too.
                final String label = labels.get(round % 2 == 0 ? i : labels.size() - 1 - i);
                progress.show("round " + (round + 1) + " of " + rounds + ": " + label);
                findings.add(label, byLabel.get(label).get());
            }
        }
        return findings;
    }

    static void writeFields(final JsonGenerator json, final Findings findings, final int sessions) throws IOException {
        final RoundRatio stalled = RoundRatio.of(findings, STALLED, CONTROL, Measurement::messagesPerSecond);
        final RoundRatio idle = RoundRatio.of(findings, CROWDED, ALONE, P50);
        json.writeNumberField("controlMessagesPerSecond", Math.round(stalled.divisor()));
        json.writeNumberField("stalledMessagesPerSecond", Math.round(stalled.dividend()));
        json.writeNumberField("stalledRatio", stalled.ratio());
        json.writeNumberField("stalledRatioLeast", stalled.least());
        json.writeNumberField("stalledRatioMost", stalled.most());
        json.writeNumberField("redeliveredPerRound", IsolationLink.STALLED_CREDIT);
        json.writeNumberField("idleSessions", sessions);
        json.writeNumberField("p50Ns", Math.round(idle.divisor()));
        json.writeNumberField("idleP50Ns", Math.round(idle.dividend()));
        json.writeNumberField("idleRatioP50", idle.ratio());
        json.writeNumberField("idleRatioP50Least", idle.least());
        json.writeNumberField("idleRatioP50Most", idle.most());
        json.writeNumberField("rounds", findings.rounds(CONTROL).size());
    }

    private String text(final Findings findings) {
        final RoundRatio stalled = RoundRatio.of(findings, STALLED, CONTROL, Measurement::messagesPerSecond);
        final RoundRatio idle = RoundRatio.of(findings, CROWDED, ALONE, P50);
        final Table table = new Table()
                .row("median of the rounds", "without", "with", "ratio", "least", "most")
                .row(
                        "messages/s; a consumer that stopped",
                        Table.count(Math.round(stalled.divisor())),
                        Table.count(Math.round(stalled.dividend())),
                        ratio(stalled.ratio()),
                        ratio(stalled.least()),
                        ratio(stalled.most()))
                .row(
                        "round trip p50, ns; " + Table.count(sessions) + " idle sessions",
                        Table.count(Math.round(idle.divisor())),
                        Table.count(Math.round(idle.dividend())),
                        ratio(idle.ratio()),
                        ratio(idle.least()),
                        ratio(idle.most()));
        return String.format(
                        Locale.ROOT,
                        "Messages of 200 bytes, process durability, %d s each in %d interleaved rounds%n%n",
                        seconds,
                        findings.rounds(CONTROL).size())
                + table
                + String.format(
                        Locale.ROOT,
                        "%nIn each round all %d messages that the stopped consumer held were delivered again, once, to the "
                                + "other.%n",
                        IsolationLink.STALLED_CREDIT);
    }

    private static String ratio(final double value) {
        return String.format(Locale.ROOT, "%.3f x", value);
    }
}
