package io.millrace.store;

import java.nio.file.Path;

/** The journal holds less than it must. Nothing was changed; a person decides. */
public final class JournalDamagedException extends JournalException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long filePosition;
    private final long lastGoodPosition;

    JournalDamagedException(
            final Path dataDirectory,
            final Path file,
            final long filePosition,
            final long lastGoodPosition,
            final String reason) {
        super("the journal is damaged in " + file + " at byte " + filePosition
                + ": the last good record before it has position "
                + lastGoodPosition + ", " + reason
                + ". Restore the directory from a copy, or give up what lies behind with: millrace journal repair --end-at-damage --dir "
                + dataDirectory);
        this.file = file;
        this.filePosition = filePosition;
        this.lastGoodPosition = lastGoodPosition;
    }

    /**
     * The file that is damaged.
     *
     * @return its path.
     */
    public Path file() {
        return file;
    }

    /**
     * Where reading stopped.
     *
     * @return byte offset in the file.
     */
    public long filePosition() {
        return filePosition;
    }

    /**
     * Last record before the damage.
     *
     * @return its log position, -1 if none.
     */
    public long lastGoodPosition() {
        return lastGoodPosition;
    }
}
