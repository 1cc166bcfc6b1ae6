package io.millrace.kernel.filter;

import org.agrona.DirectBuffer;

/**
 * A decimal number in its text, compared exactly: {@code 0.d1d2d3... x 10^exponent}, the digits left where they are.
 *
 * <p>Exponents beyond ten to the twelfth count as that.
 */
final class Decimal {
    /** Digits that a sort key tells apart. */
    private static final int KEY_DIGITS = 15;

    private static final int KEY_MANTISSA_BITS = 50;
    private static final int KEY_EXPONENT = 4_000;
    private static final long MAX_EXPONENT = 1_000_000_000_000L;

    private DirectBuffer buffer;
    private int first;
    private int digitsEnd;
    private int sign;
    private long exponent;

    /** Reads a text that is a number: sign, digits, fraction and exponent. */
    Decimal wrap(final DirectBuffer source, final int offset, final int length) {
        buffer = source;
        final int end = offset + length;
        first = -1;
        exponent = 0;
        boolean isFraction = false;
        int i = offset;
        sign = source.getByte(i) == '-' ? -1 : 1;
        if (source.getByte(i) == '-' || source.getByte(i) == '+') {
            i++;
        }
        for (; i < end && (source.getByte(i) | 0x20) != 'e'; i++) {
            final byte next = source.getByte(i);
            if (next == '.') {
                isFraction = true;
            } else {
                if (first < 0 && next != '0') {
                    first = i;
                }
                exponent += first < 0 ? (isFraction ? -1 : 0) : isFraction ? 0 : 1;
            }
        }
        digitsEnd = i;
        if (first < 0) {
            first = digitsEnd;
            sign = 0;
        } else if (i < end) {
            exponent += exponent(i + 1, end);
        }
        return this;
    }

    private long exponent(final int from, final int end) {
        final byte letter = buffer.getByte(from);
        long value = 0;
        for (int i = letter == '-' || letter == '+' ? from + 1 : from; i < end; i++) {
            value = Math.min(MAX_EXPONENT, value * 10 + buffer.getByte(i) - '0');
        }
        return letter == '-' ? -value : value;
    }

    /** Negative, zero or positive as this number is less than, equal to or greater than another one. */
    int compareTo(final Decimal other) {
        if (sign != other.sign) {
            return sign - other.sign;
        }
        if (sign == 0) {
            return 0;
        }
        final int magnitudes =
                exponent != other.exponent ? Long.compare(exponent, other.exponent) : compareDigits(other);
        return sign * magnitudes;
    }

    private int compareDigits(final Decimal other) {
        int mine = first;
        int its = other.first;
        while (mine < digitsEnd || its < other.digitsEnd) {
            final int difference = digit(mine) - other.digit(its);
            if (difference != 0) {
                return difference;
            }
            mine = next(mine);
            its = other.next(its);
        }
        return 0;
    }

    private int digit(final int position) {
        return position < digitsEnd ? buffer.getByte(position) - '0' : 0;
    }

    private int next(final int position) {
        final int next = position + 1;
        return next < digitsEnd && buffer.getByte(next) == '.' ? next + 1 : next;
    }

    /**
     * A number that orders as this one does, up to its first 15 digits: if a is less than b, the key of a is not greater than that of b.
     * Equal numbers have equal keys.
     */
    long sortKey() {
        if (sign == 0) {
            return 0;
        }
        if (exponent > KEY_EXPONENT) {
            return sign * Long.MAX_VALUE;
        }
        if (exponent < -KEY_EXPONENT) {
            return sign;
        }
        long mantissa = 0;
        int position = first;
        for (int i = 0; i < KEY_DIGITS; i++) {
            mantissa = mantissa * 10 + digit(position);
            position = next(position);
        }
        return sign * (((exponent + KEY_EXPONENT + 1) << KEY_MANTISSA_BITS) | mantissa);
    }
}
