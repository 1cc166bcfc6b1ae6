package io.millrace.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.perf.rig.Latencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void shouldDrawAPlot() throws IOException {
        final Path path = directory.resolve("plot.png");

        if (LatencyPlot.tryWrite(path, "title", Map.of("one", histogram(100)))) {
            assertEquals(1100, ImageIO.read(path.toFile()).getWidth());
        } else {
            assertTrue(Files.notExists(path));
        }
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
