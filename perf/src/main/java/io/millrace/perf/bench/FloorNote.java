package io.millrace.perf.bench;

import java.util.Locale;

/**
 * Says so when a floor is much slower than it was on an idle machine with two cores, 200-byte messages over shared memory. A
 * ratio compares like with like all the same, but its floor was no floor then.
 */
final class FloorNote {
    /** Round trip of the journal floor, p50 in nanoseconds. */
    static final long JOURNAL_P50_NS = 640;

    /** Throughput of the journal floor, messages a second. */
    static final long JOURNAL_RATE = 2_000_000;

    private static final double MUCH = 2.0;

    private FloorNote() {}

    /** {@return a paragraph, or nothing if the floor is what it should be} */
    static String onLatency(final long journalP50Ns) {
        return journalP50Ns < MUCH * JOURNAL_P50_NS
                ? ""
                : note("takes " + journalP50Ns + " ns", "the " + JOURNAL_P50_NS + " ns");
    }

    /** {@return a paragraph, or nothing if the floor is what it should be} */
    static String onRate(final double journalRate) {
        return journalRate > JOURNAL_RATE / MUCH
                ? ""
                : note(
                        String.format(Locale.ROOT, "passes %,.0f messages/s", journalRate),
                        String.format(Locale.ROOT, "the %,d", JOURNAL_RATE));
    }

    private static String note(final String found, final String expected) {
        return "\nThe journal floor " + found + ", much slower than " + expected
                + " seen on an idle machine with two cores. Other work on the\n"
                + "cores, a slow disk under the temporary directory or a slow clock are the usual reasons.\n";
    }
}
