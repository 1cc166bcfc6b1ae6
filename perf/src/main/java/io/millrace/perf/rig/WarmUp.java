package io.millrace.perf.rig;

/**
 * When a warm-up is over: after its time, but not before enough messages have gone through for the compiler to be done with both
 * processes. On a machine that is busy with other work that takes longer; ten times as long at most.
 */
final class WarmUp {
    /** What the compiler has done by then stays. */
    static final long MESSAGES = 100_000;

    private static final int MOST_TIMES = 10;
    private static final int LOOKS = 10;

    private final long startNs;
    private final long durationNs;

    WarmUp(final long startNs, final long durationNs) {
        this.startNs = startNs;
        this.durationNs = durationNs;
    }

    /** {@return time until which the warm-up goes on without a look at the count} */
    long nextLookNs(final long nowNs) {
        return nowNs - startNs < durationNs ? startNs + durationNs : nowNs + durationNs / LOOKS;
    }

    /**
     * Whether it is over.
     *
     * @param nowNs    present time.
     * @param messages that have gone through.
     * @return true if measuring can begin.
     */
    boolean isOver(final long nowNs, final long messages) {
        final long elapsedNs = nowNs - startNs;
        return elapsedNs >= durationNs && (messages >= MESSAGES || elapsedNs >= MOST_TIMES * durationNs);
    }
}
