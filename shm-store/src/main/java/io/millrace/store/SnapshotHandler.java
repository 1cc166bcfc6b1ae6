package io.millrace.store;

import org.agrona.DirectBuffer;

/** Receives the records of a snapshot in the order in which they were written. */
@FunctionalInterface
public interface SnapshotHandler {
    /**
     * One record.
     *
     * @param buffer holds it, during the call only.
     * @param offset where it starts.
     * @param length its length in bytes.
     */
    void onRecord(DirectBuffer buffer, int offset, int length);
}
