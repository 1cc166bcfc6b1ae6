package io.millrace.kernel.filter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Random policies and messages of a small vocabulary, so that they meet often.
 *
 * <p>Two shapes of bodies, because the meanings of some things differ where they come together: with arrays of objects, or with dots in
 * names and absence asked for below the top.
 */
final class RandomFilters {
    private static final String[] NAMES = {"a", "b", "c", "d", "é"};
    private static final String[] TEXTS = {
        "", "x", "xy", "xyz", "X", "Xy", "y", "yx", "zz", "ä", "Ä", "äx", "Ж", "ж", "5", "true", "a\\\"b", "\\\\",
        "\\n", "😀", "\\u0078"
    };
    private static final String[] ADDRESSES = {
        "10.0.0.1", "10.0.1.1", "192.168.7.200", "2001:db8::1", "2001:db8:1::7", "fe80::1"
    };
    private static final String[] NETWORKS = {
        "10.0.0.0/24", "10.0.0.0/16", "192.168.0.0/17", "10.0.1.1/31", "2001:db8::/32", "2001:db8::/48"
    };
    private static final String[] NUMBERS = {
        "0",
        "1",
        "-1",
        "2",
        "5",
        "5.0",
        "5e0",
        "50e-1",
        "0.5",
        "-0.5",
        "100",
        "1e2",
        "99.99999",
        "1e9",
        "-1e9",
        "123456789012345",
        "-0"
    };

    private final Random random;
    private boolean withArraysOfObjects;

    RandomFilters(final Random random) {
        this.random = random;
    }

    /** Chooses the shape of what comes next. */
    void nextShape() {
        withArraysOfObjects = random.nextBoolean();
    }

    String bodyPolicy() {
        return policyObject(1 + random.nextInt(3), 1, true);
    }

    String attributePolicy() {
        withArraysOfObjects = true;
        return policyObject(1 + random.nextInt(3), 3, true);
    }

