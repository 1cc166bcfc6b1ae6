package io.millrace.perf.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Draws latencies by percentile as SVG: time against the share of messages that took longer, both logarithmic, so that the tail
 * has as much room as the middle. The file is plain text, so it needs neither graphics libraries nor fonts.
 */
public final class LatencyPlot {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 640;
    private static final int LEFT = 90;
    private static final int RIGHT = WIDTH - 40;
    private static final int TOP = 60;
    private static final int BOTTOM = HEIGHT - 70;
    private static final int LEGEND_LINE = 24;
    private static final String INK = "#222b38";
    private static final String GRID = "#e3e7ec";
    private static final String[] COLOURS = {"#0b6e99", "#e07a1f", "#8a939e", "#6a4c93"};

    private final StringBuilder svg = new StringBuilder();
    private final double firstDecade;
    private final double lastDecade;
    private final double lastNine;

    private LatencyPlot(final List<Line> lines) {
        double bottom = Double.MAX_VALUE;
        double top = 1;
        double right = 10;
        for (final Line line : lines) {
            bottom = Math.min(bottom, line.y().get(0));
            top = Math.max(top, line.y().get(line.y().size() - 1));
            right = Math.max(right, line.x().get(line.x().size() - 1));
        }
        firstDecade = Math.floor(Math.log10(bottom));
        lastDecade = Math.max(firstDecade + 1, Math.ceil(Math.log10(top)));
        lastNine = Math.ceil(Math.log10(right));
    }

    /**
     * Draws one line a histogram.
     *
     * @param path       file to write; its name ends in {@code .svg}.
     * @param title      what is shown.
     * @param histograms times in nanoseconds by name of the line, in the order of the legend; none empty.
     * @throws IOException if the file cannot be written.
     */
    public static void write(final Path path, final String title, final Map<String, Histogram> histograms)
            throws IOException {
        final List<Line> lines = histograms.entrySet().stream()
                .map(entry -> Line.of(entry.getKey(), entry.getValue()))
                .toList();
        Files.writeString(path, new LatencyPlot(lines).draw(title, lines), StandardCharsets.UTF_8);
    }

    private String draw(final String title, final List<Line> lines) {
        append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                        + "font-family=\"sans-serif\" font-size=\"14\" fill=\"%s\">",
                WIDTH, HEIGHT, WIDTH, HEIGHT, INK);
        append("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
        text((LEFT + RIGHT) / 2.0, 34, "middle", " font-size=\"18\" font-weight=\"bold\"", title);
        drawGrid();
        for (int i = 0; i < lines.size(); i++) {
            drawLine(lines.get(i), COLOURS[i % COLOURS.length], TOP + LEGEND_LINE * (i + 1));
        }
        return svg.append("</svg>\n").toString();
    }

    private void drawGrid() {
        for (double decade = firstDecade; decade <= lastDecade; decade++) {
            final double y = y(Math.pow(10, decade));
            append("<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\"/>", LEFT, y, RIGHT, y, GRID);
            text(LEFT - 10, y + 5, "end", "", time(Math.pow(10, decade)));
        }
        for (double nine = 0; nine <= lastNine; nine++) {
            final double x = x(Math.pow(10, nine));
            append("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>", x, TOP, x, BOTTOM, GRID);
            text(x, BOTTOM + 22, "middle", "", percentile(Math.pow(10, nine)));
        }
        text((LEFT + RIGHT) / 2.0, BOTTOM + 52, "middle", "", "percentile");
        text(24, (TOP + BOTTOM) / 2.0, "middle", turned(24, (TOP + BOTTOM) / 2), "latency");
    }

    private static String turned(final int x, final int y) {
        return " transform=\"rotate(-90 " + x + " " + y + ")\"";
    }

    private void drawLine(final Line line, final String colour, final int legendY) {
        final StringBuilder points = new StringBuilder();
        for (int i = 0; i < line.x().size(); i++) {
            points.append(String.format(
                    Locale.ROOT,
                    "%s%.1f,%.1f",
                    i == 0 ? "" : " ",
                    x(line.x().get(i)),
                    y(line.y().get(i))));
        }
        append("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\" points=\"%s\"/>", colour, points);
        append("<rect x=\"%d\" y=\"%d\" width=\"24\" height=\"3\" fill=\"%s\"/>", LEFT + 14, legendY - 6, colour);
        text(LEFT + 46, legendY, "start", "", line.name());
    }

    private double x(final double oneIn) {
        return LEFT + (RIGHT - LEFT) * Math.log10(oneIn) / lastNine;
    }

    private double y(final double ns) {
        return BOTTOM - (BOTTOM - TOP) * (Math.log10(ns) - firstDecade) / (lastDecade - firstDecade);
    }

    private void text(final double x, final double y, final String anchor, final String more, final String text) {
        final String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        append("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>", x, y, anchor, more, escaped);
    }

    private void append(final String element, final Object... values) {
        svg.append(String.format(Locale.ROOT, element, values)).append('\n');
    }

    /** {@return name of the percentile that one message in so many lies beyond} */
    static String percentile(final double oneIn) {
        if (oneIn < 1.5) {
            return "0 %";
        }
        final int nines = (int) Math.round(Math.log10(oneIn));
        return nines <= 2 ? (100 - 100 / (int) Math.pow(10, nines)) + " %" : "99." + "9".repeat(nines - 2) + " %";
    }

    /**
     * A time with a unit that a person would use.
     *
     * @param ns nanoseconds.
     * @return for example 1.25 ms.
     */
    public static String time(final double ns) {
        if (ns < 1_000) {
            return number(ns) + " ns";
        }
        if (ns < 1_000_000) {
            return number(ns / 1_000) + " \u00B5s";
        }
        return ns < 1_000_000_000 ? number(ns / 1_000_000) + " ms" : number(ns / 1_000_000_000) + " s";
    }

    private static String number(final double value) {
        return value == Math.rint(value)
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }

    /** Points of one line; x is 1 / (1 - percentile). */
    private record Line(String name, List<Double> x, List<Double> y) {
        private static final int POINTS_PER_DECADE = 40;
        private static final int FEWEST_BEYOND = 10;

        /** Ends where fewer than a few messages lie beyond: further out a line shows single events. */
        static Line of(final String name, final Histogram histogram) {
            final List<Double> x = new ArrayList<>();
            final List<Double> y = new ArrayList<>();
            final double end = Math.max(2, (double) histogram.getTotalCount() / FEWEST_BEYOND);
            for (int i = 0; Math.pow(10, (double) i / POINTS_PER_DECADE) <= end; i++) {
                final double oneIn = Math.pow(10, (double) i / POINTS_PER_DECADE);
                x.add(oneIn);
                y.add((double) Math.max(1, histogram.getValueAtPercentile(100 - 100 / oneIn)));
            }
            return new Line(name, x, y);
        }
    }
}
