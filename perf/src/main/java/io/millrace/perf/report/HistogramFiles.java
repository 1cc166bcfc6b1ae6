package io.millrace.perf.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** Writes histograms in the two formats of HdrHistogram's tools. Values are nanoseconds. */
public final class HistogramFiles {
    private static final int TICKS_PER_HALF_DISTANCE = 5;
    private static final double UNSCALED = 1.0;

    private HistogramFiles() {}

    /**
     * Writes {@code NAME.hlog} with one interval a histogram, and {@code NAME.hgrm} with the percentiles of all together.
     *
     * @param directory  where to.
     * @param name       of the files.
     * @param histograms one a round, with start and end times.
     * @throws IOException if a file cannot be written.
     */
    public static void write(final Path directory, final String name, final List<Histogram> histograms)
            throws IOException {
        writeLog(directory.resolve(name + ".hlog"), histograms);
        final Histogram all = histograms.get(0).copy();
        histograms.stream().skip(1).forEach(all::add);
        try (PrintStream out = open(directory.resolve(name + ".hgrm"))) {
            all.outputPercentileDistribution(out, TICKS_PER_HALF_DISTANCE, UNSCALED);
        }
    }

    private static void writeLog(final Path path, final List<Histogram> histograms) throws IOException {
        try (PrintStream out = open(path)) {
            final HistogramLogWriter log = new HistogramLogWriter(out);
            log.outputLogFormatVersion();
            log.outputComment("[Values are nanoseconds, one interval a round]");
            log.outputLegend();
            for (final Histogram histogram : histograms) {
                log.outputIntervalHistogram(histogram);
            }
        }
    }

    private static PrintStream open(final Path path) throws IOException {
        try {
            return new PrintStream(path.toFile(), StandardCharsets.UTF_8);
        } catch (final FileNotFoundException e) {
            throw new IOException("Cannot write " + path, e);
        }
    }
}
