package io.millrace.perf.demo;

/** The price bands that trades settle in: bands of 50 dollars, each a message group. */
final class PriceBand {
    /** Every row that this divides fails until it is redriven. */
    static final int FAILING = 100;

    private static final int DOLLARS = 50;
    private static final int CENTS = 100 * DOLLARS;

    private PriceBand() {}

    /** {@return the price in dollars, divided by 50, rounded down} */
    static int of(final Trade trade) {
        return Math.toIntExact(Math.floorDiv(trade.priceCents(), CENTS));
    }

    /** {@return whether the consumer cannot settle a row before somebody has looked into it and redriven it} */
    static boolean isFailing(final int row) {
        return row % FAILING == 0;
    }

    /** {@return how many of the first rows are failing ones} */
    static int failing(final int rows) {
        return rows / FAILING;
    }
}
