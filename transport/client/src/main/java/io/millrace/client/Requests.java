package io.millrace.client;

import io.millrace.codecs.AcknowledgeEncoder;
import io.millrace.codecs.ChangeVisibilityEncoder;
import io.millrace.codecs.ConsumeEncoder;
import io.millrace.codecs.DeleteMessagesEncoder;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.OpenProducerEncoder;
import io.millrace.codecs.ReceiveEncoder;
import io.millrace.codecs.SendMessagesEncoder;
import io.millrace.codecs.SettleMessagesEncoder;
import io.millrace.codecs.StopConsumingEncoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.WatchQueueEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Encodes the requests of the hot path. Each method returns a correlation id or a negative code, and checks the ranges
 * that it was given before it takes a place to encode in.
 */
final class Requests {
    private static final int MAX_GROUP_ENTRIES = 0xFFFF;
    private static final int MAX_RECEIVE_MESSAGES = 0xFFFF;

    /** Block of the commands that name a queue and then receipts: Acknowledge, SettleMessages. */
    private static final int RECEIPTS_BLOCK = AcknowledgeEncoder.BLOCK_LENGTH;

    private static final int RECEIPTS_OVERHEAD = Wire.HEADER_LENGTH + RECEIPTS_BLOCK + Wire.GROUP_HEADER_LENGTH;

    /** Length of one entry of SettleMessages. */
    static final int SETTLE_LENGTH = SettleMessagesEncoder.ReceiptsEncoder.sbeBlockLength();

    private final FrameWriter writer;
    private final LargeTransfer transfer;
    private final Producer producer;

    Requests(final FrameWriter writer, final LargeTransfer transfer, final Producer producer) {
        this.writer = writer;
        this.transfer = transfer;
        this.producer = producer;
    }

    long send(
            final long queueId,
            final DirectBuffer source,
            final int sourceOffset,
            final int sourceLength,
            final SendOptions options) {
        source.boundsCheck(sourceOffset, sourceLength);
        final int textsLength = options.textsLength();
        if (textsLength < 0) {
            return MillraceClient.TOO_LARGE;
        }
        final int frameLength = Wire.SEND_OVERHEAD - Wire.NO_IDS_LENGTH + textsLength + sourceLength;
        if (writer.gate() == 0 && frameLength > writer.maxFrameLength()) {
            return sendLarge(queueId, source, sourceOffset, sourceLength, options, textsLength);
        }
        final long refusal = writer.begin(
                SendMessagesEncoder.TEMPLATE_ID, SendMessagesEncoder.BLOCK_LENGTH, frameLength, FrameWriter.MUTATING);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer buffer = writer.buffer();
        final int offset = writer.offset();
        putSendRoot(buffer, offset, queueId, options.flags(), 1);
        final int entry = offset + Wire.SEND_ENTRIES_OFFSET;
        options.putBlock(buffer, entry);
        putPayload(buffer, entry + Wire.SEND_BLOCK_LENGTH, source, sourceOffset, sourceLength, options);
        return writer.end();
    }

    /** Sends the entries of a group of messages that stand ready in a buffer. */
    long sendEntries(
            final long queueId,
            final byte flags,
            final DirectBuffer entries,
            final int offset,
            final int length,
            final int count) {
        final int frameLength = Wire.SEND_ENTRIES_OFFSET + length;
        final long refusal = writer.begin(
                SendMessagesEncoder.TEMPLATE_ID, SendMessagesEncoder.BLOCK_LENGTH, frameLength, FrameWriter.MUTATING);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer buffer = writer.buffer();
        final int start = writer.offset();
        putSendRoot(buffer, start, queueId, flags, count);
        buffer.putBytes(start + Wire.SEND_ENTRIES_OFFSET, entries, offset, length);
        return writer.end();
    }

    /** Sends one payload that stands ready in a buffer and is too large for a frame. */
    long sendPayload(
            final long queueId,
            final byte flags,
            final SendOptions options,
            final DirectBuffer payload,
            final int offset,
            final int length) {
        final long place = writer.beginLarge(LargeTransfer.PAYLOAD_OFFSET + length);
        if (place < 0) {
            return place;
        }
        final MutableDirectBuffer record = writer.largeBuffer(LargeTransfer.PAYLOAD_OFFSET + length);
        record.putBytes((int) place + LargeTransfer.PAYLOAD_OFFSET, payload, offset, length);
        return endLarge(record, (int) place, queueId, flags, options, length);
    }

