package io.millrace.kernel.filter;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** UTF-8 and the escapes of JSON strings, byte by byte. */
final class Utf8 {
    private Utf8() {}

    /**
     * Bytes of the well-formed sequence at a position (The Unicode Standard, table 3-7).
     *
     * @return their number, 0 if there is none.
     */
    static int sequenceLength(final DirectBuffer buffer, final int position, final int end) {
        final int first = buffer.getByte(position) & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        final int length = lengthOf(first);
        if (end - position < length) {
            return 0;
        }
        final int second = buffer.getByte(position + 1) & 0xFF;
        final int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        final int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((buffer.getByte(position + i) & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** Bytes of the sequence that begins with a byte of a well-formed text. */
    static int lengthOf(final int first) {
        return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    }

    /** The code point at a position of a well-formed text. */
    static int codePoint(final DirectBuffer buffer, final int position) {
        final int first = buffer.getByte(position) & 0xFF;
        final int length = lengthOf(first);
        if (length == 1) {
            return first;
        }
        int codePoint = first & (0x7F >> length);
        for (int i = 1; i < length; i++) {
            codePoint = (codePoint << 6) | (buffer.getByte(position + i) & 0x3F);
        }
        return codePoint;
    }

    /** Writes a code point; returns the bytes written. */
    static int encode(final int codePoint, final MutableDirectBuffer target, final int offset) {
        if (codePoint < 0x80) {
            target.putByte(offset, (byte) codePoint);
            return 1;
        }
        final int length = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
        int rest = codePoint;
        for (int i = length - 1; i > 0; i--) {
            target.putByte(offset + i, (byte) (0x80 | (rest & 0x3F)));
            rest >>>= 6;
        }
        target.putByte(offset, (byte) ((0xF00 >> length) | rest));
        return length;
    }

    /** The character that one letter behind a backslash stands for, -1 if it stands for none. */
    static int plainEscape(final byte letter) {
        switch (letter) {
            case '"':
            case '\\':
            case '/':
                return letter;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            default:
                return -1;
        }
    }

    /** The code point of an escape by number, or of a surrogate pair of two; -1 if it is none. */
    static int escaped(final DirectBuffer buffer, final int position, final int end) {
        final int first = unit(buffer, position, end);
        if (first < 0xD800 || first > 0xDFFF) {
            return first;
        }
        final int second = unit(buffer, position + 6, end);
        return first > 0xDBFF || second < 0xDC00 || second > 0xDFFF
                ? -1
                : 0x10000 + ((first - 0xD800) << 10) + second - 0xDC00;
    }

    private static int unit(final DirectBuffer buffer, final int position, final int end) {
        if (end - position < 6 || buffer.getByte(position) != '\\' || buffer.getByte(position + 1) != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = 2; i < 6; i++) {
            final int digit = hexDigit(buffer.getByte(position + i));
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    static int hexDigit(final byte letter) {
        if (letter >= '0' && letter <= '9') {
            return letter - '0';
        }
        final int lower = letter | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
