package io.millrace.server.cli;

import io.millrace.kernel.Kernel;
import io.millrace.kernel.LogDispatcher;
import io.millrace.kernel.SnapshotLoader;
import io.millrace.store.BatchReader;
import io.millrace.store.SnapshotStore;
import java.nio.file.Path;

/** Replays batches into a kernel of its own and compares the state hash that each batch carries. */
final class StateCheck {

    private final Kernel kernel = new Kernel(new DiscardingEgress());
    private final LogDispatcher dispatcher = new LogDispatcher(kernel);
    private final long fromPosition;
    private String problem;
    private long batches;

    /** A check from the first record on. */
    StateCheck() {
        fromPosition = 0;
    }

    /** A check from behind a snapshot on. */
    StateCheck(final SnapshotStore snapshots, final long snapshotPosition) {
        final SnapshotLoader loader = kernel.loader();
        snapshots.load(snapshotPosition, loader::onRecord);
        loader.complete();
        fromPosition = snapshotPosition + 1;
    }

    /**
     * Takes the next batch.
     *
     * @return false at the first batch that does not fit the state.
     */
    boolean onBatch(final Path file, final long filePosition, final BatchReader batch) {
        if (batch.lastPosition() < fromPosition) {
            return true;
        }
        final String place =
                "before position " + batch.firstPosition() + " (" + file + " at byte " + filePosition + ")";
        if (batch.kernelVersion() != Kernel.VERSION) {
            problem = "kernel version " + batch.kernelVersion() + " goes on " + place + ", which this version "
                    + Kernel.VERSION + " cannot replay";
        } else if (batch.stateHashBefore() != kernel.stateHash()) {
            problem = "the state hash differs " + place;
        } else {
            replay(batch);
            batches++;
        }
        return problem == null;
    }

    private void replay(final BatchReader batch) {
        final long timeNs = batch.timestampNs();
        while (batch.next()) {
            dispatcher.onRecord(timeNs, batch.sessionId(), batch.buffer(), batch.frameOffset(), batch.frameLength());
        }
    }

    /** What is wrong, null if nothing is. */
    String problem() {
        return problem;
    }

    long fromPosition() {
        return fromPosition;
    }

    long batches() {
        return batches;
    }
}
