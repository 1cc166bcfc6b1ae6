package io.millrace.perf.bench;

import io.millrace.perf.rig.Measurement;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Two things measured in the same rounds, compared: the median of the ratios of single rounds, whose two measurements were made
 * one after the other, and the least and the greatest of them, which tell how far it can be trusted.
 *
 * @param dividend median of one.
 * @param divisor  median of the other.
 * @param ratio    median of the rounds' ratios, to three decimals like the others.
 * @param least    smallest ratio of a round.
 * @param most     greatest ratio of a round.
 */
record RoundRatio(double dividend, double divisor, double ratio, double least, double most) {
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
        final double[] ratios = new double[dividends.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = divisors[i] == 0 ? 0 : dividends[i] / divisors[i];
        }
        Arrays.sort(ratios);
        return new RoundRatio(
                median(dividends),
                median(divisors),
                rounded(median(ratios)),
                rounded(ratios[0]),
                rounded(ratios[ratios.length - 1]));
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

    private static double rounded(final double ratio) {
        return Math.round(ratio * THOUSANDTHS) / THOUSANDTHS;
    }
}
