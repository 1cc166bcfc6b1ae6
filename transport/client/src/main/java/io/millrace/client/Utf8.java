package io.millrace.client;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * UTF-8 without allocation. Unpaired surrogates become question marks, as in {@link String#getBytes()}.
 */
final class Utf8 {
    private Utf8() {}

    /** @return bytes that the text needs. */
    static int length(final CharSequence text) {
        int length = 0;
        for (int i = 0, size = text.length(); i < size; i++) {
            final char c = text.charAt(i);
            if (c < 0x80) {
                length++;
            } else if (c < 0x800) {
                length += 2;
            } else if (isPair(text, i, size)) {
                length += 4;
                i++;
            } else {
                length += Character.isSurrogate(c) ? 1 : 3;
            }
        }
        return length;
    }

    /** @return offset behind the last byte written. */
    static int put(final MutableDirectBuffer buffer, final int offset, final CharSequence text) {
        int at = offset;
        for (int i = 0, size = text.length(); i < size; i++) {
            final char c = text.charAt(i);
            if (c < 0x80) {
                buffer.putByte(at++, (byte) c);
            } else if (c < 0x800) {
                buffer.putByte(at++, (byte) (0xC0 | c >> 6));
                buffer.putByte(at++, (byte) (0x80 | c & 0x3F));
            } else if (isPair(text, i, size)) {
                at = putFour(buffer, at, Character.toCodePoint(c, text.charAt(++i)));
            } else if (Character.isSurrogate(c)) {
                buffer.putByte(at++, (byte) '?');
            } else {
                buffer.putByte(at++, (byte) (0xE0 | c >> 12));
                buffer.putByte(at++, (byte) (0x80 | c >> 6 & 0x3F));
                buffer.putByte(at++, (byte) (0x80 | c & 0x3F));
            }
        }
        return at;
    }

    /** @return whether the bytes are the text; exact for ASCII texts, which is what names are compared with. */
    static boolean equalsAscii(final DirectBuffer buffer, final int offset, final int length, final CharSequence text) {
        if (length != text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(offset + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPair(final CharSequence text, final int index, final int size) {
        return Character.isHighSurrogate(text.charAt(index))
                && index + 1 < size
                && Character.isLowSurrogate(text.charAt(index + 1));
    }

    private static int putFour(final MutableDirectBuffer buffer, final int offset, final int codePoint) {
        buffer.putByte(offset, (byte) (0xF0 | codePoint >> 18));
        buffer.putByte(offset + 1, (byte) (0x80 | codePoint >> 12 & 0x3F));
        buffer.putByte(offset + 2, (byte) (0x80 | codePoint >> 6 & 0x3F));
        buffer.putByte(offset + 3, (byte) (0x80 | codePoint & 0x3F));
        return offset + 4;
    }
}
