package io.millrace.perf.demo;

/**
 * What the whole demo found.
 *
 * @param trades the part with a standard queue.
 * @param fifo   the part with a FIFO queue.
 * @param audit  the part with a topic.
 */
record DemoOutcome(DemoResult trades, SettlementResult fifo, DemoResult audit) {
    /** {@return whether all parts are verified} */
    boolean isVerified() {
        return trades.isVerified() && fifo.isVerified() && audit.isVerified();
    }
}
