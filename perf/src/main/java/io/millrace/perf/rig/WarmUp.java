package io.millrace.perf.rig;

import java.util.concurrent.TimeUnit;

/**
 * Decides when a warm-up is over: when the compiler has become quiet in every process that takes part, or after a maximum.
 * Quiet means that in two looks one after the other, half a second apart, its total time grew by less than 2 % of a core. One
 * look would not do, as a method counts only when its compilation is finished.
 */
public final class WarmUp {
    /** Looks that are closer to each other than this do not count. */
    public static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int QUIET_LOOKS = 2;
    private static final double QUIET_PART_OF_CORE = 0.02;

    private final long startNs;
    private final long mostNs;
    private final long[] compileTimesMs;
    private long lastLookNs;
    private int quietLooks = -1;

    /**
     * Begins a warm-up.
     *
     * @param startNs   present time.
     * @param mostNs    longest time that it takes.
     * @param processes how many there are.
     */
    public WarmUp(final long startNs, final long mostNs, final int processes) {
        this.startNs = startNs;
        this.mostNs = mostNs;
        this.compileTimesMs = new long[processes];
        this.lastLookNs = startNs;
    }

    /**
     * Looks at the processes.
     *
     * @param nowNs          present time.
     * @param compileTimesMs time that the compiler of each has taken since it started, in milliseconds.
     * @return true if measuring can begin.
     */
    public boolean isOver(final long nowNs, final long... compileTimesMs) {
        if (nowNs - lastLookNs >= LOOK_INTERVAL_NS) {
            look(nowNs - lastLookNs, compileTimesMs);
            lastLookNs = nowNs;
        }
        return quietLooks >= QUIET_LOOKS || nowNs - startNs >= mostNs;
    }

    /** The first look has nothing to compare with. */
    private void look(final long elapsedNs, final long[] newCompileTimesMs) {
        boolean isQuiet = true;
        for (int i = 0; i < compileTimesMs.length; i++) {
            final long grownNs = TimeUnit.MILLISECONDS.toNanos(newCompileTimesMs[i] - compileTimesMs[i]);
            isQuiet &= grownNs < QUIET_PART_OF_CORE * elapsedNs;
            compileTimesMs[i] = newCompileTimesMs[i];
        }
        quietLooks = quietLooks < 0 || !isQuiet ? 0 : quietLooks + 1;
    }
}
