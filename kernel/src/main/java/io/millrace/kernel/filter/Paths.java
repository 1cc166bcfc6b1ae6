package io.millrace.kernel.filter;

/**
 * Finds values for the keys of one conjunction in a message, all at once.
 *
 * <p>A path is the names from the top joined with dots; whether a dot was part of a name makes no difference, in the policy or in the
 * message (statement N6). Keys whose paths lead through the same array of objects have to be satisfied by the same element of it, as in
 * event-ruler. What lies in an array without an object around it is a value of the array's own path.
 *
 * <p>The search goes down with the set of keys that are still to be satisfied below, as a mask, and every node is visited at most once
 * per key: an object needs all of them, an array one element with all of them. If a path can go on through more than one member of an
 * object (a name that repeats, or one with a dot), its key is satisfied by any of them, on its own. The stack is an array of frames.
 */
final class Paths {
    private static final int PENDING = 0;
    private static final int YES = 1;
    private static final int NO = 2;
    private static final int FRAMES = JsonTape.MAX_DEPTH + 1;

    private final FilterProgram program;
    private final Conditions conditions;
    private final int[] keys = new int[FilterProgram.MAX_CONJUNCTION_KEYS];
    /** What of each path is not walked yet: where it begins, and its length; -1 if all is. */
    private final int[] restOffsets = new int[FilterProgram.MAX_CONJUNCTION_KEYS];

    private final int[] restLengths = new int[FilterProgram.MAX_CONJUNCTION_KEYS];

    private final int[] nodes = new int[FRAMES];
    private final int[] cursors = new int[FRAMES];
    /** Keys whose turn it is: in an object first those with one way to go, then each of the others alone. */
    private final int[] sought = new int[FRAMES];
    /** Keys with more ways to go, whose turn comes after. */
    private final int[] others = new int[FRAMES];

    private final boolean[] isAlone = new boolean[FRAMES];
    /** Keys that went down into the child, and the length of the name that they went through. */
    private final int[] moved = new int[FRAMES];

    private final int[] steps = new int[FRAMES];
    private JsonTape tape;
    private int count;
    private int depth;
    private boolean anyValue;

    Paths(final FilterProgram program, final Conditions conditions) {
        this.program = program;
        this.conditions = conditions;
    }

    void wrap(final JsonTape source) {
        tape = source;
    }

    void clear() {
        count = 0;
    }

    void add(final int key) {
        keys[count] = key;
        restOffsets[count] = program.path(key);
        restLengths[count++] = program.pathLength(key);
    }

    /** Whether all keys are satisfied; those that accept absence are satisfied if no value at all has their path. */
    boolean areSatisfied() {
        int mask = 0;
        for (int i = 0; i < count; i++) {
            if (!program.acceptsAbsence(keys[i]) || hasValue(i)) {
                mask |= 1 << i;
            }
        }
        anyValue = false;
        return mask == 0 || search(mask);
    }

    private boolean hasValue(final int key) {
        anyValue = true;
        return search(1 << key);
    }

    private boolean search(final int mask) {
        depth = 0;
        int answer = enter(0, mask);
        while (depth > 0) {
            if (answer != PENDING) {
                answer = resume(answer);
            } else if (tape.kind(nodes[depth - 1]) == JsonTape.OBJECT) {
                answer = nextMember();
            } else {
                answer = nextElement();
            }
        }
        return answer == YES;
    }

    /** Comes to a value with keys: judges them if their paths end here, or opens a frame for them if they go on. */
    private int enter(final int node, final int mask) {
        int ending = 0;
        for (int left = mask; left != 0; left &= left - 1) {
            final int key = Integer.numberOfTrailingZeros(left);
            if (restLengths[key] < 0) {
                ending |= 1 << key;
            }
        }
        if (ending == 0) {
            if (!tape.isContainer(node)) {
                return NO;
            }
            return tape.kind(node) == JsonTape.OBJECT ? openObject(node, mask) : open(node, mask, 0);
        }
        // A value and a member of an object are never in the same element of an array.
        return ending == mask && areSatisfied(mask, node) ? YES : NO;
    }

