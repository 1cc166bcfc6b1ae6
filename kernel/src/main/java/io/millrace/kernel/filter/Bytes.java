package io.millrace.kernel.filter;

import org.agrona.DirectBuffer;

/** Comparisons of bytes in buffers. */
final class Bytes {
    private Bytes() {}

    static boolean equal(
            final DirectBuffer first,
            final int firstOffset,
            final DirectBuffer second,
            final int secondOffset,
            final int length) {
        for (int i = 0; i < length; i++) {
            if (first.getByte(firstOffset + i) != second.getByte(secondOffset + i)) {
                return false;
            }
        }
        return true;
    }
}
