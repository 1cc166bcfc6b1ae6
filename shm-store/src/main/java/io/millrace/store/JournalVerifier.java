package io.millrace.store;

import io.millrace.store.reader.MachineBoot;
import java.nio.file.Path;

/** Checks and, when a person has decided so, cuts a journal. For tools. */
public final class JournalVerifier {
    private JournalVerifier() {}

    /**
     * Checks a journal as a start would, without changing anything.
     *
     * @param dataDirectory data directory.
     * @param serverRunning whether a server is appending to it meanwhile: the check then ends at what had been appended when
     *                      it began.
     * @return what was found; its judgement tells whether a start would refuse.
     * @throws JournalException if a file cannot be read.
     */
    public static RecoveryReport verify(final Path dataDirectory, final boolean serverRunning) {
        return Recovery.inspect(dataDirectory, MachineBoot.id(), serverRunning);
    }

    /**
     * Ends a damaged journal at its last good record. Everything behind stays in its files and counts no more.
     *
     * @param lock held lock of the data directory.
     * @return what a start finds afterwards.
     * @throws JournalException if what counts cannot be forced to the disk, or the mark cannot be written.
     */
    public static RecoveryReport repair(final DirectoryLock lock) {
        final Path data = lock.directory();
        final RecoveryReport found = Recovery.inspect(data, MachineBoot.id(), false);
        Recovery.endAt(data, found);
        return Recovery.recover(data);
    }

    /**
     * Moves segments whose records a snapshot holds to {@code set-aside/}, so that damage in them does not keep a server from
     * starting. No record behind the snapshot is given up.
     *
     * @param lock     held lock of the data directory.
     * @param position of a snapshot that is good.
     * @return what a start finds afterwards.
     * @throws JournalException if the damage lies elsewhere too; everything is where it was then.
     */
    public static RecoveryReport setAsideCovered(final DirectoryLock lock, final long position) {
        return SetAside.covered(lock.directory(), position);
    }
}
