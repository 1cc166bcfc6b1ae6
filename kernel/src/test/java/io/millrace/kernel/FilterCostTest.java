package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.kernel.filter.FilterMatcher;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a hostile policy or body costs is a number of steps that grows no faster than the texts, up to 256 KiB of each. */
class FilterCostTest {
    private static final int LONG = 256 * 1024;
    private static final int SHORT = LONG / 8;
    private static final long STEPS_PER_BYTE = 40;
    private static final long LIST_STEPS_PER_BYTE = 500;

    /** Room for what does not depend on the length. */
    private static final double GROWTH = 1.1 * LONG / SHORT;

    /** From 2 to the power 13 operands to 2 to the power 16. */
    private static final double GROWTH_OF_LISTS = GROWTH * 16 / 13;

    /** Two texts with a part each that is repeated until the text is long; {@code #} in it counts. */
    record Hostile(String policyStart, String policyPart, String policyEnd, String start, String part, String end) {
        static Hostile body(final String policy, final String start, final String part, final String end) {
            return new Hostile(policy, "", "", start, part, end);
        }

        static Hostile policy(final String start, final String part, final String end, final String body) {
            return new Hostile(start, part, end, body, "", "");
        }

        String policy(final int length) {
            return policyStart + parts(policyPart, length) + policyEnd;
        }

        String body(final int length) {
            return start + parts(part, length) + end;
        }

        private static String parts(final String part, final int length) {
            final StringBuilder parts = new StringBuilder();
            for (int i = 0; !part.isEmpty() && parts.length() < length; i++) {
                parts.append(part.replace("#", Integer.toString(i)));
            }
            return parts.toString();
        }
    }

