package io.millrace.server;

import io.millrace.kernel.Kernel;
import io.millrace.kernel.LogDispatcher;
import io.millrace.store.AppendResult;
import io.millrace.store.BatchReader;
import org.agrona.ErrorHandler;

/**
 * What recovery found: the newest snapshot, and every batch behind it. Each batch says which state it was applied to, and
 * replay stops at the first that does not fit.
 *
 * @param snapshotPosition last record in the snapshot that was loaded, -1 if there was none.
 * @param nextPosition     position that the next record will have.
 */
record Recovered(long snapshotPosition, long nextPosition) {

    /**
     * Brings a new kernel to the state at the end of the journal.
     *
     * @param storage   to read.
     * @param kernel    without history.
     * @param logs      of the kernel's streams, which get what they lack.
     * @param onDamaged hears of snapshots that had to be passed over.
     * @return what was found.
     * @throws ServerException with reason DIVERGED, naming the position.
     */
    static Recovered from(
            final Storage storage, final Kernel kernel, final RecordLogHost logs, final ErrorHandler onDamaged) {
        final long snapshotPosition = storage.loadSnapshot(kernel, onDamaged);
        final LogDispatcher dispatcher = new LogDispatcher(kernel);
        logs.beginReplay(storage.openRecordLogs(snapshotPosition));
        storage.journal().replay(snapshotPosition + 1, batch -> apply(batch, kernel, logs, dispatcher));
        logs.endReplay();
        return new Recovered(snapshotPosition, storage.journal().nextPosition());
    }

    private static void apply(
            final BatchReader batch, final Kernel kernel, final RecordLogHost logs, final LogDispatcher dispatcher) {
        if (batch.kernelVersion() != Kernel.VERSION) {
            throw new ServerException(
                    ServerException.Reason.DIVERGED,
                    "The batch at position " + batch.firstPosition() + " was written by kernel version "
                            + batch.kernelVersion() + ", this is version " + Kernel.VERSION
                            + ": stop that version cleanly, which writes a snapshot, and start this one then.");
        }
        if (batch.stateHashBefore() != kernel.stateHash()) {
            throw new ServerException(
                    ServerException.Reason.DIVERGED,
                    "Replay came to another state than the journal before position " + batch.firstPosition()
                            + ": nothing was changed; keep a copy of the directory.");
        }
        final long timeNs = batch.timestampNs();
        long position = batch.firstPosition();
        while (batch.next()) {
            logs.at(position++);
            dispatcher.onRecord(timeNs, batch.sessionId(), batch.buffer(), batch.frameOffset(), batch.frameLength());
        }
        if (logs.endBatch() != AppendResult.OK) {
            throw new ServerException(
                    ServerException.Reason.STORE,
                    "A record log does not take the records of the batch at position " + batch.firstPosition() + ".",
                    logs.failure());
        }
    }
}
