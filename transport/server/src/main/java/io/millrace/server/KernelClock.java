package io.millrace.server;

import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

/**
 * Kernel time: the time of the last journaled record plus what the monotonic clock says has passed since, drawn toward
 * the wall clock by at most one part in a thousand. It never goes back, whatever the wall clock does.
 */
final class KernelClock {

    /** Slowest slew that still follows a drifting crystal, and too fast for nobody's visibility timeout to notice. */
    private static final long SLEW_DIVISOR = 1_000;

    /** The wall clock may tick in milliseconds; nothing is to be gained from chasing its ticks. */
    private static final long TOLERANCE_NS = 1_000_000;

    private final NanoClock nanoClock;
    private final EpochNanoClock epochClock;
    private long kernelBaseNs;
    private long nanoBaseNs;
    private long lastNs;

    /**
     * Starts the clock.
     *
     * @param nanoClock  monotonic clock.
     * @param epochClock wall clock.
     * @param lastNs     time of the last journaled record, 0 if there is none.
     */
    KernelClock(final NanoClock nanoClock, final EpochNanoClock epochClock, final long lastNs) {
        this.nanoClock = nanoClock;
        this.epochClock = epochClock;
        kernelBaseNs = Math.max(lastNs, epochClock.nanoTime());
        nanoBaseNs = nanoClock.nanoTime();
        this.lastNs = kernelBaseNs;
    }

    /**
     * Kernel time now.
     *
     * @param nowNs reading of the monotonic clock.
     * @return nanoseconds since the epoch, never less than before.
     */
    long timeNs(final long nowNs) {
        final long time = kernelBaseNs + (nowNs - nanoBaseNs);
        if (time > lastNs) {
            lastNs = time;
        }
        return lastNs;
    }

    /** Draws kernel time toward the wall clock; to be called on a cadence. */
    void slew() {
        final long nowNs = nanoClock.nanoTime();
        final long elapsedNs = nowNs - nanoBaseNs;
        final long timeNs = kernelBaseNs + elapsedNs;
        final long bound = elapsedNs / SLEW_DIVISOR;
        final long error = epochClock.nanoTime() - timeNs;
        final boolean isClose = error > -TOLERANCE_NS && error < TOLERANCE_NS;
        kernelBaseNs = isClose ? timeNs : timeNs + Math.max(-bound, Math.min(bound, error));
        nanoBaseNs = nowNs;
    }
}
