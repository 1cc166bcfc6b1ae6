package io.millrace.kernel;

import io.millrace.codecs.ConsumeDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ReceiveDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Consumer;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Session;
import org.agrona.DirectBuffer;

/** The two ways to get messages: receive them, waiting if need be, or grant credit and have them pushed. */
final class Receives {
    private final State state;
    private final Deliveries deliveries;
    private final Attempts attempts;
    private final Recipient recipient = new Recipient();
    private final Consumers consumers;
    private final Reply reply;

    Receives(
            final State state,
            final Deliveries deliveries,
            final Attempts attempts,
            final Consumers consumers,
            final Reply reply) {
        this.state = state;
        this.deliveries = deliveries;
        this.attempts = attempts;
        this.consumers = consumers;
        this.reply = reply;
    }

    void receive(final Request request, final ReceiveDecoder command) {
        final int queue = request.queue(command.queueId(), Access.RECEIVE);
        if (queue >= 0 && deliveries.push().isPush(queue)) {
            request.refuse(ResultCode.NOT_FOR_QUEUE_TYPE);
            return;
        }
        if (queue < 0 || !RequestRates.admit(state, request, queue, RequestRates.Kind.RECEIVE)) {
            return;
        }
        final int max = command.maxMessages();
        final long maxLimit = state.limit(LimitId.RECEIVE_MESSAGES);
        final long askedWaitNs = command.waitNs();
        final long waitNs =
                Commands.isNull(askedWaitNs) ? state.queues.getLong(queue, Queue.RECEIVE_WAIT) : askedWaitNs;
        final long visibilityNs = command.visibilityTimeoutNs();
        if (max == 0 || max > maxLimit) {
            request.refuseLimit(LimitId.RECEIVE_MESSAGES, maxLimit, max);
        } else if (isInRange(request, LimitId.WAIT, waitNs) && isInRange(request, LimitId.VISIBILITY, visibilityNs)) {
            recipient.receive(request.session, request.correlationId, visibilityNs);
            final int namesOffset = command.limit();
            final int namesLength = readNames(command);
            if (readAttempt(request, queue, command)) {
                receive(request, queue, command.buffer(), namesOffset, namesLength, max, waitNs);
            }
        }
    }

    /** Reads the group of attribute names and returns its length, 0 if all attributes are wanted. */
    private int readNames(final ReceiveDecoder command) {
        final int offset = command.limit();
        final ReceiveDecoder.AttributeNamesDecoder names = command.attributeNames();
        while (names.hasNext()) {
            names.next().skipName();
        }
        recipient.filter.wrap(command.buffer(), offset);
        return recipient.filter.wantsAll() ? 0 : command.limit() - offset;
    }

    /** Reads the receive attempt id; false if it is wrong. */
    private boolean readAttempt(final Request request, final int queue, final ReceiveDecoder command) {
        final int length = command.attemptIdLength();
        final int offset = command.limit() + ReceiveDecoder.attemptIdHeaderLength();
        if (length == 0) {
            return true;
        }
        if (!state.isFifo(queue)) {
            request.refuse(ResultCode.NOT_FOR_QUEUE_TYPE);
        } else if (length > state.limit(LimitId.ATTEMPT_ID_BYTES)) {
            request.refuseLimit(LimitId.ATTEMPT_ID_BYTES, state.limit(LimitId.ATTEMPT_ID_BYTES), length);
        } else if (!Text.isId(command.buffer(), offset, length)) {
            request.refuse(ResultCode.INVALID_ARGUMENT);
        } else {
            recipient.attempt(command.buffer(), offset, length);
            return true;
        }
        return false;
    }

    private void receive(
            final Request request,
            final int queue,
            final DirectBuffer buffer,
            final int namesOffset,
            final int namesLength,
            final int max,
            final long waitNs) {
        final int attempt = recipient.hasAttempt ? attempts.find(queue, request.session, recipient.attemptId) : -1;
        if (attempt >= 0 && attempts.isChanged(attempt)) {
            request.refuse(ResultCode.ATTEMPT_CHANGED);
        } else if (attempt >= 0 && attempts.isIntact(attempt)) {
            end(request, queue, deliveries.receiveAgain(queue, recipient, attempt));
        } else {
            receiveAnew(request, queue, buffer, namesOffset, namesLength, max, waitNs);
        }
    }

