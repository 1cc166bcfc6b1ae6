package io.millrace.kernel.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Statement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FilterErrorsTest {
    private static final int LONGEST = 256 * 1024;
    private static final Duration BOUND = Duration.ofSeconds(5);

    private final Policies policies = new Policies();

    @Test
    void shouldNumberFaultsAsTheSchemaDoes() throws IOException {
        final StringBuilder faults = new StringBuilder();
        try (InputStream in = ResultCode.class.getResourceAsStream("/millrace-codecs.xml")) {
            final String schema = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            final int start = schema.indexOf("<enum name=\"FilterFault\"");
            final Matcher matcher = Pattern.compile("validValue name=\"(\\w+)\"[^>]*>(\\d+)<")
                    .matcher(schema.substring(start, schema.indexOf("</enum>", start)));
            while (matcher.find()) {
                faults.append(matcher.group(1)).append(matcher.group(2)).append('\n');
            }
        }
        final StringBuilder errors = new StringBuilder();
        for (final FilterError error : FilterError.values()) {
            errors.append(error).append(error.code()).append('\n');
        }
        assertEquals(faults.toString(), errors.toString());
    }

    @Test
    @Statement("N4")
    void shouldRefuseMoreThanFiveKeys() {
        assertEquals("NONE", attributes("{'a':[1],'b':[1],'c':[1],'d':[1],'e':[1]}"));
        assertEquals("TOO_MANY_KEYS@0=6", attributes("{'a':[1],'b':[1],'c':[1],'d':[1],'e':[1],'f':[1]}"));
        assertEquals("NONE", body("{'k':{'a':[1],'b':[1],'c':[1],'d':[1],'e':[1],'f':[1]}}"));
    }

    @Test
    @Statement("N4")
    void shouldRefuseMoreThan150Combinations() {
        assertEquals("NONE", attributes("{'a':" + numbers(15) + ",'b':" + numbers(10) + "}"));
        assertEquals("TOO_COMPLEX@43=165", attributes("{'a':" + numbers(15) + ",'b':" + numbers(11) + "}"));
        assertEquals("NONE", body("{'a':{'b':{'c':" + numbers(50) + "}}}"));
        assertEquals("TOO_COMPLEX@12=153", body("{'a':{'b':{'c':" + numbers(51) + "}}}"));
        final String half = "{'a':" + numbers(75) + "}";
        assertEquals("NONE", body("{'$or':[" + half + "," + half.replace('a', 'b') + "]}"));
        assertEquals(
                "TOO_COMPLEX@" + (12 + 2 * half.length()) + "=151",
                body("{'$or':[" + half + "," + half + ",{'c':[1]}]}"));
    }

    @Test
    @Statement("N4")
    void shouldRefuseShapesThatAreNoPolicy() {
        assertEquals("NOT_AN_OBJECT@0", body("[1]"));
        assertEquals("EMPTY_OBJECT@0", body("{}"));
        assertEquals("EMPTY_OBJECT@5", body("{'a':{}}"));
        assertEquals("EMPTY_OBJECT@18", body("{'$or':[{'a':[1]},{}]}"));
        assertEquals("EMPTY_ARRAY@5", body("{'a':[]}"));
        assertEquals("KEY_NEEDS_OBJECT_OR_ARRAY@2", body("{'a':'x'}"));
        assertEquals("BAD_MATCH_VALUE@8", body("{'a':[1,[2]]}"));
        assertEquals("DUPLICATE_PATH@24", body("{'a':{'b':[1]},'x':[1],'a.b':[2]}"));
        assertEquals("DUPLICATE_PATH@10", attributes("{'a':[1],'a':[2]}"));
        assertEquals("PATH_TOO_LONG@2=1025", attributes("{'" + "k".repeat(1025) + "':[1]}"));
    }

    @Test
    @Statement("N5")
    void shouldRefuseNestingInAPolicyAboutAttributes() {
        assertEquals("NESTING_NOT_SUPPORTED@2", attributes("{'a':{'b':[1]}}"));
        assertEquals("NONE", attributes("{'$or':[{'a':[1]},{'b':[1]}]}"));
    }

    @Test
    @Statement("N3")
    void shouldRefuseWhatIsNoOperator() {
        assertEquals("UNKNOWN_MATCH_TYPE@8", attributes("{'a':[{'wildcard':'x*'}]}"));
        assertEquals("NO_MATCH_TYPE@6", attributes("{'a':[{}]}"));
        assertEquals("ONE_KEY_PER_EXPRESSION@6", attributes("{'a':[{'prefix':'x','suffix':'y'}]}"));
        assertEquals("PREFIX_NOT_STRING@16", attributes("{'a':[{'prefix':1}]}"));
        assertEquals("SUFFIX_NOT_STRING@16", attributes("{'a':[{'suffix':1}]}"));
        assertEquals("IGNORE_CASE_NOT_STRING@28", attributes("{'a':[{'equals-ignore-case':1}]}"));
        assertEquals("EXISTS_NOT_BOOLEAN@17", attributes("{'a':[{'exists':'true'}]}"));
    }

    @Test
    @Statement("N3")
    void shouldRefuseWhatCannotBeExcluded() {
        assertEquals("ANYTHING_BUT_PATTERN@24", attributes("{'a':[{'anything-but':{'suffix':'x'}}]}"));
        assertEquals("ANYTHING_BUT_PATTERN@24", attributes("{'a':[{'anything-but':{'exists':true}}]}"));
        assertEquals("ANYTHING_BUT_VALUE@22", attributes("{'a':[{'anything-but':true}]}"));
        assertEquals("ANYTHING_BUT_LIST@22", attributes("{'a':[{'anything-but':[]}]}"));
        assertEquals("ANYTHING_BUT_LIST@26", attributes("{'a':[{'anything-but':[1,'x']}]}"));
        assertEquals("PREFIX_NOT_STRING@32", attributes("{'a':[{'anything-but':{'prefix':1}}]}"));
    }

    @Test
    @Statement("N3")
    void shouldRefuseWhatIsNoRange() {
        assertEquals("NUMERIC_NOT_ARRAY@17", attributes("{'a':[{'numeric':1}]}"));
        assertEquals("NUMERIC_OPERATOR_MISSING@17", numeric("[]"));
        assertEquals("NUMERIC_OPERATOR_MISSING@17", numeric("[1]"));
        assertEquals("NUMERIC_OPERATOR_UNKNOWN@19", numeric("['!',1]"));
        assertEquals("NUMERIC_VALUE@19", numeric("['=','1']"));
        assertEquals("NUMERIC_TOO_MANY_ELEMENTS@25", numeric("['<',1,'>',0]"));
        assertEquals("NUMERIC_RANGE_VALUE@24", numeric("['>',1,2]"));
        assertEquals("NUMERIC_RANGE_OPERATOR@25", numeric("['>',1,'>',2]"));
        assertEquals("NUMERIC_VALUE@25", numeric("['>',1,'<']"));
        assertEquals("NUMERIC_RANGE_TOO_LONG@25", numeric("['>',1,'<',2,3]"));
        assertEquals("NUMERIC_RANGE_EMPTY@25", numeric("['>',1,'<',1.0]"));
    }

    @Test
    @Statement("N3")
    void shouldRefuseWhatIsNoNetwork() {
        assertEquals("CIDR_NOT_STRING@14", attributes("{'a':[{'cidr':1}]}"));
        assertEquals("CIDR_SLASH@15", cidr("10.0.0.0"));
        assertEquals("CIDR_SLASH@15", cidr("10.0.0.0/8/8"));
        assertEquals("CIDR_MASK_NOT_INTEGER@15", cidr("10.0.0.0/x"));
        assertEquals("CIDR_MASK_NEGATIVE@15", cidr("10.0.0.0/-1"));
        assertEquals("CIDR_MASK_TOO_LONG@15=32", cidr("10.0.0.0/32"));
        assertEquals("CIDR_MASK_TOO_LONG@15=128", cidr("::1/128"));
        assertEquals("CIDR_ADDRESS@15", cidr("10.0.0.256/8"));
        assertEquals("NONE", cidr("::/0"));
    }

    @Test
    void shouldSayWhereJsonEnds() {
        assertEquals("NOT_JSON@0", body(""));
        assertEquals("NOT_JSON@7", body("{'a':[1"));
        assertEquals("NOT_JSON@7", body("{'a':[1}}"));
        assertEquals("NOT_JSON@8", body("{'a':[1,]}"));
        assertEquals("NOT_JSON@9", body("{'a':[1]}}"));
        assertEquals("NOT_JSON@7", body("{'a':[01]}"));
        assertEquals("NOT_JSON@8", body("{'a':[1.]}"));
        assertEquals("NOT_JSON@6", body("{'a':[tru]}"));
        assertEquals("NOT_JSON@7", body("{'a':['\\x']}"));
        assertEquals("NOT_JSON@7", body("{'a':['\\ud800\\u0041']}"));
        assertEquals("NOT_JSON@7", body("{'a':['\n']}"));
        final byte[] overlong = ill("{'a':['xx']}");
        overlong[7] = (byte) 0xC0;
        overlong[8] = (byte) 0x80;
        assertEquals("NOT_JSON@7", policies.refusal(new UnsafeBuffer(overlong), FilterScope.BODY));
    }

    @Test
    void shouldBoundWhatBracketsCost() {
        final String deep = "[".repeat(LONGEST);
        assertTimeoutPreemptively(BOUND, () -> {
            assertEquals("NESTED_TOO_DEEP@1000", policies.refusal(Policies.bytes(deep), FilterScope.BODY));
            assertEquals("NESTED_TOO_DEEP@5000", body("{'a':".repeat(LONGEST / 5)));
            assertFalse(policies.matchesBody("{\"a\":[{\"exists\":false}]}", deep));
            final String nested = "{\"a\":" + "[".repeat(999) + "1" + "]".repeat(999) + "}";
            assertTrue(policies.matchesBody("{\"a\":[1]}", nested));
            assertFalse(policies.matchesBody("{\"a\":{\"b\":[1]}}", nested));
            assertFalse(policies.matchesBody("{\"a\":[1]}", "{\"a\":[" + "[],".repeat(LONGEST / 3) + "2]}"));
        });
    }

    @Test
    void shouldBoundWhatNumbersCost() {
        final String digits = "9".repeat(LONGEST);
        assertTimeoutPreemptively(BOUND, () -> {
            assertTrue(policies.matchesBody("{\"a\":[{\"numeric\":[\">\",1e300]}]}", "{\"a\":" + digits + "}"));
            assertFalse(policies.matchesBody("{\"a\":[1]}", "{\"a\":1e" + digits + "}"));
            assertTrue(policies.matchesBody("{\"a\":[" + digits + "0]}", "{\"a\":" + digits + "e1}"));
        });
    }

    @Test
    void shouldBoundWhatAPolicyCosts() {
        final String keys =
                IntStream.range(0, 20_000).mapToObj(i -> "'k" + i + "':[1]").collect(Collectors.joining(","));
        assertTimeoutPreemptively(BOUND, () -> {
            assertTrue(body("{'a':{" + keys + "}}").startsWith("TOO_COMPLEX@"));
            assertTrue(body("{'$or':[" + "{'a':[1]},".repeat(20_000) + "{'b':[1]}]}")
                    .startsWith("TOO_COMPLEX@"));
            assertTrue(body("{'a':" + numbers(60_000) + "}").startsWith("TOO_COMPLEX@"));
            assertTrue(body("{'a':".repeat(200) + "[1]" + "}".repeat(200)).startsWith("TOO_COMPLEX@"));
            final String alternatives = "'$or':[{'a':[1]},{'b':[1]}]";
            final String product = IntStream.range(0, 5)
                    .mapToObj(i -> alternatives.replace("'a'", "'a" + i + "'").replace("'b'", "'b" + i + "'"))
                    .collect(Collectors.joining(","));
            assertEquals("NONE", body("{" + product + "}"));
        });
    }

    @Test
    void shouldRefuseAProgramThatDoesNotFit() {
        final FilterCompiler compiler = new FilterCompiler();
        final UnsafeBuffer policy = Policies.bytes("{\"a\":[\"x\"]}");
        final int length = policies.program("{\"a\":[\"x\"]}", FilterScope.BODY).capacity();
        for (int room = 0; room < length; room++) {
            final UnsafeBuffer target = new UnsafeBuffer(new byte[room]);
            assertEquals(-1, compiler.compile(policy, 0, policy.capacity(), FilterScope.BODY, target, 0));
            assertEquals(FilterError.NO_ROOM, compiler.error());
        }
        final UnsafeBuffer target = new UnsafeBuffer(new byte[length]);
        assertEquals(length, compiler.compile(policy, 0, policy.capacity(), FilterScope.BODY, target, 0));
    }

    @Test
    void shouldNumberEachErrorOnce() {
        final FilterError[] errors = FilterError.values();
        assertEquals(
                errors.length,
                Arrays.stream(errors).mapToInt(FilterError::code).distinct().count());
    }

    private String attributes(final String policy) {
        return policies.refusal(FilterPolicyTest.quoted(policy), FilterScope.ATTRIBUTES);
    }

    private String body(final String policy) {
        return policies.refusal(FilterPolicyTest.quoted(policy), FilterScope.BODY);
    }

    private static byte[] ill(final String policy) {
        return Policies.bytes(FilterPolicyTest.quoted(policy)).byteArray();
    }

    private String numeric(final String array) {
        return attributes("{'a':[{'numeric':" + array + "}]}");
    }

    private String cidr(final String network) {
        return attributes("{'a':[{'cidr':'" + network + "'}]}");
    }

    private static String numbers(final int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
