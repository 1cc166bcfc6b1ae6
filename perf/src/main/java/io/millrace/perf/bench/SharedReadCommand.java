package io.millrace.perf.bench;

import io.millrace.perf.report.Progress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How soon another process reads a record, and what reading costs those who put. */
@Command(
        name = "sharedread",
        description = {
            "Measures the time from the put of a record until another process has read it, from the mapped files of the server, and "
                    + "pushed by the server.",
            "It also measures how many records a second are put while processes read the mapped files at full speed, beside the same "
                    + "while they spin without reading: server and producer on one core, these processes on another."
        },
        footer = {"", "Example:", "  millrace bench sharedread --readers 10"})
final class SharedReadCommand implements Callable<Integer> {
    private static final List<String> LATENCIES = List.of(SharedReadFindings.MAPPED, SharedReadFindings.PUSHED);
    private static final int SIZE = 200;
    private static final int PUTS_PER_SECOND = 5_000;
    private static final int MOST_READERS = 100;
    private static final int MOST_ROUNDS = 100;

    /** More than server and producer put on a core that they share. */
    private static final long BYTES_PER_SECOND = 400_000_000L;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Mixin
    private WarmUpOption warmUp;

    @Option(
            names = "--readers",
            defaultValue = "10",
            description = "Processes that read, or spin, while records are put. Default: ${DEFAULT-VALUE}.")
    private int readers;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "How long each of the four is measured. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Interleaved rounds that share this time. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Override
    public Integer call() {
        Usage.requireSeconds(spec, seconds);
        Usage.require(spec, "--readers", readers, 1, MOST_READERS);
        Usage.require(spec, "--rounds", rounds, 1, MOST_ROUNDS);
        final Findings findings = new Findings();
        final Cores cores = Cores.find();
        final List<Long> recordsRead = output.measure(progress -> {
            requireDisk();
            measureLatencies(findings, progress);
            return measureRates(findings, cores, progress);
        });
        final SharedReadFindings shared = new SharedReadFindings(findings, readers, cores.arePinned(), recordsRead);
        output.report("sharedread", shared.text(SIZE, seconds), shared::writeFields, findings);
        return 0;
    }

    /** One server lives through the warm-up and all rounds, each of which puts records twice. */
    private void requireDisk() {
        final long loadNs = warmUp.mostNs() + 2 * rounds * durationNs();
        Interleaved.requireDisk(BYTES_PER_SECOND * TimeUnit.NANOSECONDS.toSeconds(loadNs));
    }

    private void measureLatencies(final Findings findings, final Progress progress) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < LATENCIES.size(); i++) {
                final String label = LATENCIES.get((round + i) % LATENCIES.size());
                progress.show("round " + (round + 1) + " of " + rounds + ": " + label);
                findings.add(label, ReadLatencyTrial.run(settings(label)));
            }
        }
    }

    private List<Long> measureRates(final Findings findings, final Cores cores, final Progress progress) {
        return PutRateTrial.run(
                settings(PutRateTrial.RIG),
                cores,
                rounds,
                findings,
                round -> progress.show("puts beside " + readers + " processes, "
                        + (round == 0 ? "warm-up" : "round " + round + " of " + rounds)));
    }

    private TrialSettings settings(final String rig) {
        return new TrialSettings(
                rig,
                Target.MILLRACE,
                false,
                SIZE,
                1,
                1,
                readers,
                PUTS_PER_SECOND,
                "process",
                warmUp.mostNs(),
                durationNs());
    }

    private long durationNs() {
        return TimeUnit.SECONDS.toNanos(seconds) / rounds;
    }
}
