package io.millrace.server;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import java.io.File;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersReader;

/**
 * Requests from other processes of the same user to a running server, through its counters. The counter
 * {@link ServerCounters.Id#SNAPSHOT_CONTROL} is 0 when nothing is asked; who wants a snapshot sets it to 1, and the server sets it
 * back to 0 when position, duration and count of snapshots, or the count of failures, have been updated.
 */
public final class ServerControl {

    /** Nothing is asked for. */
    static final long NEUTRAL = 0;

    /** A snapshot is asked for and not done yet. */
    static final long SNAPSHOT_REQUESTED = 1;

    private static final long POLL_INTERVAL_NS = 1_000_000;

    /**
     * What a snapshot came to.
     *
     * @param position   of the last record in it.
     * @param durationNs how long the server's loop stood still for it, in nanoseconds.
     */
    public record SnapshotResult(long position, long durationNs) {}

    private ServerControl() {}

    /**
     * Has the only server on a driver write a snapshot, and waits for it.
     *
     * @param aeronDirectoryName directory of the driver that the server uses.
     * @param timeoutNs          how long to wait, in nanoseconds.
     * @return what it came to.
     * @throws ServerException as {@link #requestSnapshot(String, Path, long)}, and with reason TRANSPORT if several run there.
     */
    public static SnapshotResult requestSnapshot(final String aeronDirectoryName, final long timeoutNs) {
        return requestSnapshot(aeronDirectoryName, null, timeoutNs);
    }

    /**
     * Has a server write a snapshot, and waits for it.
     *
     * @param aeronDirectoryName directory of the driver that the server uses.
     * @param directory          of the server; null for the only one on that driver.
     * @param timeoutNs          how long to wait, in nanoseconds.
     * @return what it came to.
     * @throws ServerException with reason TRANSPORT if no server runs there, TIMEOUT if it did not answer in time, STORE if
     *                         it could not write the snapshot; its error log says why.
     */
    public static SnapshotResult requestSnapshot(
            final String aeronDirectoryName, final Path directory, final long timeoutNs) {
        final File cncFile = CommonContext.newCncFile(aeronDirectoryName);
        if (!cncFile.exists()) {
            throw noServer(aeronDirectoryName);
        }
        final MappedByteBuffer cnc = IoUtil.mapExistingFile(cncFile, CncFileDescriptor.CNC_FILE);
        try {
            final DirectBuffer metaData = CncFileDescriptor.createMetaDataBuffer(cnc);
            CncFileDescriptor.checkVersion(metaData.getInt(CncFileDescriptor.cncVersionOffset(0)));
            final CountersReader counters = new CountersReader(
                    CncFileDescriptor.createCountersMetaDataBuffer(cnc, metaData),
                    CncFileDescriptor.createCountersValuesBuffer(cnc, metaData));
            return requestSnapshot(counters, aeronDirectoryName, directory, timeoutNs);
        } finally {
            IoUtil.unmap(cnc);
        }
    }

    private static SnapshotResult requestSnapshot(
            final CountersReader counters,
            final String aeronDirectoryName,
            final Path directory,
            final long timeoutNs) {
        final int controlId = ServerCounters.find(counters, ServerCounters.Id.SNAPSHOT_CONTROL, directory);
        final int snapshotsId = ServerCounters.find(counters, ServerCounters.Id.SNAPSHOTS, directory);
        final int failuresId = ServerCounters.find(counters, ServerCounters.Id.SNAPSHOT_FAILURES, directory);
        if (controlId < 0 || snapshotsId < 0 || failuresId < 0) {
            throw noServer(aeronDirectoryName);
        }
        final AtomicCounter control = new AtomicCounter(counters.valuesBuffer(), controlId);
        final long snapshots = counters.getCounterValue(snapshotsId);
        final long failures = counters.getCounterValue(failuresId);
        final long deadlineNs = System.nanoTime() + timeoutNs;
        // Somebody else's request serves just as well: its snapshot is as new as ours would be.
        control.compareAndSet(NEUTRAL, SNAPSHOT_REQUESTED);
        while (control.get() != NEUTRAL
                || (counters.getCounterValue(snapshotsId) == snapshots
                        && counters.getCounterValue(failuresId) == failures)) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new ServerException(
                        ServerException.Reason.TIMEOUT,
                        "The server did not finish a snapshot within " + TimeUnit.NANOSECONDS.toMillis(timeoutNs)
                                + " ms.");
            }
            LockSupport.parkNanos(POLL_INTERVAL_NS);
        }
        if (counters.getCounterValue(failuresId) != failures) {
            throw new ServerException(
                    ServerException.Reason.STORE,
                    "The server could not write the snapshot: see " + ErrorReporter.FILE_NAME + " in its directory.");
        }
        return new SnapshotResult(
                counters.getCounterValue(ServerCounters.find(counters, ServerCounters.Id.SNAPSHOT_POSITION, directory)),
                counters.getCounterValue(ServerCounters.find(counters, ServerCounters.Id.SNAPSHOT_NS, directory)));
    }

    private static ServerException noServer(final String aeronDirectoryName) {
        return new ServerException(
                ServerException.Reason.TRANSPORT,
                "No server runs on the media driver in " + aeronDirectoryName + ": start one, or name its directory.");
    }
}
