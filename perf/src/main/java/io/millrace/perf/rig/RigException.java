package io.millrace.perf.rig;

/** A measurement could not be taken: what was being measured stopped answering. */
public final class RigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was waited for.
     */
    public RigException(final String message) {
        super(message);
    }
}
