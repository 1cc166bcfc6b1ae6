package io.millrace.kernel;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Consumer;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.memory.SlotTable;

/**
 * Push consumers: their credit, what they hold, and whose turn it is.
 *
 * <p>A push takes one message and the payload's bytes from the credit; the end of the delivery gives them back. A delivery that
 * expires stalls its consumer: a session that does not answer would otherwise be pushed its own messages for ever. It goes on when the
 * session next speaks on that queue.
 */
final class Consumers {
    private final State state;
    private final SlotTable consumers;
    private final Reply reply;

    Consumers(final State state, final Reply reply) {
        this.state = state;
        this.consumers = state.consumers;
        this.reply = reply;
    }

    /** Starts a consumer without credit. */
    int open(final int session, final int queue, final long correlationId) {
        final int consumer = consumers.allocate();
        consumers.putLong(consumer, Consumer.CORRELATION_ID, correlationId);
        consumers.putLong(consumer, Consumer.OPEN_TURN, state.next(Root.NEXT_TURN));
        consumers.putInt(consumer, Consumer.SESSION, session);
        consumers.putInt(consumer, Consumer.QUEUE, queue);
        link(consumer);
        return consumer;
    }

    /** Puts a consumer's row into the structures that follow from it, the ring excepted. */
    void link(final int consumer) {
        final int session = consumers.getInt(consumer, Consumer.SESSION);
        state.sessionConsumers.addLast(session, consumer);
        addTo(session, Session.CONSUMER_COUNT, 1);
        final int flags = consumers.getInt(consumer, Consumer.FLAGS);
        if ((flags & Consumer.STOPPED) == 0) {
            state.queueConsumers.addLast(consumers.getInt(consumer, Consumer.QUEUE), consumer);
            state.consumersByKey.add(consumer);
        }
        if ((flags & Consumer.STALLED) != 0) {
            addTo(session, Session.STALLED_COUNT, 1);
        }
    }

    void addCredit(final int consumer, final long visibilityNs, final long messages, final long bytes) {
        consumers.putLong(consumer, Consumer.VISIBILITY, visibilityNs);
        credit(consumer, messages, bytes);
    }

    private void credit(final int consumer, final long messages, final long bytes) {
        add(consumer, Consumer.CREDIT_MESSAGES, messages);
        add(consumer, Consumer.CREDIT_BYTES, bytes);
        updateRing(consumer);
    }

    /** A push took place; {@link #passTurn(int)} follows. */
    void spend(final int consumer, final int payloadLength) {
        add(consumer, Consumer.CREDIT_MESSAGES, -1);
        add(consumer, Consumer.CREDIT_BYTES, -payloadLength);
    }

    /** A consumer's turn is over: the next one goes to somebody else. */
    void passTurn(final int consumer) {
        removeFromRing(consumer);
        updateRing(consumer);
    }

    /** Whether a consumer can be pushed something. */
    boolean isReady(final int consumer) {
        return consumers.getLong(consumer, Consumer.CREDIT_MESSAGES) > 0
                && consumers.getLong(consumer, Consumer.CREDIT_BYTES) > 0
                && consumers.getInt(consumer, Consumer.FLAGS) == 0;
    }

    void startHolding(final int consumer, final int message) {
        state.messages.putInt(message, Message.CONSUMER_LINK, consumer + 1);
        state.held.addLast(consumer, message);
    }

    /** A delivery ended: its holder, if it was pushed, has its credit back. The message's row is left to be sealed. */
    void endHolding(final int message) {
        final int consumer = state.messages.getInt(message, Message.CONSUMER_LINK) - 1;
        if (consumer >= 0) {
            state.messages.putInt(message, Message.CONSUMER_LINK, 0);
            state.held.remove(consumer, message);
            credit(consumer, 1, state.payloads.length(state.messages.getInt(message, Message.PAYLOAD)));
            freeIfDone(consumer);
        }
    }

    /** A delivery of a consumer expired; nothing happens for {@code consumer == -1} or a stopped one. */
    void stall(final int consumer) {
        if (consumer >= 0) {
            final int flags = consumers.getInt(consumer, Consumer.FLAGS);
            if (flags == 0) {
                consumers.putInt(consumer, Consumer.FLAGS, Consumer.STALLED);
                addTo(consumers.getInt(consumer, Consumer.SESSION), Session.STALLED_COUNT, 1);
                updateRing(consumer);
            }
        }
    }

