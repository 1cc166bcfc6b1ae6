package io.millrace.kernel.filter;

import java.util.Arrays;

/**
 * Writes a policy as a disjunction of conjunctions: one conjunction for each way to choose an alternative of every or that is reached.
 *
 * <p>The policy is walked once for each of them, the choices counted up like the digits of an odometer. Their number is bounded by
 * that of the combinations, as each has at least one.
 */
final class Conjunctions {
    private final JsonTape tape;
    private final ProgramWriter writer;
    private final PolicyOr or;
    private final FilterProgram program = new FilterProgram();

    private final int[] frameEnds = new int[JsonTape.MAX_DEPTH];
    private final int[] frameResumes = new int[JsonTape.MAX_DEPTH];
    private final int[] choices = new int[JsonTape.MAX_DEPTH];
    private final int[] choiceEnds = new int[JsonTape.MAX_DEPTH];
    private final int[] keys = new int[FilterProgram.MAX_CONJUNCTION_KEYS];

    private int[] leaves;
    private int[] leafCombinations;
    private int leafCount;
    private int choiceCount;
    private int keyCount;
    private long product;
    private long combinations;
    private int count;
    private int errorNode;

    Conjunctions(final JsonTape tape, final ProgramWriter writer, final PolicyOr or) {
        this.tape = tape;
        this.writer = writer;
        this.or = or;
    }

    int count() {
        return count;
    }

    int combinations() {
        return (int) combinations;
    }

    int errorNode() {
        return errorNode;
    }

    /** Writes all conjunctions over leaves that are in the order of the tape. */
    FilterError write(final int[] leafNodes, final int[] combinationsOfLeaves, final int leavesFound) {
        leaves = leafNodes;
        leafCombinations = combinationsOfLeaves;
        leafCount = leavesFound;
        combinations = 0;
        count = 0;
        choiceCount = 0;
        errorNode = 0;
        program.wrap(writer.buffer(), writer.start());
        boolean isMore = true;
        while (isMore) {
            final FilterError error = walk();
            if (error != FilterError.NONE) {
                return error;
            }
            combinations += product;
            if (combinations > FilterCompiler.MAX_COMBINATIONS) {
                return FilterError.TOO_COMPLEX;
            }
            writer.putShort(keyCount);
            for (int i = 0; i < keyCount; i++) {
                writer.putShort(keys[i]);
            }
            count++;
            isMore = chooseNext();
        }
        return FilterError.NONE;
    }

    /** Moves the last choice on that has an alternative left and forgets those behind it. */
    private boolean chooseNext() {
        while (choiceCount > 0) {
            final int next = tape.end(choices[choiceCount - 1]);
            if (next < choiceEnds[choiceCount - 1]) {
                choices[choiceCount - 1] = next;
                return true;
            }
            choiceCount--;
        }
        return false;
    }

    /** Collects the keys of one conjunction. */
    private FilterError walk() {
        int frames = 1;
        int node = 1;
        int chosen = 0;
        keyCount = 0;
        product = 1;
        frameEnds[0] = tape.end(0);
        frameResumes[0] = tape.end(0);
        while (frames > 0) {
            final int value = node + 1;
            if (node == frameEnds[frames - 1]) {
                node = frameResumes[--frames];
            } else if (or.isOr(node)) {
                if (chosen == choiceCount) {
                    choices[choiceCount] = value + 1;
                    choiceEnds[choiceCount++] = tape.end(value);
                }
                final int alternative = choices[chosen++];
                frameEnds[frames] = tape.end(alternative);
                frameResumes[frames++] = tape.end(value);
                node = alternative + 1;
            } else if (tape.kind(value) == JsonTape.OBJECT) {
                frameEnds[frames] = tape.end(value);
                frameResumes[frames++] = tape.end(value);
                node = value + 1;
            } else {
                final FilterError error = addKey(node);
                if (error != FilterError.NONE) {
                    return error;
                }
                node = tape.end(node);
            }
        }
        return FilterError.NONE;
    }

    private FilterError addKey(final int name) {
        errorNode = name;
        final int leaf = Arrays.binarySearch(leaves, 0, leafCount, name);
        product *= leafCombinations[leaf];
        if (keyCount == FilterProgram.MAX_CONJUNCTION_KEYS || product > FilterCompiler.MAX_COMBINATIONS) {
            combinations += product;
            return FilterError.TOO_COMPLEX;
        }
        for (int i = 0; i < keyCount; i++) {
            if (!writer.isFull() && hasPath(program.key(keys[i]), program.key(leaf))) {
                return FilterError.DUPLICATE_PATH;
            }
        }
        keys[keyCount++] = leaf;
        return FilterError.NONE;
    }

    private boolean hasPath(final int key, final int other) {
        final int length = program.pathLength(key);
        return length == program.pathLength(other)
                && Bytes.equal(program.buffer(), program.path(key), program.buffer(), program.path(other), length);
    }
}
