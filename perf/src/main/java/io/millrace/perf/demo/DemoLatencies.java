package io.millrace.perf.demo;

import io.millrace.perf.report.HistogramFiles;
import io.millrace.perf.report.LatencyPlot;
import io.millrace.perf.rig.Latencies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** Latencies of the demo and the files that they go to. */
final class DemoLatencies {
    private DemoLatencies() {}

    /** {@return nanoseconds from the first offer to the delivery} */
    static Histogram of(final Stream<Received> deliveries) {
        final Histogram latencies = Latencies.histogram();
        deliveries.forEach(delivery -> Latencies.record(latencies, delivery.receivedNs() - delivery.sentNs()));
        return latencies;
    }

    /**
     * Writes raw latencies, percentiles and a plot.
     *
     * @param directory where to.
     * @param name      of the files, without their suffixes.
     * @param title     of the plot.
     * @param latencies nanoseconds.
     * @return the plot.
     */
    static Path write(final Path directory, final String name, final String title, final Histogram latencies)
            throws IOException {
        HistogramFiles.write(directory, name, List.of(latencies));
        final Path plot = directory.resolve(name + ".svg");
        final String line = "p50 " + LatencyPlot.time(latencies.getValueAtPercentile(50)) + ", p99 "
                + LatencyPlot.time(latencies.getValueAtPercentile(99));
        LatencyPlot.write(plot, title, Map.of(line, latencies));
        return plot;
    }
}
