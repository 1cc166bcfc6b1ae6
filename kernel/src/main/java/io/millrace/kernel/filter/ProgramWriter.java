package io.millrace.kernel.filter;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Appends to a program; what does not fit is dropped and remembered. */
final class ProgramWriter {
    private MutableDirectBuffer target;
    private int start;
    private int position;
    private boolean isFull;

    void wrap(final MutableDirectBuffer buffer, final int offset) {
        target = buffer;
        start = offset;
        position = offset;
        isFull = false;
    }

    DirectBuffer buffer() {
        return target;
    }

    int start() {
        return start;
    }

    boolean isFull() {
        return isFull;
    }

    /** {@return bytes written} */
    int length() {
        return position - start;
    }

    /** Leaves room for what is known later. */
    void skip(final int length) {
        if (hasRoom(length)) {
            target.setMemory(position, length, (byte) 0);
            position += length;
        }
    }

    void putInt(final int value) {
        if (hasRoom(Integer.BYTES)) {
            target.putInt(position, value, ByteOrder.LITTLE_ENDIAN);
            position += Integer.BYTES;
        }
    }

    void putLong(final long value) {
        if (hasRoom(Long.BYTES)) {
            target.putLong(position, value, ByteOrder.LITTLE_ENDIAN);
            position += Long.BYTES;
        }
    }

    void putShort(final int value) {
        if (hasRoom(Short.BYTES)) {
            target.putShort(position, (short) value, ByteOrder.LITTLE_ENDIAN);
            position += Short.BYTES;
        }
    }

    void putByte(final int value) {
        if (hasRoom(Byte.BYTES)) {
            target.putByte(position, (byte) value);
            position += Byte.BYTES;
        }
    }

    void putBytes(final DirectBuffer source, final int offset, final int length) {
        if (hasRoom(length)) {
            target.putBytes(position, source, offset, length);
            position += length;
        }
    }

    /** One operand of a list. */
    void putText(final JsonTape tape, final int node) {
        putInt(tape.length(node));
        putBytes(tape.buffer(node), tape.offset(node), tape.length(node));
    }

    /** Puts the operands of a list in order. */
    void sort(final OperandList operands, final int list, final boolean areNumbers) {
        if (!isFull) {
            operands.sort(target, start + list, areNumbers);
        }
    }

    /** Writes the length of a condition, once its operands are written. */
    void endCondition(final int condition) {
        setInt(condition + FilterProgram.CONDITION_LENGTH, length() - condition - FilterProgram.CONDITION_HEADER);
    }

    /** Begins a condition and returns where it begins. */
    int beginCondition(final int operator, final int detail) {
        final int condition = length();
        putByte(operator);
        putByte(detail);
        putShort(0);
        putInt(0);
        return condition;
    }

    void setInt(final int offset, final int value) {
        if (!isFull) {
            target.putInt(start + offset, value, ByteOrder.LITTLE_ENDIAN);
        }
    }

    void setShort(final int offset, final int value) {
        if (!isFull) {
            target.putShort(start + offset, (short) value, ByteOrder.LITTLE_ENDIAN);
        }
    }

    void setByte(final int offset, final int value) {
        if (!isFull) {
            target.putByte(start + offset, (byte) value);
        }
    }

    private boolean hasRoom(final int length) {
        isFull |= target.capacity() - position < length;
        return !isFull;
    }
}
