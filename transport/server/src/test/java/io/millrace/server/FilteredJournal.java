package io.millrace.server;

import io.millrace.store.AppendResult;
import io.millrace.store.BatchHandler;
import io.millrace.store.Journal;
import org.agrona.DirectBuffer;

/** A journal that does what another does, unless told to fail or to litter. */
class FilteredJournal implements Journal {

    /** What appends answer; OK to pass them on. */
    int result = AppendResult.OK;

    boolean isDiskLow;

    /** How often it was asked about the disk. */
    int diskLooks;

    private final Journal journal;

    FilteredJournal(final Journal journal) {
        this.journal = journal;
    }

    @Override
    public int append(final DirectBuffer excerpt, final int offset, final int length) {
        return result == AppendResult.OK ? journal.append(excerpt, offset, length) : result;
    }

    @Override
    public long nextPosition() {
        return journal.nextPosition();
    }

    @Override
    public long bootEpoch() {
        return journal.bootEpoch();
    }

    @Override
    public void replay(final long fromPosition, final BatchHandler handler) {
        journal.replay(fromPosition, handler);
    }

    @Override
    public void deleteBefore(final long position) {
        journal.deleteBefore(position);
    }

    @Override
    public int doHousekeeping() {
        return journal.doHousekeeping();
    }

    @Override
    public long sync() {
        return journal.sync();
    }

    @Override
    public long syncedPosition() {
        return journal.syncedPosition();
    }

    @Override
    public boolean diskLow() {
        diskLooks++;
        return isDiskLow || journal.diskLow();
    }

    @Override
    public void close() {
        journal.close();
    }
}
