package io.millrace.perf.bench;

import io.millrace.perf.report.Progress;
import io.millrace.server.cli.CommandFailure;
import java.io.File;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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
            "It fails, with exit code 1, if the others keep less than 0.95 of their throughput, if a round trip takes more than "
                    + "1.5 times as long, or if a message of the consumer that stopped is not delivered again, once, to the "
                    + "other."
        },
        footer = {"", "Example:", "  millrace bench isolation --seconds 10 --sessions 1000"})
final class IsolationCommand implements Callable<Integer> {
    /** Rounds stay shorter than the time after which the server closes the session that has stopped. */
    private static final int SECONDS_PER_ROUND = 2;

    /** Fewer have no median worth the name. */
    private static final int FEWEST_ROUNDS = 5;

    private static final int MOST_ROUNDS = 300;
    private static final long SHORTEST_ROUND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_SESSIONS = 4_000;
    private static final long BYTES_A_SESSION = 3L * (1024 * 1024 + IdleClients.TERM_LENGTH);
    private static final long SPARE_BYTES = 1L << 30;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Mixin
    private WarmUpOption warmUp;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description =
                    "How long each of the four is measured, at least one second a round. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--rounds", description = "Rounds. Default: one for every two seconds, at least five.")
    private Integer rounds;

    @Option(
            names = "--sessions",
            defaultValue = "1000",
            description = "Idle sessions, 4.5 MiB of shared memory each. Default: ${DEFAULT-VALUE}.")
    private int sessions;

    @Override
    public Integer call() {
        Usage.requireSeconds(spec, seconds);
        Usage.require(spec, "--sessions", sessions, 1, MAX_SESSIONS);
        if (rounds == null) {
            rounds = rounds(seconds);
        }
        Usage.require(spec, "--rounds", rounds, 1, MOST_ROUNDS);
        final IsolationTrials trials = new IsolationTrials(warmUp.mostNs(), roundNs(seconds, rounds));
        requireSharedMemory();
        trials.requireDisk();
        final Findings findings = output.measure(progress -> measure(trials, progress));
        final IsolationFindings isolation = new IsolationFindings(findings, sessions);
        output.report("isolation", isolation.text(seconds), isolation::writeFields, findings);
        return isolation.isFailed() ? 1 : 0;
    }

    /** {@return rounds into which a time is divided} */
    static int rounds(final int seconds) {
        return Math.max(FEWEST_ROUNDS, seconds / SECONDS_PER_ROUND);
    }

    /** {@return length of each round in nanoseconds} */
    static long roundNs(final int seconds, final int rounds) {
        return Math.max(SHORTEST_ROUND_NS, TimeUnit.SECONDS.toNanos(seconds) / rounds);
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

    private Findings measure(final IsolationTrials trials, final Progress progress) {
        final Findings findings = new Findings();
        for (int round = 0; round < rounds; round++) {
            final String name = "round " + (round + 1) + " of " + rounds + ": ";
            progress.show(name + "throughput");
            trials.throughput(findings);
            // Whoever goes first in a round goes last in the next.
            for (final int idle : round % 2 == 0 ? new int[] {0, sessions} : new int[] {sessions, 0}) {
                final String label = idle == 0 ? IsolationFindings.ALONE : IsolationFindings.CROWDED;
                progress.show(name + label);
                findings.add(label, trials.roundTrips(idle));
            }
        }
        return findings;
    }
}
