package io.millrace.server.cli;

/** Ends a command with exit code 1: the operation was refused or failed. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates a failure.
     *
     * @param sentence one sentence for stderr that says what to do.
     */
    public CommandFailure(final String sentence) {
        super(sentence);
    }

    /**
     * Creates a failure with its cause.
     *
     * @param sentence one sentence for stderr that says what to do.
     * @param cause    what happened underneath.
     */
    public CommandFailure(final String sentence, final Throwable cause) {
        super(sentence, cause);
    }
}
