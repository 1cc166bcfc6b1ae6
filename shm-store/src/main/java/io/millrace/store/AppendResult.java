package io.millrace.store;

/** What {@link Journal#append} and {@link RecordLogStore#append} return: numbers, because the duty cycle must not allocate. */
public final class AppendResult {
    /** The excerpt is in the journal. */
    public static final int OK = 0;

    /** Too little space is left on the disk; nothing was written and a later append may succeed. */
    public static final int DISK_FULL = -1;

    /** The excerpt is longer than the journal was opened for; nothing was written. */
    public static final int TOO_LARGE = -2;

    /** The journal is closed. */
    public static final int CLOSED = -3;

    /** The journal failed, now or before. It accepts nothing any more: stop and recover. */
    public static final int FAILED = -4;

    /** The first position of the excerpt is not the next one of the journal; nothing was written. */
    public static final int OUT_OF_SEQUENCE = -5;

    /** The record log of the shard is not open; nothing was written. */
    public static final int NOT_OPEN = -6;

    private AppendResult() {}

    /**
     * Name of a result, for reports.
     *
     * @param result value returned by append.
     * @return its name.
     */
    public static String name(final int result) {
        return switch (result) {
            case OK -> "OK";
            case DISK_FULL -> "DISK_FULL";
            case TOO_LARGE -> "TOO_LARGE";
            case CLOSED -> "CLOSED";
            case FAILED -> "FAILED";
            case OUT_OF_SEQUENCE -> "OUT_OF_SEQUENCE";
            case NOT_OPEN -> "NOT_OPEN";
            default -> "UNKNOWN(" + result + ")";
        };
    }
}
