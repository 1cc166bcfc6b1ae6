package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Arithmetic with 128 bits, compared with that of big integers. */
class HashKeyTest {
    private static final int ROUNDS = 10_000;

    private final Random random = new Random(11);
    private final HashKey key = new HashKey();

    @Test
    void shouldDivideTheWholeIntoParts() {
        for (int i = 0; i < ROUNDS; i++) {
            final int parts = 1 + random.nextInt(10_000);
            final int part = random.nextInt(parts);

            key.divide(part, parts);

            assertEquals(
                    StreamSupport.END.multiply(BigInteger.valueOf(part)).divide(BigInteger.valueOf(parts)),
                    value(key.high, key.low),
                    part + " of " + parts);
        }
    }

    @Test
    void shouldFindTheMiddle() {
        for (int i = 0; i < ROUNDS; i++) {
            final BigInteger one = new BigInteger(1 + random.nextInt(128), random);
            final BigInteger other = one.add(BigInteger.ONE)
                    .add(new BigInteger(1 + random.nextInt(128), random))
                    .min(StreamSupport.END.subtract(BigInteger.ONE));
            if (one.equals(other)) {
                continue;
            }

            key.middle(high(one), one.longValue(), high(other), other.longValue());

            assertEquals(
                    one.add(other.subtract(one).shiftRight(1)).add(BigInteger.ONE),
                    value(key.high, key.low),
                    one + " to " + other);
        }
    }

    @Test
    void shouldCompareAndCountDownWithoutASign() {
        for (int i = 0; i < ROUNDS; i++) {
            final BigInteger one = new BigInteger(128, random);
            final BigInteger other = random.nextBoolean() ? new BigInteger(128, random) : one;

            key.set(high(one), one.longValue());
            key.decrement();

            assertEquals(one.subtract(BigInteger.ONE).mod(StreamSupport.END), value(key.high, key.low));
            assertEquals(
                    one.compareTo(other) < 0,
                    HashKey.isLess(high(one), one.longValue(), high(other), other.longValue()));
        }
    }

    private static long high(final BigInteger value) {
        return value.shiftRight(Long.SIZE).longValue();
    }

    private static BigInteger value(final long high, final long low) {
        return StreamEventReader.unsigned(high).shiftLeft(Long.SIZE).or(StreamEventReader.unsigned(low));
    }
}
