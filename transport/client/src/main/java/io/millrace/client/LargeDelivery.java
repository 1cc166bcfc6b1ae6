package io.millrace.client;

import io.millrace.codecs.DeliveryBeginDecoder;
import io.millrace.codecs.DeliveryDecoder;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts a delivery together that came in chunks. The buffer is made for the largest payload of the session when the first
 * such delivery arrives, and kept.
 */
final class LargeDelivery {
    /** What attribute headers may add to the bytes that the limit counts. */
    private static final int HEADROOM = 64 * 1024;

    /** What both messages have at the same places: the fields up to failedCount. */
    private static final int COMMON_LENGTH =
            DeliveryDecoder.failedCountEncodingOffset() + DeliveryDecoder.failedCountEncodingLength();

    private final UnsafeBuffer head = new UnsafeBuffer(new byte[DeliveryDecoder.BLOCK_LENGTH]);
    private UnsafeBuffer payload = new UnsafeBuffer(0, 0);
    private int maxLength;
    private int length = -1;
    private int filled;

    void onSession(final int maxMessageBytes) {
        maxLength = (int) Math.min((long) maxMessageBytes + HEADROOM, Integer.MAX_VALUE - 8L);
        length = -1;
    }

    /** @return false if a delivery is under way, or the payload is longer than the session allows. */
    boolean onBegin(final DirectBuffer buffer, final int block) {
        final int payloadLength = buffer.getInt(block + DeliveryBeginDecoder.payloadLengthEncodingOffset(), Wire.ORDER);
        if (length >= 0 || payloadLength <= 0 || payloadLength > maxLength) {
            return false;
        }
        if (payload.capacity() < payloadLength) {
            payload = new UnsafeBuffer(ByteBuffer.allocateDirect(maxLength));
        }
        putHead(buffer, block);
        length = payloadLength;
        filled = 0;
        return true;
    }

    /** Moves the fields to where Delivery has them, up to failedCount the same places: {@link #hasSameLayout}. */
    private void putHead(final DirectBuffer buffer, final int block) {
        head.putBytes(0, buffer, block, COMMON_LENGTH);
        head.putByte(
                DeliveryDecoder.flagsEncodingOffset(),
                buffer.getByte(block + DeliveryBeginDecoder.flagsEncodingOffset()));
        head.putByte(
                DeliveryDecoder.priorityEncodingOffset(),
                buffer.getByte(block + DeliveryBeginDecoder.priorityEncodingOffset()));
    }

    static boolean hasSameLayout() {
        return DeliveryDecoder.correlationIdEncodingOffset() == DeliveryBeginDecoder.correlationIdEncodingOffset()
                && DeliveryDecoder.queueIdEncodingOffset() == DeliveryBeginDecoder.queueIdEncodingOffset()
                && DeliveryDecoder.messageIdEncodingOffset() == DeliveryBeginDecoder.messageIdEncodingOffset()
                && DeliveryDecoder.sequenceNumberEncodingOffset() == DeliveryBeginDecoder.sequenceNumberEncodingOffset()
                && DeliveryDecoder.sentTimeNsEncodingOffset() == DeliveryBeginDecoder.sentTimeNsEncodingOffset()
                && DeliveryDecoder.firstReceivedTimeNsEncodingOffset()
                        == DeliveryBeginDecoder.firstReceivedTimeNsEncodingOffset()
                && DeliveryDecoder.receiptEncodingOffset() == DeliveryBeginDecoder.receiptEncodingOffset()
                && DeliveryDecoder.deadLetterSourceIdEncodingOffset()
                        == DeliveryBeginDecoder.deadLetterSourceIdEncodingOffset()
                && DeliveryDecoder.receiveCountEncodingOffset() == DeliveryBeginDecoder.receiveCountEncodingOffset()
                && DeliveryDecoder.failedCountEncodingOffset() == DeliveryBeginDecoder.failedCountEncodingOffset();
    }

    /** @return false if no delivery is under way, or the chunk is not its next one. */
    boolean onChunk(final int payloadOffset, final DirectBuffer buffer, final int offset, final int chunkLength) {
        if (length < 0 || payloadOffset != filled || chunkLength == 0 || chunkLength > length - filled) {
            return false;
        }
        payload.putBytes(filled, buffer, offset, chunkLength);
        filled += chunkLength;
        return true;
    }

    boolean isComplete() {
        return length >= 0 && filled == length;
    }

    /** Makes the flyweight stand for the complete delivery. @return whether its payload is well formed. */
    boolean take(final Delivery delivery) {
        final int payloadLength = length;
        length = -1;
        return delivery.wrap(head, 0, payload, 0, payloadLength);
    }
}
