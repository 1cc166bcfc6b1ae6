package io.millrace.kernel;

import org.agrona.DirectBuffer;

/** Who gets deliveries, and how: filled again for each receive and each turn of a consumer. */
final class Recipient {
    private static final int NOBODY = -1;

    final AttributeFilter filter = new AttributeFilter();
    final Digest attemptId = new Digest();
    int session;
    long correlationId;
    long visibilityNs;
    int consumer = NOBODY;
    /** Nobody is to acknowledge what is delivered. */
    boolean isSettled;

    boolean hasAttempt;
    int attempt = NOBODY;

    /** A receive that wants all attributes and has no attempt id, until more is said. */
    void receive(final int bySession, final long underCorrelationId, final long visibilityTimeoutNs) {
        fill(bySession, underCorrelationId, visibilityTimeoutNs, NOBODY, false);
    }

    /** A turn of a consumer. */
    void push(
            final int toSession,
            final long underCorrelationId,
            final long visibilityTimeoutNs,
            final int byConsumer,
            final boolean isAtMostOnce) {
        fill(toSession, underCorrelationId, visibilityTimeoutNs, byConsumer, isAtMostOnce);
    }

    private void fill(
            final int toSession,
            final long underCorrelationId,
            final long visibilityTimeoutNs,
            final int byConsumer,
            final boolean isAtMostOnce) {
        session = toSession;
        correlationId = underCorrelationId;
        visibilityNs = visibilityTimeoutNs;
        consumer = byConsumer;
        isSettled = isAtMostOnce;
        hasAttempt = false;
        attempt = NOBODY;
        filter.all();
    }

    /** The receive has an attempt id. */
    void attempt(final DirectBuffer buffer, final int offset, final int length) {
        attemptId.update(buffer, offset, length);
        attemptId.end();
        hasAttempt = true;
    }

    boolean isPushed() {
        return consumer >= 0;
    }
}
