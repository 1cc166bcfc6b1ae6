package io.millrace.perf.demo;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;

/**
 * What the trades of one minute came to: open, high, low and close.
 *
 * @param minute minutes since 1970-01-01T00:00Z.
 * @param open   price of the first trade, in cents for one bitcoin.
 * @param high   highest price.
 * @param low    lowest price.
 * @param close  price of the last trade.
 * @param volume bitcoins, times 10^8.
 * @param trades number of trades.
 */
record Bar(long minute, long open, long high, long low, long close, long volume, int trades) {
    /** Names of the columns of {@link #toCsv}. */
    static final String CSV_HEADER = "time,open,high,low,close,volume,trades";

    private static final int SECONDS = 60;

    /** {@return the minute that a time belongs to} */
    static long minuteOf(final long epochSeconds) {
        return epochSeconds / SECONDS;
    }

    /** {@return a line with its begin as ISO 8601, prices in dollars and volume in bitcoins} */
    String toCsv() {
        return String.format(
                Locale.ROOT,
                "%s,%s,%s,%s,%s,%s,%d",
                Instant.ofEpochSecond(minute * SECONDS),
                dollars(open),
                dollars(high),
                dollars(low),
                dollars(close),
                BigDecimal.valueOf(volume, Trade.AMOUNT_DIGITS).toPlainString(),
                trades);
    }

    private static String dollars(final long cents) {
        return BigDecimal.valueOf(cents, Trade.PRICE_DIGITS).toPlainString();
    }
}
