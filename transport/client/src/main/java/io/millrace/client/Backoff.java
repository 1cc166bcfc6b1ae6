package io.millrace.client;

/**
 * When to try again what the server refuses for the time being: soon at first, and each time later while nothing gets
 * better.
 */
final class Backoff {
    private static final long LONGEST_NS = 5_000_000_000L;

    private final long firstNs;
    private long delayNs;
    private long untilNs;
    private boolean isWaiting;

    Backoff(final long firstNs) {
        this.firstNs = firstNs;
    }

    /** Something was refused. What is refused while waiting already changes nothing: it was asked before the wait. */
    void refused(final long nowNs) {
        if (!isWaiting) {
            delayNs = delayNs == 0 ? firstNs : Math.max(firstNs, Math.min(2 * delayNs, LONGEST_NS));
            untilNs = nowNs + delayNs;
            isWaiting = true;
        }
    }

    /** The server takes commands: the next refusal is the first one. */
    void accepted() {
        delayNs = 0;
    }

    boolean isOver(final long nowNs) {
        if (isWaiting && nowNs - untilNs >= 0) {
            isWaiting = false;
        }
        return !isWaiting;
    }
}
