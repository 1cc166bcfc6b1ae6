package io.millrace.perf.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What it costs to put records to a stream with a number of shards: CPU time of the thread that does it, and of what a helper does for it. */
final class PutPoint implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    static final int COMMANDS_PER_TURN = 256;

    private final int shards;
    private final PutKernel kernel;
    private final List<Double> rounds = new ArrayList<>();

    PutPoint(final int shards) {
        this.shards = shards;
        kernel = new PutKernel(shards);
    }

    int shards() {
        return shards;
    }

    /**
     * Measures a round.
     *
     * @param turns of {@link #COMMANDS_PER_TURN} commands each; the helper's work is done and counted once a turn.
     */
    void run(final int turns) {
        final double[] turnNs = new double[turns];
        for (int i = 0; i < turns; i++) {
            final long startNs = THREADS.getCurrentThreadCpuTime();
            for (int j = 0; j < COMMANDS_PER_TURN; j++) {
                kernel.put();
            }
            kernel.keepHouse();
            turnNs[i] = THREADS.getCurrentThreadCpuTime() - startNs;
        }
        rounds.add(median(turnNs) / (COMMANDS_PER_TURN * PutKernel.RECORDS));
    }

    /** Forgets what was measured so far. */
    void reset() {
        rounds.clear();
    }

    /** {@return median CPU time of a record over all rounds, in nanoseconds} */
    double recordNs() {
        return median(rounds.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double median(final double[] values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Override
    public void close() {
        kernel.close();
    }
}