    /** Depth 3 allows no more nesting. */
    private String policyObject(final int keys, final int depth, final boolean mayHaveOr) {
        final List<String> names = names();
        final List<String> members = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            final String name = names.get(i);
            if (depth < 3 && random.nextInt(3) == 0) {
                members.add(quote(name) + ":" + policyObject(1 + random.nextInt(2), depth + 1, mayHaveOr));
            } else {
                members.add(quote(policyName(name)) + ":" + values(depth));
            }
        }
        if (mayHaveOr && random.nextInt(6) == 0) {
            final List<String> alternatives = new ArrayList<>();
            for (int i = 0; i < 2 + random.nextInt(2); i++) {
                alternatives.add(policyObject(1 + random.nextInt(2), depth, random.nextInt(4) == 0));
            }
            members.add("\"$or\":[" + String.join(",", alternatives) + "]");
        }
        return "{" + String.join(",", members) + "}";
    }

    private String policyName(final String name) {
        return !withArraysOfObjects && random.nextInt(8) == 0 ? name + "." + pick(NAMES) : name;
    }

    private String values(final int depth) {
        final List<String> values = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            values.add(condition(depth == 1 || !withArraysOfObjects));
        }
        return "[" + String.join(",", values) + "]";
    }

    private String condition(final boolean mayBeAbsent) {
        switch (random.nextInt(15)) {
            case 0:
                return expression("prefix", text());
            case 1:
                return expression("suffix", text());
            case 2:
                return expression("equals-ignore-case", quote(pick("", "x", "XY", "Xyz", "ÄX", "ä", "Ж", "5", "\\\\")));
            case 3:
                return expression("anything-but", random.nextBoolean() ? text() : pick(NUMBERS));
            case 4:
                return expression("anything-but", random.nextBoolean() ? list(true) : list(false));
            case 5:
                return expression("anything-but", "{\"prefix\":" + quote(pick("x", "xy", "ä", "5")) + "}");
            case 6:
            case 7:
                return expression("numeric", range());
            case 8:
                return expression("exists", mayBeAbsent && random.nextBoolean() ? "false" : "true");
            case 9:
                return expression("cidr", quote(pick(NETWORKS)));
            case 10:
                return pick("true", "false", "null");
            case 11:
            case 12:
                return pick(NUMBERS);
            default:
                return text();
        }
    }

    private String range() {
        switch (random.nextInt(4)) {
            case 0:
                return "[" + quote(pick("<", "<=", ">", ">=")) + "," + pick(NUMBERS) + "]";
            case 1:
                return "[\"=\"," + pick(NUMBERS) + "]";
            default:
                final int low = random.nextInt(10) - 5;
                return "[" + quote(pick(">", ">=")) + "," + low + "," + quote(pick("<", "<=")) + ","
                        + (low + 1 + random.nextInt(8)) + ".5]";
        }
    }

    private String list(final boolean ofTexts) {
        final List<String> values = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            values.add(ofTexts ? text() : pick(NUMBERS));
        }
        return "[" + String.join(",", values) + "]";
    }

    String body() {
        return object(1 + random.nextInt(4), 1);
    }

    private String object(final int members, final int depth) {
        final List<String> names = names();
        final List<String> result = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            final boolean hasDot = !withArraysOfObjects && random.nextInt(8) == 0;
            result.add(quote(hasDot ? names.get(i) + "." + pick(NAMES) : names.get(i)) + space() + ":" + value(depth));
        }
        return "{" + space() + String.join("," + space(), result) + "}";
    }

    private String value(final int depth) {
        final int kind = random.nextInt(10);
        if (kind < 2 && depth < 4) {
            return object(1 + random.nextInt(3), depth + 1);
        }
        return kind < 5 ? array(depth) : scalar();
    }

    private String array(final int depth) {
        final boolean isOfObjects = withArraysOfObjects && depth < 4 && random.nextInt(3) > 0;
        final List<String> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            if (isOfObjects) {
                values.add(random.nextInt(6) == 0 ? array(depth + 1) : object(1 + random.nextInt(3), depth + 1));
            } else {
                values.add(random.nextInt(8) == 0 ? "[" + scalar() + "," + scalar() + "]" : scalar());
            }
        }
        return "[" + String.join(",", values) + "]";
    }

    private String scalar() {
        switch (random.nextInt(8)) {
            case 0:
                return pick("true", "false", "null");
            case 1:
            case 2:
            case 3:
                return pick(NUMBERS);
            case 4:
                return quote(pick(ADDRESSES));
            default:
                return text();
        }
    }

    /** Attributes that say the same as {@link #asBody}. */
    List<Policies.Attribute> attributes() {
        final List<String> names = names();
        final List<Policies.Attribute> attributes = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            switch (random.nextInt(3)) {
                case 0:
                    attributes.add(Policies.Attribute.number(names.get(i), pick(NUMBERS)));
                    break;
                case 1:
                    attributes.add(Policies.Attribute.string(names.get(i), pick("x", "xy", "X", "5", "10.0.0.1", "ж")));
                    break;
                default:
                    attributes.add(Policies.Attribute.array(names.get(i), "[" + scalar() + "," + scalar() + "]"));
            }
        }
        return attributes;
    }

    static String asBody(final List<Policies.Attribute> attributes) {
        final List<String> members = new ArrayList<>();
        for (final Policies.Attribute attribute : attributes) {
            final boolean isText = attribute.type() == io.millrace.codecs.AttributeType.STRING
                    && attribute.customType().isEmpty();
            members.add(quote(attribute.name()) + ":" + (isText ? quote(attribute.value()) : attribute.value()));
        }
        return "{" + String.join(",", members) + "}";
    }

    private List<String> names() {
        final List<String> names = new ArrayList<>(List.of(NAMES));
        Collections.shuffle(names, random);
        return names;
    }

    private String text() {
        return quote(pick(TEXTS));
    }

    private String space() {
        return random.nextInt(10) == 0 ? " \n\t\r" : "";
    }

    private String pick(final String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String expression(final String operator, final String value) {
        return "{" + quote(operator) + ":" + value + "}";
    }

    private static String quote(final String text) {
        return '"' + text + '"';
    }
}
