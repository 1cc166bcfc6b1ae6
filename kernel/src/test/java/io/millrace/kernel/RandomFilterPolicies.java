package io.millrace.kernel;

import io.millrace.kernel.Payload.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Draws filter policies, and messages that pass some of them. */
final class RandomFilterPolicies {

    /** The only name that objects and arrays of them have. */
    static final String OBJECT = "o";

    /** Policies that are wrong, with the number of what is wrong and where, or how much it is. */
    static final Map<String, ModelFilter.Fault> WRONG = Map.of(
            "{\"a\":[]}", new ModelFilter.Fault(5, 5),
            "no policy", new ModelFilter.Fault(1, 0),
            "{\"a\":[{\"prefix\":\"x\",\"suffix\":\"y\"}]}", new ModelFilter.Fault(12, 6),
            "{\"a\":[1],\"b\":[1],\"c\":[1],\"d\":[1],\"e\":[1],\"f\":[1]}", new ModelFilter.Fault(6, 6));

    private final RandomValues values;

    RandomFilterPolicies(final RandomValues values) {
        this.values = values;
    }

    /** Now and then none, or a wrong one. */
    String policy(final boolean ofBody) {
        if (values.oneIn(8)) {
            return values.oneOf("", " { } ", " ");
        }
        return values.oneIn(12) ? values.any(WRONG.keySet()) : policyObject(ofBody, ofBody || values.oneIn(20));
    }

    /** A key stands either beside alternatives or in them. */
    private String policyObject(final boolean ofBody, final boolean nested) {
        if (!values.oneIn(5)) {
            return object(List.of("a", "b", "c"), ofBody, nested, true);
        }
        final List<String> names = List.of("a", "b");
        final String or = name("$or") + "[" + object(names, ofBody, nested, false) + ","
                + object(names, ofBody, nested, false) + "]";
        return "{" + (values.oneIn(2) ? name("c") + conditions(ofBody, true) + "," : "") + or + "}";
    }

    private String object(
            final List<String> names, final boolean ofBody, final boolean nested, final boolean mayBeAbsent) {
        final List<String> members = new ArrayList<>();
        for (final String name : names) {
            if (values.oneIn(3)) {
                members.add(name(name) + conditions(ofBody, mayBeAbsent));
            }
        }
        if (nested && values.oneIn(3)) {
            // One condition, so that no policy becomes too complex.
            final String second = values.oneIn(2) ? "," + name("b") + "[" + condition(ofBody, false) + "]" : "";
            members.add(name(OBJECT) + "{" + name("a") + conditions(ofBody, false) + second + "}");
        }
        if (members.isEmpty()) {
            members.add(name("a") + conditions(ofBody, mayBeAbsent));
        }
        return members.stream().collect(Collectors.joining(",", "{", "}"));
    }

    private static String name(final String name) {
        return "\"" + name + "\":";
    }

    private String conditions(final boolean ofBody, final boolean mayBeAbsent) {
        return IntStream.range(0, 1 + values.random.nextInt(2))
                .mapToObj(i -> condition(ofBody, mayBeAbsent))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private String condition(final boolean ofBody, final boolean mayBeAbsent) {
        return switch (values.random.nextInt(13)) {
            case 0 -> expression("prefix", string());
            case 1 -> expression("suffix", string());
            case 2 -> expression("equals-ignore-case", string());
            case 3 -> expression("anything-but", values.oneIn(2) ? string() : number());
            case 4 -> expression("anything-but", "[" + (values.oneIn(2) ? string() : number()) + "]");
            case 5 -> expression("anything-but", expression("prefix", values.oneOf("\"x\"", "\"10.\"")));
            case 6 -> expression("numeric", "[" + values.oneOf("\"<\",", "\"<=\",", "\"=\",") + number() + "]");
            case 7 ->
                expression("numeric", "[\">\"," + values.oneOf("-3", "1") + ",\"<=\"," + values.oneOf("2", "5") + "]");
            case 8 -> expression("exists", mayBeAbsent && values.oneIn(2) ? "false" : "true");
            case 9 ->
                expression("cidr", quoted(values.oneOf("10.0.0.0/24", "10.0.0.0/8", "2001:db8::/32", "2001:db8::/48")));
            case 10 -> ofBody ? values.oneOf("true", "false", "null") : string();
            case 11 -> number();
            default -> string();
        };
    }

    private static String expression(final String operator, final String operand) {
        return "{" + name(operator) + operand + "}";
    }

    private String string() {
        final String text = text();
        if (!values.oneIn(5)) {
            return quoted(text);
        }
        final String rest = text.substring(1);
        return quoted(values.oneIn(4) ? "\\\"\\n" + rest : String.format("\\u%04x", (int) text.charAt(0)) + rest);
    }

    private static String quoted(final String text) {
        return "\"" + text + "\"";
    }

    private String text() {
        return values.oneOf("x", "xy", "yx", "X", "5", "10.0.0.7", "10.0.1.7", "2001:db8::7", "2001:db8:1::7");
    }

    private String number() {
        return values.oneOf("1", "2", "5", "5.0", "50e-1", "-1");
    }

    String body() {
        final List<String> members = new ArrayList<>();
        for (final String name : List.of("a", "b", "c")) {
            if (!values.oneIn(3)) {
                members.add(name(name) + value());
            }
        }
        if (values.oneIn(2)) {
            members.add(name(OBJECT) + (values.oneIn(2) ? "[" + inner() + "," + inner() + "]" : inner()));
        }
        final String open = values.oneIn(20) ? "[" : "{";
        return members.stream().collect(Collectors.joining(",", open, values.oneIn(20) ? "" : "}"));
    }

    private String inner() {
        return "{" + name("a") + value() + (values.oneIn(2) ? "," + name("b") + value() : "") + "}";
    }

    private String value() {
        return values.oneIn(4) ? "[" + scalar() + "," + scalar() + "]" : scalar();
    }

    private String scalar() {
        return values.oneIn(5) ? values.oneOf("true", "false", "null") : values.oneIn(2) ? string() : number();
    }

    List<Attribute> attributes() {
        final List<Attribute> attributes = new ArrayList<>();
        for (final String name : List.of("a", "b", "c")) {
            switch (values.random.nextInt(6)) {
                case 0, 1 -> attributes.add(Attribute.text(name, text()));
                case 2 -> attributes.add(Attribute.number(name, number()));
                case 3 ->
                    attributes.add(new Attribute(
                            1, name, "Array", values.oneIn(10) ? "[1" : "[" + scalar() + "," + scalar() + "]"));
                case 4 -> attributes.add(new Attribute(values.oneOf(1, 3), name, "own", text()));
                default -> {
                    // This one is absent.
                }
            }
        }
        return attributes;
    }
}
