package io.millrace.kernel.filter;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The operands of a list in a program, of which one is found by halves: a list as long as a policy may be costs each value of a message no
 * more than the comparisons that halving takes.
 *
 * <pre>
 *    0  int   operands
 *    4  int   distance of each from the start of the list, in the order of the operands
 *   ..  int   length of an operand, its bytes; as they stood in the policy
 * </pre>
 *
 * <p>Numbers are in the order of their values; strings in that of their lengths, those of one length in that of their bytes.
 */
final class OperandList {
    static final int TABLE = Integer.BYTES;

    private final Decimal first = new Decimal();
    private final Decimal second = new Decimal();
    private MutableDirectBuffer buffer;
    private int list;
    private boolean areNumbers;

    /**
     * Puts the table of a list in order, by heap sort: in place, and as long for the worst order as for any.
     *
     * @param target  that holds the program.
     * @param start   of the list.
     * @param numbers whether its operands are numbers.
     */
    void sort(final MutableDirectBuffer target, final int start, final boolean numbers) {
        buffer = target;
        list = start;
        areNumbers = numbers;
        final int count = target.getInt(start, ByteOrder.LITTLE_ENDIAN);
        for (int i = count / 2 - 1; i >= 0; i--) {
            sink(i, count);
        }
        for (int end = count - 1; end > 0; end--) {
            swap(0, end);
            sink(0, end);
        }
    }

    private void sink(final int from, final int count) {
        int parent = from;
        while (2 * parent + 1 < count) {
            int child = 2 * parent + 1;
            if (child + 1 < count && compare(child, child + 1) < 0) {
                child++;
            }
            if (compare(parent, child) >= 0) {
                return;
            }
            swap(parent, child);
            parent = child;
        }
    }

    private int distance(final int index) {
        return buffer.getInt(list + TABLE + index * Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    private void swap(final int one, final int other) {
        final int distance = distance(one);
        buffer.putInt(list + TABLE + one * Integer.BYTES, distance(other), ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(list + TABLE + other * Integer.BYTES, distance, ByteOrder.LITTLE_ENDIAN);
    }

    private int compare(final int one, final int other) {
        final int mine = list + distance(one);
        final int its = list + distance(other);
        final int length = buffer.getInt(mine, ByteOrder.LITTLE_ENDIAN);
        final int itsLength = buffer.getInt(its, ByteOrder.LITTLE_ENDIAN);
        if (areNumbers) {
            first.wrap(buffer, mine + Integer.BYTES, length);
            return first.compareTo(second.wrap(buffer, its + Integer.BYTES, itsLength));
        }
        return compareTexts(buffer, mine + Integer.BYTES, length, buffer, its + Integer.BYTES, itsLength);
    }

    /** Negative, zero or positive as a text comes before another one, is equal to it or comes behind it. */
    static int compareTexts(
            final DirectBuffer one,
            final int offset,
            final int length,
            final DirectBuffer other,
            final int otherOffset,
            final int otherLength) {
        if (length != otherLength) {
            return length - otherLength;
        }
        for (int i = 0; i < length; i++) {
            final int order = one.getByte(offset + i) - other.getByte(otherOffset + i);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
