package io.millrace.kernel;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.Tables.Waiter;
import io.millrace.kernel.memory.SlotTable;

/** Receives that wait for a first message. */
final class Waiters {
    private final State state;
    private final SlotTable waiters;
    private final Reply reply;

    Waiters(final State state, final Reply reply) {
        this.state = state;
        this.waiters = state.waiters;
        this.reply = reply;
    }

    /** Says who the recipient of a waiter's messages is. */
    void recipientOf(final int waiter, final Recipient recipient) {
        final int names = waiters.getInt(waiter, Waiter.NAMES_PAYLOAD_LINK) - 1;
        recipient.receive(
                waiters.getInt(waiter, Waiter.SESSION),
                waiters.getLong(waiter, Waiter.CORRELATION_ID),
                waiters.getLong(waiter, Waiter.VISIBILITY));
        recipient.hasAttempt = waiters.getLong(waiter, Waiter.ATTEMPT_DIGEST) != 0;
        recipient.attemptId.get(waiters, waiter, Waiter.ATTEMPT_DIGEST);
        if (names >= 0) {
            recipient.filter.wrap(state.payloads.buffer(names), state.payloads.offset(names));
        }
    }

    /** A receive starts to wait; the names of the attributes that it wants are a payload, or -1. */
    void add(final int queue, final Recipient receiver, final int max, final int names, final long deadlineNs) {
        final int waiter = waiters.allocate();
        final long timerId = state.next(Root.NEXT_TIMER_ID);
        waiters.putLong(waiter, Waiter.CORRELATION_ID, receiver.correlationId);
        waiters.putLong(waiter, Waiter.VISIBILITY, receiver.visibilityNs);
        waiters.putLong(waiter, Waiter.DEADLINE, deadlineNs);
        waiters.putLong(waiter, Waiter.TIMER_ID, timerId);
        waiters.putLong(waiter, Waiter.TURN, state.next(Root.NEXT_TURN));
        waiters.putInt(waiter, Waiter.SESSION, receiver.session);
        waiters.putInt(waiter, Waiter.QUEUE, queue);
        waiters.putInt(waiter, Waiter.MAX_MESSAGES, max);
        waiters.putInt(waiter, Waiter.NAMES_PAYLOAD_LINK, names + 1);
        if (receiver.hasAttempt) {
            receiver.attemptId.put(waiters, waiter, Waiter.ATTEMPT_DIGEST);
        }
        waiters.seal(waiter);
        link(waiter);
    }

    /** Puts a waiter's row into the structures that follow from it. */
    void link(final int waiter) {
        final int session = waiters.getInt(waiter, Waiter.SESSION);
        state.queueWaiters.addLast(waiters.getInt(waiter, Waiter.QUEUE), waiter);
        state.sessionWaiters.addLast(session, waiter);
        state.sessions.putInt(session, Session.WAITER_COUNT, state.sessions.getInt(session, Session.WAITER_COUNT) + 1);
        state.timers.add(
                Timers.WAITER,
                waiter,
                waiters.getLong(waiter, Waiter.DEADLINE),
                waiters.getLong(waiter, Waiter.TIMER_ID));
    }

    /** A waiter is served, gives up or its session ends. */
    void remove(final int waiter) {
        final int session = waiters.getInt(waiter, Waiter.SESSION);
        state.timers.remove(Timers.WAITER, waiter);
        state.queueWaiters.remove(waiters.getInt(waiter, Waiter.QUEUE), waiter);
        state.sessionWaiters.remove(session, waiter);
        state.sessions.putInt(session, Session.WAITER_COUNT, state.sessions.getInt(session, Session.WAITER_COUNT) - 1);
        final int names = waiters.getInt(waiter, Waiter.NAMES_PAYLOAD_LINK) - 1;
        waiters.free(waiter);
        if (names >= 0) {
            state.payloads.release(names);
        }
    }

    /** Ends a waiter whose session may no longer receive from the queue; false if it may. */
    boolean endIfExcluded(final int waiter) {
        final int session = waiters.getInt(waiter, Waiter.SESSION);
        if (Access.allows(state, session, waiters.getInt(waiter, Waiter.QUEUE), Access.RECEIVE)) {
            return false;
        }
        end(waiter, ResultCode.NOT_AUTHORISED);
        return true;
    }

    /** Ends a waiter without a message. */
    void end(final int waiter, final ResultCode code) {
        final long sessionId = state.sessionId(waiters.getInt(waiter, Waiter.SESSION));
        final long correlationId = waiters.getLong(waiter, Waiter.CORRELATION_ID);
        final long queueId = state.queues.getLong(waiters.getInt(waiter, Waiter.QUEUE), Queue.ID);
        remove(waiter);
        reply.receiveEnd(sessionId, correlationId, queueId, 0, code);
    }
}
