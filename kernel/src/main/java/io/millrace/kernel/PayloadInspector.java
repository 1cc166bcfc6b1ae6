package io.millrace.kernel;

import io.millrace.codecs.AttributeType;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Judges the payload of one message: {@code attributes group, body length (4 bytes), body}.
 *
 * <p>An attribute is {@code type (1), name length (2), name, custom type length (2), custom type, value length (4), value}. The
 * accounted size of a message is that of SQS (API reference, SendMessage): body, attribute names, types and values.
 */
final class PayloadInspector {
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int ATTRIBUTE_BLOCK_LENGTH = 1;
    private static final int TEXT_LENGTH_SIZE = 2;
    private static final int DATA_LENGTH_SIZE = 4;
    /** Message group, deduplication id, trace header. */
    private static final int IDS = 3;
    /** "String", "Number", "Binary". */
    private static final int TYPE_NAME_LENGTH = 6;

    private final State state;
    private long accountedBytes;
    private int payloadLength;
    private final Finding finding;

    PayloadInspector(final State state, final Finding finding) {
        this.state = state;
        this.finding = finding;
    }

    /**
     * Inspects a payload that is known to be well formed and to end inside its frame.
     *
     * @return true if nothing is wrong with it.
     */
    boolean inspect(final DirectBuffer buffer, final int offset, final long maxMessageBytes) {
        accountedBytes = 0;
        final int count = text(buffer, offset + 2);
        int position = offset + GROUP_HEADER_LENGTH;
        if (finding.isOk() && count > state.limit(LimitId.ATTRIBUTES)) {
            finding.exceed(LimitId.ATTRIBUTES, state.limit(LimitId.ATTRIBUTES), count);
        }
        for (int i = 0; i < count; i++) {
            inspectAttribute(buffer, position);
            if (finding.isOk() && repeats(buffer, offset, i, position)) {
                finding.set(ResultCode.INVALID_ATTRIBUTE, 0);
            }
            position = afterAttribute(buffer, position);
        }
        final int bodyLength = data(buffer, position);
        accountedBytes += bodyLength;
        position += DATA_LENGTH_SIZE + bodyLength;
        for (int i = 0; i < IDS; i++) {
            position += TEXT_LENGTH_SIZE + text(buffer, position);
        }
        payloadLength = position - offset;
        if (finding.isOk() && accountedBytes > maxMessageBytes) {
            finding.exceed(LimitId.MESSAGE_BYTES, maxMessageBytes, accountedBytes);
        }
        return finding.isOk();
    }

    private void inspectAttribute(final DirectBuffer buffer, final int position) {
        final int type = buffer.getByte(position) & 0xFF;
        final int nameOffset = position + ATTRIBUTE_BLOCK_LENGTH;
        final int nameLength = text(buffer, nameOffset);
        final int customTypeOffset = nameOffset + TEXT_LENGTH_SIZE + nameLength;
        final int customTypeLength = text(buffer, customTypeOffset);
        final int valueOffset = customTypeOffset + TEXT_LENGTH_SIZE + customTypeLength;
        final int valueLength = data(buffer, valueOffset);
        accountedBytes +=
                nameLength + TYPE_NAME_LENGTH + (customTypeLength == 0 ? 0 : customTypeLength + 1) + (long) valueLength;
        if (nameLength > state.limit(LimitId.ATTRIBUTE_NAME_BYTES)) {
            finding.exceed(LimitId.ATTRIBUTE_NAME_BYTES, state.limit(LimitId.ATTRIBUTE_NAME_BYTES), nameLength);
        } else if (nameLength == 0
                || valueLength == 0
                || type < AttributeType.STRING.value()
                || type > AttributeType.BINARY.value()
                || !Text.isUtf8(buffer, nameOffset + TEXT_LENGTH_SIZE, nameLength)
                || type == AttributeType.NUMBER.value()
                        && !Text.isDecimal(buffer, valueOffset + DATA_LENGTH_SIZE, valueLength)) {
            finding.set(ResultCode.INVALID_ATTRIBUTE, 0);
        }
    }

    /** Whether an earlier attribute has the name of the one at {@code position}; the number of attributes is small. */
    private static boolean repeats(final DirectBuffer buffer, final int offset, final int index, final int position) {
        final int name = position + ATTRIBUTE_BLOCK_LENGTH;
        final int nameLength = text(buffer, name);
        int other = offset + GROUP_HEADER_LENGTH;
        for (int i = 0; i < index; i++) {
            if (text(buffer, other + ATTRIBUTE_BLOCK_LENGTH) == nameLength
                    && Text.equal(
                            buffer,
                            name + TEXT_LENGTH_SIZE,
                            other + ATTRIBUTE_BLOCK_LENGTH + TEXT_LENGTH_SIZE,
                            nameLength)) {
                return true;
            }
            other = afterAttribute(buffer, other);
        }
        return false;
    }

    private static int afterAttribute(final DirectBuffer buffer, final int position) {
        int next = position + ATTRIBUTE_BLOCK_LENGTH;
        next += TEXT_LENGTH_SIZE + text(buffer, next);
        next += TEXT_LENGTH_SIZE + text(buffer, next);
        return next + DATA_LENGTH_SIZE + data(buffer, next);
    }

    private static int text(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private static int data(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN);
    }

    /** Length of the payload inspected last. */
    int payloadLength() {
        return payloadLength;
    }

    /** Body, attribute names, types and values of the payload inspected last, in bytes. */
    long accountedBytes() {
        return accountedBytes;
    }
}
