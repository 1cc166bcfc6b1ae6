package io.millrace.perf.demo;

/**
 * What the second part of the demo found.
 *
 * @param settled what was settled, and how fast; the latencies are of the trades that settled at first.
 * @param redrive what became of those that failed.
 */
record SettlementResult(DemoResult settled, Redrive redrive) {
    /** {@return whether every trade was settled, and every failing one as a dead letter that was redriven} */
    boolean isVerified() {
        final long failing = PriceBand.failing((int) settled.counts().sent());
        return settled.isVerified() && redrive.deadLetters() == failing && redrive.redriven() == failing;
    }
}
