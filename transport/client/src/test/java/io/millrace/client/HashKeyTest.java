package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class HashKeyTest {
    private static final String LAST = "340282366920938463463374607431768211455";

    @Test
    void shouldReadAndWriteDecimals() {
        assertEquals(HashKey.MIN, HashKey.parse("0"));
        assertEquals(HashKey.MAX, HashKey.parse(LAST));
        assertEquals(LAST, HashKey.MAX.toString());
        assertEquals(new HashKey(1, -1), HashKey.parse("36893488147419103231"));
        assertEquals("36893488147419103231", new HashKey(1, -1).toString());
        assertThrows(IllegalArgumentException.class, () -> HashKey.parse("-1"));
        assertThrows(IllegalArgumentException.class, () -> HashKey.parse("340282366920938463463374607431768211456"));
        assertThrows(IllegalArgumentException.class, () -> HashKey.parse("ten"));
    }

    @Test
    void shouldBeTheMd5OfAPartitionKey() {
        // RFC 1321, A.5.
        assertEquals(HashKey.of(new BigInteger("900150983cd24fb0d6963f7d28e17f72", 16)), HashKey.ofPartitionKey("abc"));
    }

    @Test
    void shouldCompareUnsignedAndHalveRanges() {
        assertTrue(HashKey.MIN.compareTo(HashKey.MAX) < 0);
        assertTrue(new HashKey(0, -1).compareTo(new HashKey(1, 0)) < 0);
        assertEquals(new HashKey(Long.MIN_VALUE, 0), HashKey.middle(HashKey.MIN, HashKey.MAX));
        assertEquals(new HashKey(0, 1), HashKey.middle(HashKey.MIN, new HashKey(0, 1)));
        assertEquals(new HashKey(0, 2), HashKey.middle(HashKey.MIN, new HashKey(0, 2)));
    }
}
