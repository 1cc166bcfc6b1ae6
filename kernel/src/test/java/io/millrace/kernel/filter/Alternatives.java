package io.millrace.kernel.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a policy into those that ask for one thing of each key and have no {@code $or}: a message passes the policy if it passes one
 * of them. Reads only JSON without spaces, as {@link RandomFilters} makes policies.
 */
final class Alternatives {

    private Alternatives() {}

    static List<String> of(final String policy) {
        return conjunctions(policy).stream().map(members -> '{' + members + '}').toList();
    }

    /** The members of every alternative of one object. */
    private static List<String> conjunctions(final String object) {
        List<String> result = List.of("");
        for (final String member : elements(object)) {
            final int colon = end(member, 0);
            final String name = member.substring(0, colon);
            final List<String> choices = new ArrayList<>();
            for (final String choice : choices(name, member.substring(colon + 1))) {
                for (final String one : result) {
                    choices.add(one.isEmpty() ? choice : one + ',' + choice);
                }
            }
            result = choices;
        }
        return result;
    }

    private static List<String> choices(final String name, final String value) {
        if (value.startsWith("{")) {
            return conjunctions(value).stream()
                    .map(members -> name + ":{" + members + '}')
                    .toList();
        }
        if (name.equals("\"$or\"")) {
            return elements(value).stream()
                    .flatMap(one -> conjunctions(one).stream())
                    .toList();
        }
        return elements(value).stream().map(one -> name + ":[" + one + ']').toList();
    }

    /** The parts between the commas of an array or object. */
    private static List<String> elements(final String json) {
        final List<String> result = new ArrayList<>();
        int from = 1;
        int depth = 0;
        for (int at = 1; at < json.length(); at++) {
            final char c = json.charAt(at);
            if (c == '"') {
                at = end(json, at) - 1;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if (depth > 0 && (c == ']' || c == '}')) {
                depth--;
            } else if (depth == 0 && (c == ',' || c == ']' || c == '}')) {
                result.add(json.substring(from, at));
                from = at + 1;
            }
        }
        return result;
    }

    /** Where the text that starts there has ended. */
    private static int end(final String json, final int start) {
        int at = start + 1;
        while (json.charAt(at) != '"') {
            at += json.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
