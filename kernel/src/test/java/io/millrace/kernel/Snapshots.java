package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Snapshots as lists of records. */
final class Snapshots {

    private Snapshots() {}

    static List<byte[]> of(final Kernel kernel) {
        final List<byte[]> records = new ArrayList<>();
        kernel.snapshot(99, 1, (buffer, offset, length) -> {
            final byte[] record = new byte[length];
            buffer.getBytes(offset, record);
            records.add(record);
        });
        return records;
    }

    static Kernel load(final List<byte[]> records, final Egress egress) {
        return load(records, egress, RecordLogs.NONE);
    }

    static Kernel load(final List<byte[]> records, final Egress egress, final RecordLogs logs) {
        return load(records, egress, (blobId, length) -> {}, logs);
    }

    private static Kernel load(
            final List<byte[]> records, final Egress egress, final BlobPort blobPort, final RecordLogs logs) {
        final Kernel kernel = new Kernel(egress, blobPort, logs);
        final SnapshotLoader loader = kernel.loader();
        records.forEach(record -> loader.onRecord(new UnsafeBuffer(record), 0, record.length));
        loader.complete();
        return kernel;
    }

    /** A second kernel with the state of the first. */
    static Kernel copy(final Kernel kernel, final Egress egress) {
        return copy(kernel, egress, RecordLogs.NONE);
    }

    static Kernel copy(final Kernel kernel, final Egress egress, final RecordLogs logs) {
        return copy(kernel, egress, (blobId, length) -> {}, logs);
    }

    static Kernel copy(final Kernel kernel, final Egress egress, final BlobPort blobPort, final RecordLogs logs) {
        final Kernel copy = load(of(kernel), egress, blobPort, logs);
        assertEquals(kernel.stateHash(), copy.stateHash(), "state hash of the copy");
        assertEquals(copy.stateHash(), copy.recomputeStateHash(), "recomputed state hash of the copy");
        assertEquals(kernel.timeNs(), copy.timeNs(), "time of the copy");
        return copy;
    }
}
