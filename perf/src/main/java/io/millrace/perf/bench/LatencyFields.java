package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.rig.Measurement;
import java.io.IOException;
import org.HdrHistogram.Histogram;

/** The fields that every benchmark of latencies has. */
final class LatencyFields {
    private LatencyFields() {}

    static void write(final JsonGenerator json, final Measurement measurement) throws IOException {
        json.writeNumberField("messages", measurement.messages());
        writePercentiles(json, measurement.histogram());
    }

    static void writePercentiles(final JsonGenerator json, final Histogram histogram) throws IOException {
        json.writeNumberField("p50Ns", histogram.getValueAtPercentile(50));
        json.writeNumberField("p90Ns", histogram.getValueAtPercentile(90));
        json.writeNumberField("p99Ns", histogram.getValueAtPercentile(99));
        json.writeNumberField("p999Ns", histogram.getValueAtPercentile(99.9));
        json.writeNumberField("maxNs", histogram.getMaxValue());
    }
}
