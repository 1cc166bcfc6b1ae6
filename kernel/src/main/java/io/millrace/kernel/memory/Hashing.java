package io.millrace.kernel.memory;

import org.agrona.DirectBuffer;

/**
 * The mixing functions of the state hash.
 *
 * <p>They detect divergence, not forgery. Words are hashed by a sum of products, so that they do not wait for each other; what
 * is combined by exclusive or is mixed first.
 */
public final class Hashing {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long FIRST = 0xBF58476D1CE4E5B9L;
    private static final long SECOND = 0x94D049BB133111EBL;

    private Hashing() {}

    /**
     * Spreads a value over 64 bits; a bijection (the finaliser of SplitMix64, Steele, Lea and Flood, OOPSLA 2014).
     *
     * @param value to spread.
     * @return the spread value.
     */
    public static long mix(final long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * FIRST;
        z = (z ^ (z >>> 27)) * SECOND;
        return z ^ (z >>> 31);
    }

    /**
     * What one word at one place adds to a sum of words: the word times an odd number of its own, so that a change of one word always
     * changes the sum and an exchange of two does too.
     *
     * @param index place of the word.
     * @param word to add.
     * @return its term.
     */
    public static long term(final long index, final long word) {
        return word * ((2 * index + 1) * GOLDEN);
    }

    /**
     * Extends the hash of the first {@code from} bytes to the first {@code to} bytes of a content. The result does not depend
     * on the steps in which a content was extended.
     *
     * @param hash of the first {@code from} bytes, 0 if {@code from} is 0.
     * @param buffer that holds the content.
     * @param offset of the content in the buffer.
     * @param from bytes hashed already.
     * @param to bytes to hash, not less than {@code from}.
     * @return hash of the first {@code to} bytes.
     */
    public static long content(
            final long hash, final DirectBuffer buffer, final int offset, final int from, final int to) {
        long sum = hash;
        int position = from & ~7;
        if (position != from) {
            sum -= term(position >>> 3, word(buffer, offset + position, from - position));
        }
        for (; position + 8 <= to; position += 8) {
            sum += term(position >>> 3, buffer.getLong(offset + position));
        }
        if (position < to) {
            sum += term(position >>> 3, word(buffer, offset + position, to - position));
        }
        return sum;
    }

    private static long word(final DirectBuffer buffer, final int offset, final int length) {
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (buffer.getByte(offset + i) & 0xFFL) << (8 * i);
        }
        return word;
    }
}
