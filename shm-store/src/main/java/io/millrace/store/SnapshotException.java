package io.millrace.store;

/** A snapshot cannot be written or must not be used. The message is one sentence that names the file. */
public final class SnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SnapshotException(final String message) {
        super(message);
    }

    SnapshotException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
