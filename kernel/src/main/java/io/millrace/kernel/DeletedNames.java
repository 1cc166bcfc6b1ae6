package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.QueueTables.DeletedName;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.Hashing;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** The names of deleted queues, which rest for a while before they can be used again. */
final class DeletedNames {
    /** Old names forgotten in one record. */
    private static final int QUANTUM = 16;

    private final State state;
    private final SlotTable names;

    DeletedNames(final State state) {
        this.state = state;
        this.names = state.deletedNames;
    }

    /** How long ago a queue of this name was deleted, -1 if its name has rested. */
    long restingNs(final DirectBuffer buffer, final int offset, final int length) {
        int name = state.deletedNamesByName.first(Hashing.mix(Hashing.content(0, buffer, offset, 0, length)));
        while (name >= 0
                && (hasRested(name)
                        || !state.payloads.matches(
                                names.getInt(name, DeletedName.NAME_PAYLOAD), buffer, offset, length))) {
            name = state.deletedNamesByName.next(name);
        }
        return name < 0 ? -1 : state.nowNs - names.getLong(name, DeletedName.TIME);
    }

    private boolean hasRested(final int name) {
        return state.nowNs - names.getLong(name, DeletedName.TIME) >= state.limit(LimitId.DELETED_NAME_REST);
    }

    /** A queue is being deleted. */
    void add(final int queue) {
        if (state.limit(LimitId.DELETED_NAME_REST) > 0) {
            final int payload = state.queues.getInt(queue, Queue.NAME_PAYLOAD);
            final int name = names.allocate();
            names.putLong(name, DeletedName.TIME, state.nowNs);
            names.putLong(name, DeletedName.TURN, state.next(Root.NEXT_TURN));
            names.putInt(
                    name,
                    DeletedName.NAME_PAYLOAD,
                    state.payloads.store(
                            state.payloads.buffer(payload),
                            state.payloads.offset(payload),
                            state.payloads.length(payload)));
            names.seal(name);
            link(name);
        }
    }

    /** Puts a name's row into the structures that follow from it. */
    void link(final int name) {
        state.deletedNameOrder.addLast(State.ONLY, name);
        state.deletedNamesByName.add(name);
    }

    /** Forgets a few names that have rested: the oldest come first. */
    void forgetOld() {
        for (int i = 0; i < QUANTUM; i++) {
            final int name = state.deletedNameOrder.first(State.ONLY);
            if (name < 0 || !hasRested(name)) {
                return;
            }
            final int payload = names.getInt(name, DeletedName.NAME_PAYLOAD);
            state.deletedNameOrder.remove(State.ONLY, name);
            state.deletedNamesByName.remove(name);
            names.free(name);
            state.payloads.release(payload);
        }
    }
}
