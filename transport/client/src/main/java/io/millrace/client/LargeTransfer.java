package io.millrace.client;

import io.millrace.codecs.AppendPayloadEncoder;
import io.millrace.codecs.BeginPayloadEncoder;
import io.millrace.codecs.BeginPublicationEncoder;
import io.millrace.codecs.BeginRecordEncoder;
import io.millrace.codecs.CommitPayloadEncoder;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One message, or one record of a stream, that is too large for a frame, sent in parts as the way to the server has room.
 *
 * <p>Its record is BeginPayload followed by the payload, BeginPublication followed by an entry of PublishMessages, or BeginRecord followed
 * by an entry of PutRecords, in the resend ring or, for a client without a producer, in a buffer of its own. While it is under way no other mutating command is sent, because it has the next sequence.
 */
final class LargeTransfer {
    private static final int BEGIN_LENGTH = Wire.HEADER_LENGTH + BeginPayloadEncoder.BLOCK_LENGTH;
    private static final int PUBLICATION_LENGTH = Wire.HEADER_LENGTH + BeginPublicationEncoder.BLOCK_LENGTH;
    private static final int RECORD_LENGTH = Wire.HEADER_LENGTH + BeginRecordEncoder.BLOCK_LENGTH;
    private static final int COMMIT_LENGTH = Wire.HEADER_LENGTH + CommitPayloadEncoder.BLOCK_LENGTH;
    private static final int APPEND_OFFSET = Wire.HEADER_LENGTH + AppendPayloadEncoder.BLOCK_LENGTH;
    private static final int APPEND_OVERHEAD = APPEND_OFFSET + Wire.DATA_HEADER_LENGTH;

    /** Where the payload starts in a record. */
    static final int PAYLOAD_OFFSET =
            BitUtil.align(Math.max(BEGIN_LENGTH, Math.max(PUBLICATION_LENGTH, RECORD_LENGTH)), Wire.ALIGNMENT);

    private final IngressPublisher publisher;
    private final UnsafeBuffer begin = new UnsafeBuffer(ByteBuffer.allocateDirect(PAYLOAD_OFFSET));
    private final UnsafeBuffer part = new UnsafeBuffer(ByteBuffer.allocateDirect(PAYLOAD_OFFSET));
    private UnsafeBuffer ownBuffer = new UnsafeBuffer(0, 0);
    private DirectBuffer payload;
    private int beginLength;
    private int payloadOffset;
    private int payloadLength;
    private int sentLength;
    private int maxChunkLength;
    private long correlationId;
    private boolean isActive;
    private boolean hasBegun;
    private boolean isAborted;

    LargeTransfer(final IngressPublisher publisher) {
        this.publisher = publisher;
    }

    void onSession(final int maxFrameLength) {
        maxChunkLength = maxFrameLength - APPEND_OVERHEAD;
    }

    boolean isActive() {
        return isActive;
    }

    /** @return room for the record of an unprotected message. */
    MutableDirectBuffer ownBuffer(final int length) {
        if (ownBuffer.capacity() < length) {
            ownBuffer = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        }
        return ownBuffer;
    }

    /** Writes the header of BeginPayload, and what is to come; {@link SendOptions#putBegin} writes the rest. */
    static void putBegin(
            final MutableDirectBuffer buffer, final int offset, final long queueId, final int payloadLength) {
        Wire.putHeader(buffer, offset, BeginPayloadEncoder.BLOCK_LENGTH, BeginPayloadEncoder.TEMPLATE_ID, BEGIN_LENGTH);
        final int block = offset + Wire.HEADER_LENGTH;
        buffer.putLong(block + BeginPayloadEncoder.queueIdEncodingOffset(), queueId, Wire.ORDER);
        buffer.putInt(block + BeginPayloadEncoder.payloadLengthEncodingOffset(), payloadLength, Wire.ORDER);
    }