    private void receiveAnew(
            final Request request,
            final int queue,
            final DirectBuffer buffer,
            final int namesOffset,
            final int namesLength,
            final int max,
            final long waitNs) {
        if (waitNs == 0 && !state.isFifo(queue) && !deliveries.hasRoomInFlight(queue)) {
            final long inFlight = state.queues.getLong(queue, Queue.IN_FLIGHT_COUNT);
            request.refuseLimit(LimitId.IN_FLIGHT_STANDARD, state.limit(LimitId.IN_FLIGHT_STANDARD), inFlight + 1);
        } else {
            final int count = deliveries.receive(queue, recipient, max);
            if (count > 0 || waitNs == 0) {
                end(request, queue, count);
            } else {
                startWaiting(request, queue, buffer, namesOffset, namesLength, max, waitNs);
            }
        }
    }

    private void end(final Request request, final int queue, final int count) {
        reply.receiveEnd(
                request.sessionId, request.correlationId, state.queues.getLong(queue, Queue.ID), count, ResultCode.OK);
    }

    private void startWaiting(
            final Request request,
            final int queue,
            final DirectBuffer buffer,
            final int namesOffset,
            final int namesLength,
            final int max,
            final long waitNs) {
        final long waiters = state.sessions.getInt(request.session, Session.WAITER_COUNT) + 1L;
        if (waiters > state.limit(LimitId.WAITERS)) {
            request.refuseLimit(LimitId.WAITERS, state.limit(LimitId.WAITERS), waiters);
        } else if (namesLength == 0 || request.hasArenaRoom(namesLength, 0)) {
            final int names = namesLength == 0 ? -1 : state.payloads.store(buffer, namesOffset, namesLength);
            deliveries.waiters().add(queue, recipient, max, names, state.nowNs + waitNs);
        }
    }

    void consume(final Request request, final ConsumeDecoder command) {
        final int queue = state.queueById(command.queueId());
        final long visibilityNs = command.visibilityTimeoutNs();
        consumers.heard(request.session, queue);
        if (request.queue(command.queueId(), Access.RECEIVE) >= 0
                && isInRange(request, LimitId.VISIBILITY, visibilityNs)) {
            consume(request, queue, visibilityNs, command.creditMessages(), command.creditBytes());
        }
        if (queue >= 0) {
            deliveries.dispatch(queue);
        }
    }

    private void consume(
            final Request request,
            final int queue,
            final long visibilityNs,
            final long creditMessages,
            final long creditBytes) {
        final int session = request.session;
        int consumer = state.consumerOf(session, queue);
        final long messages = creditMessages + creditOf(consumer, Consumer.CREDIT_MESSAGES);
        final long bytes = creditBytes + creditOf(consumer, Consumer.CREDIT_BYTES);
        final long count = state.sessions.getInt(session, Session.CONSUMER_COUNT) + 1L;
        if (messages > state.limit(LimitId.CREDIT_MESSAGES)) {
            request.refuseLimit(LimitId.CREDIT_MESSAGES, state.limit(LimitId.CREDIT_MESSAGES), messages);
        } else if (bytes > state.limit(LimitId.CREDIT_BYTES)) {
            request.refuseLimit(LimitId.CREDIT_BYTES, state.limit(LimitId.CREDIT_BYTES), bytes);
        } else if (consumer < 0 && count > state.limit(LimitId.CONSUMERS)) {
            request.refuseLimit(LimitId.CONSUMERS, state.limit(LimitId.CONSUMERS), count);
        } else {
            if (consumer < 0) {
                consumer = consumers.open(session, queue, request.correlationId);
            }
            consumers.addCredit(consumer, visibilityNs, creditMessages, creditBytes);
            request.confirm(0, 0);
        }
    }

    private long creditOf(final int consumer, final int field) {
        return consumer < 0 ? 0 : state.consumers.getLong(consumer, field);
    }

    void stop(final Request request, final long queueId) {
        final int queue = state.queueById(queueId);
        final int consumer = queue < 0 ? -1 : state.consumerOf(request.session, queue);
        if (queue < 0) {
            request.refuse(ResultCode.UNKNOWN_QUEUE);
        } else if (consumer < 0) {
            request.refuse(ResultCode.NOT_CONSUMING);
        } else {
            consumers.stop(consumer);
            request.confirm(0, 0);
        }
    }

    private boolean isInRange(final Request request, final LimitId limitId, final long value) {
        if (Commands.isNull(value)) {
            return true;
        }
        if (value < 0) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, value);
        } else if (value > state.limit(limitId)) {
            request.refuseLimit(limitId, state.limit(limitId), value);
        } else {
            return true;
        }
        return false;
    }
}
