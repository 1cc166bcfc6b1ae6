package io.millrace.perf.bench;

import io.millrace.perf.rig.Measurement;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Two things measured in the same rounds, compared: the ratio of their medians, and the ratios within single rounds between
 * which it lies or does not, which tells how far it can be trusted.
 *
 * @param dividend median of one.
 * @param divisor  median of the other.
 * @param least    smallest ratio of a round.
 * @param most     greatest ratio of a round.
 */
record RoundRatio(double dividend, double divisor, double least, double most) {
    private static final double THOUSANDTHS = 1_000.0;

    /**
     * Compares.
     *
     * @param findings with as many rounds of one as of the other.
     * @param label    one.
     * @param control  the other.
     * @param figure   what is compared.
     * @return the comparison.
     */
    static RoundRatio of(
            final Findings findings,
            final String label,
            final String control,
            final ToDoubleFunction<Measurement> figure) {
        final double[] dividends = figures(findings.rounds(label), figure);
        final double[] divisors = figures(findings.rounds(control), figure);
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int i = 0; i < dividends.length; i++) {
            final double ratio = rounded(dividends[i], divisors[i]);
            least = Math.min(least, ratio);
            most = Math.max(most, ratio);
        }
        return new RoundRatio(median(dividends), median(divisors), least, most);
    }

    /** {@return median by median, to three decimals} */
    double ratio() {
        return rounded(dividend, divisor);
    }

    private static double[] figures(final List<Measurement> rounds, final ToDoubleFunction<Measurement> figure) {
        return rounds.stream().mapToDouble(figure).toArray();
    }

    private static double median(final double[] values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double rounded(final double dividend, final double divisor) {
        return divisor == 0 ? 0 : Math.round(dividend / divisor * THOUSANDTHS) / THOUSANDTHS;
    }
}
