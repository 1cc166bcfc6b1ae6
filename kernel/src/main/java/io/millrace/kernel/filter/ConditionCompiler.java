package io.millrace.kernel.filter;

import org.agrona.DirectBuffer;

/** Compiles the elements of a key's array: values to equal and match expressions. */
final class ConditionCompiler {
    private static final int MAX_MASK_DIGITS = 9;

    private final JsonTape tape;
    private final ProgramWriter writer;
    private final Decimal low = new Decimal();
    private final Decimal high = new Decimal();
    private final OperandList operands = new OperandList();
    private final Address address = new Address();
    private int errorNode;
    private long actual;

    ConditionCompiler(final JsonTape tape, final ProgramWriter writer) {
        this.tape = tape;
        this.writer = writer;
    }

    /** {@return the node at which the error was found} */
    int errorNode() {
        return errorNode;
    }

    /** {@return the number that broke a limit, 0 if none did} */
    long actual() {
        return actual;
    }

    /** Compiles one element. */
    FilterError compile(final int node) {
        errorNode = node;
        actual = 0;
        switch (tape.kind(node)) {
            case JsonTape.STRING:
                return text(FilterProgram.EQUAL_STRING, node);
            case JsonTape.NUMBER:
                return text(FilterProgram.EQUAL_NUMBER, node);
            case JsonTape.TRUE:
                return plain(FilterProgram.IS_TRUE);
            case JsonTape.FALSE:
                return plain(FilterProgram.IS_FALSE);
            case JsonTape.NULL:
                return plain(FilterProgram.IS_NULL);
            case JsonTape.OBJECT:
                return expression(node);
            default:
                return FilterError.BAD_MATCH_VALUE;
        }
    }

    /** Whether an element is satisfied by absence. */
    boolean acceptsAbsence(final int node) {
        return tape.kind(node) == JsonTape.OBJECT
                && tape.is(node + 1, "exists")
                && tape.kind(node + 2) == JsonTape.FALSE;
    }

    private FilterError plain(final int operator) {
        writer.beginCondition(operator, 0);
        return FilterError.NONE;
    }

    private FilterError text(final int operator, final int node) {
        final int condition = writer.beginCondition(operator, 0);
        writer.putBytes(tape.buffer(node), tape.offset(node), tape.length(node));
        writer.endCondition(condition);
        return FilterError.NONE;
    }

    private FilterError expression(final int object) {
        final int name = object + 1;
        if (tape.end(object) == name) {
            return FilterError.NO_MATCH_TYPE;
        }
        if (tape.end(name) != tape.end(object)) {
            return FilterError.ONE_KEY_PER_EXPRESSION;
        }
        final int value = name + 1;
        errorNode = value;
        if (tape.is(name, "prefix")) {
            return textOrError(FilterProgram.PREFIX, value, FilterError.PREFIX_NOT_STRING);
        }
        if (tape.is(name, "suffix")) {
            return textOrError(FilterProgram.SUFFIX, value, FilterError.SUFFIX_NOT_STRING);
        }
        if (tape.is(name, "equals-ignore-case")) {
            return textOrError(FilterProgram.IGNORE_CASE, value, FilterError.IGNORE_CASE_NOT_STRING);
        }
        if (tape.is(name, "anything-but")) {
            return anythingBut(value);
        }
        if (tape.is(name, "numeric")) {
            return numeric(value);
        }
        if (tape.is(name, "exists")) {
            return exists(value);
        }
        if (tape.is(name, "cidr")) {
            return cidr(value);
        }
        errorNode = name;
        return FilterError.UNKNOWN_MATCH_TYPE;
    }

    private FilterError textOrError(final int operator, final int value, final FilterError error) {
        return tape.kind(value) == JsonTape.STRING ? text(operator, value) : error;
    }

