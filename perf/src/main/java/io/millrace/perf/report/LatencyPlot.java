package io.millrace.perf.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.HdrHistogram.Histogram;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws latencies by percentile: time against the share of messages that took longer, both logarithmic, so that the tail has as
 * much room as the middle.
 */
public final class LatencyPlot {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 640;
    private static final int POINTS_PER_DECADE = 40;
    private static final int FEWEST_BEYOND = 10;
    private static final Color INK = new Color(0x22, 0x2B, 0x38);
    private static final Color GRID = new Color(0xE3, 0xE7, 0xEC);
    private static final Color[] LINES = {
        new Color(0x0B, 0x6E, 0x99), new Color(0xE0, 0x7A, 0x1F), new Color(0x8A, 0x93, 0x9E)
    };

    private LatencyPlot() {}

    /**
     * Draws one line a histogram into a PNG.
     *
     * @param path       file to write; its name ends in {@code .png}.
     * @param title      what is shown.
     * @param histograms times in nanoseconds by name of the line, in the order of the legend; none empty.
     * @return false if this JVM cannot draw: it lacks its graphics libraries, or finds no fonts.
     * @throws IOException if the file cannot be written.
     */
    public static boolean tryWrite(final Path path, final String title, final Map<String, Histogram> histograms)
            throws IOException {
        System.setProperty("java.awt.headless", "true");
        final BufferedImage image;
        try {
            image = BitmapEncoder.getBufferedImage(draw(title, histograms));
        } catch (final LinkageError | RuntimeException e) {
            return false;
        }
        return ImageIO.write(image, "png", path.toFile());
    }

    private static XYChart draw(final String title, final Map<String, Histogram> histograms) {
        final XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("percentile")
                .yAxisTitle("latency")
                .build();
        style(chart.getStyler());
        double top = 1;
        double right = 1;
        double bottom = Double.MAX_VALUE;
        for (final Map.Entry<String, Histogram> entry : histograms.entrySet()) {
            final Line line = Line.of(entry.getValue());
            final XYSeries series = chart.addSeries(entry.getKey(), line.x(), line.y());
            series.setMarker(SeriesMarkers.NONE);
            series.setLineStyle(new BasicStroke(2.5f));
            top = Math.max(top, line.y().get(line.y().size() - 1));
            right = Math.max(right, line.x().get(line.x().size() - 1));
            bottom = Math.min(bottom, line.y().get(0));
        }
        chart.getStyler()
                .setYAxisMin(Math.pow(10, Math.floor(Math.log10(bottom))))
                .setYAxisMax(Math.pow(10, Math.ceil(Math.log10(top))))
                .setXAxisMin(1.0)
                .setXAxisMax(Math.pow(10, Math.ceil(Math.log10(right))));
        return chart;
    }

    private static void style(final XYStyler styler) {
        styler.setSeriesColors(LINES);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setChartFontColor(INK);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
        styler.setChartTitleBoxVisible(false);
        styler.setChartPadding(18);
        styler.setLegendPosition(Styler.LegendPosition.InsideNW);
        styler.setLegendBorderColor(GRID);
        styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotGridLinesStroke(new BasicStroke(1f));
        styler.setAxisTickMarksColor(GRID);
        styler.setXAxisLogarithmic(true);
        styler.setYAxisLogarithmic(true);
        styler.setXAxisLogarithmicDecadeOnly(true);
        styler.setYAxisLogarithmicDecadeOnly(true);
        styler.setXAxisTickLabelsFormattingFunction(LatencyPlot::percentile);
        styler.setYAxisTickLabelsFormattingFunction(LatencyPlot::time);
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
    private record Line(List<Double> x, List<Double> y) {
        /** Ends where fewer than a few messages lie beyond: further out a line shows single events. */
        static Line of(final Histogram histogram) {
            final List<Double> x = new ArrayList<>();
            final List<Double> y = new ArrayList<>();
            final double end = Math.max(2, (double) histogram.getTotalCount() / FEWEST_BEYOND);
            for (int i = 0; Math.pow(10, (double) i / POINTS_PER_DECADE) <= end; i++) {
                final double oneIn = Math.pow(10, (double) i / POINTS_PER_DECADE);
                x.add(oneIn);
                y.add((double) Math.max(1, histogram.getValueAtPercentile(100 - 100 / oneIn)));
            }
            return new Line(x, y);
        }
    }
}
