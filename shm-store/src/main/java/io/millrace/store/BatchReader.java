package io.millrace.store;

import static io.millrace.store.ExcerptFormat.FRAME_LENGTH_OFFSET;
import static io.millrace.store.ExcerptFormat.HEADER_LENGTH;
import static io.millrace.store.ExcerptFormat.RECORD_HEADER_LENGTH;
import static io.millrace.store.ExcerptFormat.SESSION_ID_OFFSET;

import io.millrace.codecs.BatchDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks the records of one sealed excerpt, live or replayed. Allocates nothing after construction; for one thread.
 *
 * <p>The reader trusts the excerpt: what comes from a file is verified before it gets here. It still never reads outside the
 * length that it was given: {@link #next()} ends the walk at a record that would.
 */
public final class BatchReader {
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final BatchDecoder header = new BatchDecoder();
    private int length;
    private int recordCount;
    private int recordIndex;
    private int nextRecord;
    private int frameOffset;
    private int frameLength;
    private long sessionId;

    /**
     * Starts at the first record of an excerpt.
     *
     * @param source        buffer that holds the excerpt.
     * @param offset        where it starts.
     * @param excerptLength its length in bytes.
     * @return this.
     */
    public BatchReader wrap(final DirectBuffer source, final int offset, final int excerptLength) {
        if (excerptLength < HEADER_LENGTH) {
            throw new IllegalArgumentException("an excerpt has at least " + HEADER_LENGTH + " bytes: " + excerptLength);
        }
        buffer.wrap(source, offset, excerptLength);
        header.wrap(
                buffer, MessageHeaderDecoder.ENCODED_LENGTH, BatchDecoder.BLOCK_LENGTH, BatchDecoder.SCHEMA_VERSION);
        length = excerptLength;
        recordCount = (int) header.recordCount();
        return rewind();
    }

    /**
     * Goes back to the first record.
     *
     * @return this.
     */
    public BatchReader rewind() {
        recordIndex = -1;
        nextRecord = HEADER_LENGTH;
        frameOffset = HEADER_LENGTH;
        frameLength = 0;
        sessionId = 0;
        return this;
    }

    /**
     * Moves to the next record.
     *
     * @return false behind the last one.
     */
    public boolean next() {
        if (recordIndex + 1 >= recordCount || nextRecord > length - RECORD_HEADER_LENGTH) {
            return false;
        }
        final int record = nextRecord;
        final int frameBytes = buffer.getInt(record + FRAME_LENGTH_OFFSET);
        if (frameBytes < 0 || frameBytes > length - record - RECORD_HEADER_LENGTH) {
            return false;
        }
        frameLength = frameBytes;
        frameOffset = record + RECORD_HEADER_LENGTH;
        sessionId = buffer.getLong(record + SESSION_ID_OFFSET);
        nextRecord = record + ExcerptFormat.recordLength(frameBytes);
        recordIndex++;
        return true;
    }

    /**
     * Where the records are.
     *
     * @return a view of the excerpt; {@link #frameOffset()} counts from its start.
     */
    public DirectBuffer buffer() {
        return buffer;
    }

    /**
     * Session of the present record.
     *
     * @return its id; 0 for records of the server itself.
     */
    public long sessionId() {
        return sessionId;
    }

    /**
     * Start of the present record's frame.
     *
     * @return offset in {@link #buffer()}.
     */
    public int frameOffset() {
        return frameOffset;
    }

    /**
     * Length of the present record's frame.
     *
     * @return bytes, padding excluded.
     */
    public int frameLength() {
        return frameLength;
    }

    /**
     * Log position of the present record.
     *
     * @return first position plus the number of records before it.
     */
    public long position() {
        return header.firstPosition() + recordIndex;
    }

    /**
     * Length of the excerpt.
     *
     * @return bytes, header included.
     */
    public int length() {
        return length;
    }

    /**
     * Number of records in the excerpt.
     *
     * @return the count in its header.
     */
    public int recordCount() {
        return recordCount;
    }

    /**
     * Log position of the first record.
     *
     * @return position, from 0.
     */
    public long firstPosition() {
        return header.firstPosition();
    }

    /**
     * Log position of the last record.
     *
     * @return position, from 0.
     */
    public long lastPosition() {
        return header.firstPosition() + recordCount - 1;
    }

    /**
     * Start of the server that wrote the excerpt.
     *
     * @return its number, from 1.
     */
    public long bootEpoch() {
        return header.bootEpoch();
    }

    /**
     * Kernel time of all records.
     *
     * @return nanoseconds since the Unix epoch.
     */
    public long timestampNs() {
        return header.timestampNs();
    }

    /**
     * Hash of the state before the first record.
     *
     * @return the hash.
     */
    public long stateHashBefore() {
        return header.stateHashBefore();
    }

    /**
     * Version of the state machine that wrote the excerpt.
     *
     * @return the version.
     */
    public int kernelVersion() {
        return (int) header.kernelVersion();
    }
}