    /** Publishes an entry of PublishMessages that is too large for a frame. */
    long publishLarge(
            final long topicId, final byte flags, final DirectBuffer entry, final int offset, final int length) {
        final int recordLength = LargeTransfer.PAYLOAD_OFFSET + length;
        final long place = writer.beginLarge(recordLength);
        if (place < 0) {
            return place;
        }
        final MutableDirectBuffer record = writer.largeBuffer(recordLength);
        record.putBytes((int) place + LargeTransfer.PAYLOAD_OFFSET, entry, offset, length);
        LargeTransfer.putBegin(record, (int) place, topicId, flags, length);
        return writer.endLarge(record, (int) place, recordLength);
    }

    long acknowledge(final long queueId, final DirectBuffer receipts, final int offset, final int count) {
        return receipts(
                AcknowledgeEncoder.TEMPLATE_ID, RECEIPTS_BLOCK, Wire.RECEIPT_LENGTH, queueId, receipts, offset, count);
    }

    /** Sends the entries of a batch; if the command is refused, they can be taken back from the resend ring. */
    long sendBatch(
            final int templateId,
            final int entryLength,
            final long queueId,
            final DirectBuffer entries,
            final int offset,
            final int count) {
        final long result = receipts(templateId, RECEIPTS_BLOCK, entryLength, queueId, entries, offset, count);
        if (result > 0 && producer.isEnabled()) {
            producer.ring().markAckBatch();
        }
        return result;
    }

    /** @return entries that a frame of this session holds. */
    int maxEntries(final int entryLength) {
        return Math.min(MAX_GROUP_ENTRIES, (writer.maxFrameLength() - RECEIPTS_OVERHEAD) / entryLength);
    }

    /** Ends deliveries without acknowledging them, all in the same way. */
    long settle(
            final long queueId,
            final DirectBuffer receipts,
            final int receiptsOffset,
            final int count,
            final Disposition disposition,
            final long delayNs) {
        if (count <= 0) {
            return MillraceClient.EMPTY;
        }
        receipts.boundsCheck(receiptsOffset, Math.multiplyExact(count, Wire.RECEIPT_LENGTH));
        final long refusal =
                begin(SettleMessagesEncoder.TEMPLATE_ID, RECEIPTS_BLOCK, RECEIPTS_OVERHEAD, SETTLE_LENGTH, count);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer buffer = writer.buffer();
        final int start = writer.offset();
        putQueueId(buffer, start, queueId);
        Wire.putGroupHeader(buffer, start + RECEIPTS_OVERHEAD - Wire.GROUP_HEADER_LENGTH, SETTLE_LENGTH, count);
        for (int i = 0; i < count; i++) {
            putSettle(
                    buffer,
                    start + RECEIPTS_OVERHEAD + i * SETTLE_LENGTH,
                    receipts,
                    receiptsOffset + i * Wire.RECEIPT_LENGTH,
                    disposition,
                    delayNs);
        }
        return writer.end();
    }

    /** Writes one entry of SettleMessages. */
    static void putSettle(
            final MutableDirectBuffer buffer,
            final int offset,
            final DirectBuffer receipt,
            final int receiptOffset,
            final Disposition disposition,
            final long delayNs) {
        buffer.putBytes(offset, receipt, receiptOffset, Wire.RECEIPT_LENGTH);
        buffer.putLong(offset + SettleMessagesEncoder.ReceiptsEncoder.delayNsEncodingOffset(), delayNs, Wire.ORDER);
        buffer.putByte(
                offset + SettleMessagesEncoder.ReceiptsEncoder.dispositionEncodingOffset(), (byte) disposition.value());
    }

    long delete(final long queueId, final DirectBuffer receipts, final int offset, final int count) {
        return receipts(
                DeleteMessagesEncoder.TEMPLATE_ID,
                DeleteMessagesEncoder.BLOCK_LENGTH,
                Wire.RECEIPT_LENGTH,
                queueId,
                receipts,
                offset,
                count);
    }

    long changeVisibility(
            final long queueId,
            final DirectBuffer receipts,
            final int receiptsOffset,
            final int count,
            final long visibilityNs) {
        if (count <= 0) {
            return MillraceClient.EMPTY;
        }
        final int entryLength = ChangeVisibilityEncoder.ReceiptsEncoder.sbeBlockLength();
        receipts.boundsCheck(receiptsOffset, Math.multiplyExact(count, Wire.RECEIPT_LENGTH));
        final int block = ChangeVisibilityEncoder.BLOCK_LENGTH;
        final int group = Wire.HEADER_LENGTH + block;
        final long refusal =
                begin(ChangeVisibilityEncoder.TEMPLATE_ID, block, group + Wire.GROUP_HEADER_LENGTH, entryLength, count);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer buffer = writer.buffer();
        final int start = writer.offset();
        putQueueId(buffer, start, queueId);
        Wire.putGroupHeader(buffer, start + group, entryLength, count);
        int at = start + group + Wire.GROUP_HEADER_LENGTH;
        for (int i = 0; i < count; i++) {
            buffer.putBytes(at, receipts, receiptsOffset + i * Wire.RECEIPT_LENGTH, Wire.RECEIPT_LENGTH);
            buffer.putLong(at + Wire.RECEIPT_LENGTH, visibilityNs, Wire.ORDER);
            at += entryLength;
        }
        return writer.end();
    }

