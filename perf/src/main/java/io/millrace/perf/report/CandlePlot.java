package io.millrace.perf.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Draws candlesticks as SVG: a line from low to high, a box from open to close, green where the price rose, red where it fell. */
public final class CandlePlot {
    private static final int WIDTH = 1400;
    private static final int HEIGHT = 640;
    private static final int LEFT = 80;
    private static final int RIGHT = WIDTH - 30;
    private static final int TOP = 60;
    private static final int BOTTOM = HEIGHT - 60;
    private static final int LINES = 8;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final String INK = "#222b38";
    private static final String GRID = "#e3e7ec";
    private static final String ROSE = "#2a7f4f";
    private static final String FELL = "#b3372f";
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final StringBuilder svg = new StringBuilder();
    private final List<Candle> candles;
    private final double lowest;
    private final double highest;

    /**
     * One candlestick.
     *
     * @param epochSeconds when it begins.
     * @param seconds      how long it lasts.
     * @param open         first price.
     * @param high         highest price.
     * @param low          lowest price.
     * @param close        last price.
     */
    public record Candle(long epochSeconds, long seconds, double open, double high, double low, double close) {}

    private CandlePlot(final List<Candle> candles) {
        this.candles = candles;
        lowest = candles.stream().mapToDouble(Candle::low).min().orElse(0);
        highest = Math.max(
                lowest + 1, candles.stream().mapToDouble(Candle::high).max().orElse(1));
    }

    /**
     * Draws.
     *
     * @param path    file to write; its name ends in {@code .svg}.
     * @param title   what is shown.
     * @param candles in the order of time, at least one.
     * @throws IOException if the file cannot be written.
     */
    public static void write(final Path path, final String title, final List<Candle> candles) throws IOException {
        Files.writeString(path, new CandlePlot(candles).draw(title), StandardCharsets.UTF_8);
    }

    private String draw(final String title) {
        append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                        + "font-family=\"sans-serif\" font-size=\"14\" fill=\"%s\">",
                WIDTH, HEIGHT, WIDTH, HEIGHT, INK);
        append("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
        text((LEFT + RIGHT) / 2.0, 34, "middle", " font-size=\"18\" font-weight=\"bold\"", title);
        drawPrices();
        drawDays();
        candles.forEach(this::drawCandle);
        return svg.append("</svg>\n").toString();
    }

    private void drawPrices() {
        final double step = roundStep((highest - lowest) / LINES);
        for (double price = Math.ceil(lowest / step) * step; price <= highest; price += step) {
            line(LEFT, y(price), RIGHT, y(price), GRID);
            text(LEFT - 10, y(price) + 5, "end", "", String.format(Locale.ROOT, "%.0f", price));
        }
    }

    /** The least of 1, 2 and 5 times a power of ten that is no smaller. */
    private static double roundStep(final double least) {
        final double power = Math.pow(10, Math.floor(Math.log10(least)));
        final double times = least / power;
        return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
    }

    private void drawDays() {
        final Candle last = candles.get(candles.size() - 1);
        final long end = last.epochSeconds() + last.seconds();
        long day = candles.get(0).epochSeconds() / SECONDS_PER_DAY * SECONDS_PER_DAY;
        while (day < end) {
            if (day >= candles.get(0).epochSeconds()) {
                line(x(day), TOP, x(day), BOTTOM, GRID);
                text(x(day), BOTTOM + 24, "start", "", DAY.format(Instant.ofEpochSecond(day)));
            }
            day += SECONDS_PER_DAY;
        }
    }

    private void drawCandle(final Candle candle) {
        final String colour = candle.close() >= candle.open() ? ROSE : FELL;
        final double left = x(candle.epochSeconds());
        final double width = x(candle.epochSeconds() + candle.seconds()) - left;
        line(left + width / 2, y(candle.high()), left + width / 2, y(candle.low()), colour);
        final double top = y(Math.max(candle.open(), candle.close()));
        final double bottom = y(Math.min(candle.open(), candle.close()));
        append(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
                left + width * 0.15, top, width * 0.7, Math.max(1, bottom - top), colour);
    }

    private void line(final double x1, final double y1, final double x2, final double y2, final String colour) {
        append("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>", x1, y1, x2, y2, colour);
    }

    private void text(final double x, final double y, final String anchor, final String more, final String text) {
        final String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        append("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>", x, y, anchor, more, escaped);
    }

    private double x(final long epochSeconds) {
        final Candle first = candles.get(0);
        final Candle last = candles.get(candles.size() - 1);
        final double span = last.epochSeconds() + last.seconds() - first.epochSeconds();
        return LEFT + (RIGHT - LEFT) * (epochSeconds - first.epochSeconds()) / span;
    }

    private double y(final double price) {
        return BOTTOM - (BOTTOM - TOP) * (price - lowest) / (highest - lowest);
    }

    private void append(final String element, final Object... values) {
        svg.append(String.format(Locale.ROOT, element, values)).append('\n');
    }
}