    static Stream<Hostile> hostile() {
        final String one = "{\"a\":[1]}";
        final String pair = "{\"a\":{\"b\":[1],\"c\":[1]}}";
        return Stream.of(
                Hostile.body(one, "", "[", ""),
                Hostile.body(one, "{\"a\":[", "[],", "2]}"),
                Hostile.body(one, "{\"a\":[", "{},", "2]}"),
                Hostile.body(one, "{", "\"a\":2,", "\"b\":1}"),
                Hostile.body(one, "{", "\"k#\":1,", "\"b\":1}"),
                Hostile.body(one, "{", "\"a\":{\"a\":[2]},", "\"b\":1}"),
                Hostile.body(one, "{\"a\":[", "2,", "3]}"),
                Hostile.body(one, "{\"a\":", "9", "}"),
                Hostile.body(one, "{\"a\":1e", "9", "}"),
                Hostile.body(one, "{\"a\":0.", "0", "1}"),
                Hostile.body(one, "{\"a\":", " ", "2}"),
                Hostile.body("{\"a\":[{\"numeric\":[\">\",5,\"<\",6]}]}", "{\"a\":[", "5,", "6]}"),
                Hostile.body("{\"a\":[{\"prefix\":\"xxxx\"}]}", "{\"a\":\"", "\\u0058", "\"}"),
                Hostile.body("{\"a\":[{\"suffix\":\"xxxx\"}]}", "{\"a\":\"", "é", "\"}"),
                Hostile.body("{\"a\":[{\"equals-ignore-case\":\"xxxx\"}]}", "{\"a\":[", "\"XXXY\",", "1]}"),
                Hostile.body("{\"a\":[{\"cidr\":\"2001:db8::/32\"}]}", "{\"a\":[", "\"2001:db7::ffff\",", "1]}"),
                Hostile.body(pair, "{\"a\":[", "{\"b\":1},{\"c\":1},", "2]}"),
                Hostile.body(pair, "{\"a\":[{", "\"b\":1,", "\"d\":1}]}"),
                Hostile.body(pair, "{", "\"a\":[{\"b\":1}],", "\"a\":[{\"c\":1}]}"),
                Hostile.body(
                        "{\"a\":{\"b\":{\"c\":[1],\"d\":[1]},\"e\":[1]}}",
                        "{\"a\":[",
                        "{\"b\":[{\"c\":1},{\"d\":1}],\"e\":1},",
                        "2]}"),
                Hostile.body(
                        "{\"a\":{\"b\":[1],\"c\":[1],\"d\":[1],\"e\":[1]}}",
                        "{\"a\":[",
                        "{\"b\":1},{\"c\":1},{\"d\":1},{\"e\":1},",
                        "2]}"),
                Hostile.policy("", "[", "", one),
                Hostile.policy("", "{\"a\":", "", one),
                Hostile.policy("{", "\"k#\":[1],", "\"b\":[1]}", one),
                Hostile.policy("{\"$or\":[", "{\"a\":[1]},", "{\"b\":[1]}]}", one),
                Hostile.policy("{\"a\":[", "#,", "1]}", one),
                Hostile.policy("{\"a\":[{\"prefix\":\"", "\\n", "\"}]}", "{\"a\":\"\\n\"}"),
                Hostile.policy("{\"a\":[", "9", "]}", "{\"a\":1}"),
                new Hostile("{\"a\":[", "9", "]}", "{\"a\":", "9", "8}"),
                new Hostile("{\"a\":[{\"suffix\":\"", "x", "\"}]}", "{\"a\":\"", "x", "\"}"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void shouldCostStepsInProportionToTheTexts(final Hostile hostile) throws ReflectiveOperationException {
        final BiPredicate<String, String> passes = counted();
        final long few = steps(passes, hostile, SHORT);
        final long many = steps(passes, hostile, LONG);

        assertTrue(many <= few * GROWTH, () -> many + " steps for 8 times what costs " + few);
        assertTrue(many <= STEPS_PER_BYTE * LONG, () -> many + " steps");
    }

    static Stream<Hostile> hostileLists() {
        return Stream.of(
                Hostile.policy("{\"a\":[{\"anything-but\":[", "#,", "1]}]}", "{\"a\":1}"),
                Hostile.policy("{\"a\":[{\"anything-but\":[", "\"#\",", "\"1\"]}]}", "{\"a\":1}"),
                new Hostile("{\"a\":[{\"anything-but\":[", "5,", "1]}]}", "{\"a\":[", "1,", "1]}"),
                new Hostile("{\"a\":[{\"anything-but\":[", "#,", "1]}]}", "{\"a\":[", "#,", "1]}"),
                new Hostile("{\"a\":[{\"anything-but\":[", "\"#\",", "\"1\"]}]}", "{\"a\":[", "\"#\",", "\"1\"]}"));
    }

    /** What a list excludes is put in order once, and found by halves for each value: both grow with the logarithm of its length. */
    @ParameterizedTest
    @MethodSource("hostileLists")
    void shouldCostTheLogarithmOfAListForEachValue(final Hostile hostile) throws ReflectiveOperationException {
        final BiPredicate<String, String> passes = counted();
        final long few = steps(passes, hostile, SHORT);
        final long many = steps(passes, hostile, LONG);

        assertTrue(many <= few * GROWTH_OF_LISTS, () -> many + " steps for 8 times what costs " + few);
        assertTrue(many <= LIST_STEPS_PER_BYTE * LONG, () -> many + " steps");
    }

    private static long steps(final BiPredicate<String, String> passes, final Hostile hostile, final int length) {
        final String policy = hostile.policy(length);
        final String body = hostile.body(length);
        final long before = Steps.count();
        passes.test(policy, body);
        return Steps.count() - before;
    }

    @SuppressWarnings("unchecked")
    private static BiPredicate<String, String> counted() throws ReflectiveOperationException {
        return (BiPredicate<String, String>) Steps.loader(FilterMatcher.class)
                .loadClass(FilterMatcher.class.getPackageName() + ".PassesBody")
                .getConstructor()
                .newInstance();
    }
}
