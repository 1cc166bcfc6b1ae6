package io.millrace.perf.demo;

/**
 * What the whole demo found.
 *
 * @param trades the part with a standard queue.
 * @param fifo   the part with a FIFO queue.
 * @param topic  the part with a topic.
 * @param tape   the part with a stream.
 */
record DemoOutcome(DemoResult trades, SettlementResult fifo, TopicResult topic, TapeResult tape) {
    /** {@return whether all parts are verified} */
    boolean isVerified() {
        return trades.isVerified() && fifo.isVerified() && topic.isVerified() && tape.isVerified();
    }
}
