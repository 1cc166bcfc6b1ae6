package io.millrace.perf.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A kernel that holds much of one thing, and what a command costs in it. Each round sends, receives and acknowledges one message after the
 * other, so that the kernel always holds the same, and takes the median of each.
 */
final class ScalePoint {
    /** What there is much of. */
    enum Dimension {
        /** Messages of the queue that is used, oldest first. */
        DEPTH("depth"),
        /** Queues, used at random. */
        QUEUES("queues"),
        /** Delayed messages, hours away. */
        TIMERS("timers");

        private final String text;

        Dimension(final String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Median costs of a round, in nanoseconds. */
    record Costs(long sendNs, long receiveNs, long ackNs) {}

    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);

    private final Dimension dimension;
    private final int n;
    private final ScaleKernel kernel = new ScaleKernel();
    private final long[] queueIds;
    private final List<Costs> rounds = new ArrayList<>();
    private long random = 88_172_645_463_325_252L;

    /**
     * Fills a kernel.
     *
     * @param dimension what it holds much of.
     * @param n         how much.
     */
    ScalePoint(final Dimension dimension, final int n) {
        this.dimension = dimension;
        this.n = n;
        queueIds = new long[dimension == Dimension.QUEUES ? n : 1];
        for (int i = 0; i < queueIds.length; i++) {
            queueIds[i] = kernel.createQueue("queue-" + i);
        }
        if (dimension == Dimension.DEPTH) {
            for (int i = 1; i < n; i++) {
                kernel.send(queueIds[0], 0);
            }
        } else if (dimension == Dimension.TIMERS) {
            final long later = kernel.createQueue("later");
            for (int i = 0; i < n; i++) {
                kernel.send(later, HOUR_NS + Math.floorMod(next(), HOUR_NS));
            }
        }
    }

    Dimension dimension() {
        return dimension;
    }

    int n() {
        return n;
    }

    /** Runs so many of each command without a measurement. */
    void warmUp(final int operations) {
        run(operations, 0);
        rounds.clear();
    }

    /**
     * Measures a round.
     *
     * @param operations of each command.
     * @param clockNs    what a reading of the clock costs, which is taken off.
     */
    void run(final int operations, final long clockNs) {
        final long[] sends = new long[operations];
        final long[] receives = new long[operations];
        final long[] acks = new long[operations];
        final long before = kernel.deliveries();
        for (int i = 0; i < operations; i++) {
            final long queueId = queueIds[Math.floorMod(next(), queueIds.length)];
            final long startNs = System.nanoTime();
            kernel.send(queueId, 0);
            final long sentNs = System.nanoTime();
            kernel.receive(queueId);
            final long receivedNs = System.nanoTime();
            kernel.acknowledge(queueId);
            final long endNs = System.nanoTime();
            sends[i] = sentNs - startNs;
            receives[i] = receivedNs - sentNs;
            acks[i] = endNs - receivedNs;
        }
        if (kernel.deliveries() - before != operations) {
            throw new IllegalStateException("received " + (kernel.deliveries() - before) + " of " + operations);
        }
        rounds.add(new Costs(
                Math.max(1, median(sends) - clockNs),
                Math.max(1, median(receives) - clockNs),
                Math.max(1, median(acks) - clockNs)));
    }

    /** {@return the medians of all rounds} */
    Costs costs() {
        return new Costs(
                median(rounds.stream().mapToLong(Costs::sendNs).toArray()),
                median(rounds.stream().mapToLong(Costs::receiveNs).toArray()),
                median(rounds.stream().mapToLong(Costs::ackNs).toArray()));
    }

    /** {@return what a reading of the clock costs, in nanoseconds} */
    static long clockNs(final int readings) {
        final long[] values = new long[readings];
        for (int i = 0; i < readings; i++) {
            final long startNs = System.nanoTime();
            values[i] = System.nanoTime() - startNs;
        }
        return median(values);
    }

    private static long median(final long[] values) {
        final long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private long next() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return random;
    }
}
