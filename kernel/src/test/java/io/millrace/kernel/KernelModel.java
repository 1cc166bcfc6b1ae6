package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.AVAILABLE;
import static io.millrace.kernel.ModelState.Standing.GONE;
import static io.millrace.kernel.ModelState.Standing.IN_FLIGHT;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Consumer;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelState.Timed;
import io.millrace.kernel.ModelState.Waiter;
import io.millrace.kernel.RecordingEgress.Emitted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the kernel should do, said as simply as possible: small, slow and without any structure that is there for speed. Time,
 * sessions and the handing out of messages are here; what the commands do is in {@link ModelCommands}.
 */
final class KernelModel {

    private static final int TIMERS_PER_RECORD = 256;
    private static final int LONGEST_MESSAGE = 65_536;
    private static final int DELIVERY_OVERHEAD = 106;

    private final ModelState state;
    private final ModelCommands commands;
    private final List<Emitted> emitted = new ArrayList<>();

    KernelModel(final Map<LimitId, Long> limits, final long nowNs) {
        state = new ModelState(limits, new HashMap<>());
        state.nowNs = nowNs;
        commands = new ModelCommands(state, this);
    }

    /** From now on the receipt stands for this delivery to this principal. */
    void bind(final Receipt receipt, final long sessionId, final Event.Delivery delivery) {
        final String principal = state.sessions.get(sessionId).principal;
        state.handles.put(
                receipt,
                new ModelState.Handle(delivery.queueId(), delivery.messageId(), delivery.deliveryNumber(), principal));
    }

    List<Emitted> drain() {
        final List<Emitted> drained = List.copyOf(emitted);
        emitted.clear();
        return drained;
    }

    void apply(final long timeNs, final long sessionId, final Command command) {
        advance(timeNs);
        commands.apply(state.sessions.get(sessionId), command);
    }

    void query(final long sessionId, final Command command) {
        commands.query(sessionId, command);
    }

    void onClock(final long timeNs) {
        advance(timeNs);
    }

    void openSession(final long timeNs, final long sessionId, final String principal) {
        advance(timeNs);
        final Session session = new Session();
        session.id = sessionId;
        session.principal = principal;
        state.sessions.put(sessionId, session);
    }

    void closeSession(final long timeNs, final long sessionId) {
        advance(timeNs);
        dispatchAll(release(state.sessions.remove(sessionId)));
    }

    void boot(final long timeNs) {
        advance(timeNs);
        while (!state.sessions.isEmpty()) {
            release(state.sessions.pollFirstEntry().getValue());
        }
    }

    /** How many timers would fire if the time were this. */
    long dueAt(final long timeNs) {
        return state.timers.stream()
                .takeWhile(timed -> timed.deadlineNs <= timeNs)
                .count();
    }

    boolean timersAreLeft() {
        return dueAt(state.nowNs) > 0;
    }

    ModelState state() {
        return state;
    }

    void emit(final Session session, final Event event) {
        emitted.add(new Emitted(session.id, event));
    }

    private void advance(final long timeNs) {
        state.nowNs = Math.max(state.nowNs, timeNs);
        for (int fired = 0; fired < TIMERS_PER_RECORD && timersAreLeft(); fired++) {
            fire(state.timers.first());
        }
    }

    private void fire(final Timed timed) {
        state.cancel(timed);
        if (timed instanceof Waiter waiter) {
            waiter.queue.waiters.remove(waiter);
            end(waiter, 0, ResultCode.OK);
        } else if (timed instanceof Message message) {
            endHold(message, true);
            makeAvailable(message);
            dispatch(message.queue);
        }
    }

    /** Drops what the session waits for and gives back what was pushed to it; returns the queues concerned. */
    private List<Queue> release(final Session session) {
        final List<Queue> concerned = state.queues.values().stream()
                .flatMap(queue -> queue.consumers.stream())
                .filter(consumer -> consumer.session == session)
                .sorted(Comparator.comparingLong(consumer -> consumer.opened))
                .map(consumer -> consumer.queue)
                .distinct()
                .toList();
        for (final Queue queue : state.queues.values()) {
            queue.waiters.stream().filter(waiter -> waiter.session == session).forEach(state::cancel);
            queue.waiters.removeIf(waiter -> waiter.session == session);
            queue.ready.removeIf(consumer -> consumer.session == session);
            queue.consumers.removeIf(consumer -> consumer.session == session);
            queue.messages.values().stream()
                    .filter(message -> message.holder != null && message.holder.session == session)
                    .forEach(this::takeBack);
        }
        return concerned;
    }

