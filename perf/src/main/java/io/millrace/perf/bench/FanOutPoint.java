package io.millrace.perf.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What it costs to publish to a number of queues. A batch of publishes is measured, then the queues are emptied, so that the kernel always
 * holds the same.
 */
final class FanOutPoint {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int queues;
    private final Filters filters;
    private final FanOutKernel kernel;
    private final List<Double> rounds = new ArrayList<>();
    private final long arenaBytes;

    FanOutPoint(final int queues, final Filters filters) {
        this.queues = queues;
        this.filters = filters;
        kernel = new FanOutKernel(queues, filters);
        final long before = kernel.arenaBytes();
        publish();
        arenaBytes = (kernel.arenaBytes() - before) / FanOutKernel.BATCH;
        drain();
    }

    int queues() {
        return queues;
    }

    /** {@return bytes reserved for each subscription} */
    double subscriptionBytes() {
        return kernel.subscriptionBytes();
    }

    /** {@return what the payloads in the arena grew by with each message published, in accounted bytes} */
    long arenaBytes() {
        return arenaBytes;
    }

    /** Publishes so many batches without a measurement. */
    void warmUp(final int batches) {
        run(batches, 0);
        rounds.clear();
    }

    /**
     * Measures a round.
     *
     * @param batches of {@link FanOutKernel#BATCH} messages, one a command.
     * @param clockNs what a reading of the thread's CPU time costs, which is taken off.
     */
    void run(final int batches, final double clockNs) {
        final long[] batchNs = new long[batches];
        final long before = kernel.deliveries();
        for (int i = 0; i < batches; i++) {
            final long startNs = THREADS.getCurrentThreadCpuTime();
            publish();
            batchNs[i] = THREADS.getCurrentThreadCpuTime() - startNs;
            drain();
        }
        final long expected = (long) batches * FanOutKernel.BATCH * filters.receivers(queues);
        if (kernel.deliveries() - before != expected) {
            throw new IllegalStateException("received " + (kernel.deliveries() - before) + " of " + expected);
        }
        rounds.add((median(Arrays.stream(batchNs).asDoubleStream().toArray()) - clockNs) / FanOutKernel.BATCH);
    }

    private void publish() {
        for (int i = 0; i < FanOutKernel.BATCH; i++) {
            kernel.publish();
        }
    }

    /** Queues have the ids from 1 on. */
    private void drain() {
        for (int i = 0; i < filters.receivers(queues); i++) {
            kernel.drain(filters.firstReceiver() + i + 1L);
        }
    }

    /** {@return median CPU time of a publish over all rounds, in nanoseconds} */
    double publishNs() {
        return median(rounds.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** {@return what a reading of the thread's CPU time costs, in nanoseconds} */
    static double clockNs() {
        final double[] values = new double[10_001];
        for (int i = 0; i < values.length; i++) {
            final long startNs = THREADS.getCurrentThreadCpuTime();
            values[i] = THREADS.getCurrentThreadCpuTime() - startNs;
        }
        return median(values);
    }

    private static double median(final double[] values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
