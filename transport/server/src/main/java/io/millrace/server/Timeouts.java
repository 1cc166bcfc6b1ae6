package io.millrace.server;

import java.util.concurrent.TimeUnit;

/**
 * Every time-out of driver, Aeron client and sessions, derived from the one setting, so that they cannot contradict each
 * other. With the default of 30 s: a client process or the server may stall for 30 s before the driver gives it up, a
 * session may be silent for 10 s.
 *
 * @param livenessNs          after this the driver gives up a client, and a client the driver.
 * @param unblockNs           after this the driver unblocks a publication whose owner died inside a claim.
 * @param publicationLingerNs for this long a closed publication can still be read.
 * @param sessionNs           after this a silent session is closed; also how long a handshake may take.
 * @param stalledNs           after this a session that reads none of its waiting output is closed.
 */
record Timeouts(long livenessNs, long unblockNs, long publicationLingerNs, long sessionNs, long stalledNs) {

    private static final long MAX_LINGER_NS = TimeUnit.SECONDS.toNanos(5);

    /**
     * Derives them.
     *
     * @param timeoutNs the setting.
     * @return the time-outs.
     */
    static Timeouts of(final long timeoutNs) {
        return new Timeouts(
                timeoutNs,
                timeoutNs + timeoutNs / 2,
                Math.min(MAX_LINGER_NS, timeoutNs / 6),
                timeoutNs / 3,
                timeoutNs / 3);
    }
}
