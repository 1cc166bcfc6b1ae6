package io.millrace.client;

import io.millrace.codecs.AttributeType;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * The attributes of a delivery, one at a time. A flyweight: valid as long as its delivery.
 */
public final class Attributes {
    private DirectBuffer buffer;
    private int startOffset;
    private int entryBlockLength;
    private int count;
    private int index;
    private int nextOffset;
    private AttributeType type;
    private int nameOffset;
    private int nameLength;
    private int customTypeOffset;
    private int customTypeLength;
    private int valueOffset;
    private int valueLength;

    Attributes() {}

    /**
     * Takes the group at the start of a payload.
     *
     * @return offset behind the group, or -1 if an entry ends outside the limit.
     */
    int wrap(final DirectBuffer payload, final int offset, final int limit) {
        buffer = payload;
        count = 0;
        index = 0;
        if (limit - offset < Wire.GROUP_HEADER_LENGTH) {
            return -1;
        }
        entryBlockLength = payload.getShort(offset, Wire.ORDER) & 0xFFFF;
        final int entries = payload.getShort(offset + 2, Wire.ORDER) & 0xFFFF;
        startOffset = offset + Wire.GROUP_HEADER_LENGTH;
        if (entries > 0 && entryBlockLength < Wire.ATTRIBUTE_BLOCK_LENGTH) {
            return -1;
        }
        int at = startOffset;
        for (int i = 0; i < entries && at >= 0; i++) {
            at = skip(at, limit);
        }
        if (at >= 0) {
            count = entries;
            nextOffset = startOffset;
        }
        return at;
    }

    /** @return number of attributes. */
    public int count() {
        return count;
    }

    /** Starts again before the first attribute. */
    public void rewind() {
        index = 0;
        nextOffset = startOffset;
    }

    /** @return whether there was one more attribute, which the other methods then describe. */
    public boolean next() {
        if (index == count) {
            return false;
        }
        index++;
        type = typeOf(buffer.getByte(nextOffset));
        nameLength = buffer.getShort(nextOffset + entryBlockLength, Wire.ORDER) & 0xFFFF;
        nameOffset = nextOffset + entryBlockLength + Wire.TEXT_HEADER_LENGTH;
        customTypeLength = buffer.getShort(nameOffset + nameLength, Wire.ORDER) & 0xFFFF;
        customTypeOffset = nameOffset + nameLength + Wire.TEXT_HEADER_LENGTH;
        valueLength = buffer.getInt(customTypeOffset + customTypeLength, Wire.ORDER);
        valueOffset = customTypeOffset + customTypeLength + Wire.DATA_HEADER_LENGTH;
        nextOffset = valueOffset + valueLength;
        return true;
    }

    /**
     * Goes to the attribute of a name.
     *
     * @param name an ASCII name
     * @return whether the message has it
     */
    public boolean find(final CharSequence name) {
        rewind();
        while (next()) {
            if (nameEquals(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * @param name an ASCII name
     * @return whether the attribute has it
     */
    public boolean nameEquals(final CharSequence name) {
        return Utf8.equalsAscii(buffer, nameOffset, nameLength, name);
    }

    /** @return type of the value; {@code NULL_VAL} if this client does not know it. */
    public AttributeType type() {
        return type;
    }

    /** @return the name, as a new string. */
    public String name() {
        return buffer.getStringWithoutLengthUtf8(nameOffset, nameLength);
    }

    /** @return what follows the dot in types such as Number.int, as a new string; may be empty. */
    public String customType() {
        return buffer.getStringWithoutLengthUtf8(customTypeOffset, customTypeLength);
    }

    /** @return buffer that holds the value. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** @return where the value starts. */
    public int valueOffset() {
        return valueOffset;
    }

    /** @return bytes of the value. */
    public int valueLength() {
        return valueLength;
    }

    /** @return the value as a new string: text, or the decimal text of a number. */
    public String valueText() {
        final byte[] bytes = new byte[valueLength];
        buffer.getBytes(valueOffset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * @return the value of a whole number
     * @throws NumberFormatException if it is not a whole number of 64 bits
     */
    public long valueLong() {
        return buffer.parseLongAscii(valueOffset, valueLength);
    }

    /** Long arithmetic, because a hostile 32-bit length would wrap round. */
    private int skip(final int offset, final int limit) {
        long at = (long) offset + entryBlockLength;
        for (int i = 0; i < 2; i++) {
            if (at + Wire.TEXT_HEADER_LENGTH > limit) {
                return -1;
            }
            at += Wire.TEXT_HEADER_LENGTH + (buffer.getShort((int) at, Wire.ORDER) & 0xFFFF);
        }
        if (at + Wire.DATA_HEADER_LENGTH > limit) {
            return -1;
        }
        at += Wire.DATA_HEADER_LENGTH + (buffer.getInt((int) at, Wire.ORDER) & 0xFFFF_FFFFL);
        return at > limit ? -1 : (int) at;
    }

    private static AttributeType typeOf(final byte value) {
        switch (value) {
            case 1:
                return AttributeType.STRING;
            case 2:
                return AttributeType.NUMBER;
            case 3:
                return AttributeType.BINARY;
            default:
                return AttributeType.NULL_VAL;
        }
    }
}