    /** Writes BeginPublication behind its command header. */
    static void putBegin(
            final MutableDirectBuffer buffer,
            final int offset,
            final long topicId,
            final byte flags,
            final int entryLength) {
        Wire.putHeader(
                buffer,
                offset,
                BeginPublicationEncoder.BLOCK_LENGTH,
                BeginPublicationEncoder.TEMPLATE_ID,
                PUBLICATION_LENGTH);
        final int block = offset + Wire.HEADER_LENGTH;
        buffer.putLong(block + BeginPublicationEncoder.topicIdEncodingOffset(), topicId, Wire.ORDER);
        buffer.putInt(block + BeginPublicationEncoder.entryLengthEncodingOffset(), entryLength, Wire.ORDER);
        buffer.putByte(block + BeginPublicationEncoder.flagsEncodingOffset(), flags);
    }

    /** Writes BeginRecord behind its command header. */
    static void putBeginRecord(
            final MutableDirectBuffer buffer, final int offset, final long streamId, final int entryLength) {
        Wire.putHeader(buffer, offset, BeginRecordEncoder.BLOCK_LENGTH, BeginRecordEncoder.TEMPLATE_ID, RECORD_LENGTH);
        final int block = offset + Wire.HEADER_LENGTH;
        buffer.putLong(block + BeginRecordEncoder.streamIdEncodingOffset(), streamId, Wire.ORDER);
        buffer.putInt(block + BeginRecordEncoder.entryLengthEncodingOffset(), entryLength, Wire.ORDER);
    }

    /** Starts to send a record, from its first byte. */
    void start(final DirectBuffer record, final int offset, final int recordLength, final long requestCorrelationId) {
        beginLength = record.getInt(offset + Wire.MESSAGE_LENGTH_OFFSET, Wire.ORDER);
        begin.putBytes(0, record, offset, beginLength);
        payload = record;
        payloadOffset = offset + PAYLOAD_OFFSET;
        payloadLength = recordLength - PAYLOAD_OFFSET;
        correlationId = requestCorrelationId;
        sentLength = 0;
        isActive = true;
        hasBegun = false;
        isAborted = false;
    }

    /** The session is gone, and what was sent of the payload with it. */
    void reset() {
        isActive = false;
    }

    /**
     * The server has refused a part. Only the commit is still sent: it takes the sequence that the commands behind it
     * build on.
     */
    void onRefused(final long refusedCorrelationId) {
        if (isActive && refusedCorrelationId == correlationId) {
            isAborted = true;
        }
    }

    /** Sends as many parts as there is room for. */
    int advance() {
        if (!isActive) {
            return 0;
        }
        int sent = 0;
        if (!hasBegun) {
            if (publisher.offer(begin, 0, beginLength) < 0) {
                return 0;
            }
            hasBegun = true;
            sent++;
        }
        while (sentLength < payloadLength && !isAborted) {
            if (!append()) {
                return sent;
            }
            sent++;
        }
        if (commit()) {
            isActive = false;
            sent++;
        }
        return sent;
    }

    private boolean append() {
        final int chunkLength = Math.min(maxChunkLength, payloadLength - sentLength);
        putPart(
                AppendPayloadEncoder.BLOCK_LENGTH,
                AppendPayloadEncoder.TEMPLATE_ID,
                APPEND_OVERHEAD + chunkLength,
                false);
        final int block = Wire.HEADER_LENGTH;
        part.putInt(block + AppendPayloadEncoder.payloadOffsetEncodingOffset(), sentLength, Wire.ORDER);
        part.putInt(APPEND_OFFSET, chunkLength, Wire.ORDER);
        final long result = publisher.offer(part, 0, APPEND_OVERHEAD, payload, payloadOffset + sentLength, chunkLength);
        if (result < 0) {
            return false;
        }
        sentLength += chunkLength;
        return true;
    }

    private boolean commit() {
        putPart(CommitPayloadEncoder.BLOCK_LENGTH, CommitPayloadEncoder.TEMPLATE_ID, COMMIT_LENGTH, true);
        return publisher.offer(part, 0, COMMIT_LENGTH) > 0;
    }

    private void putPart(
            final int blockLength, final int templateId, final int frameLength, final boolean withProducer) {
        part.setMemory(0, COMMIT_LENGTH, (byte) 0);
        final int kept = withProducer ? COMMIT_LENGTH : Wire.PRODUCER_ID_OFFSET;
        part.putBytes(Wire.HEADER_LENGTH, begin, Wire.HEADER_LENGTH, kept - Wire.HEADER_LENGTH);
        Wire.putHeader(part, 0, blockLength, templateId, frameLength);
    }
}
