package io.millrace.perf.demo;

import org.agrona.MutableDirectBuffer;

/** Writes numbers with decimal places as text. */
final class DecimalText {
    /** Bytes of the longest text. */
    static final int LONGEST = 20;

    private static final int RADIX = 10;

    private DecimalText() {}

    /**
     * Writes a number at the start of a buffer. Allocates nothing.
     *
     * @param buffer takes at most {@link #LONGEST} bytes.
     * @param value  the number times ten to the power of digits, not negative.
     * @param digits decimal places, from 1 to 8.
     * @return bytes written.
     */
    static int put(final MutableDirectBuffer buffer, final long value, final int digits) {
        long unit = 1;
        for (int i = 0; i < digits; i++) {
            unit *= RADIX;
        }
        final int point = buffer.putLongAscii(0, value / unit);
        buffer.putByte(point, (byte) '.');
        buffer.putNaturalPaddedIntAscii(point + 1, digits, (int) (value % unit));
        return point + 1 + digits;
    }
}
