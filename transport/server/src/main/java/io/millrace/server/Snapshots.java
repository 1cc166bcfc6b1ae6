package io.millrace.server;

import io.millrace.kernel.Kernel;
import java.util.concurrent.TimeUnit;

/** When snapshots are written, and what becomes of the result. The loop stands still meanwhile; how long is counted. */
final class Snapshots {

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
        final long startNs = System.nanoTime();
        final long position = position();
        try {
            if (position != counters.snapshotPosition) {
                requireKept();
                storage.writeSnapshot(kernel, position);
            }
            count(position, startNs);
        } catch (final RuntimeException e) {
            onFailure(e);
        }
        // Whoever asked may look for the snapshot as soon as this says so.
        isRequested = false;
    }

    /** Writes one if it can be done in the time that a stop may take; otherwise the next start replays. */
    void writeAtStop() {
        final long position = position();
        if (!storage.keepsSnapshots() || position == counters.snapshotPosition) {
            return;
        }
        final long startNs = System.nanoTime();
        try {
            if (storage.writeSnapshot(kernel, position, stopBudgetNs)) {
                count(position, startNs);
            } else {
                errors.note("millrace: no snapshot was written within " + TimeUnit.NANOSECONDS.toMillis(stopBudgetNs)
                        + " ms; the next start replays the journal");
            }
        } catch (final RuntimeException e) {
            onFailure(e);
        }
    }

    private long position() {
        return storage.journal().nextPosition() - 1;
    }

    private void requireKept() {
        if (!storage.keepsSnapshots()) {
            throw new ServerException(
                    ServerException.Reason.NOT_AVAILABLE, "A server with durability memory keeps no snapshots.");
        }
    }

    private void count(final long position, final long startNs) {
        counters.snapshots++;
        counters.snapshotNs = System.nanoTime() - startNs;
        counters.snapshotPosition = position;
    }

    /** A snapshot that fails costs the next start some replay, and this one nothing. */
    private void onFailure(final RuntimeException e) {
        errors.onError(e);
        counters.snapshotFailures++;
    }
}
