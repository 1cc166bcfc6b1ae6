package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Consumer;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Waiter;
import io.millrace.kernel.memory.SlotTable;

/**
 * Moves messages between available, delayed and in flight, and hands available ones to whoever waits, in the order that
 * {@link Lanes} gives: waiting receives first, in order of arrival, then consumers with credit, taking turns.
 */
final class Deliveries {
    private final State state;
    private final SlotTable messages;
    private final SlotTable queues;
    private final MessageStates states;
    private final Lanes lanes;
    private final Consumers consumers;
    private final Waiters waiters;
    private final DeliveryEncoding encoding;
    private final Attempts attempts;
    private final Recipient recipient = new Recipient();
    private final Lifetimes lifetimes;
    private final DeadLetters deadLetters;
    private final Graves graves;
    private final Push push;
    private final Reply reply;

    Deliveries(
            final State state,
            final MessageStates states,
            final Lanes lanes,
            final Consumers consumers,
            final DeliveryEncoding encoding,
            final Attempts attempts,
            final Lifetimes lifetimes,
            final Graves graves,
            final Push push,
            final Reply reply) {
        this.state = state;
        this.messages = state.messages;
        this.queues = state.queues;
        this.states = states;
        this.lanes = lanes;
        this.consumers = consumers;
        this.waiters = new Waiters(state, reply);
        this.encoding = encoding;
        this.attempts = attempts;
        this.lifetimes = lifetimes;
        this.deadLetters = new DeadLetters(state, states);
        this.graves = graves;
        this.push = push;
        this.reply = reply;
    }

    /** The delay of a FIFO queue's first delayed message is over, and of those that are due with it, as far as the record may go. */
    void onFifoDelay(final int queue) {
        final long delayNs = queues.getLong(queue, Queue.DELAY);
        int message = state.fifoDelayed.first(queue);
        while (state.delayBudget > 0
                && message >= 0
                && messages.getLong(message, Message.SENT_TIME) + delayNs <= state.nowNs) {
            state.delayBudget--;
            giveBack(queue, message);
            message = state.fifoDelayed.first(queue);
        }
        dispatch(queue);
    }

    /** A message in flight becomes available: its holder gave it back or its visibility was set to 0. */
    void giveBack(final int queue, final int message) {
        states.detach(queue, message);
        states.addReturned(queue, message);
    }

    /** As {@link #giveBack}, as if the last delivery had not been one: its session ended before it could answer. */
    void takeBack(final int queue, final int message) {
        final int receiveCount = messages.getInt(message, Message.RECEIVE_COUNT) - 1;
        messages.putInt(message, Message.RECEIVE_COUNT, receiveCount);
        if (receiveCount == 0) {
            messages.putLong(message, Message.FIRST_RECEIVED_TIME, 0);
        }
        giveBack(queue, message);
    }

    /** The timer of a message is due. */
    void onTimer(final int message) {
        if (!state.isPresent(message)) {
            graves.onTimer(message);
            return;
        }
        final int queue = messages.getInt(message, Message.QUEUE);
        if (messages.status(message) == Message.IN_FLIGHT) {
            expire(queue, message);
        } else {
            giveBack(queue, message);
        }
        dispatch(queue);
    }

    /** The second is over in which sessions had all the deliveries of a subscription that they may have. */
    void onThrottleOver(final int queue) {
        push.onTimer(queue);
        dispatch(queue);
    }

    /** The visibility timeout of a message in flight is over: the delivery failed. */
    void expire(final int queue, final int message) {
        attempts.onDeliveryEnded(message, true);
        consumers.stall(messages.getInt(message, Message.CONSUMER_LINK) - 1);
        fail(queue, message, Commands.NULL);
    }

    /** A delivery failed: the message can be delivered again after a time, null: after the queue's back-off. */
    void fail(final int queue, final int message, final long delayNs) {
        final int failedCount = messages.getInt(message, Message.FAILED_COUNT) + 1;
        messages.putInt(message, Message.FAILED_COUNT, failedCount);
        if (!push.isPush(queue)) {
            giveBackAfter(queue, message, Commands.isNull(delayNs) ? backoffNs(queue, failedCount) : delayNs);
        } else if (!push.isSpent(queue, failedCount)) {
            push.onRetried(queue);
            giveBackAfter(queue, message, Commands.isNull(delayNs) ? push.retryDelayNs(queue, failedCount) : delayNs);
        } else if (!reject(queue, message)) {
            push.onDiscarded(queue);
            remove(queue, message);
        }
    }

