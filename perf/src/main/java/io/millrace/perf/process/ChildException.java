package io.millrace.perf.process;

/** A child process did not do what was expected of it. The message says which one, what was missing and what it printed. */
public final class ChildException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened.
     */
    public ChildException(final String message) {
        super(message);
    }
}
