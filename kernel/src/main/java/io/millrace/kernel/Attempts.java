package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.QueueTables.Attempt;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.memory.SlotTable;

/**
 * Receive attempts of FIFO queues: the deliveries that a receive with an attempt id made, so that the same receive can be answered
 * again as long as they stand as it left them (A1 to A3 of the documented behaviour).
 */
final class Attempts {
    /** Old attempts forgotten in one record, each with all its messages: more than the one that a record may bring. */
    private static final int QUANTUM = 2;

    private final State state;
    private final SlotTable attempts;
    private final SlotTable messages;

    Attempts(final State state) {
        this.state = state;
        this.attempts = state.attempts;
        this.messages = state.messages;
    }

    /** The attempt that a principal made on a queue under an id, -1 if there is none or its window is over. */
    int find(final int queue, final int session, final Digest id) {
        final long queueId = state.queues.getLong(queue, Queue.ID);
        final long principal = state.sessions.getLong(session, Session.PRINCIPAL_HASH);
        int attempt = state.attemptsByKey.first(State.digestKey(queueId, id.word(0)));
        while (attempt >= 0
                && (attempts.getLong(attempt, Attempt.QUEUE_ID) != queueId
                        || attempts.getLong(attempt, Attempt.PRINCIPAL_HASH) != principal
                        || !id.matches(attempts, attempt, Attempt.DIGEST)
                        || isOver(attempt))) {
            attempt = state.attemptsByKey.next(attempt);
        }
        return attempt;
    }

    private boolean isOver(final int attempt) {
        return state.nowNs - attempts.getLong(attempt, Attempt.TIME) >= state.limit(LimitId.ATTEMPT_WINDOW);
    }

    boolean isIntact(final int attempt) {
        return attempts.status(attempt) == Attempt.INTACT;
    }

    /** Whether a delivery was ended or changed by something else than time; a purge has ended those that were left. */
    boolean isChanged(final int attempt) {
        final int left = state.attemptMessages.first(attempt);
        return attempts.status(attempt) == Attempt.CHANGED || left >= 0 && !state.isPresent(left);
    }

    /** Begins an attempt in the place of the one that there was under its id, if there was one. */
    int open(final int queue, final int session, final Digest id) {
        final int before = find(queue, session, id);
        if (before >= 0) {
            forget(before);
        }
        final int attempt = attempts.allocate();
        attempts.status(attempt, Attempt.INTACT);
        attempts.putLong(attempt, Attempt.QUEUE_ID, state.queues.getLong(queue, Queue.ID));
        attempts.putLong(attempt, Attempt.TIME, state.nowNs);
        attempts.putLong(attempt, Attempt.PRINCIPAL_HASH, state.sessions.getLong(session, Session.PRINCIPAL_HASH));
        attempts.putLong(attempt, Attempt.TURN, state.next(Root.NEXT_TURN));
        id.put(attempts, attempt, Attempt.DIGEST);
        attempts.seal(attempt);
        link(attempt);
        return attempt;
    }

    /** Puts an attempt's row into the structures that follow from it, its messages excepted. */
    void link(final int attempt) {
        state.attemptOrder.addLast(State.ONLY, attempt);
        state.attemptsByKey.add(attempt);
    }

    /** A delivery belongs to an attempt; the message's row is left to be sealed. */
    void add(final int attempt, final int message) {
        messages.putInt(message, Message.ATTEMPT_LINK, attempt + 1);
        state.attemptMessages.addLast(attempt, message);
    }

    /** A delivery ended or was changed; the message's row is left to be sealed. */
    void onDeliveryEnded(final int message, final boolean isExpired) {
        final int attempt = messages.getInt(message, Message.ATTEMPT_LINK) - 1;
        if (attempt >= 0) {
            messages.putInt(message, Message.ATTEMPT_LINK, 0);
            state.attemptMessages.remove(attempt, message);
            if (!isExpired) {
                attempts.status(attempt, Attempt.CHANGED);
            } else if (isIntact(attempt)) {
                attempts.status(attempt, Attempt.EXPIRED);
            }
            attempts.seal(attempt);
        }
    }

    /** Forgets a few attempts whose window is over: the oldest come first. */
    void forgetOld() {
        for (int i = 0; i < QUANTUM; i++) {
            final int attempt = state.attemptOrder.first(State.ONLY);
            if (attempt < 0 || !isOver(attempt)) {
                return;
            }
            forget(attempt);
        }
    }

    /** Forgets an attempt; its deliveries stay what they are. */
    void forget(final int attempt) {
        for (int message = state.attemptMessages.first(attempt);
                message >= 0;
                message = state.attemptMessages.first(attempt)) {
            state.attemptMessages.remove(attempt, message);
            messages.putInt(message, Message.ATTEMPT_LINK, 0);
            messages.seal(message);
        }
        state.attemptOrder.remove(State.ONLY, attempt);
        state.attemptsByKey.remove(attempt);
        attempts.free(attempt);
    }
}
