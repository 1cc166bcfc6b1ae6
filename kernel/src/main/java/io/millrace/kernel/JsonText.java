package io.millrace.kernel;

import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/** Writes JSON (RFC 8259) in UTF-8 into a buffer of its own, which grows to the largest text written. */
final class JsonText {
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] BASE64 = ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    /** What follows the backslash, by character; 0: the character needs no backslash, or has no short form. */
    private static final byte[] SHORT_ESCAPES = new byte[128];

    static {
        SHORT_ESCAPES['"'] = '"';
        SHORT_ESCAPES['\\'] = '\\';
        SHORT_ESCAPES['\b'] = 'b';
        SHORT_ESCAPES['\f'] = 'f';
        SHORT_ESCAPES['\n'] = 'n';
        SHORT_ESCAPES['\r'] = 'r';
        SHORT_ESCAPES['\t'] = 't';
    }

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private int length;

    static byte[] ascii(final String text) {
        final byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        return bytes;
    }

    void clear() {
        length = 0;
    }

    MutableDirectBuffer buffer() {
        return buffer;
    }

    int length() {
        return length;
    }

    /** Adds bytes as they are. */
    void add(final byte[] text) {
        buffer.putBytes(length, text);
        length += text.length;
    }

    /** Adds a number. */
    void add(final long number) {
        length += buffer.putLongAscii(length, number);
    }

    /** Adds the digits of a number, zeroes in front of them. */
    void addDigits(final int number, final int digits) {
        buffer.putNaturalPaddedIntAscii(length, digits, number);
        length += digits;
    }

    /** Adds well-formed UTF-8 as the inside of a string. */
    void addEscaped(final DirectBuffer text, final int offset, final int textLength) {
        int from = offset;
        final int end = offset + textLength;
        for (int i = offset; i < end; i++) {
            final byte next = text.getByte(i);
            if (next >= 0 && (next < ' ' || SHORT_ESCAPES[next] != 0)) {
                addBytes(text, from, i - from);
                addEscape(next);
                from = i + 1;
            }
        }
        addBytes(text, from, end - from);
    }

    private void addBytes(final DirectBuffer text, final int offset, final int textLength) {
        buffer.putBytes(length, text, offset, textLength);
        length += textLength;
    }

    private void addEscape(final byte character) {
        addByte((byte) '\\');
        if (SHORT_ESCAPES[character] != 0) {
            addByte(SHORT_ESCAPES[character]);
        } else {
            addByte((byte) 'u');
            addByte((byte) '0');
            addByte((byte) '0');
            addByte(HEX[character >> 4]);
            addByte(HEX[character & 0xF]);
        }
    }

    private void addByte(final byte value) {
        buffer.putByte(length++, value);
    }

    /** Adds bytes in base 64 (RFC 4648, section 4). */
    void addBase64(final DirectBuffer bytes, final int offset, final int count) {
        for (int i = 0; i < count; i += 3) {
            final int left = count - i;
            final int group = (bytes.getByte(offset + i) & 0xFF) << 16
                    | (left > 1 ? (bytes.getByte(offset + i + 1) & 0xFF) << 8 : 0)
                    | (left > 2 ? bytes.getByte(offset + i + 2) & 0xFF : 0);
            addByte(BASE64[group >> 18]);
            addByte(BASE64[group >> 12 & 0x3F]);
            addByte(left > 1 ? BASE64[group >> 6 & 0x3F] : (byte) '=');
            addByte(left > 2 ? BASE64[group & 0x3F] : (byte) '=');
        }
    }
}
