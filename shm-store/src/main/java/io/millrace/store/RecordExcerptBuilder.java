package io.millrace.store;

import static io.millrace.store.reader.RecordFormat.CHECKED_OFFSET;
import static io.millrace.store.reader.RecordFormat.CRC_OFFSET;
import static io.millrace.store.reader.RecordFormat.FILE_HEADER_LENGTH;
import static io.millrace.store.reader.RecordFormat.HEADER_LENGTH;
import static io.millrace.store.reader.RecordFormat.RECORD_HEADER_LENGTH;

import io.millrace.codecs.LogRecordEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.RecordExcerptEncoder;
import io.millrace.codecs.RecordLogFileEncoder;
import io.millrace.store.reader.RecordFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Builds one excerpt of a record log in place, in one preallocated direct buffer. For one thread; allocates nothing. */
final class RecordExcerptBuilder {
    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private final CRC32C crc = new CRC32C();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final RecordExcerptEncoder excerpt = new RecordExcerptEncoder();
    private final RecordLogFileEncoder fileHeader = new RecordLogFileEncoder();
    private final LogRecordEncoder record = new LogRecordEncoder();
    private int length = HEADER_LENGTH;
    private int count;
    private long firstSequence;
    private long lastSequence;
    private long firstTimeNs;
    private long lastTimeNs;
    private long lastPosition;

    RecordExcerptBuilder(final int capacity) {
        bytes = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
        buffer = new UnsafeBuffer(bytes);
    }

    void reset() {
        length = HEADER_LENGTH;
        count = 0;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Copies one record; false if there is no room for it. */
    boolean append(
            final long shardId,
            final long sequenceNumber,
            final long timeNs,
            final long position,
            final DirectBuffer source,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        final int recordLength = RecordFormat.recordLength(keyLength, dataLength);
        if (recordLength > buffer.capacity() - length) {
            return false;
        }
        // Before the rest: what of the last word neither key nor data fill is padding.
        buffer.putLong(length + recordLength - Long.BYTES, 0);
        record.wrap(buffer, length)
                .shardId(shardId)
                .sequenceNumber(sequenceNumber)
                .arrivalTimeNs(timeNs)
                .journalPosition(position)
                .keyLength(keyLength)
                .dataLength(dataLength);
        final int key = length + RECORD_HEADER_LENGTH;
        buffer.putBytes(key, source, keyOffset, keyLength);
        buffer.putBytes(key + keyLength, source, dataOffset, dataLength);
        if (count == 0) {
            firstSequence = sequenceNumber;
            firstTimeNs = timeNs;
        }
        lastSequence = sequenceNumber;
        lastTimeNs = timeNs;
        lastPosition = position;
        length += recordLength;
        count++;
        return true;
    }

    /** Fills the header in front of the records; returns the length of the excerpt. */
    int seal(final long firstOrdinal) {
        excerpt.wrapAndApplyHeader(buffer, 0, header)
                .excerptLength(length)
                .recordCount(count)
                .reserved(0)
                .firstOrdinal(firstOrdinal)
                .lastPosition(lastPosition)
                .firstTimeNs(firstTimeNs)
                .lastTimeNs(lastTimeNs)
                .firstSequence(firstSequence)
                .lastSequence(lastSequence);
        header.messageLength(HEADER_LENGTH).frameSequence(0);
        sum(length);
        return length;
    }

    /** Starts the excerpt that starts a file, to be concluded by {@link #sealFile()}. */
    RecordLogFileEncoder file() {
        fileHeader.wrapAndApplyHeader(buffer, 0, header).formatVersion(RecordFormat.FORMAT_VERSION);
        header.messageLength(FILE_HEADER_LENGTH).frameSequence(0);
        return fileHeader;
    }

    int sealFile() {
        sum(FILE_HEADER_LENGTH);
        return FILE_HEADER_LENGTH;
    }

    private void sum(final int end) {
        crc.reset();
        bytes.limit(end).position(CHECKED_OFFSET);
        crc.update(bytes);
        bytes.clear();
        buffer.putInt(CRC_OFFSET, (int) crc.getValue());
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    int count() {
        return count;
    }

    long lastSequence() {
        return lastSequence;
    }

    long lastTimeNs() {
        return lastTimeNs;
    }

    long lastPosition() {
        return lastPosition;
    }
}
