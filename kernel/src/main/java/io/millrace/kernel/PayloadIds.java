package io.millrace.kernel;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Where the body, the message group, the deduplication id and the trace header stand in a payload that is known to be well formed. */
final class PayloadIds {
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final int DATA_LENGTH_SIZE = Integer.BYTES;

    private DirectBuffer buffer;
    private int bodyOffset;
    private int groupIdOffset;
    private int deduplicationIdOffset;

    /** Looks at the payload that begins at an offset of a buffer. */
    void wrap(final DirectBuffer source, final int offset) {
        buffer = source;
        bodyOffset = FrameValidator.bodyOffset(source, offset) + DATA_LENGTH_SIZE;
        groupIdOffset = bodyOffset + bodyLength() + TEXT_LENGTH_SIZE;
        deduplicationIdOffset = groupIdOffset + groupIdLength() + TEXT_LENGTH_SIZE;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int bodyOffset() {
        return bodyOffset;
    }

    int bodyLength() {
        return buffer.getInt(bodyOffset - DATA_LENGTH_SIZE, ByteOrder.LITTLE_ENDIAN);
    }

    int groupIdOffset() {
        return groupIdOffset;
    }

    int groupIdLength() {
        return textLength(groupIdOffset);
    }

    int deduplicationIdOffset() {
        return deduplicationIdOffset;
    }

    int deduplicationIdLength() {
        return textLength(deduplicationIdOffset);
    }

    private int textLength(final int offset) {
        return buffer.getShort(offset - TEXT_LENGTH_SIZE, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
