package io.millrace.perf.bench;

import io.millrace.perf.rig.Latencies;
import io.millrace.perf.rig.RigException;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;

/** What a process sees that reads a shard: how old each record is, and whether they come in their order. */
final class Arrivals {
    private final Histogram histogram = Latencies.histogram();
    private long lastSequenceNumber;
    private long sequenceNumberBefore;
    private boolean isInOrder = true;

    /**
     * Takes a record.
     *
     * @param sequenceNumber of the record.
     * @param buffer         that holds its data.
     * @param dataOffset     where they begin: with the time at which the record was put, by the clock of this machine.
     */
    void onRecord(final long sequenceNumber, final DirectBuffer buffer, final int dataOffset) {
        Latencies.record(histogram, System.nanoTime() - buffer.getLong(dataOffset));
        if (sequenceNumber <= lastSequenceNumber && isInOrder) {
            isInOrder = false;
            sequenceNumberBefore = lastSequenceNumber;
        }
        lastSequenceNumber = sequenceNumber;
    }

    /** Forgets how old the records were so far. */
    void reset() {
        histogram.reset();
    }

    /**
     * The ages of the records.
     *
     * @return nanoseconds from put to read.
     * @throws RigException if there was no record, or one did not have a greater number than the one before.
     */
    Histogram histogram() {
        if (!isInOrder) {
            throw new RigException(
                    "A record was read behind one of a greater or equal number, " + sequenceNumberBefore + ".");
        }
        if (histogram.getTotalCount() == 0) {
            throw new RigException("No record was read.");
        }
        return histogram;
    }
}
