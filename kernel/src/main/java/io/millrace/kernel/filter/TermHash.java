package io.millrace.kernel.filter;

import io.millrace.kernel.memory.Hashing;
import org.agrona.DirectBuffer;

/**
 * Hashes of what an index looks up: a path of a topic, and under it a value of some kind. Two different things of one hash share
 * a list: that costs time, and candidates are verified anyway. The seed is the owner's secret, so that nobody can choose them to collide.
 */
final class TermHash {
    static final int STRING = 1;
    static final int NUMBER = 2;
    static final int TRUE = 3;
    static final int FALSE = 4;
    static final int NULL = 5;
    static final int FOLDED = 6;
    static final int PREFIX = 7;
    static final int SUFFIX = 8;
    /** Whatever the value is. */
    static final int ANY = 9;
    /** The conjunctions of a topic that nothing but absence may satisfy. */
    static final int ABSENT = 10;

    static final int RANGE = 11;
    /** How many prefixes or suffixes of one length a path has. */
    static final int PREFIX_LENGTH = 12;

    static final int SUFFIX_LENGTH = 13;

    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private TermHash() {}

    /** State with which the paths of a topic begin. */
    static long paths(final long seed, final long topic, final FilterScope scope) {
        return Hashing.mix(Hashing.mix(seed ^ topic) + scope.ordinal());
    }

    /** State with which the values of one kind begin. */
    static long values(final long path, final int kind) {
        return Hashing.mix(path + kind);
    }

    static long step(final long state, final int next) {
        final long product = (state ^ next) * PRIME;
        return product ^ product >>> 29;
    }

    static long steps(final long state, final DirectBuffer buffer, final int offset, final int length) {
        long result = state;
        for (int i = 0; i < length; i++) {
            result = step(result, buffer.getByte(offset + i));
        }
        return result;
    }

    static long number(final long state, final long sortKey) {
        return Hashing.mix(state ^ Hashing.mix(sortKey));
    }

    /** Letters without their case. */
    static long folded(final long state, final DirectBuffer buffer, final int offset, final int length) {
        long result = state;
        int position = offset;
        while (position < offset + length) {
            result = step(result, CaseFolding.fold(Utf8.codePoint(buffer, position)));
            position += Utf8.lengthOf(buffer.getByte(position) & 0xFF);
        }
        return result;
    }
}
