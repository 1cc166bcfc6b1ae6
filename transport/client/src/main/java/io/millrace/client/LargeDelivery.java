package io.millrace.client;

import io.millrace.codecs.DeliveryBeginDecoder;
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

    private final UnsafeBuffer head = new UnsafeBuffer(new byte[DeliveryBeginDecoder.BLOCK_LENGTH]);
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
        head.putBytes(0, buffer, block, DeliveryBeginDecoder.BLOCK_LENGTH);
        length = payloadLength;
        filled = 0;
        return true;
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
