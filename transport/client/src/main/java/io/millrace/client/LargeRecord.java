package io.millrace.client;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts a record together that comes in chunks: its partition key and behind it its data. The buffer is made when the first such record
 * arrives, grows with longer ones, and is kept.
 */
final class LargeRecord {
    private UnsafeBuffer bytes = new UnsafeBuffer(new byte[0]);
    private long sequenceNumber;
    private long arrivalTimeNs;
    private int keyLength;
    private int length = -1;
    private int filled;

    /** Begins a record. */
    void begin(
            final long newSequenceNumber,
            final long newArrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int newKeyLength,
            final int dataLength) {
        sequenceNumber = newSequenceNumber;
        arrivalTimeNs = newArrivalTimeNs;
        keyLength = newKeyLength;
        length = newKeyLength + dataLength;
        filled = newKeyLength;
        if (bytes.capacity() < length) {
            bytes = new UnsafeBuffer(new byte[Math.max(length, 2 * bytes.capacity())]);
        }
        bytes.putBytes(0, buffer, keyOffset, newKeyLength);
    }

    /** Forgets what came of a record that does not go on. */
    void clear() {
        length = -1;
    }

    /** @return false if no record is under way, or the chunk is not its next one. */
    boolean append(final long dataOffset, final DirectBuffer buffer, final int offset, final int chunkLength) {
        if (length < 0 || dataOffset != filled - keyLength || chunkLength > length - filled) {
            return false;
        }
        bytes.putBytes(filled, buffer, offset, chunkLength);
        filled += chunkLength;
        return true;
    }

    boolean isComplete() {
        return filled == length;
    }

    long sequenceNumber() {
        return sequenceNumber;
    }

    long arrivalTimeNs() {
        return arrivalTimeNs;
    }

    /** @return holds the partition key from its start, and the data behind it. */
    DirectBuffer bytes() {
        return bytes;
    }

    int keyLength() {
        return keyLength;
    }

    int dataLength() {
        return length - keyLength;
    }
}
