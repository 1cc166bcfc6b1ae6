package io.millrace.perf.bench;

import io.millrace.perf.process.Workspace;
import io.millrace.perf.report.Progress;
import io.millrace.server.cli.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs trials in rounds: each round measures everything once, beginning with another one each time, so that whatever else the
 * machine does meets all of them alike.
 */
final class Interleaved {
    private static final int SECONDS_PER_ROUND = 2;
    private static final int MOST_ROUNDS = 5;
    private static final long JOURNAL_BYTES_PER_SECOND = 700_000_000L;
    private static final long SPARE_BYTES = 2L << 30;

    private final int rounds;
    private final long durationNs;

    /**
     * Divides a time into rounds.
     *
     * @param seconds that each thing is measured in all.
     */
    Interleaved(final int seconds) {
        rounds = Math.max(1, Math.min(MOST_ROUNDS, seconds / SECONDS_PER_ROUND));
        durationNs = TimeUnit.SECONDS.toNanos(seconds) / rounds;
    }

    int rounds() {
        return rounds;
    }

    /** {@return time measured in a round} */
    long durationNs() {
        return durationNs;
    }

    /**
     * Runs.
     *
     * @param trials   by label, in order.
     * @param progress shows which is running.
     * @return what was found.
     */
    Findings run(final Map<String, TrialSettings> trials, final Progress progress) {
        final long mostWarmUpNs = trials.values().stream()
                .mapToLong(TrialSettings::mostWarmUpNs)
                .max()
                .orElse(0);
        requireDiskForTrial(mostWarmUpNs + durationNs);
        final List<String> labels = new ArrayList<>(trials.keySet());
        final Findings findings = new Findings();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < labels.size(); i++) {
                final String label = labels.get((round + i) % labels.size());
                progress.show("round " + (round + 1) + " of " + rounds + ": " + label);
                findings.add(label, Trial.run(trials.get(label)));
            }
        }
        return findings;
    }

    /**
     * Refuses to start trials that would fill the disk.
     *
     * @param trialNs longest time that one of them takes.
     */
    static void requireDiskForTrial(final long trialNs) {
        requireDisk(JOURNAL_BYTES_PER_SECOND * TimeUnit.NANOSECONDS.toSeconds(trialNs + 999_999_999));
    }

    /**
     * Refuses to start a measurement that would fill the disk.
     *
     * @param journalBytes that one trial may write.
     */
    static void requireDisk(final long journalBytes) {
        final long needed = journalBytes + SPARE_BYTES;
        final long free = Workspace.freeBytes();
        if (free < needed) {
            throw new CommandFailure(String.format(
                    "The benchmark needs %.1f GiB free in %s, which has %.1f: free some, measure or warm up for a shorter time, or set "
                            + "MILLRACE_JAVA_OPTS=-Djava.io.tmpdir=DIR.",
                    needed / (double) (1 << 30), System.getProperty("java.io.tmpdir"), free / (double) (1 << 30)));
        }
    }
}
