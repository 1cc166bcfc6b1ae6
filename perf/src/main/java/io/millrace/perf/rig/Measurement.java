package io.millrace.perf.rig;

import org.HdrHistogram.Histogram;

/**
 * What one run of a rig found.
 *
 * @param histogram  times in nanoseconds from send, or intended send, to delivery; empty for rigs that take none.
 * @param messages   messages measured.
 * @param durationNs how long they took together.
 */
public record Measurement(Histogram histogram, long messages, long durationNs) {
    private static final double NS_PER_SECOND = 1e9;

    /**
     * Rate of this run.
     *
     * @return messages a second, 0 if no time passed.
     */
    public double messagesPerSecond() {
        return durationNs == 0 ? 0 : messages * NS_PER_SECOND / durationNs;
    }

    /**
     * This run and another of the same kind as one.
     *
     * @param other the other run.
     * @return both together.
     */
    public Measurement plus(final Measurement other) {
        final Histogram sum = histogram.copy();
        sum.add(other.histogram);
        return new Measurement(sum, messages + other.messages, durationNs + other.durationNs);
    }
}
