package io.millrace.perf.demo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/**
 * What a part of the demo found.
 *
 * @param counts    what its processes counted.
 * @param latencies nanoseconds from send to delivery of every first delivery.
 * @param verdict   what the judge says.
 * @param plot      the latency plot.
 */
record DemoResult(DemoCounts counts, Histogram latencies, Verdict verdict, Path plot) {
    private static final double NS_PER_SECOND = 1e9;
    private static final int VWAP_SCALE = Trade.PRICE_DIGITS;

    /** {@return whether everything arrived as recorded and was acknowledged} */
    boolean isVerified() {
        return counts.failure() == null
                && verdict.isVerified()
                && counts.confirmed() == counts.sent()
                && counts.acknowledged() >= counts.sent()
                && verdict.received() - verdict.redelivered() == counts.sent();
    }

    /** {@return messages a second, 0 if the run did not end} */
    long messagesPerSecond() {
        return counts.elapsedNs() <= 0 ? 0 : Math.round(counts.sent() * NS_PER_SECOND / counts.elapsedNs());
    }

    /** {@return bitcoins} */
    BigDecimal volume() {
        return verdict.bitcoins();
    }

    /** {@return volume-weighted average price, dollars for one bitcoin to the cent; 0 if nothing was received} */
    BigDecimal vwap() {
        return volume().signum() == 0
                ? BigDecimal.ZERO
                : verdict.dollars().divide(volume(), VWAP_SCALE, RoundingMode.HALF_EVEN);
    }
}
