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
    private final PayloadView view;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final DeliveryEncoder delivery = new DeliveryEncoder();
    private final DeliveryBeginEncoder deliveryBegin = new DeliveryBeginEncoder();
    private final DeliveryChunkEncoder deliveryChunk = new DeliveryChunkEncoder();

    DeliveryEncoding(final State state, final Egress egress, final Receipts receipts) {
        this.state = state;
        this.egress = egress;
        this.receipts = receipts;
        this.view = new PayloadView(state.payloads);
    }

    /** Makes room for the attributes of one message; called when limits change, not on the hot path. */
    void capacity(final int attributes) {
        view.capacity(attributes);
    }

    void encode(final Recipient recipient, final int message) {
        view.wrap(state.messages.getInt(message, Message.PAYLOAD), recipient.filter);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + DeliveryEncoder.BLOCK_LENGTH + view.length();
        if (length <= state.limit(LimitId.FRAME_BYTES)) {
            encodeWhole(recipient, message, length);
        } else {
            encodeBegin(recipient, message);
            encodeChunks(recipient.session);
        }
    }

    private void encodeWhole(final Recipient recipient, final int message, final int length) {
        final SlotTable messages = state.messages;
        final int offset = egress.claim(state.sessionId(recipient.session), length);
        final MutableDirectBuffer buffer = egress.buffer();
        delivery.wrapAndApplyHeader(buffer, offset, header)
                .correlationId(recipient.correlationId)
                .queueId(state.queues.getLong(messages.getInt(message, Message.QUEUE), Queue.ID))
                .messageId(messages.getLong(message, Message.ID))
                .sequenceNumber(messages.getLong(message, Message.SEQUENCE))
                .sentTimeNs(messages.getLong(message, Message.SENT_TIME))
                .firstReceivedTimeNs(messages.getLong(message, Message.FIRST_RECEIVED_TIME))
                .deadLetterSourceId(messages.getLong(message, Message.DEAD_LETTER_SOURCE_ID))
                .receiveCount(messages.getInt(message, Message.RECEIVE_COUNT))
                .failedCount(messages.getInt(message, Message.FAILED_COUNT))
                .priority((short) messages.getInt(message, Message.PRIORITY));
        receipt(delivery.receipt(), recipient.session, message);
        flags(delivery.flags(), message, recipient);
        view.copy(0, buffer, offset + length - view.length(), view.length());
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }

    private void encodeBegin(final Recipient recipient, final int message) {
        final SlotTable messages = state.messages;
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + DeliveryBeginEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(state.sessionId(recipient.session), length);
        deliveryBegin
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(recipient.correlationId)
                .queueId(state.queues.getLong(messages.getInt(message, Message.QUEUE), Queue.ID))
                .messageId(messages.getLong(message, Message.ID))
                .sequenceNumber(messages.getLong(message, Message.SEQUENCE))
                .sentTimeNs(messages.getLong(message, Message.SENT_TIME))
                .firstReceivedTimeNs(messages.getLong(message, Message.FIRST_RECEIVED_TIME))
                .deadLetterSourceId(messages.getLong(message, Message.DEAD_LETTER_SOURCE_ID))
                .receiveCount(messages.getInt(message, Message.RECEIVE_COUNT))
                .failedCount(messages.getInt(message, Message.FAILED_COUNT))
                .priority((short) messages.getInt(message, Message.PRIORITY))
                .payloadLength(view.length());
        receipt(deliveryBegin.receipt(), recipient.session, message);
        flags(deliveryBegin.flags(), message, recipient);
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }

    private void encodeChunks(final int session) {
        final int payloadLength = view.length();
        for (int from = 0; from < payloadLength; from += CHUNK_LENGTH) {
            final int chunk = Math.min(CHUNK_LENGTH, payloadLength - from);
            final int length =
                    MessageHeaderEncoder.ENCODED_LENGTH + DeliveryChunkEncoder.BLOCK_LENGTH + DATA_LENGTH_SIZE + chunk;
            final int offset = egress.claim(state.sessionId(session), length);
            final MutableDirectBuffer buffer = egress.buffer();
            deliveryChunk.wrapAndApplyHeader(buffer, offset, header).payloadOffset(from);
            buffer.putInt(offset + length - chunk - DATA_LENGTH_SIZE, chunk, ByteOrder.LITTLE_ENDIAN);
            view.copy(from, buffer, offset + length - chunk, chunk);
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

    private void flags(final DeliveryFlagsEncoder flags, final int message, final Recipient recipient) {
        flags.clear()
                .redelivered(state.messages.getInt(message, Message.DELIVERY_NUMBER) > 1)
                .pushed(recipient.isPushed())
                .moved((state.messages.getInt(message, Message.FLAGS) & Message.MOVED) != 0)
                .replayed((state.messages.getInt(message, Message.FLAGS) & Message.REPLAYED) != 0)
                .settled(recipient.isSettled)
                .claim(state.payloads.attachment(state.messages.getInt(message, Message.PAYLOAD)) >= 0);
    }
}
