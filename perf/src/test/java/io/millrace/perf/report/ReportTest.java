package io.millrace.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.perf.rig.Latencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportTest {
    @TempDir
    private Path directory;

    @Test
    void shouldWriteLogsThatTheToolsRead() throws IOException {
        final Histogram first = histogram(100);
        final Histogram second = histogram(300);

        HistogramFiles.write(directory, "rtt", List.of(first, second));

        try (HistogramLogReader reader =
                new HistogramLogReader(directory.resolve("rtt.hlog").toFile())) {
            assertEquals(first, withoutTimes(reader.nextIntervalHistogram()));
            assertEquals(second, withoutTimes(reader.nextIntervalHistogram()));
        }
        final String percentiles = Files.readString(directory.resolve("rtt.hgrm"));
        assertTrue(percentiles.contains("Total count    =         2000"), percentiles);
    }

    private static Histogram withoutTimes(final EncodableHistogram histogram) {
        return (Histogram) histogram;
    }

    @Test
    void shouldDrawALineForEachHistogram() throws Exception {
        final Path path = directory.resolve("plot.svg");
        final Map<String, Histogram> histograms = new LinkedHashMap<>();
        histograms.put("fast & small", histogram(100));
        histograms.put("slow <tail>", histogram(50_000));

        LatencyPlot.write(path, "millrace bench rtt", histograms);

        final Element svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(path.toFile())
                .getDocumentElement();
        assertEquals("svg", svg.getTagName());
        final List<String> texts = new ArrayList<>();
        final NodeList nodes = svg.getElementsByTagName("text");
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        assertTrue(
                texts.containsAll(List.of(
                        "millrace bench rtt", "fast & small", "slow <tail>", "100 ns", "100 \u00B5s", "0 %", "99 %")),
                texts::toString);
        assertEquals(2, svg.getElementsByTagName("polyline").getLength());
        for (int i = 0; i < 2; i++) {
            assertInside(svg.getElementsByTagName("polyline")
                    .item(i)
                    .getAttributes()
                    .getNamedItem("points")
                    .getNodeValue());
        }
    }

    /** All points within the axes, and from left to right they never fall. */
    private static void assertInside(final String points) {
        double lastX = 0;
        double lastY = 640;
        for (final String point : points.split(" ")) {
            final double x = Double.parseDouble(point.substring(0, point.indexOf(',')));
            final double y = Double.parseDouble(point.substring(point.indexOf(',') + 1));
            assertTrue(x > lastX && x <= 1_060 && x >= 90, points);
            assertTrue(y <= lastY && y >= 60 && y <= 570, points);
            lastX = x;
            lastY = y;
        }
        assertTrue(lastX > 90, points);
    }

    @Test
    void shouldDrawEvenIfNothingArrived() throws IOException {
        final Path path = directory.resolve("plot.svg");

        LatencyPlot.write(path, "title", Map.of("none", Latencies.histogram()));

        assertTrue(Files.readString(path).contains("<polyline"));
    }

    @Test
    void shouldNamePercentilesAndTimes() {
        assertEquals("0 %", LatencyPlot.percentile(1));
        assertEquals("90 %", LatencyPlot.percentile(10));
        assertEquals("99 %", LatencyPlot.percentile(100));
        assertEquals("99.9 %", LatencyPlot.percentile(1_000));
        assertEquals("99.999 %", LatencyPlot.percentile(100_000));
        assertEquals("640 ns", LatencyPlot.time(640));
        assertEquals("1.25 \u00B5s", LatencyPlot.time(1_250));
        assertEquals("46.2 ms", LatencyPlot.time(46_200_000));
        assertEquals("2 s", LatencyPlot.time(2_000_000_000));
    }

    @Test
    void shouldAlignTables() {
        assertEquals(
                "  name      p50\n  a       1,000\n  longer      7\n",
                new Table()
                        .row("name", "p50")
                        .row("a", Table.count(1_000))
                        .row("longer", "7")
                        .toString());
    }

    private static Histogram histogram(final long firstNs) {
        final Histogram histogram = Latencies.histogram();
        for (int i = 0; i < 1_000; i++) {
            Latencies.record(histogram, firstNs + i);
        }
        return histogram;
    }
}
