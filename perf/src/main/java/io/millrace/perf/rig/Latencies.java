package io.millrace.perf.rig;

import org.HdrHistogram.Histogram;

/** Histograms of times in nanoseconds, all of one shape so that they can be added up. */
public final class Latencies {
    /** Longest time that can be told from a longer one. */
    public static final long MAX_NS = 60_000_000_000L;

    private static final int SIGNIFICANT_DIGITS = 3;

    private Latencies() {}

    /**
     * Creates an empty histogram.
     *
     * @return histogram of 1 ns to 60 s with three significant digits.
     */
    public static Histogram histogram() {
        return new Histogram(MAX_NS, SIGNIFICANT_DIGITS);
    }

    /**
     * Records a time; one that is longer than the histogram's range counts as the longest.
     *
     * @param histogram histogram of this class.
     * @param timeNs    nanoseconds.
     */
    public static void record(final Histogram histogram, final long timeNs) {
        histogram.recordValue(Math.max(0, Math.min(timeNs, MAX_NS)));
    }
}
