package io.millrace.store;

import static io.millrace.store.ExcerptFormat.FRAME_LENGTH_OFFSET;
import static io.millrace.store.ExcerptFormat.HEADER_LENGTH;
import static io.millrace.store.ExcerptFormat.RECORD_HEADER_LENGTH;
import static io.millrace.store.ExcerptFormat.RESERVED_OFFSET;
import static io.millrace.store.ExcerptFormat.SESSION_ID_OFFSET;

import io.millrace.codecs.BatchEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Builds one excerpt in place in one preallocated direct buffer.
 *
 * <p>Order of calls for each batch: {@link #reset()}, {@link #append} for each record, {@link #seal}. After that the first
 * {@link #length()} bytes of {@link #buffer()} are the excerpt. Nothing is allocated after construction. For one thread.
 */
public final class BatchBuilder {
    private static final int CACHE_LINE = 64;

    private final UnsafeBuffer buffer;
    private final ExcerptChecksum checksum;
    private final MessageHeaderEncoder messageHeader = new MessageHeaderEncoder();
    private final BatchEncoder header = new BatchEncoder();
    private final int maxRecords;
    private final int maxBytes;
    private int recordCount;
    private int length = HEADER_LENGTH;

    /**
     * A builder whose bounds never change.
     *
     * @param maxRecords records that one excerpt may hold.
     * @param maxBytes   bytes that one excerpt may take, its header included.
     */
    public BatchBuilder(final int maxRecords, final int maxBytes) {
        if (maxRecords < 1 || maxBytes < HEADER_LENGTH + RECORD_HEADER_LENGTH) {
            throw new IllegalArgumentException("maxRecords " + maxRecords + ", maxBytes " + maxBytes + ": too small");
        }
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
        final ByteBuffer bytes = BufferUtil.allocateDirectAligned(maxBytes, CACHE_LINE);
        buffer = new UnsafeBuffer(bytes);
        checksum = new ExcerptChecksum(bytes);
    }

    /** Forgets all records. */
    public void reset() {
        recordCount = 0;
        length = HEADER_LENGTH;
    }

    /**
     * Copies one record behind those already there.
     *
     * @param sessionId   session that sent the frame; 0 for records of the server itself.
     * @param frame       buffer that holds the frame.
     * @param offset      where the frame starts.
     * @param frameLength bytes of the frame.
     * @return false if it does not fit, by count or by bytes; nothing has changed then.
     */
    public boolean append(final long sessionId, final DirectBuffer frame, final int offset, final int frameLength) {
        if (frameLength < 0 || recordCount == maxRecords || frameLength > maxBytes - length - RECORD_HEADER_LENGTH) {
            return false;
        }
        final int recordLength = ExcerptFormat.recordLength(frameLength);
        if (recordLength > maxBytes - length) {
            return false;
        }
        final int record = length;
        buffer.putInt(record + FRAME_LENGTH_OFFSET, frameLength);
        buffer.putInt(record + RESERVED_OFFSET, 0);
        buffer.putLong(record + SESSION_ID_OFFSET, sessionId);
        buffer.putBytes(record + RECORD_HEADER_LENGTH, frame, offset, frameLength);
        final int padding = recordLength - RECORD_HEADER_LENGTH - frameLength;
        if (padding != 0) {
            buffer.setMemory(record + RECORD_HEADER_LENGTH + frameLength, padding, (byte) 0);
        }
        length += recordLength;
        recordCount++;
        return true;
    }

    /**
     * Number of records so far.
     *
     * @return records since {@link #reset()}.
     */
    public int recordCount() {
        return recordCount;
    }

    /**
     * Length of the excerpt so far.
     *
     * @return bytes, header included.
     */
    public int length() {
        return length;
    }

    /**
     * Writes the header in front of the records. The CRC-32C covers the whole excerpt with the CRC field 0.
     *
     * @param kernelVersion   version of the state machine that applies the records.
     * @param bootEpoch       number of this start.
     * @param firstPosition   log position of the first record.
     * @param timestampNs     kernel time of all records, nanoseconds since the Unix epoch.
     * @param stateHashBefore hash of the state before the first record.
     */
    public void seal(
            final int kernelVersion,
            final long bootEpoch,
            final long firstPosition,
            final long timestampNs,
            final long stateHashBefore) {
        if (recordCount == 0) {
            throw new IllegalStateException("an excerpt has at least one record");
        }
        header.wrapAndApplyHeader(buffer, 0, messageHeader)
                .kernelVersion(Integer.toUnsignedLong(kernelVersion))
                .crc32c(0)
                .bootEpoch(bootEpoch)
                .firstPosition(firstPosition)
                .timestampNs(timestampNs)
                .stateHashBefore(stateHashBefore)
                .recordCount(recordCount)
                .batchLength(length)
                .formatVersion(ExcerptFormat.FORMAT_VERSION)
                .reserved(0)
                .reserved2(0);
        messageHeader.messageLength(HEADER_LENGTH).frameSequence(0);
        header.crc32c(Integer.toUnsignedLong(checksum.compute(length)));
    }

    /**
     * Where the excerpt is.
     *
     * @return the buffer; the excerpt starts at offset 0.
     */
    public DirectBuffer buffer() {
        return buffer;
    }
}
