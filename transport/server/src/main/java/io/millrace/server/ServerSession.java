package io.millrace.server;

import io.aeron.ExclusivePublication;
import io.millrace.codecs.ResultCode;

/** One client's session, from its request to the end of its publication. */
final class ServerSession {

    /** Where a session stands. */
    enum State {
        /** The publication to the client is being added, or has no subscriber yet. */
        CONNECTING,
        /** Connected and let in; the record that opens it is owed to the journal, or in the batch being built. */
        OPENING,
        /** Requests are taken. */
        OPEN,
        /** To be closed: the record that closes it is owed to the journal. */
        CLOSING,
        /** Gone. */
        CLOSED
    }

    final long sessionId;
    final long correlationId;
    final IngressImage ingress;

    /** Where the client wants its answers, as the server built it. */
    final String channel;

    final int streamId;

    byte[] credentials = {};

    State state = State.CONNECTING;

    /** Why the state was left last. */
    ResultCode reason = ResultCode.OK;

    /** Why the client will not be let in, or OK. */
    ResultCode refusal = ResultCode.OK;

    byte[] principal = {};

    /** Of the command that adds the publication. */
    long registrationId;

    ExclusivePublication publication;
    SessionEgress egress;

    /** When the client was heard last, by the monotonic clock. */
    long lastActivityNs;

    /** When the handshake is given up, by the monotonic clock. */
    long deadlineNs;

    /** Whether the journal knows this session. */
    boolean isJournaled;

    ServerSession(
            final long sessionId,
            final long correlationId,
            final IngressImage ingress,
            final String channel,
            final int streamId) {
        this.sessionId = sessionId;
        this.correlationId = correlationId;
        this.ingress = ingress;
        this.channel = channel;
        this.streamId = streamId;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /**
     * The one place where the state changes.
     *
     * @param newState  where it goes.
     * @param newReason why.
     */
    void state(final State newState, final ResultCode newReason) {
        state = newState;
        reason = newReason;
    }
}
