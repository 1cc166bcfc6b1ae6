package io.millrace.kernel.filter;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Compiles the JSON text of a filter policy to a program, or says what is wrong with it.
 *
 * <p>Operators, limits and meaning are those of Amazon SNS (developer guide, "Amazon SNS subscription filter policies"). The work is
 * bounded by the length of the text; nothing recurses; once the largest text was seen, nothing is allocated.
 */
public final class FilterCompiler {
    /** Keys at the top of a policy. */
    public static final int MAX_KEYS = 5;

    /** Combinations of a policy: the product of values and depth over the keys of a conjunction, summed over the conjunctions. */
    public static final int MAX_COMBINATIONS = 150;

    /** Bytes of a path: the names of the keys with dots between them. */
    public static final int MAX_PATH_LENGTH = 1_024;

    /** Keys with values of a policy, those in the alternatives of an or included. */
    static final int MAX_LEAVES = 256;

    private static final int CONJUNCTION_ROOM =
            MAX_COMBINATIONS * Short.BYTES * (1 + FilterProgram.MAX_CONJUNCTION_KEYS);
    private static final int KEY_ROOM = FilterProgram.KEY_HEADER + Integer.BYTES + MAX_PATH_LENGTH;
    /** An element of two letters, such as an empty string, becomes a header and at most 4 bytes. */
    private static final int ROOM_PER_BYTE = 6;

    private static final int FRAMES = JsonTape.MAX_DEPTH + 1;

    private final JsonTape tape = new JsonTape();
    private final ProgramWriter writer = new ProgramWriter();
    private final ConditionCompiler conditions = new ConditionCompiler(tape, writer);
    private final PolicyOr or = new PolicyOr(tape);
    private final Conjunctions conjunctions = new Conjunctions(tape, writer, or);

    private final int[] frameEnds = new int[FRAMES];
    private final int[] framePaths = new int[FRAMES];
    private final int[] frameDepths = new int[FRAMES];
    private final UnsafeBuffer path = new UnsafeBuffer(new byte[MAX_PATH_LENGTH]);
    private final int[] leaves = new int[MAX_LEAVES];
    private final int[] leafOffsets = new int[MAX_LEAVES];
    private final int[] leafCombinations = new int[MAX_LEAVES];

    private FilterScope scope;
    private int frames;
    private int leafCount;
    private FilterError error = FilterError.NONE;
    private int errorOffset;
    private long actual;

    /**
     * Room that the program of a policy never exceeds.
     *
     * @param policyLength bytes of the policy.
     * @return bytes.
     */
    public static int maxProgramLength(final int policyLength) {
        final int keys = Math.min(MAX_LEAVES, policyLength / 4 + 1);
        return FilterProgram.HEADER + CONJUNCTION_ROOM + keys * KEY_ROOM + policyLength * ROOM_PER_BYTE;
    }