    /** The session spoke on a queue: its consumer there, if it has one, is no longer stalled. */
    void heard(final int session, final int queue) {
        if (queue >= 0 && state.sessions.getInt(session, Session.STALLED_COUNT) != 0) {
            final int consumer = state.consumerOf(session, queue);
            if (consumer >= 0 && (consumers.getInt(consumer, Consumer.FLAGS) & Consumer.STALLED) != 0) {
                clearStalled(consumer);
                updateRing(consumer);
            }
        }
    }

    private void clearStalled(final int consumer) {
        consumers.putInt(consumer, Consumer.FLAGS, consumers.getInt(consumer, Consumer.FLAGS) & ~Consumer.STALLED);
        addTo(consumers.getInt(consumer, Consumer.SESSION), Session.STALLED_COUNT, -1);
    }

    boolean isStopped(final int consumer) {
        return (consumers.getInt(consumer, Consumer.FLAGS) & Consumer.STOPPED) != 0;
    }

    /** Ends a consumer; what it holds stays in flight, and its row stays until nothing is held. */
    void stop(final int consumer) {
        final int flags = consumers.getInt(consumer, Consumer.FLAGS);
        if ((flags & Consumer.STOPPED) == 0) {
            if ((flags & Consumer.STALLED) != 0) {
                clearStalled(consumer);
            }
            consumers.putInt(consumer, Consumer.FLAGS, Consumer.STOPPED);
            state.queueConsumers.remove(consumers.getInt(consumer, Consumer.QUEUE), consumer);
            state.consumersByKey.remove(consumer);
            updateRing(consumer);
            freeIfDone(consumer);
        }
    }

    /** Ends a consumer and says so to its session. */
    void stop(final int consumer, final ResultCode code) {
        if (!isStopped(consumer)) {
            final int queue = consumers.getInt(consumer, Consumer.QUEUE);
            final int session = consumers.getInt(consumer, Consumer.SESSION);
            if (state.sessions.getLong(session, Session.CLOSED_TURN) == 0) {
                reply.consumerStopped(
                        state.sessionId(session),
                        consumers.getLong(consumer, Consumer.CORRELATION_ID),
                        state.queues.getLong(queue, Queue.ID),
                        code);
            }
            stop(consumer);
        }
    }

    /** Ends a consumer whose session may no longer receive from the queue; false if it may. */
    boolean stopIfExcluded(final int consumer) {
        final int session = consumers.getInt(consumer, Consumer.SESSION);
        if (Access.allows(state, session, consumers.getInt(consumer, Consumer.QUEUE), Access.RECEIVE)) {
            return false;
        }
        stop(consumer, ResultCode.NOT_AUTHORISED);
        return true;
    }

    private void freeIfDone(final int consumer) {
        if (isStopped(consumer) && state.held.first(consumer) < 0) {
            final int session = consumers.getInt(consumer, Consumer.SESSION);
            state.sessionConsumers.remove(session, consumer);
            addTo(session, Session.CONSUMER_COUNT, -1);
            consumers.free(consumer);
        }
    }

    /** Seals the row and brings its membership of the queue's ring in line with it. */
    private void updateRing(final int consumer) {
        if (!isReady(consumer)) {
            removeFromRing(consumer);
        } else if (consumers.getInt(consumer, Consumer.IN_RING) == 0) {
            consumers.putLong(consumer, Consumer.RING_TURN, state.next(Root.NEXT_TURN));
            addToRing(consumer);
        }
        consumers.seal(consumer);
    }

    /** Puts a ready consumer at the end of its queue's ring. */
    void addToRing(final int consumer) {
        consumers.putInt(consumer, Consumer.IN_RING, 1);
        state.ring.addLast(consumers.getInt(consumer, Consumer.QUEUE), consumer);
    }

    private void removeFromRing(final int consumer) {
        if (consumers.getInt(consumer, Consumer.IN_RING) != 0) {
            consumers.putInt(consumer, Consumer.IN_RING, 0);
            consumers.putLong(consumer, Consumer.RING_TURN, 0);
            state.ring.remove(consumers.getInt(consumer, Consumer.QUEUE), consumer);
        }
    }

    private void add(final int consumer, final int field, final long delta) {
        consumers.putLong(consumer, field, consumers.getLong(consumer, field) + delta);
    }

    private void addTo(final int session, final int counter, final int delta) {
        state.sessions.putInt(session, counter, state.sessions.getInt(session, counter) + delta);
    }
}
