package io.millrace.perf.demo;

import java.math.BigInteger;

/**
 * One recorded trade. All numbers are integers, so that equal means equal.
 *
 * @param row        row of the recording, from 1.
 * @param timestamp  seconds since 1970-01-01T00:00:00Z.
 * @param priceCents dollars for one bitcoin, times 100.
 * @param amount     bitcoins, times 10^8.
 */
public record Trade(int row, long timestamp, long priceCents, long amount) {
    /** Decimal places of {@link #priceCents}. */
    static final int PRICE_DIGITS = 2;

    /** Decimal places of {@link #amount}. */
    static final int AMOUNT_DIGITS = 8;

    /** {@return price times amount, in dollars times 10^10} */
    BigInteger value() {
        return BigInteger.valueOf(priceCents).multiply(BigInteger.valueOf(amount));
    }
}
