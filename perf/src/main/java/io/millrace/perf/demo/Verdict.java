package io.millrace.perf.demo;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/**
 * What the judge found.
 *
 * @param received    deliveries, redeliveries included.
 * @param redelivered deliveries that were flagged as redeliveries.
 * @param volume      bitcoins times 10^8 of all trades received, redeliveries removed.
 * @param value       dollars times 10^10 of the same.
 * @param mismatches  how many differences there are.
 * @param reasons     the first of them, a sentence each.
 */
record Verdict(
        long received, long redelivered, BigInteger volume, BigInteger value, long mismatches, List<String> reasons) {
    /** {@return the volume in bitcoins} */
    BigDecimal bitcoins() {
        return new BigDecimal(volume, Trade.AMOUNT_DIGITS);
    }

    /** {@return the value in dollars} */
    BigDecimal dollars() {
        return new BigDecimal(value, Trade.PRICE_DIGITS + Trade.AMOUNT_DIGITS);
    }

    /** {@return true if everything arrived exactly as it was recorded} */
    boolean isVerified() {
        return mismatches == 0;
    }
}
