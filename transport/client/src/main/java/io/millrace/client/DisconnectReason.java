package io.millrace.client;

import io.millrace.codecs.ResultCode;

/**
 * Why a session ended.
 */
public enum DisconnectReason {
    /** {@link MillraceClient#close()} was called. */
    CLIENT_CLOSED,
    /** The server heard nothing for the session timeout. */
    SESSION_TIMEOUT,
    /** The client did not poll while the server had much to say. */
    SLOW_CONSUMER,
    /** The server stops or restarts. */
    SERVER_STOPPING,
    /** The server does not know the session or ended it for another reason. */
    SESSION_ENDED,
    /** The server would not open a session; {@link MillraceClient#lastRefusal()} has the reason. */
    REFUSED,
    /** The server's answers ended, or it no longer reads: it died, or the media driver timed it out. */
    CONNECTION_LOST,
    /** The media driver ended or no longer knows this client. */
    DRIVER_LOST,
    /** A numbered frame of the server is missing. */
    EGRESS_GAP,
    /** Bytes arrived that are no frame of the protocol. */
    MALFORMED_EGRESS;

    static DisconnectReason of(final ResultCode code) {
        switch (code) {
            case SESSION_TIMEOUT:
                return SESSION_TIMEOUT;
            case SLOW_CONSUMER:
                return SLOW_CONSUMER;
            case SERVER_STOPPING:
                return SERVER_STOPPING;
            case CLIENT_CLOSED:
                return CLIENT_CLOSED;
            default:
                return SESSION_ENDED;
        }
    }
}
