package io.millrace.perf.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table for people: first column to the left, the others to the right. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Adds a row.
     *
     * @param cells texts, as many in every row.
     * @return this.
     */
    public Table row(final String... cells) {
        if (!rows.isEmpty() && rows.get(0).size() != cells.length) {
            throw new IllegalArgumentException(
                    "A row has " + rows.get(0).size() + " cells, not " + cells.length + ": " + List.of(cells));
        }
        rows.add(List.of(cells));
        return this;
    }

    /**
     * A count with separators.
     *
     * @param value any number.
     * @return for example 1,234,567.
     */
    public static String count(final long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /**
     * A ratio.
     *
     * @param value any number.
     * @return with two decimals.
     */
    public static String ratio(final double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** {@return the table, a line a row} */
    @Override
    public String toString() {
        final int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        final int[] widths = new int[columns];
        for (final List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        final StringBuilder text = new StringBuilder();
        for (final List<String> row : rows) {
            final StringBuilder line = new StringBuilder("  ").append(padRight(row.get(0), widths[0]));
            for (int i = 1; i < columns; i++) {
                line.append("  ")
                        .append(" ".repeat(widths[i] - row.get(i).length()))
                        .append(row.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String padRight(final String text, final int width) {
        return text + " ".repeat(width - text.length());
    }
}
