package io.millrace.store;

/** The journal cannot be opened, read or forced. The message is one sentence that names file and position where it can. */
public class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure without a deeper cause.
     *
     * @param message what happened, where.
     */
    public JournalException(final String message) {
        super(message);
    }

    /**
     * A failure with its cause.
     *
     * @param message what happened, where.
     * @param cause   why.
     */
    public JournalException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
