package io.millrace.kernel;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * What some of the subscribers get of a published message: its payload, or one made of the body for their protocol. The latter has no
 * attributes (N2: they are sent only if the message has no structure), and through a FIFO topic always a deduplication id, because
 * the hash that stands for one is that of all bodies.
 */
final class Rendition {
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int NUM_IN_GROUP = 2;
    private static final int ATTRIBUTE_BLOCK_LENGTH = 1;
    private static final int DATA_LENGTH_SIZE = Integer.BYTES;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final int BODY_OFFSET = GROUP_HEADER_LENGTH + DATA_LENGTH_SIZE;

    private final ExpandableArrayBuffer made = new ExpandableArrayBuffer();
    private final Digest digest = new Digest();
    private DirectBuffer buffer;
    private int offset;
    private int length;
    private int bytes;

    /** In the arena, once stored. */
    int payload;

    /** The same of the envelope; -1: there is none. */
    int envelope;

    int envelopeBytes;

    /** Most bytes of a payload that is made, of an entry whose own payload has a length, and a body. */
    static int mostLength(final int payloadLength, final int bodyLength) {
        return payloadLength + Digest.hexLength() + bodyLength;
    }

    /** Takes the payload as it is. */
    void take(final PublishedEntry entry, final int accountedBytes) {
        buffer = entry.buffer();
        offset = entry.payload();
        length = entry.payloadLength();
        bytes = accountedBytes;
    }

    /** Makes a payload of one of the bodies. */
    void make(final PublishedEntry entry, final boolean isFifo, final int body, final int bodyLength) {
        final PayloadIds ids = entry.ids();
        made.putShort(0, (short) ATTRIBUTE_BLOCK_LENGTH, ByteOrder.LITTLE_ENDIAN);
        made.putShort(NUM_IN_GROUP, (short) 0, ByteOrder.LITTLE_ENDIAN);
        made.putInt(GROUP_HEADER_LENGTH, bodyLength, ByteOrder.LITTLE_ENDIAN);
        made.putBytes(BODY_OFFSET, entry.buffer(), body, bodyLength);
        length = BODY_OFFSET + bodyLength;
        addText(ids.buffer(), ids.groupIdOffset(), ids.groupIdLength());
        if (ids.deduplicationIdLength() > 0 || !isFifo) {
            addText(ids.buffer(), ids.deduplicationIdOffset(), ids.deduplicationIdLength());
        } else {
            addText(hashOfBodies(entry), 0, Digest.hexLength());
        }
        final int trace = ids.deduplicationIdOffset() + ids.deduplicationIdLength() + TEXT_LENGTH_SIZE;
        addText(ids.buffer(), trace, ids.buffer().getShort(trace - TEXT_LENGTH_SIZE, ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
        buffer = made;
        offset = 0;
        bytes = bodyLength;
    }

    private DirectBuffer hashOfBodies(final PublishedEntry entry) {
        digest.update(
                entry.ids().buffer(), entry.ids().bodyOffset(), entry.ids().bodyLength());
        int position = entry.firstBody();
        for (int i = 0; i < entry.bodyCount(); i++) {
            final int next = entry.nextBody(position);
            digest.update(entry.buffer(), position, next - position);
            position = next;
        }
        digest.end();
        return digest.hex();
    }

    private void addText(final DirectBuffer source, final int text, final int textLength) {
        made.putShort(length, (short) textLength, ByteOrder.LITTLE_ENDIAN);
        made.putBytes(length + TEXT_LENGTH_SIZE, source, text, textLength);
        length += TEXT_LENGTH_SIZE + textLength;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    /** Of the payload. */
    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    /** Body and attributes, as a queue's limit counts them. */
    int bytes() {
        return bytes;
    }
}