    private FilterError exists(final int value) {
        switch (tape.kind(value)) {
            case JsonTape.TRUE:
                return plain(FilterProgram.EXISTS);
            case JsonTape.FALSE:
                return plain(FilterProgram.ABSENT);
            default:
                return FilterError.EXISTS_NOT_BOOLEAN;
        }
    }

    private FilterError anythingBut(final int value) {
        switch (tape.kind(value)) {
            case JsonTape.STRING:
            case JsonTape.NUMBER:
                return list(value, value + 1, tape.kind(value));
            case JsonTape.ARRAY:
                return list(value + 1, tape.end(value), value + 1 < tape.end(value) ? tape.kind(value + 1) : 0);
            case JsonTape.OBJECT:
                return anythingButPrefix(value);
            default:
                return FilterError.ANYTHING_BUT_VALUE;
        }
    }

    /** A list of strings or a list of numbers: values of one kind. */
    private FilterError list(final int from, final int to, final int kind) {
        if (kind != JsonTape.STRING && kind != JsonTape.NUMBER) {
            return FilterError.ANYTHING_BUT_LIST;
        }
        for (int node = from; node < to; node++) {
            if (tape.kind(node) != kind) {
                errorNode = node;
                return FilterError.ANYTHING_BUT_LIST;
            }
        }
        final boolean areNumbers = kind == JsonTape.NUMBER;
        final int condition =
                writer.beginCondition(areNumbers ? FilterProgram.NO_NUMBER_OF : FilterProgram.NO_STRING_OF, 0);
        final int list = writer.length();
        writer.putInt(to - from);
        writer.skip((to - from) * Integer.BYTES);
        for (int node = from; node < to; node++) {
            writer.setInt(list + OperandList.TABLE + (node - from) * Integer.BYTES, writer.length() - list);
            writer.putText(tape, node);
        }
        writer.endCondition(condition);
        writer.sort(operands, list, areNumbers);
        return FilterError.NONE;
    }

    private FilterError anythingButPrefix(final int object) {
        final int name = object + 1;
        if (tape.end(object) == name) {
            return FilterError.NO_MATCH_TYPE;
        }
        errorNode = name;
        if (!tape.is(name, "prefix")) {
            return FilterError.ANYTHING_BUT_PATTERN;
        }
        if (tape.end(name) != tape.end(object)) {
            return FilterError.ONE_KEY_PER_EXPRESSION;
        }
        errorNode = name + 1;
        // An empty prefix would exclude every string: it is refused as event-ruler does.
        return tape.kind(name + 1) == JsonTape.STRING && tape.length(name + 1) > 0
                ? text(FilterProgram.NO_PREFIX, name + 1)
                : FilterError.PREFIX_NOT_STRING;
    }

    /** {@code ["=", x]}, {@code [">", x]} and the like, or {@code [">", x, "<", y]}. */
    private FilterError numeric(final int array) {
        if (tape.kind(array) != JsonTape.ARRAY) {
            return FilterError.NUMERIC_NOT_ARRAY;
        }
        final int end = tape.end(array);
        final int operator = array + 1;
        if (operator >= end || tape.kind(operator) != JsonTape.STRING) {
            return FilterError.NUMERIC_OPERATOR_MISSING;
        }
        errorNode = operator;
        final boolean isLower = tape.is(operator, ">") || tape.is(operator, ">=");
        final boolean isUpper = tape.is(operator, "<") || tape.is(operator, "<=");
        if (!isLower && !isUpper && !tape.is(operator, "=")) {
            return FilterError.NUMERIC_OPERATOR_UNKNOWN;
        }
        final int value = operator + 1;
        if (value >= end || tape.kind(value) != JsonTape.NUMBER) {
            return FilterError.NUMERIC_VALUE;
        }
        if (value + 1 == end) {
            return isLower
                    ? range(operator, value, -1, -1)
                    : isUpper ? range(-1, -1, operator, value) : text(FilterProgram.EQUAL_NUMBER, value);
        }
        errorNode = value + 1;
        return isLower ? closedRange(operator, value, end) : FilterError.NUMERIC_TOO_MANY_ELEMENTS;
    }

