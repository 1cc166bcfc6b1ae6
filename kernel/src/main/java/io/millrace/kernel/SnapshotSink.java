package io.millrace.kernel;

import org.agrona.DirectBuffer;

/** Takes the records of a snapshot in order. */
@FunctionalInterface
public interface SnapshotSink {
    /**
     * One record: an SBE message with its header.
     *
     * @param buffer that holds the record until the call returns.
     * @param offset of the record.
     * @param length of the record in bytes.
     */
    void onRecord(DirectBuffer buffer, int offset, int length);
}
