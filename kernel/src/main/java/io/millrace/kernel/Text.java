package io.millrace.kernel;

import org.agrona.DirectBuffer;

/** Checks of text in buffers, without making strings of it. */
final class Text {
    private Text() {}

    static boolean equal(final DirectBuffer buffer, final int first, final int second, final int length) {
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(first + i) != buffer.getByte(second + i)) {
                return false;
            }
        }
        return true;
    }

    static boolean startsWith(
            final DirectBuffer text,
            final int textOffset,
            final int textLength,
            final DirectBuffer prefix,
            final int prefixOffset,
            final int prefixLength) {
        if (prefixLength > textLength) {
            return false;
        }
        for (int i = 0; i < prefixLength; i++) {
            if (text.getByte(textOffset + i) != prefix.getByte(prefixOffset + i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether bytes are well-formed UTF-8 (The Unicode Standard, table 3-7). */
    static boolean isUtf8(final DirectBuffer buffer, final int offset, final int length) {
        int i = 0;
        while (i < length) {
            final int first = buffer.getByte(offset + i) & 0xFF;
            final int trailing = trailingBytes(first);
            if (trailing < 0 || i + trailing >= length) {
                return false;
            }
            for (int t = 1; t <= trailing; t++) {
                final int next = buffer.getByte(offset + i + t) & 0xFF;
                if (next < (t == 1 ? lowestSecond(first) : 0x80) || next > (t == 1 ? highestSecond(first) : 0xBF)) {
                    return false;
                }
            }
            i += trailing + 1;
        }
        return true;
    }

    private static int trailingBytes(final int first) {
        if (first < 0x80) {
            return 0;
        }
        if (first < 0xC2 || first > 0xF4) {
            return -1;
        }
        return first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    }

    private static int lowestSecond(final int first) {
        return first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    }

    private static int highestSecond(final int first) {
        return first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    }

    /** Whether well-formed UTF-8 holds only characters that XML 1.0 allows (its production 2), as SQS asks of a body. */
    static boolean isXml(final DirectBuffer buffer, final int offset, final int length) {
        for (int i = offset; i < offset + length; i++) {
            final int next = buffer.getByte(i) & 0xFF;
            if (next < 0x20 && next != '\t' && next != '\n' && next != '\r') {
                return false;
            }
            // U+FFFE and U+FFFF are EF BF BE and EF BF BF; surrogates are no UTF-8.
            if (next == 0xEF && (buffer.getByte(i + 1) & 0xFF) == 0xBF && (buffer.getByte(i + 2) & 0xFF) >= 0xBE) {
                return false;
            }
        }
        return true;
    }

    /** Whether well-formed UTF-8 holds a control character of ASCII. */
    static boolean hasControls(final DirectBuffer buffer, final int offset, final int length) {
        for (int i = offset; i < offset + length; i++) {
            final int next = buffer.getByte(i);
            if (next >= 0 && next < ' ' || next == 0x7F) {
                return true;
            }
        }
        return false;
    }

    /** Characters of well-formed UTF-8: its bytes less those that continue one. */
    static int characters(final DirectBuffer buffer, final int offset, final int length) {
        int count = 0;
        for (int i = offset; i < offset + length; i++) {
            if ((buffer.getByte(i) & 0xC0) != 0x80) {
                count++;
            }
        }
        return count;
    }

    /** Whether bytes are letters, digits and punctuation of ASCII, as ids of SQS are. */
    static boolean isId(final DirectBuffer buffer, final int offset, final int length) {
        for (int i = offset; i < offset + length; i++) {
            final int next = buffer.getByte(i);
            if (next <= ' ' || next > '~') {
                return false;
            }
        }
        return true;
    }

    /** Whether bytes are a decimal number: sign, digits, fraction and exponent, with at least one digit in front of the exponent. */
    static boolean isDecimal(final DirectBuffer buffer, final int offset, final int length) {
        final int end = offset + length;
        int i = skipSign(buffer, offset, end);
        final int whole = skipDigits(buffer, i, end);
        int digits = whole - i;
        i = whole;
        if (i < end && buffer.getByte(i) == '.') {
            final int fraction = skipDigits(buffer, i + 1, end);
            digits += fraction - i - 1;
            i = fraction;
        }
        if (digits == 0) {
            return false;
        }
        if (i < end && (buffer.getByte(i) | 0x20) == 'e') {
            final int exponent = skipSign(buffer, i + 1, end);
            i = skipDigits(buffer, exponent, end);
            return i == end && i > exponent;
        }
        return i == end;
    }

    private static int skipSign(final DirectBuffer buffer, final int from, final int end) {
        return from < end && (buffer.getByte(from) == '-' || buffer.getByte(from) == '+') ? from + 1 : from;
    }

    private static int skipDigits(final DirectBuffer buffer, final int from, final int end) {
        int i = from;
        while (i < end && buffer.getByte(i) >= '0' && buffer.getByte(i) <= '9') {
            i++;
        }
        return i;
    }
}
