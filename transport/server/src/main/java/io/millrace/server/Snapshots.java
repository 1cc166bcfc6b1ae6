package io.millrace.server;

import io.millrace.kernel.Kernel;
import java.util.concurrent.TimeUnit;

/** When snapshots are written, and what becomes of the result. The loop stands still meanwhile; how long is counted. */
final class Snapshots {

    private static final long ANY_TIME = Long.MAX_VALUE;

    private final Kernel kernel;
    private final Storage storage;
    private final HostCounters counters;
    private final ErrorReporter errors;
    private final long stopBudgetNs;
    private volatile boolean isRequested;

    Snapshots(
            final Kernel kernel,
            final Storage storage,
            final HostCounters counters,
            final ErrorReporter errors,
            final long stopBudgetNs) {
        this.kernel = kernel;
        this.storage = storage;
        this.counters = counters;
        this.errors = errors;
        this.stopBudgetNs = stopBudgetNs;
    }

    /** Asks the duty cycle for one, from any thread. */
    void request() {
        isRequested = true;
    }

    /** {@return true from a request until it has been served} */
    boolean isRequested() {
        return isRequested;
    }

    /** Writes one now. */
    void write() {
        write(ANY_TIME);
        isRequested = false;
    }

    /** Writes one if it can be done in the time that a stop may take; otherwise the next start replays. */
    void writeAtStop() {
        if (storage.keepsSnapshots() && !write(stopBudgetNs)) {
            errors.note("millrace: no snapshot was written within " + TimeUnit.NANOSECONDS.toMillis(stopBudgetNs)
                    + " ms; the next start replays the journal");
        }
    }

    private boolean write(final long budgetNs) {
        final long startNs = System.nanoTime();
        final long position = storage.journal().nextPosition() - 1;
        try {
            if (position != counters.snapshotPosition && !writeNew(position, budgetNs)) {
                return false;
            }
        } catch (final RuntimeException e) {
            // A snapshot that fails costs the next start some replay, and this one nothing.
            errors.onError(e);
            counters.snapshotFailures++;
            return true;
        }
        counters.snapshots++;
        counters.snapshotNs = System.nanoTime() - startNs;
        counters.snapshotPosition = position;
        return true;
    }

    private boolean writeNew(final long position, final long budgetNs) {
        if (!storage.keepsSnapshots()) {
            throw new ServerException(
                    ServerException.Reason.NOT_AVAILABLE, "A server with durability memory keeps no snapshots.");
        }
        return storage.writeSnapshot(kernel, position, budgetNs);
    }
}
