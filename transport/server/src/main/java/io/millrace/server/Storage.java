package io.millrace.server;

import io.millrace.kernel.Kernel;
import io.millrace.kernel.SnapshotLoader;
import io.millrace.store.ChronicleJournal;
import io.millrace.store.DirectoryLock;
import io.millrace.store.Journal;
import io.millrace.store.JournalContext;
import io.millrace.store.MemoryJournal;
import io.millrace.store.RecoveryReport;
import io.millrace.store.SnapshotStore;
import io.millrace.store.SnapshotWriter;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;

/** The data directory of a server: lock, journal and snapshots. */
final class Storage implements AutoCloseable {

    /** The journal itself stops at a quarter of the watermark, so that records of the host still pass for a while. */
    private static final int DISK_FULL_DIVISOR = 4;

    private final DirectoryLock lock;
    private final Journal journal;
    private final SnapshotStore snapshots;
    private final RecoveryReport recovery;

    /** A deletion that failed is tried again after this time. */
    private static final long DELETION_RETRY_NS = TimeUnit.SECONDS.toNanos(1);

    /** From the start on: the last stop may have left what its snapshot covers. */
    private volatile boolean isDeletionDue;

    private long nextDeletionNs;
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
     * Writes a snapshot; it counts only when it is whole and on the disk.
     *
     * @param kernel     whose state it is.
     * @param position   of the last record applied.
     * @param budgetNs   time in nanoseconds that writing may take; Long.MAX_VALUE for any.
     * @return false if that was too little: nothing is left of it then.
     */
    boolean writeSnapshot(final Kernel kernel, final long position, final long budgetNs) {
        final long startNs = System.nanoTime();
        // A snapshot ahead of what a power loss leaves of the journal would leave a gap behind it.
        journal.sync();
        try (SnapshotWriter writer = snapshots.begin(position)) {
            kernel.snapshot(position, journal.bootEpoch(), (buffer, offset, length) -> {
                checkBudget(startNs, budgetNs);
                writer.append(buffer, offset, length);
            });
            checkBudget(startNs, budgetNs);
            writer.finish();
        } catch (final BudgetSpent e) {
            return false;
        }
        hasWritten = true;
        isDeletionDue = true;
        return true;
    }

    /**
     * Slow work, for the helper's thread.
     *
     * @return amount of work done.
     */
    int doHousekeeping() {
        int work = journal.doHousekeeping();
        if (isDeletionDue && System.nanoTime() - nextDeletionNs >= 0) {
            // A snapshot that is written meanwhile makes the next one due.
            isDeletionDue = false;
            try {
                snapshots.deleteOlder();
                journal.deleteBefore(snapshots.neededFrom());
            } catch (final RuntimeException e) {
                isDeletionDue = true;
                nextDeletionNs = System.nanoTime() + DELETION_RETRY_NS;
                throw e;
            }
            work++;
        }
        return work;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(this::deleteOlderSnapshots, journal, lock);
    }

    /** Only behind a snapshot of this start: one that failed early does not know which of those there are damaged. */
    private void deleteOlderSnapshots() {
        if (hasWritten && isDeletionDue) {
            snapshots.deleteOlder();
        }
    }

    private static void checkBudget(final long startNs, final long budgetNs) {
        if (System.nanoTime() - startNs > budgetNs) {
            throw new BudgetSpent();
        }
    }

    /** Leaves the kernel's walk over its tables from within the sink, which has no other way out. */
    private static final class BudgetSpent extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BudgetSpent() {
            super("the time for the snapshot is over", null, false, false);
        }
    }
}
