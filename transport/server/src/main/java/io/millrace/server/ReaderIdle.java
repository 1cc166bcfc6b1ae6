package io.millrace.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/** How the reader agent waits: a short while between reads that follow each other, and longer when nobody reads. */
final class ReaderIdle implements IdleStrategy {

    private static final long SHORT_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONG_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final NanoClock clock;
    private long lastWorkNs;

    ReaderIdle(final NanoClock clock) {
        this.clock = clock;
        lastWorkNs = clock.nanoTime() - PATIENCE_NS;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        LockSupport.parkNanos(clock.nanoTime() - lastWorkNs < PATIENCE_NS ? SHORT_NS : LONG_NS);
    }

    @Override
    public void reset() {
        lastWorkNs = clock.nanoTime();
    }

    @Override
    public String alias() {
        return "millrace-reader";
    }
}
