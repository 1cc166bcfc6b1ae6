package io.millrace.client;

import io.millrace.codecs.CommandHeaderEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PublishMessagesEncoder;
import io.millrace.codecs.ReceiptHandleEncoder;
import io.millrace.codecs.SendMessagesEncoder;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/**
 * Places inside frames that the generated codecs know only as arithmetic, each derived from them.
 */
final class Wire {
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    static final int RECEIPT_LENGTH = ReceiptHandleEncoder.ENCODED_LENGTH;
    static final int GROUP_HEADER_LENGTH = SendMessagesEncoder.MessagesEncoder.sbeHeaderSize();
    static final int TEXT_HEADER_LENGTH = 2;
    static final int MAX_TEXT_LENGTH = 0xFFFF;
    static final int DATA_HEADER_LENGTH = 4;

    /** Every message starts on such a boundary of its Aeron message. */
    static final int ALIGNMENT = 8;

    static final int MESSAGE_LENGTH_OFFSET = MessageHeaderEncoder.messageLengthEncodingOffset();
    static final int SESSION_ID_OFFSET = HEADER_LENGTH + CommandHeaderEncoder.sessionIdEncodingOffset();
    static final int CORRELATION_ID_OFFSET = HEADER_LENGTH + CommandHeaderEncoder.correlationIdEncodingOffset();
    static final int PRODUCER_ID_OFFSET = HEADER_LENGTH + CommandHeaderEncoder.producerIdEncodingOffset();
    static final int PRODUCER_SEQUENCE_OFFSET = HEADER_LENGTH + CommandHeaderEncoder.producerSequenceEncodingOffset();
    static final int PRODUCER_EPOCH_OFFSET = HEADER_LENGTH + CommandHeaderEncoder.producerEpochEncodingOffset();

    /** Block length of the group of message attributes: the type alone. */
    static final int ATTRIBUTE_BLOCK_LENGTH = SendMessagesEncoder.MessagesEncoder.AttributesEncoder.sbeBlockLength();

    /** Where the group of messages starts in SendMessages. */
    static final int SEND_GROUP_OFFSET = HEADER_LENGTH + SendMessagesEncoder.BLOCK_LENGTH;

    static final int SEND_ENTRIES_OFFSET = SEND_GROUP_OFFSET + GROUP_HEADER_LENGTH;
    static final int SEND_BLOCK_LENGTH = SendMessagesEncoder.MessagesEncoder.sbeBlockLength();

    /** The same of PublishMessages, whose entries are bodies for protocols, payloads and subjects without a block. */
    static final int PUBLISH_GROUP_OFFSET = HEADER_LENGTH + PublishMessagesEncoder.BLOCK_LENGTH;

    static final int PUBLISH_ENTRIES_OFFSET = PUBLISH_GROUP_OFFSET + GROUP_HEADER_LENGTH;
    static final int PUBLISH_BLOCK_LENGTH = PublishMessagesEncoder.MessagesEncoder.sbeBlockLength();

    /** Block length of the group of bodies for protocols: the protocol alone. */
    static final int PROTOCOL_BODY_BLOCK_LENGTH = PublishMessagesEncoder.MessagesEncoder.BodiesEncoder.sbeBlockLength();

    /** Where the body starts in a payload without attributes. */
    static final int PAYLOAD_BODY_OFFSET = GROUP_HEADER_LENGTH + DATA_HEADER_LENGTH;

    /** What follows the body of a message without group id, deduplication id and trace header: three empty texts. */
    static final int NO_IDS_LENGTH = 3 * TEXT_HEADER_LENGTH;

    /** What a payload without attributes and ids has besides its body. */
    static final int PAYLOAD_OVERHEAD = PAYLOAD_BODY_OFFSET + NO_IDS_LENGTH;

    /** Length of SendMessages with one message without attributes, less its body. */
    static final int SEND_OVERHEAD = SEND_ENTRIES_OFFSET + SEND_BLOCK_LENGTH + PAYLOAD_OVERHEAD;

    private Wire() {}

    static void putGroupHeader(
            final MutableDirectBuffer buffer, final int offset, final int blockLength, final int count) {
        buffer.putShort(offset, (short) blockLength, ORDER);
        buffer.putShort(offset + 2, (short) count, ORDER);
    }

    /** Ends a payload that has no group id, no deduplication id and no trace header. */
    static void putNoIds(final MutableDirectBuffer buffer, final int offset) {
        buffer.putShort(offset, (short) 0, ORDER);
        buffer.putShort(offset + TEXT_HEADER_LENGTH, (short) 0, ORDER);
        buffer.putShort(offset + 2 * TEXT_HEADER_LENGTH, (short) 0, ORDER);
    }

    /** Writes a message's header; egress numbers are the server's, so the frame sequence is 0. */
    static void putHeader(
            final MutableDirectBuffer buffer,
            final int offset,
            final int blockLength,
            final int templateId,
            final int messageLength) {
        buffer.putShort(offset, (short) blockLength, ORDER);
        buffer.putShort(offset + 2, (short) templateId, ORDER);
        buffer.putShort(offset + 4, (short) MessageHeaderEncoder.SCHEMA_ID, ORDER);
        buffer.putShort(offset + 6, (short) MessageHeaderEncoder.SCHEMA_VERSION, ORDER);
        buffer.putInt(offset + MESSAGE_LENGTH_OFFSET, messageLength, ORDER);
        buffer.putInt(offset + MESSAGE_LENGTH_OFFSET + 4, 0, ORDER);
    }
}
