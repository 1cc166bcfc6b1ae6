package io.millrace.kernel.filter;

/**
 * Tells the relationship {@code "$or"} from a key of that name: its value is an array of two objects or more, none of which has a key
 * that is reserved (developer guide, "AND/OR logic"). Everything else is an ordinary key.
 */
final class PolicyOr {
    private static final String[] RESERVED = {
        "exactly",
        "equals-ignore-case",
        "prefix",
        "suffix",
        "anything-but",
        "exists",
        "wildcard",
        "numeric",
        "cidr",
        "=",
        "<",
        "<=",
        ">",
        ">="
    };

    private final JsonTape tape;

    PolicyOr(final JsonTape tape) {
        this.tape = tape;
    }

    boolean isOr(final int name) {
        final int array = name + 1;
        if (!tape.is(name, "$or") || tape.kind(array) != JsonTape.ARRAY) {
            return false;
        }
        int alternatives = 0;
        for (int element = array + 1; element < tape.end(array); element = tape.end(element)) {
            if (tape.kind(element) != JsonTape.OBJECT || hasReservedKey(element)) {
                return false;
            }
            alternatives++;
        }
        return alternatives > 1;
    }

    private boolean hasReservedKey(final int object) {
        for (int name = object + 1; name < tape.end(object); name = tape.end(name)) {
            for (final String word : RESERVED) {
                if (tape.is(name, word)) {
                    return true;
                }
            }
        }
        return false;
    }
}
