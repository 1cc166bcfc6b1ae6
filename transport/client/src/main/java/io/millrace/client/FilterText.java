package io.millrace.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The sentences for filter policies that are refused: one of this client, which names the fault, and that of SNS.
 */
final class FilterText {
    /** Stands for the text of the policy where the fault is. */
    private static final String TOKEN = "{x}";

    /** Faults that come with a number that is too large. */
    private static final Set<FilterFault> COUNTED = EnumSet.of(
            FilterFault.TOO_MANY_KEYS,
            FilterFault.TOO_COMPLEX,
            FilterFault.CIDR_MASK_TOO_LONG,
            FilterFault.PATH_TOO_LONG);

    private static final int IPV6_BITS = 128;
    private static final Map<FilterFault, String> SNS = new EnumMap<>(FilterFault.class);

    static {
        SNS.put(FilterFault.NOT_JSON, "failed to parse JSON");
        SNS.put(FilterFault.NESTED_TOO_DEEP, "failed to parse JSON");
        SNS.put(FilterFault.NOT_AN_OBJECT, "Filter is not an object");
        SNS.put(FilterFault.EMPTY_OBJECT, "Empty objects are not allowed");
        SNS.put(FilterFault.EMPTY_ARRAY, "Empty arrays are not allowed");
        SNS.put(FilterFault.TOO_MANY_KEYS, "Filter policy can not have more than 5 keys");
        SNS.put(FilterFault.TOO_COMPLEX, "Filter policy is too complex");
        SNS.put(FilterFault.KEY_NEEDS_OBJECT_OR_ARRAY, "\"{x}\" must be an object or an array");
        SNS.put(
                FilterFault.NESTING_NOT_SUPPORTED,
                "Filter policy scope MessageAttributes does not support nested filter policy");
        SNS.put(FilterFault.BAD_MATCH_VALUE, "Match value must be String, number, true, false, or null");
        SNS.put(FilterFault.NO_MATCH_TYPE, "Match expression name not found");
        SNS.put(FilterFault.ONE_KEY_PER_EXPRESSION, "Only one key allowed in match expression");
        SNS.put(FilterFault.UNKNOWN_MATCH_TYPE, "Unrecognized match type {x}");
        SNS.put(FilterFault.PREFIX_NOT_STRING, "prefix match pattern must be a string");
        SNS.put(FilterFault.SUFFIX_NOT_STRING, "suffix match pattern must be a string");
        SNS.put(FilterFault.IGNORE_CASE_NOT_STRING, "equals-ignore-case match pattern must be a string");
        SNS.put(FilterFault.EXISTS_NOT_BOOLEAN, "exists match pattern must be either true or false.");
        SNS.put(
                FilterFault.ANYTHING_BUT_VALUE,
                "Value of anything-but must be an array or single string/number value.");
        SNS.put(
                FilterFault.ANYTHING_BUT_LIST,
                "Inside anything but list, either all values are number or string, mixed type is not supported");
        SNS.put(FilterFault.ANYTHING_BUT_PATTERN, "Unsupported anything-but pattern: {x}");
        SNS.put(FilterFault.NUMERIC_NOT_ARRAY, "Value of numeric must be an array.");
        SNS.put(FilterFault.NUMERIC_OPERATOR_MISSING, "Invalid member in numeric match: {x}");
        SNS.put(FilterFault.NUMERIC_OPERATOR_UNKNOWN, "Unrecognized numeric range operator: {x}");
        SNS.put(FilterFault.NUMERIC_VALUE, "Value of {x} must be numeric");
        SNS.put(FilterFault.NUMERIC_TOO_MANY_ELEMENTS, "Too many elements in numeric expression");
        SNS.put(FilterFault.NUMERIC_RANGE_VALUE, "Bad value in numeric range: {x}");
        SNS.put(FilterFault.NUMERIC_RANGE_OPERATOR, "Bad numeric range operator: {x}");
        SNS.put(FilterFault.NUMERIC_RANGE_TOO_LONG, "Too many terms in numeric range expression");
        SNS.put(FilterFault.NUMERIC_RANGE_EMPTY, "Bottom must be less than top");
        SNS.put(FilterFault.CIDR_NOT_STRING, "prefix match pattern must be a string");
        SNS.put(FilterFault.CIDR_SLASH, "Malformed CIDR, one '/' required");
        SNS.put(FilterFault.CIDR_MASK_NOT_INTEGER, "Malformed CIDR, mask bits must be an integer");
        SNS.put(FilterFault.CIDR_MASK_NEGATIVE, "Malformed CIDR, mask bits must not be negative");
        SNS.put(FilterFault.CIDR_ADDRESS, "Nonstandard IP address: {x}");
        SNS.put(FilterFault.DUPLICATE_PATH, "Path `{x}` cannot be allowed multiple times");
    }

    private FilterText() {}

    /** @return for example "The filter policy is not valid: EMPTY_ARRAY at byte 5." */
    static String describe(final long fault, final long actual) {
        final FilterFault found = FilterFault.of(fault);
        if (found == null) {
            return "The filter policy is not valid.";
        }
        final String where = COUNTED.contains(found) ? ", " + actual + "." : " at byte " + actual + ".";
        return "The filter policy is not valid: " + found + where;
    }

    /** @return for example "Invalid parameter: FilterPolicy: Empty arrays are not allowed"; null if SNS has none */
    static String describeAsSns(final long code, final long actual, final String policy) {
        final FilterFault fault = FilterFault.of(code);
        if (fault == FilterFault.CIDR_MASK_TOO_LONG) {
            return prefix(fault)
                    + (actual < IPV6_BITS ? "IPv4 mask bits must be < 32" : "IPv6 mask bits must be < 128");
        }
        final String sentence = fault == null ? null : SNS.get(fault);
        return sentence == null ? null : prefix(fault) + sentence.replace(TOKEN, token(fault, policy, actual));
    }

    private static String prefix(final FilterFault fault) {
        return "Invalid parameter: " + (fault == FilterFault.NESTING_NOT_SUPPORTED ? "" : "FilterPolicy: ");
    }

    /** What stands in the policy where the fault is: a string without its quotes, or a value. */
    private static String token(final FilterFault fault, final String policy, final long position) {
        final byte[] bytes = policy.getBytes(UTF_8);
        final int start = (int) Math.min(position, bytes.length);
        final boolean isString = start > 0 && bytes[start - 1] == '"';
        final String ends = fault == FilterFault.CIDR_ADDRESS ? "/\"" : isString ? "\"" : ",]} \t\r\n";
        int end = start;
        while (end < bytes.length && ends.indexOf(bytes[end]) < 0) {
            end += bytes[end] == '\\' ? 2 : 1;
        }
        final String token = new String(bytes, start, Math.min(end, bytes.length) - start, UTF_8);
        return fault == FilterFault.NUMERIC_VALUE && token.equals("=") ? "equals" : token;
    }
}
