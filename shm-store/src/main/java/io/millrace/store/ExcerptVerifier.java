package io.millrace.store;

import static io.millrace.store.ExcerptFormat.HEADER_LENGTH;

import io.millrace.codecs.BatchDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Checks one excerpt from outside: layout, version, CRC-32C and records. Works on a private copy; for one thread. */
final class ExcerptVerifier implements AutoCloseable {
    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private final ExcerptChecksum checksum;
    private final MessageHeaderDecoder messageHeader = new MessageHeaderDecoder();
    private final BatchDecoder header = new BatchDecoder();

    ExcerptVerifier(final int maxBytes) {
        bytes = ByteBuffer.allocateDirect(maxBytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer = new UnsafeBuffer(bytes);
        checksum = new ExcerptChecksum(bytes);
    }

    /** The copy that is checked. */
    UnsafeBuffer buffer() {
        return buffer;
    }

    /** Copies an excerpt and checks it. */
    ExcerptVerdict verify(final DirectBuffer source, final int offset, final int length) {
        if (length < HEADER_LENGTH || length > buffer.capacity()) {
            return ExcerptVerdict.BAD_LENGTH;
        }
        buffer.putBytes(0, source, offset, length);
        return verify(length);
    }

    /** Checks the first {@code length} bytes of the copy. */
    ExcerptVerdict verify(final int length) {
        if (length < HEADER_LENGTH || length > buffer.capacity()) {
            return ExcerptVerdict.BAD_LENGTH;
        }
        if (!startsLikeBatch(buffer, 0)) {
            return ExcerptVerdict.BAD_MAGIC;
        }
        header.wrap(
                buffer, MessageHeaderDecoder.ENCODED_LENGTH, BatchDecoder.BLOCK_LENGTH, BatchDecoder.SCHEMA_VERSION);
        if (header.formatVersion() != ExcerptFormat.FORMAT_VERSION) {
            return ExcerptVerdict.BAD_VERSION;
        }
        if (header.batchLength() != length) {
            return ExcerptVerdict.BAD_LENGTH;
        }
        if (!checksum.matches(length)) {
            return ExcerptVerdict.BAD_CRC;
        }
        return recordsFill(length) ? ExcerptVerdict.OK : ExcerptVerdict.BAD_STRUCTURE;
    }

    /** Whether the bytes could be a batch of any format version: a test of its fixed bytes, not of the CRC-32C. */
    boolean startsLikeBatch(final DirectBuffer source, final int offset) {
        messageHeader.wrap(source, offset);
        return messageHeader.templateId() == BatchDecoder.TEMPLATE_ID
                && messageHeader.schemaId() == BatchDecoder.SCHEMA_ID
                && messageHeader.blockLength() == BatchDecoder.BLOCK_LENGTH
                && messageHeader.messageLength() == HEADER_LENGTH;
    }

    private boolean recordsFill(final int length) {
        final long recordCount = header.recordCount();
        int record = HEADER_LENGTH;
        long seen = 0;
        while (record < length) {
            if (length - record < ExcerptFormat.RECORD_HEADER_LENGTH) {
                return false;
            }
            final int frameLength = buffer.getInt(record + ExcerptFormat.FRAME_LENGTH_OFFSET);
            if (frameLength < 0 || frameLength > length - record - ExcerptFormat.RECORD_HEADER_LENGTH) {
                return false;
            }
            record += ExcerptFormat.recordLength(frameLength);
            seen++;
        }
        return record == length && seen == recordCount && seen > 0 && header.firstPosition() >= 0;
    }

    @Override
    public void close() {
        BufferUtil.free(bytes);
    }
}
