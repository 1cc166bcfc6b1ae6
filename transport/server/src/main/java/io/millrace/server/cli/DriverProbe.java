package io.millrace.server.cli;

import io.aeron.CncFileDescriptor;
import java.io.File;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * A look at the media driver from its CnC file alone. A command that finds no driver can say so at once, where an Aeron client
 * would wait for its driver time-out.
 */
final class DriverProbe implements AutoCloseable {

    /** A driver writes its heartbeat every second. */
    private static final long FRESH_MS = TimeUnit.SECONDS.toMillis(3);

    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final MappedByteBuffer file;
    private final ManyToOneRingBuffer toDriver;
    private final CountersReader counters;
    private final long pid;

    private DriverProbe(final MappedByteBuffer file, final UnsafeBuffer metaData) {
        this.file = file;
        toDriver = new ManyToOneRingBuffer(CncFileDescriptor.createToDriverBuffer(file, metaData));
        counters = new CountersReader(
                CncFileDescriptor.createCountersMetaDataBuffer(file, metaData),
                CncFileDescriptor.createCountersValuesBuffer(file, metaData));
        pid = CncFileDescriptor.pid(metaData);
    }

    /**
     * Opens the CnC file of a driver.
     *
     * @param aeronDirectory directory of the driver.
     * @return the probe, or null if there is no complete CnC file.
     */
    static DriverProbe openOrNull(final Path aeronDirectory) {
        final File cnc = aeronDirectory.resolve(CncFileDescriptor.CNC_FILE).toFile();
        if (cnc.length() < CncFileDescriptor.META_DATA_LENGTH) {
            return null;
        }
        final MappedByteBuffer file = IoUtil.mapExistingFile(cnc, FileChannel.MapMode.READ_ONLY, "CnC file");
        final UnsafeBuffer metaData = CncFileDescriptor.createMetaDataBuffer(file);
        final int version = metaData.getIntVolatile(CncFileDescriptor.cncVersionOffset(0));
        if (version == 0 || !CncFileDescriptor.isCncFileLengthSufficient(metaData, file.capacity())) {
            IoUtil.unmap(file);
            return null;
        }
        CncFileDescriptor.checkVersion(version);
        return new DriverProbe(file, metaData);
    }

    /**
     * Whether a live driver serves a directory. Takes at most a second and a half.
     *
     * @param aeronDirectory directory of the driver.
     * @return true if its process lives and its heartbeat is fresh, or its heartbeat advances while this method looks.
     */
    static boolean isAlive(final Path aeronDirectory) {
        try (DriverProbe probe = openOrNull(aeronDirectory)) {
            return probe != null && probe.isAlive();
        }
    }

    private boolean isAlive() {
        final long heartbeat = toDriver.consumerHeartbeatTime();
        // In another PID namespace the process cannot be seen, so a missing process alone proves nothing.
        final boolean processSeen =
                ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        if (processSeen && System.currentTimeMillis() - heartbeat < FRESH_MS) {
            return true;
        }
        final long deadline = System.nanoTime() + PATIENCE_NS;
        while (System.nanoTime() - deadline < 0) {
            if (toDriver.consumerHeartbeatTime() != heartbeat) {
                return true;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        return false;
    }

    /** Counters of driver, clients and server, read without touching any of them. */
    CountersReader counters() {
        return counters;
    }

    @Override
    public void close() {
        IoUtil.unmap(file);
    }
}
