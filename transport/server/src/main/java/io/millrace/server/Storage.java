package io.millrace.server;

import io.millrace.kernel.Kernel;
import io.millrace.kernel.SnapshotLoader;
import io.millrace.store.ChronicleJournal;
import io.millrace.store.DirectoryLock;
import io.millrace.store.Journal;
import io.millrace.store.JournalContext;
import io.millrace.store.MemoryJournal;
import io.millrace.store.RecordLogContext;
import io.millrace.store.RecordLogKeeper;
import io.millrace.store.RecordLogStore;
import io.millrace.store.RecoveryReport;
import io.millrace.store.SnapshotStore;
import io.millrace.store.SnapshotWriter;
import io.millrace.store.reader.StreamFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.IoUtil;

/** The data directory of a server: lock, journal, snapshots and record logs. */
final class Storage implements AutoCloseable {

    /** The journal itself stops at a quarter of the watermark, so that records of the host still pass for a while. */
    private static final int DISK_FULL_DIVISOR = 4;

    private static final long CLOSE_PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    /** Where no snapshot was written in time nothing else is waited for: the page cache has it, and survives the process. */
    private static final long LATE_PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(250);

    /** What failed is tried again after this time. */
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

    private final DirectoryLock lock;
    private final Journal journal;
    private final SnapshotStore snapshots;
    private final RecoveryReport recovery;
    private RecordLogStore recordLogs;

    /** From the start on: the last stop may have left what its snapshot covers. */
    private volatile boolean isDeletionDue;

    private volatile boolean isLate;
    private volatile BoundedWork completing;

    private long nextDeletionNs;
    private long nextKeepNs;
    private volatile boolean hasWritten;

    private Storage(
            final DirectoryLock lock,
            final Journal journal,
            final SnapshotStore snapshots,
            final RecoveryReport recovery) {
        this.lock = lock;
        this.journal = journal;
        this.snapshots = snapshots;
        this.recovery = recovery;
        isDeletionDue = snapshots != null;
        nextDeletionNs = System.nanoTime();
        nextKeepNs = nextDeletionNs;
    }

    /**
     * Takes the lock and opens what the directory holds.
     *
     * @param ctx concluded settings.
     * @return the open storage; the journal has judged its own end and waits to be replayed.
     */
    static Storage open(final ServerContext ctx) {
        final DirectoryLock lock = DirectoryLock.acquire(ctx.directory());
        try {
            if (ctx.durability() == Durability.MEMORY) {
                clearRecordLogs(lock.directory());
                return new Storage(lock, ctx.journalFilter().apply(new MemoryJournal()), null, null);
            }
            final ChronicleJournal journal = ChronicleJournal.open(new JournalContext()
                    .dataDirectory(ctx.directory())
                    .lock(lock)
                    .segmentBytes(ctx.segmentBytes())
                    .maxBatchBytes(Batch.maxBytes())
                    .diskLowBytes(ctx.minFreeDiskBytes())
                    .diskFullBytes(ctx.minFreeDiskBytes() / DISK_FULL_DIVISOR));
            return new Storage(
                    lock, ctx.journalFilter().apply(journal), new SnapshotStore(ctx.directory()), journal.recovery());
        } catch (final RuntimeException e) {
            CloseHelper.quietClose(lock);
            throw e;
        }
    }

    /** Without a journal nobody knows what is in the logs of an earlier start: streams begin anew as all else does. */
    private static void clearRecordLogs(final Path directory) {
        if (Files.exists(directory.resolve("journal"))) {
            throw new ServerException(
                    ServerException.Reason.CONFIGURATION,
                    "The directory " + directory
                            + " holds a journal: a server with durability memory would remove the records of its streams.");
        }
        IoUtil.delete(StreamFolders.streams(directory).toFile(), false);
    }

    /** {@return what the start found to be lost, in words, or null if nothing was} */
    String lostWords() {
        return recovery != null && recovery.isCut() ? recovery.describe() : null;
    }

    Path directory() {
        return lock.directory();
    }

    Journal journal() {
        return journal;
    }

    /** {@return false if what is stored ends with the process anyway} */
    boolean keepsSnapshots() {
        return snapshots != null;
    }

    /**
     * Brings a kernel to the state of the newest snapshot that is intact.
     *
     * @param kernel    without history.
     * @param onDamaged hears of newer ones that are not.
     * @return position of the last record in it, -1 if there is none.
     */
    long loadSnapshot(final Kernel kernel, final ErrorHandler onDamaged) {
        if (snapshots == null) {
            return -1;
        }
        final OptionalLong newest = snapshots.newestGood(onDamaged::onError);
        if (newest.isEmpty()) {
            return -1;
        }
        final SnapshotLoader loader = kernel.loader();
        snapshots.load(newest.getAsLong(), loader::onRecord);
        loader.complete();
        return newest.getAsLong();
    }

