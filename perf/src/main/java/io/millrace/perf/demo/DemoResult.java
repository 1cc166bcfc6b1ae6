package io.millrace.perf.demo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/**
 * What a run of the demo found.
 *
 * @param sent         trades published.
 * @param confirmed    trades whose send was confirmed.
 * @param acknowledged deliveries whose acknowledgement was confirmed.
 * @param elapsedNs    from the first send to the last acknowledgement confirmed.
 * @param latencies    nanoseconds from send to delivery of every first delivery.
 * @param verdict      what the judge says.
 * @param plot         the latency plot.
 * @param failure      which process failed or hung while trades were under way, null if none did.
 */
record DemoResult(
        long sent,
        long confirmed,
        long acknowledged,
        long elapsedNs,
        Histogram latencies,
        Verdict verdict,
        Path plot,
        String failure) {
    private static final double NS_PER_SECOND = 1e9;
    private static final int VWAP_SCALE = Trade.PRICE_DIGITS;

    /** {@return whether everything arrived as recorded and was acknowledged} */
    boolean isVerified() {
        return failure == null
                && verdict.isVerified()
                && confirmed == sent
                && acknowledged >= sent
                && verdict.received() - verdict.redelivered() == sent;
    }

    /** {@return messages a second, 0 if the run did not end} */
    long messagesPerSecond() {
        return elapsedNs <= 0 ? 0 : Math.round(sent * NS_PER_SECOND / elapsedNs);
    }

    /** {@return bitcoins} */
    BigDecimal volume() {
        return new BigDecimal(verdict.volume(), Trade.AMOUNT_DIGITS);
    }

    /** {@return volume-weighted average price, dollars for one bitcoin to the cent; 0 if nothing was received} */
    BigDecimal vwap() {
        final BigDecimal value = new BigDecimal(verdict.value(), Trade.PRICE_DIGITS + Trade.AMOUNT_DIGITS);
        return volume().signum() == 0 ? BigDecimal.ZERO : value.divide(volume(), VWAP_SCALE, RoundingMode.HALF_EVEN);
    }
}
