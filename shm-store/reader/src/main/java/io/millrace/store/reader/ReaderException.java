package io.millrace.store.reader;

import java.nio.file.Path;

/** A record log cannot be read on from where a reader stands. It names the file and the byte. */
public final class ReaderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Kind {
        /** There is no such shard in the directory. */
        NOT_FOUND,
        /** The files are written in a layout newer than this code. */
        NEWER_FORMAT,
        /** A file ends before its records do. */
        TRUNCATED,
        /** A file between two others is not there. */
        MISSING_FILE,
        /** Bytes of a file are not those that were written. */
        CORRUPT,
        /** What comes next was removed, as it is older than the stream's retention: seek to the horizon to go on. */
        TRIMMED,
        /** The shard was deleted. */
        DELETED,
        /** A file cannot be opened or read: the cause says why. */
        UNREADABLE
    }

    private final Kind kind;
    private final transient Path file;
    private final long position;
    private final long horizonTimeNs;

    ReaderException(final Kind kind, final Path file, final long position, final String message) {
        this(kind, file, position, Long.MIN_VALUE, message, null);
    }

    ReaderException(
            final Kind kind,
            final Path file,
            final long position,
            final long horizonTimeNs,
            final String message,
            final Throwable cause) {
        super(kind + ": " + message + " (" + file + " at byte " + position + ')', cause);
        this.kind = kind;
        this.file = file;
        this.position = position;
        this.horizonTimeNs = horizonTimeNs;
    }

    /**
     * Why the log cannot be read on.
     *
     * @return the reason.
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Where: the file, or the folder if a file is missing.
     *
     * @return its path.
     */
    public Path file() {
        return file;
    }

    /**
     * Where in the file.
     *
     * @return byte from its start.
     */
    public long position() {
        return position;
    }

    /**
     * For {@link Kind#TRIMMED}: no record that arrived earlier is in reach.
     *
     * @return nanoseconds since the epoch, {@link Long#MIN_VALUE} for other reasons.
     */
    public long horizonTimeNs() {
        return horizonTimeNs;
    }
}
