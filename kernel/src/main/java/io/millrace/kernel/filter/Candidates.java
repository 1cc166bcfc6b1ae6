package io.millrace.kernel.filter;

import org.agrona.DirectBuffer;

/**
 * Walks the values of a message and collects the subscriptions that are found by them. Each term is looked at once in a message, however
 * often its value is there, and the numbers of a path are looked up together: a message cannot make a list be read twice.
 */
final class Candidates {
    private static final int MAX_DEPTH = JsonTape.MAX_DEPTH + 1;

    private final IndexRows rows;
    private final SortedLongs found = new SortedLongs();
    private final SortedLongs numberPaths = new SortedLongs();
    private final Decimal decimal = new Decimal();
    private final int[] ends = new int[MAX_DEPTH];
    private final long[] states = new long[MAX_DEPTH];
    private long match;
    private JsonTape tape;

    Candidates(final IndexRows rows) {
        this.rows = rows;
    }

    /** Begins with another message. */
    void begin(final long number) {
        match = number;
        found.clear();
    }

    int size() {
        return found.size();
    }

    int get(final int index) {
        return (int) found.get(index);
    }

    long reservedBytes() {
        return found.reservedBytes() + numberPaths.reservedBytes();
    }

    /** Looks up the values of an object whose paths begin with a state. */
    void find(final JsonTape source, final long paths) {
        tape = source;
        numberPaths.clear();
        collect(IndexTerm.absentHash(paths));
        walk(paths);
        for (int i = 0; i < numberPaths.size(); i++) {
            final int path = (int) numberPaths.get(i);
            for (int posting = rows.firstRange(path); posting >= 0; posting = rows.nextRange(path, posting)) {
                found.add(rows.subscription(posting));
            }
        }
    }

    /** An object begins its members' paths anew, an array continues the path of its own. */
    private void walk(final long paths) {
        final int count = tape.count();
        int depth = 0;
        ends[0] = count;
        states[0] = paths;
        long state = paths;
        for (int node = 1; node < count; node++) {
            while (node >= ends[depth]) {
                depth--;
            }
            switch (tape.kind(node)) {
                case JsonTape.NAME:
                    final long from = depth == 0 ? paths : TermHash.step(states[depth], '.');
                    state = TermHash.steps(from, tape.buffer(node), tape.offset(node), tape.length(node));
                    break;
                case JsonTape.OBJECT:
                case JsonTape.ARRAY:
                    // Inside of an array the path is that of the array.
                    state = isMember(node) ? state : states[depth];
                    ends[++depth] = tape.end(node);
                    states[depth] = state;
                    break;
                default:
                    look(node, isMember(node) ? state : states[depth]);
            }
        }
    }

    private boolean isMember(final int node) {
        return tape.kind(node - 1) == JsonTape.NAME;
    }

    private void look(final int node, final long pathHash) {
        final int path = rows.path(pathHash);
        if (path < 0) {
            return;
        }
        if (rows.isNewPath(path, match)) {
            rows.clearNumbers(path);
            if (rows.hasRanges(path)) {
                numberPaths.add(path);
            }
            collect(TermHash.values(pathHash, TermHash.ANY));
        }
        switch (tape.kind(node)) {
            case JsonTape.STRING:
                lookAtText(node, path, pathHash);
                break;
            case JsonTape.NUMBER:
                final long sortKey = decimal.wrap(tape.buffer(node), tape.offset(node), tape.length(node))
                        .sortKey();
                rows.addNumber(path, sortKey);
                collect(TermHash.number(TermHash.values(pathHash, TermHash.NUMBER), sortKey));
                break;
            case JsonTape.TRUE:
                collect(TermHash.values(pathHash, TermHash.TRUE));
                break;
            case JsonTape.FALSE:
                collect(TermHash.values(pathHash, TermHash.FALSE));
                break;
            default:
                collect(TermHash.values(pathHash, TermHash.NULL));
        }
    }

    private void lookAtText(final int node, final int path, final long pathHash) {
        final DirectBuffer buffer = tape.buffer(node);
        final int offset = tape.offset(node);
        final int length = tape.length(node);
        collect(TermHash.steps(TermHash.values(pathHash, TermHash.STRING), buffer, offset, length));
        if (rows.hasFolded(path)) {
            collect(TermHash.folded(TermHash.values(pathHash, TermHash.FOLDED), buffer, offset, length));
        }
        final int affix = Math.min(length, IndexTerm.MAX_AFFIX);
        long state = TermHash.values(pathHash, TermHash.PREFIX);
        long left = rows.prefixes(path);
        for (int i = 0; i < affix && left != 0; i++, left >>>= 1) {
            state = TermHash.step(state, buffer.getByte(offset + i));
            if ((left & 1) != 0) {
                collect(state);
            }
        }
        state = TermHash.values(pathHash, TermHash.SUFFIX);
        left = rows.suffixes(path);
        for (int i = 0; i < affix && left != 0; i++, left >>>= 1) {
            state = TermHash.step(state, buffer.getByte(offset + length - 1 - i));
            if ((left & 1) != 0) {
                collect(state);
            }
        }
    }

    private void collect(final long hash) {
        final int term = rows.term(hash);
        if (term >= 0 && rows.isNewTerm(term, match)) {
            for (int posting = rows.firstPosting(term); posting >= 0; posting = rows.nextPosting(posting)) {
                found.add(rows.subscription(posting));
            }
        }
    }
}
