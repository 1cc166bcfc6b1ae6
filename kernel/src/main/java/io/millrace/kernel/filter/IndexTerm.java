package io.millrace.kernel.filter;

import org.agrona.DirectBuffer;

/** What one condition of a key is found by in an index. */
final class IndexTerm {
    /** Bytes of a prefix or a suffix that are looked at. */
    static final int MAX_AFFIX = 64;

    private final Decimal decimal = new Decimal();
    private int kind;
    private long hash;
    private int length;
    private long low;
    private long high;

    /** Reads a condition of a key whose path has some hash. */
    IndexTerm wrap(final FilterProgram program, final int condition, final long path) {
        final DirectBuffer buffer = program.buffer();
        final int operand = condition + FilterProgram.CONDITION_HEADER;
        final int operandLength = program.length(condition);
        length = 0;
        kind = kindOf(program.operator(condition));
        hash = TermHash.values(path, kind);
        switch (kind) {
            case TermHash.STRING:
                hash = TermHash.steps(hash, buffer, operand, operandLength);
                break;
            case TermHash.NUMBER:
                hash = TermHash.number(
                        hash, decimal.wrap(buffer, operand, operandLength).sortKey());
                break;
            case TermHash.FOLDED:
                hash = TermHash.folded(hash, buffer, operand, operandLength);
                break;
            case TermHash.PREFIX:
            case TermHash.SUFFIX:
                affix(buffer, operand, operandLength, path);
                break;
            case TermHash.RANGE:
                range(program, operand);
                break;
            default:
                break;
        }
        return this;
    }

    /** What the conjunctions of a topic are found by that absence may satisfy. */
    IndexTerm absent(final long paths) {
        kind = TermHash.ABSENT;
        hash = absentHash(paths);
        length = 0;
        return this;
    }

    static long absentHash(final long paths) {
        return TermHash.values(paths, TermHash.ABSENT);
    }

    private static int kindOf(final int operator) {
        switch (operator) {
            case FilterProgram.EQUAL_STRING:
                return TermHash.STRING;
            case FilterProgram.EQUAL_NUMBER:
                return TermHash.NUMBER;
            case FilterProgram.IS_TRUE:
                return TermHash.TRUE;
            case FilterProgram.IS_FALSE:
                return TermHash.FALSE;
            case FilterProgram.IS_NULL:
                return TermHash.NULL;
            case FilterProgram.IGNORE_CASE:
                return TermHash.FOLDED;
            case FilterProgram.PREFIX:
                return TermHash.PREFIX;
            case FilterProgram.SUFFIX:
                return TermHash.SUFFIX;
            case FilterProgram.RANGE:
                return TermHash.RANGE;
            case FilterProgram.ABSENT:
                return TermHash.ABSENT;
            default:
                return TermHash.ANY;
        }
    }

    private void affix(final DirectBuffer buffer, final int operand, final int operandLength, final long path) {
        length = Math.min(operandLength, MAX_AFFIX);
        if (length == 0) {
            kind = TermHash.ANY;
            hash = TermHash.values(path, kind);
        }
        final int last = operand + operandLength - 1;
        for (int i = 0; i < length; i++) {
            hash = TermHash.step(hash, buffer.getByte(kind == TermHash.PREFIX ? operand + i : last - i));
        }
    }

    private void range(final FilterProgram program, final int operand) {
        final int lowLength = program.getInt(operand);
        final int highOperand = operand + Integer.BYTES + lowLength;
        final int highLength = program.getInt(highOperand);
        final DirectBuffer buffer = program.buffer();
        low = lowLength == 0
                ? Long.MIN_VALUE
                : decimal.wrap(buffer, operand + Integer.BYTES, lowLength).sortKey();
        high = highLength == 0
                ? Long.MAX_VALUE
                : decimal.wrap(buffer, highOperand + Integer.BYTES, highLength).sortKey();
    }

    int kind() {
        return kind;
    }

    long hash() {
        return hash;
    }

    /** {@return bytes of a prefix or a suffix, else 0} */
    int length() {
        return length;
    }

    long low() {
        return low;
    }

    long high() {
        return high;
    }
}