    /** Asks for messages; the tail is what ReceiveOptions made of attribute names and attempt id. */
    long receive(
            final long correlationId,
            final long queueId,
            final int maxMessages,
            final long waitNs,
            final long visibilityNs,
            final DirectBuffer tail,
            final int tailLength) {
        if (maxMessages < 1 || maxMessages > MAX_RECEIVE_MESSAGES) {
            throw new IllegalArgumentException(
                    "maxMessages must be from 1 to " + MAX_RECEIVE_MESSAGES + ", not " + maxMessages + ".");
        }
        final long refusal = writer.begin(
                ReceiveEncoder.TEMPLATE_ID,
                ReceiveEncoder.BLOCK_LENGTH,
                Wire.HEADER_LENGTH + ReceiveEncoder.BLOCK_LENGTH + tailLength,
                FrameWriter.PLAIN,
                correlationId);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer buffer = writer.buffer();
        final int block = writer.offset() + Wire.HEADER_LENGTH;
        buffer.putLong(block + ReceiveEncoder.queueIdEncodingOffset(), queueId, Wire.ORDER);
        buffer.putLong(block + ReceiveEncoder.waitNsEncodingOffset(), waitNs, Wire.ORDER);
        buffer.putLong(block + ReceiveEncoder.visibilityTimeoutNsEncodingOffset(), visibilityNs, Wire.ORDER);
        buffer.putShort(block + ReceiveEncoder.maxMessagesEncodingOffset(), (short) maxMessages, Wire.ORDER);
        buffer.putBytes(block + ReceiveEncoder.BLOCK_LENGTH, tail, 0, tailLength);
        return writer.end();
    }

    long consume(
            final long correlationId,
            final long queueId,
            final int creditMessages,
            final int creditBytes,
            final long visibilityNs) {
        final long refusal = writer.begin(
                ConsumeEncoder.TEMPLATE_ID,
                ConsumeEncoder.BLOCK_LENGTH,
                Wire.HEADER_LENGTH + ConsumeEncoder.BLOCK_LENGTH,
                FrameWriter.PLAIN,
                correlationId);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer buffer = writer.buffer();
        final int block = writer.offset() + Wire.HEADER_LENGTH;
        buffer.putLong(block + ConsumeEncoder.queueIdEncodingOffset(), queueId, Wire.ORDER);
        buffer.putLong(block + ConsumeEncoder.visibilityTimeoutNsEncodingOffset(), visibilityNs, Wire.ORDER);
        buffer.putInt(block + ConsumeEncoder.creditMessagesEncodingOffset(), creditMessages, Wire.ORDER);
        buffer.putInt(block + ConsumeEncoder.creditBytesEncodingOffset(), creditBytes, Wire.ORDER);
        return writer.end();
    }

    /** Starts the alarms of a queue, under the id that the watch keeps over reconnects, or ends them. */
    long watch(final long correlationId, final long queueId, final boolean isWatching) {
        final long refusal = writer.begin(
                WatchQueueEncoder.TEMPLATE_ID,
                WatchQueueEncoder.BLOCK_LENGTH,
                Wire.HEADER_LENGTH + WatchQueueEncoder.BLOCK_LENGTH,
                FrameWriter.PLAIN,
                correlationId);
        if (refusal != 0) {
            return refusal;
        }
        putQueueId(writer.buffer(), writer.offset(), queueId);
        writer.buffer()
                .putByte(writer.offset() + Wire.HEADER_LENGTH + WatchQueueEncoder.watchingEncodingOffset(), (byte)
                        (isWatching ? Switch.ON : Switch.OFF).value());
        return writer.end();
    }

    long stopConsuming(final long queueId) {
        final long refusal = writer.begin(
                StopConsumingEncoder.TEMPLATE_ID,
                StopConsumingEncoder.BLOCK_LENGTH,
                Wire.HEADER_LENGTH + StopConsumingEncoder.BLOCK_LENGTH,
                FrameWriter.PLAIN);
        if (refusal != 0) {
            return refusal;
        }
        putQueueId(writer.buffer(), writer.offset(), queueId);
        return writer.end();
    }

