package io.millrace.kernel;

import io.millrace.codecs.DeliveryBeginEncoder;
import io.millrace.codecs.DeliveryChunkEncoder;
import io.millrace.codecs.DeliveryEncoder;
import io.millrace.codecs.DeliveryFlagsEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ReceiptHandleEncoder;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/** Encodes deliveries: the payload's bytes are copied from the arena as they were sent. */
final class DeliveryEncoding {
    /** Payload bytes of one DeliveryChunk. */
    static final int CHUNK_LENGTH = 32 * 1024;

    private static final int DATA_LENGTH_SIZE = Integer.BYTES;

    private final State state;
    private final Egress egress;
    private final Receipts receipts;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final DeliveryEncoder delivery = new DeliveryEncoder();
    private final DeliveryBeginEncoder deliveryBegin = new DeliveryBeginEncoder();
    private final DeliveryChunkEncoder deliveryChunk = new DeliveryChunkEncoder();

    DeliveryEncoding(final State state, final Egress egress, final Receipts receipts) {
        this.state = state;
        this.egress = egress;
        this.receipts = receipts;
    }

    void encode(final int session, final long correlationId, final int message, final boolean isPushed) {
        final int payload = state.messages.getInt(message, Message.PAYLOAD);
        final int length =
                MessageHeaderEncoder.ENCODED_LENGTH + DeliveryEncoder.BLOCK_LENGTH + state.payloads.length(payload);
        if (length <= state.limit(LimitId.FRAME_BYTES)) {
            encodeWhole(session, correlationId, message, payload, length, isPushed);
        } else {
            encodeBegin(session, correlationId, message, payload, isPushed);
            encodeChunks(session, payload);
        }
    }

    private void encodeWhole(
            final int session,
            final long correlationId,
            final int message,
            final int payload,
            final int length,
            final boolean isPushed) {
        final SlotTable messages = state.messages;
        final int offset = egress.claim(state.sessionId(session), length);
        final MutableDirectBuffer buffer = egress.buffer();
        delivery.wrapAndApplyHeader(buffer, offset, header)
                .correlationId(correlationId)
                .queueId(state.queues.getLong(messages.getInt(message, Message.QUEUE), Queue.ID))
                .messageId(messages.getLong(message, Message.ID))
                .sequenceNumber(messages.getLong(message, Message.SEQUENCE))
                .sentTimeNs(messages.getLong(message, Message.SENT_TIME))
                .firstReceivedTimeNs(messages.getLong(message, Message.FIRST_RECEIVED_TIME))
                .deadLetterSourceId(0)
                .receiveCount(messages.getInt(message, Message.RECEIVE_COUNT))
                .failedCount(0)
                .priority((short) 0);
        receipt(delivery.receipt(), session, message);
        flags(delivery.flags(), message, isPushed);
        final int payloadLength = state.payloads.length(payload);
        state.payloads.copy(payload, 0, buffer, offset + length - payloadLength, payloadLength);
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }

    private void encodeBegin(
            final int session, final long correlationId, final int message, final int payload, final boolean isPushed) {
        final SlotTable messages = state.messages;
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + DeliveryBeginEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(state.sessionId(session), length);
        deliveryBegin
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .queueId(state.queues.getLong(messages.getInt(message, Message.QUEUE), Queue.ID))
                .messageId(messages.getLong(message, Message.ID))
                .sequenceNumber(messages.getLong(message, Message.SEQUENCE))
                .sentTimeNs(messages.getLong(message, Message.SENT_TIME))
                .firstReceivedTimeNs(messages.getLong(message, Message.FIRST_RECEIVED_TIME))
                .deadLetterSourceId(0)
                .receiveCount(messages.getInt(message, Message.RECEIVE_COUNT))
                .failedCount(0)
                .priority((short) 0)
                .payloadLength(state.payloads.length(payload));
        receipt(deliveryBegin.receipt(), session, message);
        flags(deliveryBegin.flags(), message, isPushed);
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }

    private void encodeChunks(final int session, final int payload) {
        final int payloadLength = state.payloads.length(payload);
        for (int from = 0; from < payloadLength; from += CHUNK_LENGTH) {
            final int chunk = Math.min(CHUNK_LENGTH, payloadLength - from);
            final int length =
                    MessageHeaderEncoder.ENCODED_LENGTH + DeliveryChunkEncoder.BLOCK_LENGTH + DATA_LENGTH_SIZE + chunk;
            final int offset = egress.claim(state.sessionId(session), length);
            final MutableDirectBuffer buffer = egress.buffer();
            deliveryChunk.wrapAndApplyHeader(buffer, offset, header).payloadOffset(from);
            buffer.putInt(offset + length - chunk - DATA_LENGTH_SIZE, chunk, ByteOrder.LITTLE_ENDIAN);
            state.payloads.copy(payload, from, buffer, offset + length - chunk, chunk);
            header.messageLength(length).frameSequence(0);
            egress.commit();
        }
    }

    private void receipt(final ReceiptHandleEncoder receipt, final int session, final int message) {
        final SlotTable messages = state.messages;
        final int deliveryNumber = messages.getInt(message, Message.DELIVERY_NUMBER);
        final long queueId = state.queues.getLong(messages.getInt(message, Message.QUEUE), Queue.ID);
        final int generation = messages.generation(message);
        receipt.slot(message)
                .generation(generation)
                .deliveryNumber(deliveryNumber)
                .reserved(0)
                .tag(receipts.tag(session, queueId, message, generation, deliveryNumber));
    }

    private void flags(final DeliveryFlagsEncoder flags, final int message, final boolean isPushed) {
        flags.clear()
                .redelivered(state.messages.getInt(message, Message.DELIVERY_NUMBER) > 1)
                .pushed(isPushed);
    }
}
