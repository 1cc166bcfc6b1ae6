package io.millrace.client;

/**
 * A blocking call got no answer in time. Whether it took effect is not known.
 */
public final class MillraceTimeoutException extends MillraceException {
    private static final long serialVersionUID = 1L;

    MillraceTimeoutException(final String sentence) {
        super(sentence);
    }
}
