package io.millrace.client;

import io.millrace.codecs.HashKeyDecoder;
import io.millrace.codecs.HashKeyEncoder;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A point of the range that the shards of a stream divide: an unsigned number of 128 bits, in decimal notation as text.
 *
 * @param high its upper 64 bits
 * @param low its lower 64 bits
 */
public record HashKey(long high, long low) implements Comparable<HashKey> {
    /** The first point. */
    public static final HashKey MIN = new HashKey(0, 0);

    /** The last point: 2 to the power 128, less 1. */
    public static final HashKey MAX = new HashKey(-1, -1);

    private static final int BITS = 128;

    /**
     * Tells where the records of a partition key go: to the shard whose range has the MD5 of the key.
     *
     * @param partitionKey the key
     * @return its point
     */
    public static HashKey ofPartitionKey(final String partitionKey) {
        try {
            final MessageDigest digest = MessageDigest.getInstance("MD5");
            return of(new BigInteger(1, digest.digest(partitionKey.getBytes(StandardCharsets.UTF_8))));
        } catch (final NoSuchAlgorithmException exception) {
            throw new IllegalStateException("Every Java platform has MD5.", exception);
        }
    }

    /**
     * Reads a point in decimal notation.
     *
     * @param decimal digits
     * @return the point
     * @throws IllegalArgumentException if the text is no number from 0 to 2 to the power 128, less 1
     */
    public static HashKey parse(final String decimal) {
        return of(new BigInteger(decimal));
    }

    /**
     * Makes a point of a number.
     *
     * @param value the number
     * @return the point
     * @throws IllegalArgumentException if the number is not from 0 to 2 to the power 128, less 1
     */
    public static HashKey of(final BigInteger value) {
        if (value.signum() < 0 || value.bitLength() > BITS) {
            throw new IllegalArgumentException(value + " is not from 0 to 2^128 - 1.");
        }
        return new HashKey(value.shiftRight(Long.SIZE).longValue(), value.longValue());
    }

    /**
     * Tells where the upper half of a range begins: a shard that is split there has halves of one size, or the lower one is larger by
     * one.
     *
     * @param first start of the range
     * @param last its end, inclusive
     * @return start of its upper half
     */
    public static HashKey middle(final HashKey first, final HashKey last) {
        return of(first.toBigInteger().add(last.toBigInteger()).shiftRight(1).add(BigInteger.ONE));
    }

    static HashKey of(final HashKeyDecoder decoder) {
        return new HashKey(decoder.high(), decoder.low());
    }

    void encode(final HashKeyEncoder encoder) {
        encoder.high(high).low(low);
    }

    /** @return the number. */
    public BigInteger toBigInteger() {
        return unsigned(high).shiftLeft(Long.SIZE).or(unsigned(low));
    }

    private static BigInteger unsigned(final long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    @Override
    public int compareTo(final HashKey other) {
        final int upper = Long.compareUnsigned(high, other.high);
        return upper != 0 ? upper : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return toBigInteger().toString();
    }
}