    private boolean areSatisfied(final int mask, final int node) {
        for (int left = mask; left != 0; left &= left - 1) {
            if (!hasSatisfyingValue(Integer.numberOfTrailingZeros(left), node)) {
                return false;
            }
        }
        return true;
    }

    private int open(final int node, final int single, final int several) {
        nodes[depth] = node;
        cursors[depth] = node + 1;
        sought[depth] = single;
        others[depth] = several;
        isAlone[depth] = false;
        moved[depth] = 0;
        depth++;
        return PENDING;
    }

    /** Sees which keys can go on through one member and which through several. */
    private int openObject(final int node, final int mask) {
        int once = 0;
        int twice = 0;
        final int end = tape.end(node);
        for (int name = node + 1; name < end; name = tape.end(name)) {
            final int here = leadingThrough(name, mask);
            twice |= once & here;
            once |= here;
        }
        return once == mask ? open(node, mask & ~twice, twice) : NO;
    }

    /** The keys of a mask whose rest is a name, or begins with it and a dot. */
    private int leadingThrough(final int name, final int mask) {
        int result = 0;
        final int length = tape.length(name);
        for (int left = mask; left != 0; left &= left - 1) {
            final int key = Integer.numberOfTrailingZeros(left);
            final int rest = restLengths[key];
            final boolean isNext =
                    rest == length || rest > length && program.buffer().getByte(restOffsets[key] + length) == '.';
            if (isNext
                    && Bytes.equal(tape.buffer(name), tape.offset(name), program.buffer(), restOffsets[key], length)) {
                result |= 1 << key;
            }
        }
        return result;
    }

    private int nextMember() {
        final int frame = depth - 1;
        final int end = tape.end(nodes[frame]);
        while (cursors[frame] < end) {
            final int name = cursors[frame];
            cursors[frame] = tape.end(name);
            final int here = leadingThrough(name, sought[frame]);
            if (here != 0) {
                moved[frame] = here;
                steps[frame] = tape.length(name) + 1;
                move(here, steps[frame]);
                return enter(name + 1, here);
            }
        }
        // A key on its own was satisfied nowhere; the others were all satisfied on the way.
        return isAlone[frame] ? leave(NO) : nextAlone(frame);
    }

    private int nextAlone(final int frame) {
        if (others[frame] == 0) {
            return leave(YES);
        }
        isAlone[frame] = true;
        sought[frame] = Integer.lowestOneBit(others[frame]);
        others[frame] &= others[frame] - 1;
        cursors[frame] = nodes[frame] + 1;
        return PENDING;
    }

    private int nextElement() {
        final int frame = depth - 1;
        final int end = tape.end(nodes[frame]);
        while (cursors[frame] < end) {
            final int element = cursors[frame];
            cursors[frame] = tape.end(element);
            if (tape.isContainer(element)) {
                return enter(element, sought[frame]);
            }
        }
        return leave(NO);
    }

    /** The innermost frame gets the answer of the child that it entered. */
    private int resume(final int answer) {
        final int frame = depth - 1;
        if (tape.kind(nodes[frame]) == JsonTape.ARRAY) {
            return answer == YES ? leave(YES) : PENDING;
        }
        move(moved[frame], -steps[frame]);
        moved[frame] = 0;
        if (isAlone[frame]) {
            return answer == YES ? nextAlone(frame) : PENDING;
        }
        return answer == YES ? PENDING : leave(NO);
    }

    private int leave(final int answer) {
        depth--;
        return answer;
    }

    private void move(final int mask, final int step) {
        for (int left = mask; left != 0; left &= left - 1) {
            final int key = Integer.numberOfTrailingZeros(left);
            restOffsets[key] += step;
            restLengths[key] -= step;
        }
    }

    /** Whether a value, or one in an array of them, satisfies a key. */
    private boolean hasSatisfyingValue(final int key, final int value) {
        final int end = tape.end(value);
        int node = value;
        while (node < end) {
            if (tape.kind(node) == JsonTape.OBJECT) {
                node = tape.end(node);
            } else {
                if (tape.kind(node) != JsonTape.ARRAY && (anyValue || conditions.areSatisfied(keys[key], node))) {
                    return true;
                }
                node++;
            }
        }
        return false;
    }
}