    /**
     * Length of a program.
     *
     * @param source that holds it.
     * @param offset of the program.
     * @return bytes.
     */
    public static int programLength(final DirectBuffer source, final int offset) {
        return source.getInt(offset + FilterProgram.LENGTH, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Compiles a policy.
     *
     * @param source holds the policy, JSON in UTF-8.
     * @param offset of the policy.
     * @param length of the policy in bytes.
     * @param about which part of a message it judges.
     * @param target to write the program to; what it held there is lost even if the policy is refused.
     * @param targetOffset of the program.
     * @return bytes of the program, -1 if the policy is refused.
     */
    public int compile(
            final DirectBuffer source,
            final int offset,
            final int length,
            final FilterScope about,
            final MutableDirectBuffer target,
            final int targetOffset) {
        scope = about;
        error = FilterError.NONE;
        actual = 0;
        errorOffset = 0;
        writer.wrap(target, targetOffset);
        if (!tape.parse(source, offset, length)) {
            error = tape.isTooDeep() ? FilterError.NESTED_TOO_DEEP : FilterError.NOT_JSON;
            errorOffset = tape.position() - offset;
            return -1;
        }
        error = compileTape();
        if (error == FilterError.NONE && writer.isFull()) {
            error = FilterError.NO_ROOM;
        }
        if (error != FilterError.NONE) {
            errorOffset -= offset;
            return -1;
        }
        errorOffset = 0;
        writer.setInt(FilterProgram.LENGTH, writer.length());
        return writer.length();
    }

    /**
     * What was wrong with the last policy.
     *
     * @return the error, NONE if it was compiled.
     */
    public FilterError error() {
        return error;
    }

    /**
     * Where it was found.
     *
     * @return bytes from the start of the policy.
     */
    public int errorOffset() {
        return errorOffset;
    }

    /**
     * The number that broke the limit.
     *
     * @return the number, 0 if the error is about no number.
     */
    public long actual() {
        return actual;
    }

    private FilterError compileTape() {
        errorOffset = tape.sourceOffset(0);
        if (tape.kind(0) != JsonTape.OBJECT) {
            return FilterError.NOT_AN_OBJECT;
        }
        final int keys = members(0);
        if (keys == 0) {
            return FilterError.EMPTY_OBJECT;
        }
        if (keys > MAX_KEYS) {
            actual = keys;
            return FilterError.TOO_MANY_KEYS;
        }
        writer.skip(FilterProgram.HEADER);
        final FilterError found = writeKeys();
        if (found != FilterError.NONE) {
            return found;
        }
        writer.setShort(FilterProgram.VERSION_FIELD, FilterProgram.VERSION);
        writer.setByte(FilterProgram.SCOPE, scope.ordinal());
        writer.setShort(FilterProgram.KEY_COUNT, leafCount);
        writer.setInt(FilterProgram.KEYS, writer.length());
        for (int i = 0; i < leafCount; i++) {
            writer.putInt(leafOffsets[i]);
        }
        return writeConjunctions();
    }

    private FilterError writeConjunctions() {
        writer.setInt(FilterProgram.CONJUNCTIONS, writer.length());
        final FilterError result = conjunctions.write(leaves, leafCombinations, leafCount);
        writer.setShort(FilterProgram.CONJUNCTION_COUNT, conjunctions.count());
        writer.setShort(FilterProgram.COMBINATIONS, conjunctions.combinations());
        return result == FilterError.NONE
                ? result
                : fail(
                        result,
                        conjunctions.errorNode(),
                        result == FilterError.TOO_COMPLEX ? conjunctions.combinations() : 0);
    }

    private int members(final int object) {
        int members = 0;
        for (int name = object + 1; name < tape.end(object); name = tape.end(name)) {
            members++;
        }
        return members;
    }

    /** Goes through the policy in the order of its text and writes a key for each array of values. */
    private FilterError writeKeys() {
        leafCount = 0;
        frames = 0;
        push(tape.end(0), 0, 0);
        int node = 1;
        FilterError result = FilterError.NONE;
        while (frames > 0 && result == FilterError.NONE) {
            final int value = node + 1;
            if (node == frameEnds[frames - 1]) {
                frames--;
            } else if (tape.kind(node) == JsonTape.OBJECT) {
                result = pushObject(node, framePaths[frames - 1], frameDepths[frames - 1]);
                node = value;
            } else if (or.isOr(node)) {
                push(tape.end(value), framePaths[frames - 1], frameDepths[frames - 1]);
                node = value + 1;
            } else if (tape.kind(value) == JsonTape.ARRAY) {
                result = writeKey(node);
                node = tape.end(node);
            } else {
                result = pushNested(node);
                node = value + 1;
            }
        }
        return result;
    }

    private FilterError pushNested(final int name) {
        if (tape.kind(name + 1) != JsonTape.OBJECT) {
            return fail(FilterError.KEY_NEEDS_OBJECT_OR_ARRAY, name, 0);
        }
        if (scope == FilterScope.ATTRIBUTES) {
            return fail(FilterError.NESTING_NOT_SUPPORTED, name, 0);
        }
        final int depth = frameDepths[frames - 1] + 1;
        if (depth >= MAX_COMBINATIONS) {
            return fail(FilterError.TOO_COMPLEX, name, depth + 1);
        }
        final int length = extendPath(name);
        return length > MAX_PATH_LENGTH
                ? fail(FilterError.PATH_TOO_LONG, name, length)
                : pushObject(name + 1, length, depth);
    }

    private FilterError pushObject(final int object, final int pathLength, final int depth) {
        if (tape.end(object) == object + 1) {
            return fail(FilterError.EMPTY_OBJECT, object, 0);
        }
        push(tape.end(object), pathLength, depth);
        return FilterError.NONE;
    }

    private void push(final int end, final int pathLength, final int depth) {
        frameEnds[frames] = end;
        framePaths[frames] = pathLength;
        frameDepths[frames++] = depth;
    }

    /** Appends a name to the path of the innermost object, if there is room; returns the length of the path that it makes. */
    private int extendPath(final int name) {
        final boolean isNested = frameDepths[frames - 1] > 0;
        final int start = framePaths[frames - 1] + (isNested ? 1 : 0);
        final int length = start + tape.length(name);
        if (length <= MAX_PATH_LENGTH) {
            if (isNested) {
                path.putByte(start - 1, (byte) '.');
            }
            path.putBytes(start, tape.buffer(name), tape.offset(name), tape.length(name));
        }
        return length;
    }

    private FilterError writeKey(final int name) {
        final int array = name + 1;
        if (tape.end(array) == array + 1) {
            return fail(FilterError.EMPTY_ARRAY, array, 0);
        }
        if (leafCount == MAX_LEAVES) {
            return fail(FilterError.TOO_COMPLEX, name, leafCount + 1);
        }
        final int length = extendPath(name);
        if (length > MAX_PATH_LENGTH) {
            return fail(FilterError.PATH_TOO_LONG, name, length);
        }
        leaves[leafCount] = name;
        leafOffsets[leafCount] = writer.length();
        final int key = writer.length();
        writer.skip(FilterProgram.KEY_PATH_LENGTH);
        writer.putInt(length);
        writer.putBytes(path, 0, length);
        int values = 0;
        boolean acceptsAbsence = false;
        for (int element = array + 1; element < tape.end(array); element = tape.end(element)) {
            final FilterError result = conditions.compile(element);
            if (result != FilterError.NONE) {
                return fail(result, conditions.errorNode(), conditions.actual());
            }
            acceptsAbsence |= conditions.acceptsAbsence(element);
            values++;
        }
        writer.setInt(key, values);
        writer.setInt(key + FilterProgram.KEY_FLAGS, acceptsAbsence ? FilterProgram.ACCEPTS_ABSENCE : 0);
        leafCombinations[leafCount++] = values * (frameDepths[frames - 1] + 1);
        return FilterError.NONE;
    }

    private FilterError fail(final FilterError found, final int node, final long number) {
        errorOffset = tape.sourceOffset(node);
        actual = number;
        return found;
    }
}
