package io.millrace.kernel;

import io.millrace.kernel.memory.Payloads;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What a delivery shows of a payload: all its bytes, or all but the attributes that were not asked for. */
final class PayloadView {
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int NUM_IN_GROUP = 2;
    private static final int ATTRIBUTE_BLOCK_LENGTH = 1;
    private static final int TEXT_LENGTH_SIZE = 2;
    private static final int DATA_LENGTH_SIZE = 4;

    private final Payloads payloads;
    private final UnsafeBuffer header = new UnsafeBuffer(new byte[GROUP_HEADER_LENGTH]);
    private DirectBuffer buffer;
    private int[] starts = new int[0];
    private int[] lengths = new int[0];
    private int parts;
    private int length;
    private int headerLength;

    PayloadView(final Payloads payloads) {
        this.payloads = payloads;
    }

    /** Makes room for the attributes of one message; called when limits change, not on the hot path. */
    void capacity(final int attributes) {
        starts = new int[attributes + 1];
        lengths = new int[attributes + 1];
    }

    /** Shows a payload as the filter wants it. */
    void wrap(final int payload, final AttributeFilter filter) {
        buffer = payloads.buffer(payload);
        final int offset = payloads.offset(payload);
        parts = 0;
        length = 0;
        headerLength = 0;
        if (filter.wantsAll()) {
            addPart(offset, payloads.length(payload));
        } else {
            select(offset, offset + payloads.length(payload), filter);
        }
    }

    private void select(final int offset, final int end, final AttributeFilter filter) {
        final int count = text(offset + NUM_IN_GROUP);
        int position = offset + GROUP_HEADER_LENGTH;
        for (int i = 0; i < count; i++) {
            final int nameOffset = position + ATTRIBUTE_BLOCK_LENGTH + TEXT_LENGTH_SIZE;
            final int nameLength = text(nameOffset - TEXT_LENGTH_SIZE);
            final int next = afterAttribute(position);
            if (filter.wants(buffer, nameOffset, nameLength)) {
                addPart(position, next - position);
            }
            position = next;
        }
        header.putShort(0, (short) ATTRIBUTE_BLOCK_LENGTH, ByteOrder.LITTLE_ENDIAN);
        header.putShort(NUM_IN_GROUP, (short) parts, ByteOrder.LITTLE_ENDIAN);
        headerLength = GROUP_HEADER_LENGTH;
        addPart(position, end - position);
        length += headerLength;
    }

    private int afterAttribute(final int attribute) {
        int position = attribute + ATTRIBUTE_BLOCK_LENGTH;
        position += TEXT_LENGTH_SIZE + text(position);
        position += TEXT_LENGTH_SIZE + text(position);
        return position + DATA_LENGTH_SIZE + buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
    }

    private void addPart(final int start, final int partLength) {
        starts[parts] = start;
        lengths[parts] = partLength;
        parts++;
        length += partLength;
    }

    /** {@return bytes to show} */
    int length() {
        return length;
    }

    /** Copies some of the bytes to show. */
    void copy(final int from, final MutableDirectBuffer target, final int targetOffset, final int copyLength) {
        int position = from;
        int written = 0;
        if (position < headerLength) {
            written = Math.min(headerLength - position, copyLength);
            target.putBytes(targetOffset, header, position, written);
        }
        position = Math.max(0, position - headerLength);
        for (int part = 0; part < parts && written < copyLength; part++) {
            if (position < lengths[part]) {
                final int bytes = Math.min(lengths[part] - position, copyLength - written);
                target.putBytes(targetOffset + written, buffer, starts[part] + position, bytes);
                written += bytes;
                position = 0;
            } else {
                position -= lengths[part];
            }
        }
    }

    private int text(final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
