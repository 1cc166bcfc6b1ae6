package io.millrace.kernel;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Which message attributes a receive wants: the group attributeNames of Receive. No name at all, {@code All} and {@code .*} stand for
 * all of them, a name that ends in {@code .*} for those that begin with what is in front of it.
 */
final class AttributeFilter {
    private static final int HEADER_LENGTH = 4;
    private static final int NUM_IN_GROUP = 2;
    private static final int TEXT_LENGTH_SIZE = 2;
    private static final int SUFFIX_LENGTH = 2;

    private DirectBuffer buffer;
    private int offset;
    private int count;
    private boolean wantsAll = true;

    /** Wants everything. */
    void all() {
        wantsAll = true;
    }

    /** Wants what the group at an offset says. */
    void wrap(final DirectBuffer source, final int groupOffset) {
        buffer = source;
        offset = groupOffset + HEADER_LENGTH;
        count = source.getShort(groupOffset + NUM_IN_GROUP, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        wantsAll = count == 0 || namesAll();
    }

    private boolean namesAll() {
        int position = offset;
        for (int i = 0; i < count; i++) {
            final int length = length(position);
            final int name = position + TEXT_LENGTH_SIZE;
            final boolean isAll = length == 3 && at(name) == 'A' && at(name + 1) == 'l' && at(name + 2) == 'l';
            if (isAll || length == SUFFIX_LENGTH && isSuffix(name)) {
                return true;
            }
            position = name + length;
        }
        return false;
    }

    boolean wantsAll() {
        return wantsAll;
    }

    /** Whether an attribute of this name is wanted. */
    boolean wants(final DirectBuffer attributes, final int nameOffset, final int nameLength) {
        int position = offset;
        for (int i = 0; i < count; i++) {
            final int length = length(position);
            final int name = position + TEXT_LENGTH_SIZE;
            final boolean isPrefix = length > SUFFIX_LENGTH && isSuffix(name + length - SUFFIX_LENGTH);
            final int compared = isPrefix ? length - SUFFIX_LENGTH : length;
            if ((isPrefix || length == nameLength)
                    && Text.startsWith(attributes, nameOffset, nameLength, buffer, name, compared)) {
                return true;
            }
            position = name + length;
        }
        return false;
    }

    private boolean isSuffix(final int position) {
        return at(position) == '.' && at(position + 1) == '*';
    }

    private int at(final int position) {
        return buffer.getByte(position);
    }

    private int length(final int position) {
        return buffer.getShort(position, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
