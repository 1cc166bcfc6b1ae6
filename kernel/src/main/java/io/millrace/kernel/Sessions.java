package io.millrace.kernel;

import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Opens and closes sessions. */
final class Sessions {
    private final State state;
    private final SlotTable sessions;
    private final Deliveries deliveries;
    private final Consumers consumers;
    private final Transfers transfers;
    private final Watches watches;
    private final StreamCommands streams;

    Sessions(
            final State state,
            final Deliveries deliveries,
            final Consumers consumers,
            final Transfers transfers,
            final Watches watches,
            final StreamCommands streams) {
        this.state = state;
        this.sessions = state.sessions;
        this.deliveries = deliveries;
        this.consumers = consumers;
        this.transfers = transfers;
        this.watches = watches;
        this.streams = streams;
    }

    void open(final long sessionId, final DirectBuffer principal, final int offset, final int length) {
        final int session = sessions.allocate();
        final int payload = state.payloads.store(principal, offset, length);
        sessions.putLong(session, Session.ID, sessionId);
        sessions.putLong(session, Session.PRINCIPAL_HASH, principalHash(payload, length));
        sessions.putInt(session, Session.PRINCIPAL_PAYLOAD, payload);
        sessions.seal(session);
        state.sessionsById.add(session);
        state.openSessions.addLast(State.ONLY, session);
    }

    /** Keyed, so that nobody can choose a principal whose receipts are those of another. */
    private long principalHash(final int payload, final int length) {
        final long key0 = state.root.getLong(State.ONLY, Root.SECRET_0);
        final long key1 = state.root.getLong(State.ONLY, Root.SECRET_1);
        final DirectBuffer buffer = state.payloads.buffer(payload);
        final int offset = state.payloads.offset(payload);
        long hash = length;
        for (int i = 0; i < length; i++) {
            hash = state.sipHash.hash(key0, key1, hash, buffer.getByte(offset + i), i, length);
        }
        return hash;
    }

    /** The session is gone at once; what was pushed to it returns in slices. */
    void close(final int session) {
        for (int waiter = state.sessionWaiters.first(session);
                waiter >= 0;
                waiter = state.sessionWaiters.first(session)) {
            deliveries.waiters().remove(waiter);
        }
        for (int transfer = state.sessionTransfers.first(session);
                transfer >= 0;
                transfer = state.sessionTransfers.first(session)) {
            transfers.drop(transfer);
        }
        int consumer = state.sessionConsumers.first(session);
        while (consumer >= 0) {
            final int next = state.sessionConsumers.next(consumer);
            consumers.stop(consumer);
            consumer = next;
        }
        streams.pushes().endAllOf(session);
        for (int watch = state.sessionWatches.first(session); watch >= 0; watch = state.sessionWatches.first(session)) {
            watches.remove(watch);
        }
        streams.groups().members().onSessionClosed(session);
        state.sessionsById.remove(session);
        state.openSessions.remove(State.ONLY, session);
        sessions.putLong(session, Session.CLOSED_TURN, state.next(Root.NEXT_TURN));
        sessions.seal(session);
        state.closedSessions.addLast(State.ONLY, session);
    }

    /** Closes all sessions in the order of their ids, which is that of their opening. */
    void closeAll() {
        for (int session = state.openSessions.first(State.ONLY);
                session >= 0;
                session = state.openSessions.first(State.ONLY)) {
            close(session);
        }
    }
}