    private long backoffNs(final int queue, final int failedCount) {
        return RetryDelay.ns(
                queues.getInt(queue, Queue.BACKOFF),
                queues.getLong(queue, Queue.BACKOFF_DELAY),
                queues.getLong(queue, Queue.BACKOFF_MAX),
                failedCount);
    }

    /** The delivery of a message ends without its acknowledgement; it can be delivered again after a time. */
    void giveBackAfter(final int queue, final int message, final long delayNs) {
        if (delayNs == 0) {
            giveBack(queue, message);
        } else {
            states.detach(queue, message);
            states.addWaiting(queue, message, Message.AWAITING_RETRY, state.nowNs + delayNs);
            messages.seal(message);
        }
    }

    /** Changes the visibility of a message that was not delivered again since; to give it back at once is a failure. */
    void changeVisibility(final int queue, final int message, final long visibilityNs) {
        if (messages.status(message) == Message.IN_FLIGHT
                && messages.getLong(message, Message.DEADLINE) <= state.nowNs) {
            // Whether its timer has had its turn yet makes no difference.
            expire(queue, message);
        }
        if (visibilityNs > 0) {
            hideUntil(queue, message, state.nowNs + visibilityNs);
        } else if (messages.status(message) == Message.IN_FLIGHT) {
            fail(queue, message, 0);
        } else if (messages.status(message) != Message.AVAILABLE) {
            giveBack(queue, message);
        }
    }

    private void hideUntil(final int queue, final int message, final long deadlineNs) {
        if (messages.status(message) == Message.IN_FLIGHT) {
            state.timers.remove(Timers.MESSAGE, message);
            attempts.onDeliveryEnded(message, false);
        } else {
            states.detach(queue, message);
            states.addInFlight(queue, message);
        }
        states.setTimer(message, deadlineNs);
        messages.seal(message);
    }

    MessageStates states() {
        return states;
    }

    Push push() {
        return push;
    }

    Lanes lanes() {
        return lanes;
    }

    Lifetimes lifetimes() {
        return lifetimes;
    }

    Consumers consumers() {
        return consumers;
    }

    Waiters waiters() {
        return waiters;
    }

    /** Delivers up to {@code max} available messages to a receive; returns how many there were. */
    int receive(final int queue, final Recipient receiver, final int max) {
        int count = 0;
        long bytes = 0;
        int message = hasRoomInFlight(queue) ? deliverable(queue, -1) : -1;
        while (message >= 0 && isWithinBytes(count, bytes += payloadLength(message))) {
            if (receiver.hasAttempt && count == 0) {
                receiver.attempt = attempts.open(queue, receiver.session, receiver.attemptId);
            }
            deliver(queue, message, receiver);
            count++;
            message = count < max && hasRoomInFlight(queue) ? deliverable(queue, message) : -1;
        }
        return count;
    }

    /** Delivers what an intact receive attempt delivered once more, and starts its visibility timeout anew (A2). */
    int receiveAgain(final int queue, final Recipient receiver, final int attempt) {
        int count = 0;
        for (int message = state.attemptMessages.first(attempt);
                message >= 0;
                message = state.attemptMessages.next(message)) {
            state.timers.remove(Timers.MESSAGE, message);
            states.setTimer(message, visibleAgainNs(queue, receiver));
            messages.seal(message);
            encoding.encode(receiver, message);
            count++;
        }
        return count;
    }

    private long visibleAgainNs(final int queue, final Recipient receiver) {
        return state.nowNs
                + (Commands.isNull(receiver.visibilityNs)
                        ? queues.getLong(queue, Queue.VISIBILITY)
                        : receiver.visibilityNs);
    }

    /**
     * The message that is to be delivered after one just delivered in the same response, or -1; what must not be delivered is put where
     * it belongs.
     */
    private int deliverable(final int queue, final int after) {
        int message = lanes.next(queue, after);
        while (message >= 0 && mustNotBeDelivered(queue, message)) {
            message = putAway(queue, message) ? lanes.next(queue, after) : -1;
        }
        return message;
    }

    /** As {@link #deliverable}, of the same message group only. */
    private int deliverableInGroup(final int queue, final int after) {
        int message = lanes.nextInGroup(queue, after);
        while (message >= 0 && mustNotBeDelivered(queue, message)) {
            message = putAway(queue, message) ? lanes.nextInGroup(queue, after) : -1;
        }
        return message;
    }

