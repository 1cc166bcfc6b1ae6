package io.millrace.perf.bench;

import io.millrace.perf.rig.Measurement;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** A measurement as one line of text between two processes. */
final class TrialReport {
    /** First word of the line. */
    static final String KEY = "measured";

    private TrialReport() {}

    /** {@return messages, nanoseconds and the compressed histogram in base 64} */
    static String encode(final Measurement measurement) {
        final Histogram histogram = measurement.histogram();
        final ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        final int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        final byte[] bytes = Arrays.copyOf(buffer.array(), length);
        return measurement.messages() + " " + measurement.durationNs() + " "
                + Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param text the line without its first word.
     * @return the measurement.
     */
    static Measurement decode(final String text) {
        final String[] parts = text.split(" ");
        try {
            final Histogram histogram = Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(parts[2])), 0);
            return new Measurement(histogram, Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        } catch (final DataFormatException e) {
            throw new IllegalArgumentException("Not a histogram: " + text, e);
        }
    }
}