    private void takeBack(final Message message) {
        message.holder = null;
        message.receiveCount--;
        if (message.receiveCount == 0) {
            message.firstReceivedTimeNs = 0;
        }
        makeAvailable(message);
    }

    void makeAvailable(final Message message) {
        state.cancel(message);
        message.standing = AVAILABLE;
    }

    void remove(final Message message) {
        state.cancel(message);
        endHold(message, false);
        message.standing = GONE;
        message.queue.messages.remove(message.sequence);
        state.messages.remove(message.id);
    }

    /** A pushed delivery ended: its consumer gets the credit back, and is passed over from now on if it was too slow. */
    void endHold(final Message message, final boolean expired) {
        final Consumer consumer = message.holder;
        if (consumer != null) {
            message.holder = null;
            consumer.creditMessages++;
            consumer.creditBytes += message.payload.length();
            consumer.stalled |= expired;
            updateReady(consumer);
        }
    }

    /** Keeps the consumer's place in the ring if it is ready, takes it out if it is not, puts it last if it becomes so. */
    void updateReady(final Consumer consumer) {
        final List<Consumer> ready = consumer.queue.ready;
        if (!consumer.canTake()) {
            ready.remove(consumer);
        } else if (!ready.contains(consumer)) {
            ready.add(consumer);
        }
    }

    void end(final Waiter waiter, final int count, final ResultCode code) {
        emit(waiter.session, new Event.ReceiveEnd(waiter.correlationId, waiter.queue.id, count, code));
    }

    void dispatchAll(final List<Queue> queues) {
        queues.forEach(this::dispatch);
    }

    /** Hands out what is available: to waiters in the order of their arrival, then to consumers in turns. */
    void dispatch(final Queue queue) {
        while (!queue.waiters.isEmpty() && queue.firstAvailable() != null) {
            final Waiter waiter = queue.waiters.remove(0);
            state.cancel(waiter);
            receive(waiter);
        }
        while (!queue.ready.isEmpty() && queue.firstAvailable() != null) {
            final Consumer consumer = queue.ready.remove(0);
            final Message message = queue.firstAvailable();
            consumer.creditMessages--;
            consumer.creditBytes -= message.payload.length();
            message.holder = consumer;
            deliver(message, consumer.session, consumer.correlationId, consumer.visibilityTimeoutNs, true);
            updateReady(consumer);
        }
    }

    /** Takes what is available, up to the number asked for and the bytes allowed, never a message twice, but always one. */
    void receive(final Waiter waiter) {
        final List<Message> available = waiter.queue.messages.values().stream()
                .filter(message -> message.standing == AVAILABLE)
                .limit(waiter.maxMessages)
                .toList();
        int count = 0;
        long bytes = 0;
        for (final Message message : available) {
            bytes += message.payload.length();
            if (count == 0 || bytes <= state.limit(LimitId.RECEIVE_BYTES)) {
                deliver(message, waiter.session, waiter.correlationId, waiter.visibilityTimeoutNs, false);
                count++;
            }
        }
        end(waiter, count, ResultCode.OK);
    }

    private void deliver(
            final Message message,
            final Session session,
            final long correlationId,
            final Long visibilityTimeoutNs,
            final boolean pushed) {
        message.standing = IN_FLIGHT;
        message.deliveryNumber++;
        message.receiveCount++;
        message.receivedTimeNs = state.nowNs;
        if (message.firstReceivedTimeNs == 0) {
            message.firstReceivedTimeNs = state.nowNs;
        }
        final long visibilityNs = visibilityTimeoutNs == null ? message.queue.visibilityTimeoutNs : visibilityTimeoutNs;
        state.schedule(message, state.nowNs + visibilityNs);
        emit(
                session,
                new Event.Delivery(
                        correlationId,
                        message.queue.id,
                        message.id,
                        message.sequence,
                        message.sentTimeNs,
                        message.firstReceivedTimeNs,
                        message.deliveryNumber,
                        message.receiveCount,
                        message.deliveryNumber > 1,
                        pushed,
                        DELIVERY_OVERHEAD + message.payload.length() > LONGEST_MESSAGE,
                        message.payload,
                        null));
    }
}
