package io.millrace.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class SipHashTest {
    private static final long KEY_0 = 0x0706050403020100L;
    private static final long KEY_1 = 0x0f0e0d0c0b0a0908L;

    private final SipHash sipHash = new SipHash();

    /** The vector of the reference implementation for key and message 00 01 02 ..., message length 32. */
    @Test
    void shouldGiveTheReferenceVector() {
        assertEquals(
                0x7127512f72f27cceL,
                sipHash.hash(
                        KEY_0,
                        KEY_1,
                        0x0706050403020100L,
                        0x0f0e0d0c0b0a0908L,
                        0x1716151413121110L,
                        0x1f1e1d1c1b1a1918L));
    }

    @Test
    void shouldDependOnEveryWord() {
        final long tag = sipHash.hash(KEY_0, KEY_1, 1, 2, 3, 4);
        assertNotEquals(tag, sipHash.hash(KEY_0 + 1, KEY_1, 1, 2, 3, 4));
        assertNotEquals(tag, sipHash.hash(KEY_0, KEY_1 + 1, 1, 2, 3, 4));
        assertNotEquals(tag, sipHash.hash(KEY_0, KEY_1, 2, 2, 3, 4));
        assertNotEquals(tag, sipHash.hash(KEY_0, KEY_1, 1, 3, 3, 4));
        assertNotEquals(tag, sipHash.hash(KEY_0, KEY_1, 1, 2, 4, 4));
        assertNotEquals(tag, sipHash.hash(KEY_0, KEY_1, 1, 2, 3, 5));
    }
}
