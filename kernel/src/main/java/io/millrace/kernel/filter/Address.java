package io.millrace.kernel.filter;

import org.agrona.DirectBuffer;

/** An IPv4 or IPv6 address read from its text: four decimal parts, or up to eight hexadecimal ones of which a run of zeros may be left out. */
final class Address {
    static final int IPV4 = 4;
    static final int IPV6 = 6;

    private static final int GROUPS = 8;
    private static final int GROUP_BITS = 16;

    private int family;
    private long high;
    private long low;

    /** Reads a text; returns whether it is an address. */
    boolean wrap(final DirectBuffer buffer, final int offset, final int length) {
        high = 0;
        low = 0;
        final int end = offset + length;
        if (length >= 7 && length <= 15 && readV4(buffer, offset, end)) {
            family = IPV4;
            return true;
        }
        high = 0;
        family = IPV6;
        return length >= 2 && length <= 39 && readV6(buffer, offset, end);
    }

    /** An address that was stored. */
    void set(final int storedFamily, final long storedHigh, final long storedLow) {
        family = storedFamily;
        high = storedHigh;
        low = storedLow;
    }

    /** The four bytes become the highest of the address, so that prefixes of both families are compared alike. */
    private boolean readV4(final DirectBuffer buffer, final int offset, final int end) {
        int position = offset;
        for (int part = 0; part < 4; part++) {
            final int first = position;
            int value = 0;
            while (position < end && position - first < 3 && isDigit(buffer.getByte(position))) {
                value = value * 10 + buffer.getByte(position++) - '0';
            }
            final boolean isLast = part == 3;
            if (position == first
                    || value > 255
                    || (isLast ? position != end : position == end || buffer.getByte(position) != '.')) {
                return false;
            }
            position++;
            high = high << 8 | value;
        }
        high <<= 32;
        return true;
    }

    private static boolean isDigit(final byte letter) {
        return letter >= '0' && letter <= '9';
    }

    private boolean readV6(final DirectBuffer buffer, final int offset, final int end) {
        int groups = 0;
        int gap = -1;
        int position = offset;
        if (startsGap(buffer, position, end)) {
            gap = 0;
            position += 2;
        }
        while (position < end) {
            final int first = position;
            int value = 0;
            while (position < end && position - first < 4 && Utf8.hexDigit(buffer.getByte(position)) >= 0) {
                value = value << 4 | Utf8.hexDigit(buffer.getByte(position++));
            }
            if (position == first || groups == GROUPS) {
                return false;
            }
            put(groups++, value);
            if (startsGap(buffer, position, end)) {
                if (gap >= 0) {
                    return false;
                }
                gap = groups;
                position += 2;
            } else if (position < end && (buffer.getByte(position++) != ':' || position == end)) {
                return false;
            }
        }
        if (gap < 0) {
            return groups == GROUPS;
        }
        widen(gap, groups);
        return groups < GROUPS;
    }

    private static boolean startsGap(final DirectBuffer buffer, final int position, final int end) {
        return end - position >= 2 && buffer.getByte(position) == ':' && buffer.getByte(position + 1) == ':';
    }

    private void put(final int group, final long value) {
        if (group < GROUPS / 2) {
            high |= value << (48 - GROUP_BITS * group);
        } else {
            low |= value << (48 - GROUP_BITS * (group - GROUPS / 2));
        }
    }

    private long get(final int group) {
        final long half = group < GROUPS / 2 ? high : low;
        return half >>> (48 - GROUP_BITS * (group & 3)) & 0xFFFF;
    }

    /** Moves the groups behind the gap to the end. */
    private void widen(final int gap, final int groups) {
        for (int i = groups - 1, to = GROUPS - 1; i >= gap && i != to; i--, to--) {
            final long value = get(i);
            clear(i);
            put(to, value);
        }
    }

    private void clear(final int group) {
        final long mask = ~(0xFFFFL << (48 - GROUP_BITS * (group & 3)));
        if (group < GROUPS / 2) {
            high &= mask;
        } else {
            low &= mask;
        }
    }

    int family() {
        return family;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    /** Whether two addresses of one family agree in their first bits. */
    boolean agrees(final Address other, final int bits) {
        if (family != other.family) {
            return false;
        }
        final long highMask = bits == 0 ? 0 : -1L << Math.max(0, 64 - bits);
        final long lowMask = bits <= 64 ? 0 : -1L << (128 - bits);
        return ((high ^ other.high) & highMask) == 0 && ((low ^ other.low) & lowMask) == 0;
    }
}