    private boolean mustNotBeDelivered(final int queue, final int message) {
        return lifetimes.isOver(queue, message) || deadLetters.isDead(queue, message);
    }

    /** Discards or moves a message that must not be delivered, unless the record has done so as often as it may. */
    private boolean putAway(final int queue, final int message) {
        if (lifetimes.isOver(queue, message)) {
            return discard(queue, message);
        }
        if (state.dispatchBudget <= 0) {
            dispatchLater(queue);
            return false;
        }
        state.dispatchBudget--;
        moveAway(queue, message);
        return true;
    }

    /** Moves a message to the dead-letter queue of its queue; false if there is none. */
    boolean reject(final int queue, final int message) {
        if (deadLetters.targetOf(queue) < 0) {
            return false;
        }
        moveAway(queue, message);
        return true;
    }

    private void moveAway(final int queue, final int message) {
        if (push.isPush(queue)) {
            push.onDeadLetter(queue);
        }
        // What the dead-letter queue does with it has to wait until this queue is done.
        dispatchLater(deadLetters.move(queue, message));
    }

    /** Removes a message whose time is over, unless the record has removed as many as it may. */
    boolean discard(final int queue, final int message) {
        if (state.expiryBudget <= 0) {
            return false;
        }
        state.expiryBudget--;
        state.counters.expired++;
        if (push.isPush(queue)) {
            push.onDiscarded(queue);
        }
        remove(queue, message);
        return true;
    }

    /** Removes a message for good. */
    void remove(final int queue, final int message) {
        states.leave(queue, message);
        state.payloads.release(messages.getInt(message, Message.PAYLOAD));
        messages.free(message);
    }

    private int payloadLength(final int message) {
        return state.payloads.length(messages.getInt(message, Message.PAYLOAD));
    }

    /** One message is always within the bytes of a response. */
    private boolean isWithinBytes(final int count, final long bytes) {
        return count == 0 || bytes <= state.limit(LimitId.RECEIVE_BYTES);
    }

    /** Whether the queue may have another message in flight. */
    boolean hasRoomInFlight(final int queue) {
        final LimitId limitId = state.isFifo(queue) ? LimitId.IN_FLIGHT_FIFO : LimitId.IN_FLIGHT_STANDARD;
        return queues.getLong(queue, Queue.IN_FLIGHT_COUNT) < state.limit(limitId);
    }

    private boolean isWaitedFor(final int queue) {
        return state.queueWaiters.first(queue) >= 0 || state.ring.first(queue) >= 0;
    }

    /** Hands available messages of a queue to its waiters and consumers until one side runs out or the record's budget does. */
    void dispatch(final int queue) {
        if (state.isDeleted(queue)) {
            return;
        }
        handOut(queue);
        if (push.isPush(queue) && push.isAtMostOnce(queue)) {
            dropTheRest(queue);
        }
    }

    private void handOut(final int queue) {
        while (isWaitedFor(queue) && lanes.first(queue) >= 0 && hasRoomInFlight(queue)) {
            final int waiter = state.queueWaiters.first(queue);
            final int consumer = waiter >= 0 ? -1 : state.ring.first(queue);
            final int message = deliverable(queue, -1);
            if (message < 0) {
                return;
            }
            if (state.dispatchBudget <= 0) {
                dispatchLater(queue);
                return;
            }
            if (!mayPush(queue)) {
                return;
            }
            if (waiter >= 0 ? waiters.endIfExcluded(waiter) : consumers.stopIfExcluded(consumer)) {
                state.dispatchBudget--;
            } else if (waiter >= 0) {
                serve(queue, waiter);
            } else {
                push(queue, message, consumer);
            }
        }
    }

    /** At most once: what nobody takes now is discarded, unless the record's budget is the reason. */
    private void dropTheRest(final int queue) {
        if (queues.getLong(queue, Queue.PENDING_TURN) == 0) {
            for (int message = lanes.first(queue); message >= 0; message = lanes.first(queue)) {
                push.onDiscarded(queue);
                remove(queue, message);
            }
        }
    }

    private void serve(final int queue, final int waiter) {
        final int max = state.waiters.getInt(waiter, Waiter.MAX_MESSAGES);
        waiters.recipientOf(waiter, recipient);
        final int count = receive(queue, recipient, max);
        state.dispatchBudget -= count;
        waiters.remove(waiter);
        reply.receiveEnd(
                state.sessionId(recipient.session),
                recipient.correlationId,
                queues.getLong(queue, Queue.ID),
                count,
                ResultCode.OK);
    }

