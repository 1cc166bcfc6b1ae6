package io.millrace.client;

/**
 * Who sends protected commands: the numbers that let the server answer a command sent twice with its first result.
 */
final class Producer {
    private final boolean isEnabled;
    private final ResendRing ring;
    private long id;
    private long nextSequence = 1;
    private int epoch;
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

    /** Takes what the server says of the producer and makes the unanswered commands follow on it. */
    void onOpened(final long producerId, final int producerEpoch, final long lastSequence) {
        id = producerId;
        epoch = producerEpoch;
        nextSequence = ring.renumberAfter(lastSequence);
        isOpen = true;
    }

    /** The next commands wait until the server has opened the producer again. */
    void shut() {
        isOpen = false;
    }

    /** The server has forgotten the producer: the next one opened is a new one. */
    void forget() {
        isOpen = false;
        id = 0;
        ring.clear();
    }
}
