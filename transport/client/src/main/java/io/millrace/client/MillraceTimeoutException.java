package io.millrace.client;

/**
 * A blocking call got no answer in time. Whether it took effect is not known.
 */
public final class MillraceTimeoutException extends MillraceException {
    private static final long serialVersionUID = 1L;

    MillraceTimeoutException(final String sentence) {
        super(sentence);
    }

    /** There was no session in time. */
    static MillraceTimeoutException noSession(final ClientContext context) {
        return new MillraceTimeoutException("No session within " + context.connectTimeoutNs() / 1_000_000
                + " ms: is a server running with the Aeron directory " + context.aeronDirectoryName() + " and channel "
                + context.ingressChannel() + ", stream " + context.ingressStreamId() + "?");
    }
}
