package io.millrace.kernel;

/** A number of 128 bits, unsigned, that can be changed: a point among those that shards divide. */
final class HashKey {
    long high;
    long low;

    void set(final long newHigh, final long newLow) {
        high = newHigh;
        low = newLow;
    }

    /** Becomes 2 to the power 128, times a part, by a number of parts, rounded down; the part is less than the number. */
    void divide(final int part, final int parts) {
        long rest = part;
        high = 0;
        low = 0;
        for (int word = 0; word < 4; word++) {
            final long dividend = rest << Integer.SIZE;
            high = high << Integer.SIZE | low >>> Integer.SIZE;
            low = low << Integer.SIZE | dividend / parts;
            rest = dividend % parts;
        }
    }

    /** Becomes the one before. */
    void decrement() {
        high -= low == 0 ? 1 : 0;
        low--;
    }

    /** Becomes the start of the upper half of a range of at least two. */
    void middle(final long firstHigh, final long firstLow, final long lastHigh, final long lastLow) {
        final long borrow = Long.compareUnsigned(lastLow, firstLow) < 0 ? 1 : 0;
        final long spanLow = lastLow - firstLow;
        final long spanHigh = lastHigh - firstHigh - borrow;
        final long halfLow = spanLow >>> 1 | spanHigh << Long.SIZE - 1;
        low = firstLow + halfLow;
        high = firstHigh + (spanHigh >>> 1) + (Long.compareUnsigned(low, firstLow) < 0 ? 1 : 0);
        low++;
        high += low == 0 ? 1 : 0;
    }

    static boolean isLess(final long high, final long low, final long otherHigh, final long otherLow) {
        return high == otherHigh ? Long.compareUnsigned(low, otherLow) < 0 : Long.compareUnsigned(high, otherHigh) < 0;
    }
}
