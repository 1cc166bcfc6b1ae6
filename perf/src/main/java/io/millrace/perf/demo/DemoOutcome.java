package io.millrace.perf.demo;

/**
 * What the whole demo found.
 *
 * @param trades the part with a standard queue.
 * @param fifo   the part with a FIFO queue.
 */
record DemoOutcome(DemoResult trades, SettlementResult fifo) {
    /** {@return whether both parts are verified} */
    boolean isVerified() {
        return trades.isVerified() && fifo.isVerified();
    }
}
