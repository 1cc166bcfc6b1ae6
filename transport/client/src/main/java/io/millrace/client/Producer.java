package io.millrace.client;

import java.security.SecureRandom;

/**
 * Who sends protected commands: the numbers that let the server answer a command sent twice with its first result.
 */
final class Producer {
    private final boolean isEnabled;
    private final ResendRing ring;
    private long id;
    private long nextSequence = 1;
    private int epoch;
    private long nonce = new SecureRandom().nextLong() | 1;
    private boolean isFenced;
    private boolean isOpen;

    Producer(final boolean isEnabled, final long id, final int resendBufferLength) {
        this.isEnabled = isEnabled;
        this.id = id;
        this.ring = isEnabled ? new ResendRing(resendBufferLength) : null;
    }

    boolean isEnabled() {
        return isEnabled;
    }

    /** @return whether protected commands may be sent now. */
    boolean isOpen() {
        return isOpen;
    }

    long id() {
        return id;
    }

    int epoch() {
        return epoch;
    }

    long nextSequence() {
        return nextSequence;
    }

    ResendRing ring() {
        return ring;
    }

    void onSent() {
        nextSequence++;
    }

    /** @return the producer to ask for: 0, a new one, if somebody else has this client's. */
    long idToOpen() {
        return isFenced ? 0 : id;
    }

    /**
     * The mark of one opening, never 0, however often it is asked for: one whose answer was lost with its session, and which the
     * server may even take in after the next, does not fence it.
     */
    long nonce() {
        return nonce;
    }

    /** Somebody else has opened the producer: taking it back would only fence them in turn. */
    void fence() {
        isFenced = true;
    }

    boolean isFenced() {
        return isFenced;
    }

    /**
     * Tells whether somebody else had the producer since this client opened it. Then the results under its sequences are
     * answers to the other's commands.
     *
     * @param newEpoch epoch that the server says; it went up by one with each opening, this client's included
     * @param lastSequence highest sequence that the server has executed
     */
    boolean wasTakenOver(final int newEpoch, final long lastSequence) {
        final boolean isReopened = epoch != 0 && !isFenced;
        return isReopened && (newEpoch - epoch > 1 || lastSequence >= nextSequence);
    }

    /** Takes what the server says of the producer and makes the unanswered commands follow on it. */
    void onOpened(final long producerId, final int producerEpoch, final long lastSequence) {
        id = producerId;
        epoch = producerEpoch;
        nonce += 2;
        isFenced = false;
        nextSequence = ring.renumberAfter(lastSequence);
        isOpen = true;
    }

    /** The next commands wait until the server has opened the producer again. */
    void shut() {
        isOpen = false;
    }

    /** The producer is no longer this client's: the next one opened is a new one. */
    void forget() {
        isOpen = false;
        isFenced = false;
        id = 0;
        epoch = 0;
        ring.clear();
    }
}
