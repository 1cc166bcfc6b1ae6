package io.millrace.kernel;

import io.millrace.codecs.Backoff;

/** How long a message waits after a failure: the queue's back-off. */
final class RetryDelay {
    private RetryDelay() {}

    /**
     * Computes the delay before the next delivery.
     *
     * @param backoff value of a {@link Backoff}; 0 is as NONE.
     * @param delayNs its unit, not negative.
     * @param maxNs its cap, not negative, which a fixed delay has not.
     * @param failedCount deliveries that failed so far, this one included: from 1.
     * @return nanoseconds, 0 for at once.
     */
    static long ns(final int backoff, final long delayNs, final long maxNs, final int failedCount) {
        if (backoff == Backoff.FIXED.value()) {
            return delayNs;
        } else if (backoff == Backoff.LINEAR.value()) {
            return delayNs > maxNs / failedCount ? maxNs : delayNs * failedCount;
        } else if (backoff == Backoff.EXPONENTIAL.value()) {
            final int doublings = failedCount - 1;
            // Beyond 62 doublings everything but 0 is above any cap.
            return delayNs == 0 || doublings < Long.SIZE - 1 && delayNs <= maxNs >> doublings
                    ? delayNs << Math.min(doublings, Long.SIZE - 2)
                    : maxNs;
        }
        return 0;
    }
}
