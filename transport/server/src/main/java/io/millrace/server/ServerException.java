package io.millrace.server;

/** Why a server could not start or go on: one sentence for a person and a reason for a program. */
public final class ServerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of obstacle it was. */
    public enum Reason {
        /** A setting is missing, out of range or contradicts another one. */
        CONFIGURATION,
        /** The setting is valid, but this version does not offer it. */
        NOT_AVAILABLE,
        /** Another process uses the Aeron directory. */
        AERON_DIRECTORY_IN_USE,
        /** The machine lacks memory or disk for these settings. */
        RESOURCES,
        /** Replaying the journal gave a state other than the one that was journaled. */
        DIVERGED,
        /** The journal or a snapshot cannot be read or written. */
        STORE,
        /** The media driver or the Aeron client failed. */
        TRANSPORT,
        /** No server answered a request in time. */
        TIMEOUT
    }

    private final Reason reason;

    /**
     * Creates an exception.
     *
     * @param reason  what kind of obstacle.
     * @param message one sentence that says what to do.
     */
    public ServerException(final Reason reason, final String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * Creates an exception with a cause.
     *
     * @param reason  what kind of obstacle.
     * @param message one sentence that says what to do.
     * @param cause   what happened underneath.
     */
    public ServerException(final Reason reason, final String message, final Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * What kind of obstacle it was.
     *
     * @return the reason.
     */
    public Reason reason() {
        return reason;
    }
}
