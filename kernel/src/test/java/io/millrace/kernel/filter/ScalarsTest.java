package io.millrace.kernel.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Numbers, letters and addresses, each against a second opinion. */
class ScalarsTest {
    private static final int ROUNDS = 200_000;

    private final long seed = Long.getLong("millrace.seed", 11);
    private final Random random = new Random(seed);

    @Test
    void shouldCompareNumbersAsTheirExactValues() {
        final Decimal first = new Decimal();
        final Decimal second = new Decimal();
        for (int i = 0; i < ROUNDS; i++) {
            final String a = number();
            final String b = random.nextInt(4) == 0 ? sameValue(a) : number();
            wrap(first, a);
            wrap(second, b);
            final int expected = Integer.signum(new BigDecimal(a).compareTo(new BigDecimal(b)));
            assertEquals(expected, Integer.signum(first.compareTo(second)), () -> a + " and " + b + ", seed " + seed);
            final int keys = Long.compare(first.sortKey(), second.sortKey());
            assertTrue(keys == 0 || keys == expected, () -> "keys of " + a + " and " + b + ", seed " + seed);
            assertTrue(expected != 0 || keys == 0, () -> "keys of equal " + a + " and " + b + ", seed " + seed);
        }
    }

    @Test
    void shouldTellKeysOfFifteenDigitsApart() {
        assertTrue(key("100000000000001") > key("100000000000000"));
        assertTrue(key("-100000000000001") < key("-100000000000000"));
        assertTrue(key("1e-5000") > key("0") && key("-1e-5000") < key("0"));
        assertEquals(key("1e5000"), key("2e5000"));
    }

    /** The table has to agree with the run time's on each letter that it folds, and must join no two letters that differ. */
    @Test
    void shouldFoldOnlyPairsOfCase() {
        int folded = 0;
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            final int fold = CaseFolding.fold(codePoint);
            if (fold != codePoint) {
                assertEquals(Character.toLowerCase(codePoint), fold);
                assertEquals(codePoint, Character.toUpperCase(fold));
                folded++;
            }
        }
        assertTrue(folded > 26 + 30 + 60 + 33 + 48 + 38, "letters folded: " + folded);
        assertEquals('é', CaseFolding.fold('É'));
        assertEquals('ω', CaseFolding.fold('Ω'));
        assertEquals('ж', CaseFolding.fold('Ж'));
        assertEquals('ё', CaseFolding.fold('Ё'));
    }

    @Test
    void shouldReadAddresses() {
        assertEquals("4 1020304", address("1.2.3.4"));
        assertEquals("4 ff00ff01", address("255.0.255.001"));
        assertEquals("6 0:0", address("::"));
        assertEquals("6 0:1", address("::1"));
        assertEquals("6 1000000000000:0", address("1::"));
        assertEquals("6 1000200030004:5000600070008", address("1:2:3:4:5:6:7:8"));
        assertEquals("6 20010db8000a0000:b", address("2001:dB8:A::b"));
        assertEquals("6 1000200030000:500060007", address("1:2:3::5:6:7"));
        for (final String wrong : new String[] {
            "",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.256",
            "1.2.3.",
            ".1.2.3",
            "1234.1.1.1",
            ":",
            ":1",
            "1:",
            "1:2",
            ":::",
            "1::2::3",
            "12345::",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7::8",
            "g::",
            "1.2.3.4:"
        }) {
            assertEquals("none", address(wrong), wrong);
        }
    }

    private static String address(final String text) {
        final Address address = new Address();
        final UnsafeBuffer buffer = Policies.bytes(text);
        if (!address.wrap(buffer, 0, buffer.capacity())) {
            return "none";
        }
        return address.family() == Address.IPV4
                ? "4 " + Long.toHexString(address.high() >>> 32)
                : "6 " + Long.toHexString(address.high()) + ":" + Long.toHexString(address.low());
    }

    private String number() {
        final StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
        text.append(random.nextInt(3) == 0 ? "0".repeat(random.nextInt(3)) : "").append(random.nextInt(100));
        if (random.nextBoolean()) {
            text.append('.').append("0".repeat(random.nextInt(4))).append(random.nextInt(30));
        }
        if (random.nextInt(3) == 0) {
            text.append(random.nextBoolean() ? "e" : "E").append(random.nextInt(9) - 4);
        }
        return text.toString();
    }

    private String sameValue(final String text) {
        final BigDecimal value = new BigDecimal(text);
        return random.nextBoolean()
                ? value.toPlainString()
                : value.setScale(value.scale() + 3).toString();
    }

    private static long key(final String text) {
        return wrap(new Decimal(), text).sortKey();
    }

    private static Decimal wrap(final Decimal decimal, final String text) {
        final UnsafeBuffer buffer = Policies.bytes(text);
        return decimal.wrap(buffer, 0, buffer.capacity());
    }
}
