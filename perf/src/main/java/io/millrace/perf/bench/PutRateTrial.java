package io.millrace.perf.bench;

import io.millrace.perf.process.Child;
import io.millrace.perf.process.Workspace;
import io.millrace.perf.rig.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Records a second that are put beside a crowd of processes: server and producer on one core, the crowd on another. The same processes
 * serve for all rounds, of which each measures the rate twice: while the crowd reads, and while it spins.
 */
final class PutRateTrial implements AutoCloseable {
    /** Rig of the trial. */
    static final String RIG = "crowd";

    private static final long START_TIMEOUT_S = 120;
    private static final long SLACK_S = 120;

    /** Every process of the crowd has had its turn on the core several times. */
    private static final long SETTLE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final TrialSettings settings;
    private final Workspace workspace = Workspace.create("bench");
    private final List<Child> crowd = new ArrayList<>();
    private final List<Child> processes = new ArrayList<>();
    private final List<Long> recordsRead = new ArrayList<>();
    private Child producer;

    private PutRateTrial(final TrialSettings settings) {
        this.settings = settings;
    }

    /**
     * Runs.
     *
     * @param settings what to measure; its consumers are the crowd.
     * @param cores    where to run.
     * @param rounds   how many.
     * @param findings get a measurement of each of the two a round.
     * @param progress hears which round begins, 0 for the warm-up.
     * @return records that each reader read in each round.
     * @throws io.millrace.perf.process.ChildException if a process fails.
     */
    static List<Long> run(
            final TrialSettings settings,
            final Cores cores,
            final int rounds,
            final Findings findings,
            final IntConsumer progress) {
        try (PutRateTrial trial = new PutRateTrial(settings)) {
            progress.accept(0);
            trial.start(cores);
            trial.warmUp();
            for (int round = 0; round < rounds; round++) {
                progress.accept(round + 1);
                trial.runRound(findings, round % 2 == 0);
            }
            return trial.recordsRead;
        }
    }

    private void start(final Cores cores) {
        final Child server = Trial.start("server", cores.first(), TrialServer.class, settings, workspace);
        processes.add(server);
        server.await("ready", START_TIMEOUT_S);
        producer = Trial.start("producer", cores.first(), FullPuts.class, settings, workspace);
        processes.add(producer);
        final String[] place = producer.await(PacedPuts.PLACE, START_TIMEOUT_S).split(" ");
        for (int i = 0; i < settings.consumers(); i++) {
            final Child reader = Trial.start("reader", cores.second(), CrowdReader.class, settings, workspace, place);
            processes.add(reader);
            crowd.add(reader);
        }
        crowd.forEach(reader -> reader.await(LatencyReader.READING, START_TIMEOUT_S));
    }

    private void warmUp() {
        crowd.forEach(reader -> reader.tell(CrowdReader.READ));
        producer.tell(FullPuts.LOAD);
        Trial.warmUp(settings, processes);
        awaitMeasured();
        rest();
    }

    /** Every other round begins with the other of the two, so that whatever grows with time meets both alike. */
    private void runRound(final Findings findings, final boolean controlFirst) {
        for (int i = 0; i < 2; i++) {
            final boolean isControl = (i == 0) == controlFirst;
            crowd.forEach(reader -> reader.tell(isControl ? CrowdReader.SPIN : CrowdReader.READ));
            producer.tell(FullPuts.LOAD);
            LockSupport.parkNanos(SETTLE_NS);
            findings.add(isControl ? SharedReadFindings.CONTROL : SharedReadFindings.READ, awaitMeasured());
            final List<Long> counts = rest();
            if (!isControl) {
                recordsRead.addAll(counts);
            }
        }
    }

    private Measurement awaitMeasured() {
        producer.tell(TrialClient.GO);
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(settings.durationNs());
        return TrialReport.decode(producer.await(TrialReport.KEY, seconds + SLACK_S));
    }

    private List<Long> rest() {
        crowd.forEach(reader -> reader.tell(CrowdReader.REST));
        return crowd.stream()
                .map(reader -> Long.valueOf(reader.await(CrowdReader.REST, SLACK_S)))
                .toList();
    }

    /** The last that was started ends first. */
    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).close();
        }
        workspace.close();
    }
}
