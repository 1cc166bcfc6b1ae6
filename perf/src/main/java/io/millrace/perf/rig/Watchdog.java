package io.millrace.perf.rig;

import org.agrona.concurrent.NanoClock;

/** Notices that a link makes no progress, without reading the clock on every turn of a spinning loop. */
final class Watchdog {
    private static final long PATIENCE_NS = 30_000_000_000L;
    private static final int TURNS_PER_LOOK = 4_096;

    private final NanoClock clock;
    private long lastProgress = -1;
    private long deadlineNs;
    private int turns;

    Watchdog(final NanoClock clock) {
        this.clock = clock;
    }

    /**
     * To be called on every turn of a waiting loop.
     *
     * @param progress a count that grows as long as all is well.
     * @throws RigException if it has not grown for 30 s.
     */
    void check(final long progress) {
        if (progress != lastProgress) {
            lastProgress = progress;
            turns = 0;
            deadlineNs = 0;
        } else if (++turns >= TURNS_PER_LOOK) {
            turns = 0;
            look(progress);
        }
    }

    private void look(final long progress) {
        final long nowNs = clock.nanoTime();
        if (deadlineNs == 0) {
            deadlineNs = nowNs + PATIENCE_NS;
        } else if (nowNs - deadlineNs > 0) {
            throw new RigException("Nothing came back for 30 s, after " + progress + " messages.");
        }
    }
}
