package io.millrace.kernel.filter;

import org.agrona.DirectBuffer;

/** Evaluates programs over messages. Allocates nothing; the time is bounded by the length of the message times the keys of the policy. */
public final class FilterMatcher {
    private final FilterProgram program = new FilterProgram();
    private final Conditions conditions = new Conditions(program);
    private final Paths paths = new Paths(program, conditions);

    /**
     * Whether a message passes a filter.
     *
     * @param message to judge.
     * @param source that holds the program of the filter.
     * @param offset of the program.
     * @return whether it passes; a body that is no JSON object never does.
     */
    public boolean matches(final FilterMessage message, final DirectBuffer source, final int offset) {
        program.wrap(source, offset);
        final JsonTape tape = message.tape(program.scope());
        if (tape == null) {
            return false;
        }
        conditions.wrap(tape);
        paths.wrap(tape);
        int position = program.conjunctions();
        for (int i = program.conjunctionCount(); i > 0; i--) {
            final int keys = program.getShort(position);
            position += Short.BYTES;
            if (isSatisfied(position, keys)) {
                return true;
            }
            position += keys * Short.BYTES;
        }
        return false;
    }

    private boolean isSatisfied(final int conjunction, final int keys) {
        paths.clear();
        for (int i = 0; i < keys; i++) {
            paths.add(program.key(program.getShort(conjunction + Short.BYTES * i)));
        }
        return paths.areSatisfied();
    }
}
