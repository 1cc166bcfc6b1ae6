package io.millrace.kernel.filter;

import org.agrona.DirectBuffer;

/** Judges one value of a message by the conditions of a key: it has to satisfy one of them. */
final class Conditions {
    private final FilterProgram program;
    private final Decimal value = new Decimal();
    private final Decimal operand = new Decimal();
    private final Address address = new Address();
    private final Address network = new Address();
    private JsonTape tape;
    private boolean isNumberRead;

    Conditions(final FilterProgram program) {
        this.program = program;
    }

    void wrap(final JsonTape source) {
        tape = source;
    }

    /** Whether a scalar satisfies a key. */
    boolean areSatisfied(final int key, final int node) {
        final int count = program.conditionCount(key);
        final int kind = tape.kind(node);
        isNumberRead = false;
        int condition = program.firstCondition(key);
        for (int i = 0; i < count; i++) {
            if (isSatisfied(condition, kind, node)) {
                return true;
            }
            condition = program.nextCondition(condition);
        }
        return false;
    }

    private boolean isSatisfied(final int condition, final int kind, final int node) {
        switch (program.operator(condition)) {
            case FilterProgram.IS_TRUE:
                return kind == JsonTape.TRUE;
            case FilterProgram.IS_FALSE:
                return kind == JsonTape.FALSE;
            case FilterProgram.IS_NULL:
                return kind == JsonTape.NULL;
            case FilterProgram.EXISTS:
                return true;
            case FilterProgram.EQUAL_NUMBER:
                return kind == JsonTape.NUMBER
                        && compare(node, condition + FilterProgram.CONDITION_HEADER, program.length(condition)) == 0;
            case FilterProgram.RANGE:
                return kind == JsonTape.NUMBER && isInRange(condition, node);
            case FilterProgram.NO_STRING_OF:
                return kind != JsonTape.STRING || !isListed(condition, node, false);
            case FilterProgram.NO_NUMBER_OF:
                return kind != JsonTape.NUMBER || !isListed(condition, node, true);
            case FilterProgram.NO_PREFIX:
                return kind != JsonTape.STRING || !hasAt(condition, node, 0);
            default:
                return kind == JsonTape.STRING && isTextSatisfied(condition, node);
        }
    }

    private boolean isTextSatisfied(final int condition, final int node) {
        final int length = tape.length(node);
        switch (program.operator(condition)) {
            case FilterProgram.EQUAL_STRING:
                return program.length(condition) == length && hasAt(condition, node, 0);
            case FilterProgram.PREFIX:
                return hasAt(condition, node, 0);
            case FilterProgram.SUFFIX:
                return hasAt(condition, node, length - program.length(condition));
            case FilterProgram.IGNORE_CASE:
                return equalsIgnoringCase(condition, node);
            case FilterProgram.CIDR:
                return isInNetwork(condition, node);
            default:
                return false;
        }
    }

    /** Whether a text has the operand at a distance from its start. */
    private boolean hasAt(final int condition, final int node, final int distance) {
        final int length = program.length(condition);
        return distance >= 0
                && distance + length <= tape.length(node)
                && Bytes.equal(
                        tape.buffer(node),
                        tape.offset(node) + distance,
                        program.buffer(),
                        condition + FilterProgram.CONDITION_HEADER,
                        length);
    }

    private boolean equalsIgnoringCase(final int condition, final int node) {
        final DirectBuffer texts = tape.buffer(node);
        final DirectBuffer operands = program.buffer();
        int mine = tape.offset(node);
        final int end = mine + tape.length(node);
        int its = condition + FilterProgram.CONDITION_HEADER;
        final int itsEnd = its + program.length(condition);
        while (mine < end && its < itsEnd) {
            if (CaseFolding.fold(Utf8.codePoint(texts, mine)) != CaseFolding.fold(Utf8.codePoint(operands, its))) {
                return false;
            }
            mine += Utf8.lengthOf(texts.getByte(mine) & 0xFF);
            its += Utf8.lengthOf(operands.getByte(its) & 0xFF);
        }
        return mine == end && its == itsEnd;
    }

    private boolean isInRange(final int condition, final int node) {
        final int detail = program.detail(condition);
        final int low = condition + FilterProgram.CONDITION_HEADER;
        final int lowLength = program.getInt(low);
        final int high = low + Integer.BYTES + lowLength;
        final int highLength = program.getInt(high);
        if (lowLength > 0) {
            final int order = compare(node, low + Integer.BYTES, lowLength);
            if (order < 0 || order == 0 && (detail & FilterProgram.OPEN_BELOW) != 0) {
                return false;
            }
        }
        if (highLength > 0) {
            final int order = compare(node, high + Integer.BYTES, highLength);
            return order < 0 || order == 0 && (detail & FilterProgram.OPEN_ABOVE) == 0;
        }
        return true;
    }

    private int compare(final int node, final int operandOffset, final int operandLength) {
        if (!isNumberRead) {
            value.wrap(tape.buffer(node), tape.offset(node), tape.length(node));
            isNumberRead = true;
        }
        return value.compareTo(operand.wrap(program.buffer(), operandOffset, operandLength));
    }

    private boolean isListed(final int condition, final int node, final boolean areNumbers) {
        final int list = condition + FilterProgram.CONDITION_HEADER;
        int low = 0;
        int high = program.getInt(list) - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            final int operand = list + program.getInt(list + OperandList.TABLE + middle * Integer.BYTES);
            final int order = areNumbers
                    ? compare(node, operand + Integer.BYTES, program.getInt(operand))
                    : compareText(node, operand + Integer.BYTES, program.getInt(operand));
            if (order == 0) {
                return true;
            }
            low = order > 0 ? middle + 1 : low;
            high = order > 0 ? high : middle - 1;
        }
        return false;
    }

    private int compareText(final int node, final int operandOffset, final int operandLength) {
        return OperandList.compareTexts(
                tape.buffer(node),
                tape.offset(node),
                tape.length(node),
                program.buffer(),
                operandOffset,
                operandLength);
    }

    private boolean isInNetwork(final int condition, final int node) {
        if (!address.wrap(tape.buffer(node), tape.offset(node), tape.length(node))) {
            return false;
        }
        final int operands = condition + FilterProgram.CONDITION_HEADER;
        network.set(
                program.getInt(operands),
                program.getLong(operands + Integer.BYTES),
                program.getLong(operands + Integer.BYTES + Long.BYTES));
        return address.agrees(network, program.detail(condition));
    }
}