    private FilterError closedRange(final int lower, final int lowValue, final int end) {
        final int upper = lowValue + 1;
        final int highValue = upper + 1;
        if (tape.kind(upper) != JsonTape.STRING) {
            return FilterError.NUMERIC_RANGE_VALUE;
        }
        if (!tape.is(upper, "<") && !tape.is(upper, "<=")) {
            return FilterError.NUMERIC_RANGE_OPERATOR;
        }
        if (highValue >= end || tape.kind(highValue) != JsonTape.NUMBER) {
            return FilterError.NUMERIC_VALUE;
        }
        if (highValue + 1 != end) {
            return FilterError.NUMERIC_RANGE_TOO_LONG;
        }
        wrap(low, lowValue);
        wrap(high, highValue);
        return low.compareTo(high) < 0 ? range(lower, lowValue, upper, highValue) : FilterError.NUMERIC_RANGE_EMPTY;
    }

    private void wrap(final Decimal decimal, final int node) {
        decimal.wrap(tape.buffer(node), tape.offset(node), tape.length(node));
    }

    private FilterError range(final int lower, final int lowValue, final int upper, final int highValue) {
        final int detail = (lower >= 0 && tape.is(lower, ">") ? FilterProgram.OPEN_BELOW : 0)
                | (upper >= 0 && tape.is(upper, "<") ? FilterProgram.OPEN_ABOVE : 0);
        final int condition = writer.beginCondition(FilterProgram.RANGE, detail);
        putEnd(lowValue);
        putEnd(highValue);
        writer.endCondition(condition);
        return FilterError.NONE;
    }

    private void putEnd(final int value) {
        if (value < 0) {
            writer.putInt(0);
        } else {
            writer.putText(tape, value);
        }
    }

    private FilterError cidr(final int value) {
        if (tape.kind(value) != JsonTape.STRING) {
            return FilterError.CIDR_NOT_STRING;
        }
        final DirectBuffer buffer = tape.buffer(value);
        final int start = tape.offset(value);
        final int end = start + tape.length(value);
        final int slash = indexOfSlash(buffer, start, end);
        if (slash == end || indexOfSlash(buffer, slash + 1, end) != end) {
            return FilterError.CIDR_SLASH;
        }
        final boolean isNegative = slash + 1 < end && buffer.getByte(slash + 1) == '-';
        final long bits = mask(buffer, isNegative ? slash + 2 : slash + 1, end);
        if (bits < 0) {
            return FilterError.CIDR_MASK_NOT_INTEGER;
        }
        if (isNegative && bits > 0) {
            return FilterError.CIDR_MASK_NEGATIVE;
        }
        if (!address.wrap(buffer, start, slash - start)) {
            return FilterError.CIDR_ADDRESS;
        }
        if (bits > (address.family() == Address.IPV4 ? 31 : 127)) {
            actual = bits;
            return FilterError.CIDR_MASK_TOO_LONG;
        }
        final int condition = writer.beginCondition(FilterProgram.CIDR, (int) bits);
        writer.putInt(address.family());
        writer.putLong(address.high());
        writer.putLong(address.low());
        writer.endCondition(condition);
        return FilterError.NONE;
    }

    private static int indexOfSlash(final DirectBuffer buffer, final int from, final int end) {
        int position = from;
        while (position < end && buffer.getByte(position) != '/') {
            position++;
        }
        return position;
    }

    private static long mask(final DirectBuffer buffer, final int from, final int end) {
        if (from == end || end - from > MAX_MASK_DIGITS) {
            return -1;
        }
        long bits = 0;
        for (int i = from; i < end; i++) {
            final int digit = buffer.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            bits = bits * 10 + digit;
        }
        return bits;
    }
}
