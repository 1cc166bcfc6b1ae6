package io.millrace.server;

import io.aeron.security.Authenticator;
import io.aeron.security.SessionProxy;
import io.millrace.codecs.ResultCode;

/** Asks the authenticator whether a client may come in, and as whom. A challenge counts as a refusal: the protocol has none. */
final class SessionAdmission implements SessionProxy {

    /** What a journaled principal may take, like any other name. */
    private static final int MAX_PRINCIPAL_BYTES = 256;

    private ServerSession session;
    private boolean isAuthenticated;

    /**
     * Asks.
     *
     * @param authenticator to ask.
     * @param candidate     whose principal is set if it is let in.
     * @param nowMs         time for the authenticator's own purposes.
     * @return OK or NOT_AUTHENTICATED.
     */
    ResultCode admit(final Authenticator authenticator, final ServerSession candidate, final long nowMs) {
        session = candidate;
        isAuthenticated = false;
        authenticator.onConnectRequest(candidate.sessionId, candidate.credentials, nowMs);
        authenticator.onConnectedSession(this, nowMs);
        session = null;
        return isAuthenticated ? ResultCode.OK : ResultCode.NOT_AUTHENTICATED;
    }

    @Override
    public long sessionId() {
        return session.sessionId;
    }

    @Override
    public boolean challenge(final byte[] encodedChallenge) {
        isAuthenticated = false;
        return true;
    }

    @Override
    public boolean authenticate(final byte[] encodedPrincipal) {
        isAuthenticated = encodedPrincipal == null || encodedPrincipal.length <= MAX_PRINCIPAL_BYTES;
        if (isAuthenticated && encodedPrincipal != null) {
            session.principal = encodedPrincipal;
        }
        return true;
    }

    @Override
    public void reject() {
        isAuthenticated = false;
    }
}
