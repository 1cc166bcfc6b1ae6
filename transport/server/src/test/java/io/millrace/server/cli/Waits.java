package io.millrace.server.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits that end. */
final class Waits {
    /** A busy machine may need half a minute to start a JVM with a server in it. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private Waits() {}

    static void until(final String what, final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
