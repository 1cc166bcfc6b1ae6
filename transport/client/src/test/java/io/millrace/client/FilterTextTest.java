package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FilterTextTest {

    @Test
    void shouldNumberFaultsAsTheSchemaDoes() throws IOException {
        final List<String> expected = new ArrayList<>();
        try (InputStream in = ResultCode.class.getResourceAsStream("/millrace-codecs.xml")) {
            final String schema = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            final int start = schema.indexOf("<enum name=\"FilterFault\"");
            final Matcher matcher = Pattern.compile("validValue name=\"(\\w+)\"[^>]*>(\\d+)<")
                    .matcher(schema.substring(start, schema.indexOf("</enum>", start)));
            while (matcher.find()) {
                expected.add(matcher.group(2) + " " + matcher.group(1));
            }
        }
        final List<String> actual = new ArrayList<>();
        for (final FilterFault fault : FilterFault.values()) {
            actual.add(fault.ordinal() + " " + fault);
        }
        assertEquals(expected, actual);
    }

    @Test
    void shouldShowWhatIsWrongInAFilterPolicy() {
        assertEquals("Unrecognized match type wildcard", filter(13, 8, "{\"a\":[{\"wildcard\":\"x*\"}]}"));
        assertEquals("Value of equals must be numeric", filter(24, 19, "{\"a\":[{\"numeric\":[\"=\",\"1\"]}]}"));
        assertEquals("Bad value in numeric range: 2", filter(26, 24, "{\"a\":[{\"numeric\":[\">\",1,2]}]}"));
        assertEquals("Nonstandard IP address: 10.0.0", filter(35, 15, "{\"a\":[{\"cidr\":\"10.0.0/8\"}]}"));
        assertEquals("IPv4 mask bits must be < 32", filter(34, 33, ""));
        assertEquals("IPv6 mask bits must be < 128", filter(34, 128, ""));
        assertEquals("Unrecognized match type ", filter(13, 80, "{}"));
        assertEquals(
                "The filter policy is not valid: TOO_MANY_KEYS, 6.",
                ErrorText.describe(ResultCode.INVALID_FILTER_POLICY, LimitId.NONE, 6, 6));
    }

    private static String filter(final int fault, final int actual, final String policy) {
        final String prefix = "Invalid parameter: FilterPolicy: ";
        final String sentence =
                ErrorText.describeAsSqs(ResultCode.INVALID_FILTER_POLICY, LimitId.NONE, fault, actual, policy);
        assertTrue(sentence.startsWith(prefix), sentence);
        return sentence.substring(prefix.length());
    }
}