    /** One turn of a consumer: a message, or on a FIFO queue what its group has available, as far as the credit goes. */
    private void push(final int queue, final int first, final int consumer) {
        final SlotTable rows = state.consumers;
        final long max = state.limit(LimitId.RECEIVE_MESSAGES);
        recipient.push(
                rows.getInt(consumer, Consumer.SESSION),
                rows.getLong(consumer, Consumer.CORRELATION_ID),
                rows.getLong(consumer, Consumer.VISIBILITY),
                consumer,
                push.isPush(queue) && push.isAtMostOnce(queue));
        long bytes = 0;
        int message = first;
        for (int count = 0; message >= 0; count++) {
            final int payloadLength = payloadLength(message);
            bytes += payloadLength;
            if (!isWithinBytes(count, bytes)) {
                break;
            }
            deliver(queue, message, recipient);
            consumers.spend(consumer, payloadLength);
            state.dispatchBudget--;
            if (push.isPush(queue) && endsWithPush(queue, message, consumer, payloadLength)) {
                break;
            }
            final boolean goesOn = count + 1 < max && consumers.isReady(consumer) && hasRoomInFlight(queue);
            message = goesOn ? deliverableInGroup(queue, message) : -1;
            message = message >= 0 && mayPush(queue) ? message : -1;
        }
        consumers.passTurn(consumer);
    }

    private boolean mayPush(final int queue) {
        return !push.isPush(queue) || push.admits(queue);
    }

    /** What nobody acknowledges is over when it is pushed; its credit is spent for good. */
    private boolean endsWithPush(final int queue, final int message, final int consumer, final int payloadLength) {
        push.onPushed(queue);
        if (!recipient.isSettled) {
            return false;
        }
        push.onDelivered(queue);
        remove(queue, message);
        consumers.spend(consumer, payloadLength);
        return true;
    }

    private void deliver(final int queue, final int message, final Recipient receiver) {
        states.detach(queue, message);
        states.addInFlight(queue, message);
        lanes.passTurn(queue, messages.getInt(message, Message.LANE));
        final int deliveryNumber = messages.getInt(message, Message.DELIVERY_NUMBER) + 1;
        messages.putInt(message, Message.DELIVERY_NUMBER, deliveryNumber);
        messages.putInt(message, Message.RECEIVE_COUNT, messages.getInt(message, Message.RECEIVE_COUNT) + 1);
        if (messages.getLong(message, Message.FIRST_RECEIVED_TIME) == 0) {
            messages.putLong(message, Message.FIRST_RECEIVED_TIME, state.nowNs);
        }
        messages.putLong(message, Message.RECEIVED_TIME, state.nowNs);
        messages.putLong(message, Message.DELIVERY_TURN, state.next(Root.NEXT_TURN));
        if (receiver.isPushed()) {
            consumers.startHolding(receiver.consumer, message);
        } else if (receiver.attempt >= 0) {
            attempts.add(receiver.attempt, message);
        }
        states.setTimer(message, visibleAgainNs(queue, receiver));
        messages.seal(message);
        state.counters.deliveries++;
        if (deliveryNumber > 1) {
            state.counters.redeliveries++;
        }
        encoding.encode(receiver, message);
    }

    /** Puts a queue on the list of those whose dispatch is to go on when other work of the record, or its budget, is done. */
    void dispatchLater(final int queue) {
        if (!state.isDeleted(queue) && queues.getLong(queue, Queue.PENDING_TURN) == 0) {
            queues.putLong(queue, Queue.PENDING_TURN, state.next(Root.NEXT_TURN));
            queues.seal(queue);
            state.pendingQueues.addLast(State.ONLY, queue);
        }
    }

    /** Goes on with queues whose dispatch ran out of budget, in the order in which they did. */
    void dispatchPending() {
        for (int queue = state.pendingQueues.first(State.ONLY);
                queue >= 0 && state.dispatchBudget > 0;
                queue = state.pendingQueues.first(State.ONLY)) {
            forget(queue);
            dispatch(queue);
        }
    }

    /** Takes a queue off the list of those whose dispatch is to go on. */
    void forget(final int queue) {
        if (queues.getLong(queue, Queue.PENDING_TURN) != 0) {
            queues.putLong(queue, Queue.PENDING_TURN, 0);
            queues.seal(queue);
            state.pendingQueues.remove(State.ONLY, queue);
        }
    }
}
