package io.millrace.store;

import io.millrace.store.reader.MachineBoot;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Settings of a {@link ChronicleJournal}. Set before {@link #conclude()}, read after it. */
public final class JournalContext {
    /** Default length at which a segment is rolled: 1 GiB. */
    public static final long DEFAULT_SEGMENT_BYTES = 1L << 30;

    /** Default for the longest excerpt: 1 MiB of records and one largest command of 64 KiB. */
    public static final int DEFAULT_MAX_BATCH_BYTES = (1 << 20) + (1 << 16);

    private static final long MIN_SEGMENT_BYTES = 1L << 16;
    private static final long MIB = 1L << 20;
    private static final Set<String> NETWORK_FILE_SYSTEMS = Set.of(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "afs",
            "afp",
            "ceph",
            "fuse.ceph",
            "glusterfs",
            "fuse.glusterfs",
            "lustre",
            "fuse.sshfs",
            "gpfs",
            "ocfs2",
            "gfs2",
            "beegfs",
            "9p");

    private Path dataDirectory;
    private DirectoryLock lock;
    private boolean ownsLock;
    private long segmentBytes = DEFAULT_SEGMENT_BYTES;
    private int maxBatchBytes = DEFAULT_MAX_BATCH_BYTES;
    private long touchAheadBytes = 16 * MIB;
    private long syncIntervalNs = 1_000_000_000L;
    private long diskCheckIntervalNs = 100_000_000L;
    private long diskLowBytes = 512 * MIB;
    private long diskFullBytes = 128 * MIB;
    private LongSupplier usableBytes;
    private String fileSystemType;
    private UUID machineBoot;

    /**
     * Checks the settings, takes the directory's lock unless one was given, and looks at the file system.
     *
     * @return this.
     * @throws DirectoryLockedException if somebody else holds the directory.
     * @throws JournalException         if the directory is on a network file system or has too little space.
     */
    public JournalContext conclude() {
        if (dataDirectory == null) {
            throw new IllegalArgumentException("dataDirectory is not set");
        }
        checkRanges();
        if (lock == null) {
            lock = DirectoryLock.acquire(dataDirectory);
            ownsLock = true;
        }
        try {
            if (!lock.isHeld()) {
                throw new IllegalArgumentException("the lock of " + dataDirectory + " was given up");
            }
            lookAtFileSystem();
        } catch (final IOException | RuntimeException e) {
            releaseOwnLock();
            throw e instanceof RuntimeException
                    ? (RuntimeException) e
                    : new JournalException("cannot look at the file system of " + dataDirectory, e);
        }
        machineBoot = machineBoot == null ? MachineBoot.id() : machineBoot;
        return this;
    }

    private void checkRanges() {
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > DEFAULT_SEGMENT_BYTES) {
            throw new IllegalArgumentException("segmentBytes " + segmentBytes + " is not between " + MIN_SEGMENT_BYTES
                    + " and " + DEFAULT_SEGMENT_BYTES);
        }
        if (maxBatchBytes < ExcerptFormat.HEADER_LENGTH || maxBatchBytes > SegmentReader.MAX_EXCERPT_BYTES) {
            throw new IllegalArgumentException("maxBatchBytes " + maxBatchBytes + " is not between "
                    + ExcerptFormat.HEADER_LENGTH + " and " + SegmentReader.MAX_EXCERPT_BYTES);
        }
        if (diskFullBytes > diskLowBytes) {
            throw new IllegalArgumentException(
                    "diskFullBytes " + diskFullBytes + " is above diskLowBytes " + diskLowBytes);
        }
    }

    private void lookAtFileSystem() throws IOException {
        final FileStore store = Files.getFileStore(dataDirectory);
        final String type = (fileSystemType == null ? store.type() : fileSystemType).toLowerCase(Locale.ROOT);
        if (NETWORK_FILE_SYSTEMS.contains(type)) {
            throw new JournalException("the data directory " + dataDirectory + " is on the network file system " + type
                    + ": mapped files are not coherent there, choose a local disk");
        }
        if (usableBytes == null) {
            usableBytes = new StoreSpace(store);
        }
        final long usable = usableBytes.getAsLong();
        final long needed = diskLowBytes + Math.min(segmentBytes, diskLowBytes);
        if (usable < needed) {
            throw new JournalException("the disk of " + dataDirectory + " has " + usable / MIB
                    + " MiB left, the journal needs " + needed / MIB + " MiB to start");
        }
    }

    /** Free space of a file store; an error counts as no space, which stops new work instead of the process. */
    private record StoreSpace(FileStore store) implements LongSupplier {
        @Override
        public long getAsLong() {
            try {
                return store.getUsableSpace();
            } catch (final IOException e) {
                return 0;
            }
        }
    }

    void releaseOwnLock() {
        if (ownsLock) {
            lock.close();
        }
    }

    /**
     * Directory that holds {@code journal/}, {@code synced} and the lock.
     *
     * @param value path on a local disk.
     * @return this.
     */
    public JournalContext dataDirectory(final Path value) {
        dataDirectory = value;
        return this;
    }

    /**
     * Lock of the data directory, if the caller took it already. The caller keeps it.
     *
     * @param value held lock.
     * @return this.
     */
    public JournalContext lock(final DirectoryLock value) {
        lock = value;
        return this;
    }

    /**
     * Length at which a segment is rolled.
     *
     * @param value bytes, from 64 KiB to 1 GiB.
     * @return this.
     */
    public JournalContext segmentBytes(final long value) {
        segmentBytes = value;
        return this;
    }

    /**
     * Longest excerpt.
     *
     * @param value bytes, at most 2 MiB.
     * @return this.
     */
    public JournalContext maxBatchBytes(final int value) {
        maxBatchBytes = value;
        return this;
    }

    /**
     * How far in front of the appender pages are touched.
     *
     * @param value bytes; 0 switches it off.
     * @return this.
     */
    public JournalContext touchAheadBytes(final long value) {
        touchAheadBytes = value;
        return this;
    }

    /**
     * How often housekeeping forces to the disk. Forcing while the appender stores stalls the stores, so rarely.
     *
     * @param value nanoseconds; Long.MAX_VALUE switches it off.
     * @return this.
     */
    public JournalContext syncIntervalNs(final long value) {
        syncIntervalNs = value;
        return this;
    }

    /**
     * How often housekeeping looks at free space.
     *
     * @param value nanoseconds.
     * @return this.
     */
    public JournalContext diskCheckIntervalNs(final long value) {
        diskCheckIntervalNs = value;
        return this;
    }

    /**
     * Free space below which {@link Journal#diskLow()} is true.
     *
     * @param value bytes.
     * @return this.
     */
    public JournalContext diskLowBytes(final long value) {
        diskLowBytes = value;
        return this;
    }

    /**
     * Free space below which appends answer {@link AppendResult#DISK_FULL}. Files are sparse: a store for which the disk has
     * no block left is a fault, not an error, so the journal stops well before.
     *
     * @param value bytes.
     * @return this.
     */
    public JournalContext diskFullBytes(final long value) {
        diskFullBytes = value;
        return this;
    }

    /** Where free space is read, for tests. */
    JournalContext usableBytes(final LongSupplier value) {
        usableBytes = value;
        return this;
    }

    /** Type of the file system, for tests. */
    JournalContext fileSystemType(final String value) {
        fileSystemType = value;
        return this;
    }

    /** Name of the machine's run, for tests. */
    JournalContext machineBoot(final UUID value) {
        machineBoot = value;
        return this;
    }

    /**
     * Directory of the data.
     *
     * @return its path.
     */
    public Path dataDirectory() {
        return dataDirectory;
    }

    /**
     * Length at which a segment is rolled.
     *
     * @return bytes.
     */
    public long segmentBytes() {
        return segmentBytes;
    }

    /**
     * Longest excerpt.
     *
     * @return bytes.
     */
    public int maxBatchBytes() {
        return maxBatchBytes;
    }

    long touchAheadBytes() {
        return touchAheadBytes;
    }

    long syncIntervalNs() {
        return syncIntervalNs;
    }

    long diskCheckIntervalNs() {
        return diskCheckIntervalNs;
    }

    long diskLowBytes() {
        return diskLowBytes;
    }

    long diskFullBytes() {
        return diskFullBytes;
    }

    LongSupplier usableBytes() {
        return usableBytes;
    }

    UUID machineBoot() {
        return machineBoot;
    }
}
