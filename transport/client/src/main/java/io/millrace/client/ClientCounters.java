package io.millrace.client;

/**
 * What a client has seen since it was made, counted by the thread that polls. Other threads may read slightly old values.
 */
public final class ClientCounters {
    long backPressured;
    long adminAction;
    long notConnected;
    long maxPosition;
    long closed;
    long resends;
    long connects;
    long reconnects;
    long gaps;
    long malformed;
    long unknownTemplates;
    long keepAlives;
    long driverTimeouts;

    ClientCounters() {}

    /** @return offers that found the way to the server full. */
    public long backPressured() {
        return backPressured;
    }

    /** @return offers that met a change of terms; they are tried again at once. */
    public long adminAction() {
        return adminAction;
    }

    /** @return offers that found nobody at the other end. */
    public long notConnected() {
        return notConnected;
    }

    /** @return offers refused because a publication was used up; the client then attaches again. */
    public long maxPosition() {
        return maxPosition;
    }

    /** @return offers to a publication that Aeron had closed. */
    public long closed() {
        return closed;
    }

    /** @return commands sent again after a reconnect. */
    public long resends() {
        return resends;
    }

    /** @return sessions that became active. */
    public long connects() {
        return connects;
    }

    /** @return sessions that became active after an earlier one was lost. */
    public long reconnects() {
        return reconnects;
    }

    /** @return sessions given up because a numbered frame was missing. */
    public long gaps() {
        return gaps;
    }

    /** @return sessions given up because of bytes that are no frame of the protocol. */
    public long malformed() {
        return malformed;
    }

    /** @return frames skipped because this client is older than the server. */
    public long unknownTemplates() {
        return unknownTemplates;
    }

    /** @return times that Aeron gave up because the media driver gave no sign, or none to it. */
    public long driverTimeouts() {
        return driverTimeouts;
    }

    /** @return keep-alives sent. */
    public long keepAlives() {
        return keepAlives;
    }
}
