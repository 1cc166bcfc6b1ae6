package io.millrace.perf.bench;

import io.millrace.perf.rig.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The measurements of one run: of each thing measured one a round. Percentiles and ratios are of all rounds together. */
final class Findings {
    private static final double THOUSANDTHS = 1_000.0;

    private final Map<String, List<Measurement>> rounds = new LinkedHashMap<>();

    /** Adds a round's measurement of one thing. */
    void add(final String label, final Measurement measurement) {
        rounds.computeIfAbsent(label, any -> new ArrayList<>()).add(measurement);
    }

    /** {@return what was measured, in the order in which it was added} */
    Set<String> labels() {
        return rounds.keySet();
    }

    /** {@return the measurements of one thing, a round each} */
    List<Measurement> rounds(final String label) {
        return rounds.get(label);
    }

    /** {@return all rounds of one thing as one} */
    Measurement total(final String label) {
        return rounds.get(label).stream().reduce(Measurement::plus).orElseThrow();
    }

    /** {@return nanoseconds} */
    long percentile(final String label, final double percentile) {
        return total(label).histogram().getValueAtPercentile(percentile);
    }

    /** {@return messages a second over all rounds} */
    double rate(final String label) {
        return total(label).messagesPerSecond();
    }

    /** {@return how many times longer one takes than the other, to three decimals} */
    double latencyRatio(final String label, final String floor, final double percentile) {
        return rounded(percentile(label, percentile) / (double) Math.max(1, percentile(floor, percentile)));
    }

    /** {@return what part of the other's rate one reaches, to three decimals} */
    double rateRatio(final String label, final String floor) {
        final double floorRate = rate(floor);
        return floorRate == 0 ? 0 : rounded(rate(label) / floorRate);
    }

    private static double rounded(final double ratio) {
        return Math.round(ratio * THOUSANDTHS) / THOUSANDTHS;
    }
}
