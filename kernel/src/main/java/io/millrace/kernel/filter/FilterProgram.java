package io.millrace.kernel.filter;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * A compiled filter policy: bytes that mean the same wherever they lie, so that they can be journaled and kept in a snapshot.
 *
 * <pre>
 *    0  int   length of the program            8  short keys
 *    4  short version, 1                      10  short conjunctions
 *    6  byte  scope, 7 unused                 12  short combinations, 14 unused
 *   16  int   offset of the conjunctions      20  int   offset of the table of keys
 *   table        int offset of each key
 *   key          int conditions, int flags, int path length, path, conditions
 *   condition    byte operator, byte detail, short unused, int length, operands
 *   conjunction  short keys, short number of each key
 * </pre>
 *
 * <p>Little-endian, offsets from the start of the program. A policy is a disjunction of conjunctions of keys; a key is satisfied by a
 * value at its path that satisfies one of its conditions. The operands of a range are each an int length and the bytes, those of
 * anything-but an {@link OperandList}.
 */
final class FilterProgram {
    static final int VERSION = 1;
    static final int LENGTH = 0;
    static final int VERSION_FIELD = 4;
    static final int SCOPE = 6;
    static final int KEY_COUNT = 8;
    static final int CONJUNCTION_COUNT = 10;
    static final int COMBINATIONS = 12;
    static final int CONJUNCTIONS = 16;
    static final int KEYS = 20;
    static final int HEADER = 24;

    static final int KEY_FLAGS = 4;
    static final int KEY_PATH_LENGTH = 8;
    static final int KEY_HEADER = 12;
    /** Flag of a key that is satisfied if there is nothing at its path. */
    static final int ACCEPTS_ABSENCE = 1;

    static final int CONDITION_DETAIL = 1;
    static final int CONDITION_LENGTH = 4;
    static final int CONDITION_HEADER = 8;

    static final int EQUAL_STRING = 1;
    static final int EQUAL_NUMBER = 2;
    static final int IS_TRUE = 3;
    static final int IS_FALSE = 4;
    static final int IS_NULL = 5;
    static final int PREFIX = 6;
    static final int SUFFIX = 7;
    static final int IGNORE_CASE = 8;
    static final int NO_STRING_OF = 9;
    static final int NO_NUMBER_OF = 10;
    static final int NO_PREFIX = 11;
    /** Two operands of a list, the lower end and the upper one, each empty if there is none. */
    static final int RANGE = 12;

    static final int EXISTS = 13;
    static final int ABSENT = 14;
    /** The detail is the length of the mask; operands: int family, long high half, long low half. */
    static final int CIDR = 15;

    /** Detail of a range that does not hold its lower end. */
    static final int OPEN_BELOW = 1;
    /** Detail of a range that does not hold its upper end. */
    static final int OPEN_ABOVE = 2;

    /** Keys that one conjunction may have. */
    static final int MAX_CONJUNCTION_KEYS = 16;

    private DirectBuffer buffer;
    private int start;

    FilterProgram wrap(final DirectBuffer source, final int offset) {
        buffer = source;
        start = offset;
        return this;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    FilterScope scope() {
        return buffer.getByte(start + SCOPE) == 0 ? FilterScope.ATTRIBUTES : FilterScope.BODY;
    }

    int conjunctionCount() {
        return getShort(start + CONJUNCTION_COUNT);
    }

    /** {@return position of the first conjunction in the buffer} */
    int conjunctions() {
        return start + getInt(start + CONJUNCTIONS);
    }

    /** {@return position of a key in the buffer} */
    int key(final int number) {
        return start + getInt(start + getInt(start + KEYS) + Integer.BYTES * number);
    }

    int conditionCount(final int key) {
        return getInt(key);
    }

    boolean acceptsAbsence(final int key) {
        return (getInt(key + KEY_FLAGS) & ACCEPTS_ABSENCE) != 0;
    }

    int pathLength(final int key) {
        return getInt(key + KEY_PATH_LENGTH);
    }

    int path(final int key) {
        return key + KEY_HEADER;
    }

    int firstCondition(final int key) {
        return key + KEY_HEADER + pathLength(key);
    }

    int operator(final int condition) {
        return buffer.getByte(condition);
    }

    int detail(final int condition) {
        return buffer.getByte(condition + CONDITION_DETAIL) & 0xFF;
    }

    /** {@return bytes of the operands} */
    int length(final int condition) {
        return getInt(condition + CONDITION_LENGTH);
    }

    int nextCondition(final int condition) {
        return condition + CONDITION_HEADER + length(condition);
    }

    int getInt(final int position) {
        return buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
    }

    long getLong(final int position) {
        return buffer.getLong(position, ByteOrder.LITTLE_ENDIAN);
    }

    int getShort(final int position) {
        return buffer.getShort(position, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