    /**
     * Opens the record logs, none of a shard so far.
     *
     * @param snapshotPosition last record in the snapshot that was loaded, -1 if there is none.
     * @return the logs.
     */
    RecordLogStore openRecordLogs(final long snapshotPosition) {
        recordLogs = RecordLogStore.open(new RecordLogContext()
                .dataDirectory(directory())
                .bootEpoch(journal.bootEpoch())
                .endPosition(journal.nextPosition() - 1)
                .snapshotPosition(snapshotPosition));
        return recordLogs;
    }

    /** {@return the slow side of the record logs} */
    RecordLogKeeper recordLogKeeper() {
        return recordLogs.keeper();
    }

    /**
     * Writes a snapshot; it counts only when it is whole and on the disk.
     *
     * @param kernel   whose state it is.
     * @param position of the last record applied.
     */
    void writeSnapshot(final Kernel kernel, final long position) {
        try (SnapshotWriter writer = snapshots.begin(position)) {
            kernel.snapshot(position, journal.bootEpoch(), writer::append);
            complete(writer, System.nanoTime(), Long.MAX_VALUE);
        }
        hasWritten = true;
        isDeletionDue = true;
    }

    /**
     * Writes a snapshot if there is time for it, however slow the disk is.
     *
     * @param kernel   whose state it is.
     * @param position of the last record applied.
     * @param budgetNs time in nanoseconds that it may take.
     * @return false if that was too little: nothing is left of it then.
     */
    boolean writeSnapshot(final Kernel kernel, final long position, final long budgetNs) {
        final long startNs = System.nanoTime();
        final SnapshotWriter writer = snapshots.begin(position);
        try {
            kernel.snapshot(position, journal.bootEpoch(), (buffer, offset, length) -> {
                if (isOver(startNs, budgetNs)) {
                    throw new BudgetSpent();
                }
                writer.append(buffer, offset, length);
            });
        } catch (final BudgetSpent e) {
            isLate = true;
            writer.abort();
            return false;
        } catch (final RuntimeException e) {
            CloseHelper.quietClose(writer);
            throw e;
        }
        completing = BoundedWork.start("millrace-snapshot", () -> {
            try (writer) {
                complete(writer, startNs, budgetNs);
            }
        });
        if (!completing.await(budgetNs - (System.nanoTime() - startNs))) {
            isLate = true;
        }
        if (isLate) {
            return false;
        }
        hasWritten = true;
        isDeletionDue = true;
        return true;
    }

    /** The part that waits for the disk. */
    private void complete(final SnapshotWriter writer, final long startNs, final long budgetNs) {
        // A snapshot ahead of what a power loss leaves of the journal would leave a gap behind it.
        journal.sync();
        recordLogs.keeper().sync();
        writer.force();
        if (isOver(startNs, budgetNs)) {
            isLate = true;
        } else {
            writer.finish();
        }
    }

    /**
     * Slow work, for the helper's thread.
     *
     * @return amount of work done.
     */
    int doHousekeeping() {
        int work = journal.doHousekeeping() + keepRecordLogs();
        if (isDeletionDue && System.nanoTime() - nextDeletionNs >= 0) {
            // A snapshot that is written meanwhile makes the next one due.
            isDeletionDue = false;
            try {
                snapshots.deleteOlder();
                journal.deleteBefore(snapshots.neededFrom());
            } catch (final RuntimeException e) {
                isDeletionDue = true;
                nextDeletionNs = System.nanoTime() + RETRY_NS;
                throw e;
            }
            work++;
        }
        return work;
    }

    /** What failed stays to be done, but not at once. */
    private int keepRecordLogs() {
        if (System.nanoTime() - nextKeepNs < 0) {
            return 0;
        }
        try {
            return recordLogs.keeper().doHousekeeping();
        } catch (final RuntimeException e) {
            nextKeepNs = System.nanoTime() + RETRY_NS;
            throw e;
        }
    }

    /**
     * Closes the journal and gives the directory free. Where the disk does not answer, that is done behind the caller's back as
     * soon as it does; the lock is held until then.
     */
    @Override
    public void close() {
        final BoundedWork closing = BoundedWork.start("millrace-close", () -> {
            try {
                if (completing != null) {
                    completing.await(Long.MAX_VALUE);
                }
            } finally {
                CloseHelper.closeAll(this::deleteOlderSnapshots, recordLogs, journal, lock);
            }
        });
        closing.await(isLate ? LATE_PATIENCE_NS : CLOSE_PATIENCE_NS);
    }

    /** Only behind a snapshot of this start: one that failed early does not know which of those there are damaged. */
    private void deleteOlderSnapshots() {
        if (hasWritten && isDeletionDue) {
            snapshots.deleteOlder();
        }
    }

    private static boolean isOver(final long startNs, final long budgetNs) {
        return System.nanoTime() - startNs > budgetNs;
    }

    /** Leaves the kernel's walk over its tables from within the sink, which has no other way out. */
    private static final class BudgetSpent extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BudgetSpent() {
            super("the time for the snapshot is over", null, false, false);
        }
    }
}