    /** Asks for the client's producer, or for a new one; the id stands in the command's header. */
    long openProducer(final long correlationId) {
        final long refusal = writer.begin(
                OpenProducerEncoder.TEMPLATE_ID,
                OpenProducerEncoder.BLOCK_LENGTH,
                Wire.HEADER_LENGTH + OpenProducerEncoder.BLOCK_LENGTH,
                FrameWriter.PLAIN,
                correlationId);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer buffer = writer.buffer();
        buffer.putLong(writer.offset() + Wire.PRODUCER_ID_OFFSET, producer.idToOpen(), Wire.ORDER);
        buffer.putLong(
                writer.offset() + Wire.HEADER_LENGTH + OpenProducerEncoder.nonceEncodingOffset(),
                producer.nonce(),
                Wire.ORDER);
        return writer.end();
    }

    private long receipts(
            final int templateId,
            final int blockLength,
            final int entryLength,
            final long queueId,
            final DirectBuffer receipts,
            final int receiptsOffset,
            final int count) {
        if (count <= 0) {
            return MillraceClient.EMPTY;
        }
        receipts.boundsCheck(receiptsOffset, Math.multiplyExact(count, entryLength));
        final int group = Wire.HEADER_LENGTH + blockLength;
        final long refusal = begin(templateId, blockLength, group + Wire.GROUP_HEADER_LENGTH, entryLength, count);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer buffer = writer.buffer();
        final int start = writer.offset();
        putQueueId(buffer, start, queueId);
        Wire.putGroupHeader(buffer, start + group, entryLength, count);
        buffer.putBytes(start + group + Wire.GROUP_HEADER_LENGTH, receipts, receiptsOffset, count * entryLength);
        return writer.end();
    }

    private long begin(
            final int templateId, final int blockLength, final int overhead, final int entryLength, final int count) {
        final long frameLength = overhead + (long) entryLength * count;
        if (count > MAX_GROUP_ENTRIES || frameLength > Integer.MAX_VALUE) {
            return MillraceClient.TOO_LARGE;
        }
        return writer.begin(templateId, blockLength, (int) frameLength, FrameWriter.MUTATING);
    }

    private long sendLarge(
            final long queueId,
            final DirectBuffer source,
            final int sourceOffset,
            final int sourceLength,
            final SendOptions options,
            final int textsLength) {
        if (sourceLength > writer.maxMessageLength()) {
            return MillraceClient.TOO_LARGE;
        }
        final int payloadLength = Wire.PAYLOAD_BODY_OFFSET + sourceLength + textsLength;
        final long place = writer.beginLarge(LargeTransfer.PAYLOAD_OFFSET + payloadLength);
        if (place < 0) {
            return place;
        }
        final MutableDirectBuffer record = writer.largeBuffer(LargeTransfer.PAYLOAD_OFFSET + payloadLength);
        putPayload(record, (int) place + LargeTransfer.PAYLOAD_OFFSET, source, sourceOffset, sourceLength, options);
        return endLarge(record, (int) place, queueId, options.flags(), options, payloadLength);
    }

    private long endLarge(
            final MutableDirectBuffer record,
            final int place,
            final long queueId,
            final byte flags,
            final SendOptions options,
            final int payloadLength) {
        LargeTransfer.putBegin(record, place, queueId, payloadLength);
        options.putBegin(record, place + Wire.HEADER_LENGTH, flags);
        return writer.endLarge(record, place, LargeTransfer.PAYLOAD_OFFSET + payloadLength);
    }

    /** Every command on a queue names it right behind its header. */
    private static void putQueueId(final MutableDirectBuffer buffer, final int offset, final long queueId) {
        buffer.putLong(offset + Wire.HEADER_LENGTH + SendMessagesEncoder.queueIdEncodingOffset(), queueId, Wire.ORDER);
    }

    /** Writes what stands in front of the entries of SendMessages. */
    private static void putSendRoot(
            final MutableDirectBuffer buffer, final int offset, final long queueId, final byte flags, final int count) {
        putQueueId(buffer, offset, queueId);
        buffer.putByte(offset + Wire.HEADER_LENGTH + SendMessagesEncoder.flagsEncodingOffset(), flags);
        Wire.putGroupHeader(buffer, offset + Wire.SEND_GROUP_OFFSET, Wire.SEND_BLOCK_LENGTH, count);
    }

    /** Writes a payload without attributes. */
    private static void putPayload(
            final MutableDirectBuffer buffer,
            final int offset,
            final DirectBuffer source,
            final int sourceOffset,
            final int sourceLength,
            final SendOptions options) {
        Wire.putGroupHeader(buffer, offset, Wire.ATTRIBUTE_BLOCK_LENGTH, 0);
        buffer.putInt(offset + Wire.GROUP_HEADER_LENGTH, sourceLength, Wire.ORDER);
        buffer.putBytes(offset + Wire.PAYLOAD_BODY_OFFSET, source, sourceOffset, sourceLength);
        options.putTexts(buffer, offset + Wire.PAYLOAD_BODY_OFFSET + sourceLength);
    }
}
