package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.AVAILABLE;
import static io.millrace.kernel.ModelState.Standing.AWAITING_RETRY;
import static io.millrace.kernel.ModelState.Standing.GONE;
import static io.millrace.kernel.ModelState.Standing.IN_FLIGHT;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Consumer;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelState.Standing;
import io.millrace.kernel.ModelState.Waiter;
import io.millrace.kernel.ModelTopicState.Archive;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.RecordingEgress.Emitted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the kernel should do, said as simply as possible: small, slow and without any structure that is there for speed. Records,
 * sessions and what becomes of a message are here; what is due when is in {@link ModelTimers}, who gets which message next in
 * {@link ModelOrder}, what the commands do in {@link ModelCommands}.
 */
final class KernelModel {

    final ModelState state;
    final ModelOrder order;
    final ModelMoves moves;
    final ModelAttempts attempts;
    final ModelAlarms alarms;
    final ModelPush push;
    private final ModelTimers timers;
    private final ModelCommands commands;
    private final List<Emitted> emitted = new ArrayList<>();
    private final Set<Queue> touched = new LinkedHashSet<>();

    KernelModel(final Map<LimitId, Long> limits, final long nowNs) {
        state = new ModelState(limits);
        state.nowNs = nowNs;
        order = new ModelOrder(this);
        moves = new ModelMoves(this);
        attempts = new ModelAttempts(this);
        alarms = new ModelAlarms(this);
        push = new ModelPush(this);
        timers = new ModelTimers(this);
        commands = new ModelCommands(this);
    }

    /** From now on the receipt stands for this delivery to this principal. */
    void bind(final Receipt receipt, final String principal, final Event.Delivery delivery) {
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
        begin(timeNs);
        commands.apply(state.sessions.get(sessionId), command);
        end();
    }

    void query(final long sessionId, final Command command) {
        commands.query(state.sessions.get(sessionId), command);
    }

    void onClock(final long timeNs) {
        begin(timeNs);
        end();
    }

    void openSession(final long timeNs, final long sessionId, final String principal) {
        begin(timeNs);
        final Session session = new Session();
        session.id = sessionId;
        session.principal = principal;
        state.sessions.put(sessionId, session);
        end();
    }

    void closeSession(final long timeNs, final long sessionId) {
        begin(timeNs);
        release(state.sessions.remove(sessionId)).forEach(this::touch);
        end();
    }

    /** The logs of a stream are open. */
    void shardsReady(final long timeNs, final long streamId) {
        begin(timeNs);
        state.streams.ready(streamId);
        commands.archives().ready(streamId);
        end();
    }

    void boot(final long timeNs) {
        begin(timeNs);
        state.streams.boot();
        while (!state.sessions.isEmpty()) {
            release(state.sessions.pollFirstEntry().getValue());
        }
        commands.archives().boot();
        commands.replays().boot();
        end();
    }

    /** The host hands over messages of an archive; null for a replay that is no more. */
    void replay(final long timeNs, final Subscription subscription, final long after, final List<Long> sequences) {
        begin(timeNs);
        commands.replays().onMessages(subscription, after, sequences);
        end();
    }

    /** The same of a part of one message. */
    void replayPart(final long timeNs, final Subscription subscription, final ModelReplays.Part part) {
        begin(timeNs);
        commands.replays().onPart(subscription, part);
        end();
    }

    /** The host cannot go on. */
    void failReplay(final long timeNs, final Subscription subscription) {
        begin(timeNs);
        commands.replays().fail(subscription);
        end();
    }

    /** An hour of an archive is over. */
    void look(final Archive archive) {
        archive.nextLookNs = state.nowNs + ModelArchives.LOOK_NS;
        commands.replays().look(archive);
    }

    private void begin(final long timeNs) {
        state.nowNs = Math.max(state.nowNs, timeNs);
        timers.fireDue();
        commands.beginRecord();
        push.endSubscriptions();
        state.blobs.forgetUnused();
    }

    private void end() {
        dispatchTouched();
        alarms.evaluate();
        state.blobs.forgetUnused();
    }

    boolean timersAreLeft() {
        return nextDeadlineNs() <= state.nowNs;
    }

    /** Whether something published has not reached every subscription. */
    boolean isPublishing() {
        return !state.topics.pending.isEmpty();
    }

    /** When more may be pushed than now; now if nothing waits for that. */
    long endOfThrottlingNs(final long nowNs) {
        return state.topics.subscriptions.values().stream()
                .mapToLong(subscription -> subscription.throttledUntilNs)
                .filter(untilNs -> untilNs > nowNs)
                .min()
                .orElse(nowNs);
    }

    long nextDeadlineNs() {
        return timers.nextDeadlineNs();
    }

    void emit(final Session session, final Event event) {
        emitted.add(new Emitted(session.id, event));
    }

    /** Drops what the session waits for and gives back what was pushed to it; returns the queues that got something back. */
    private List<Queue> release(final Session session) {
        final List<Queue> concerned = state.queues.values().stream()
                .flatMap(queue -> queue.consumers.stream())
                .filter(consumer -> consumer.session == session && state.holdsSomething(consumer))
                .sorted(Comparator.comparingLong(consumer -> consumer.opened))
                .map(consumer -> consumer.queue)
                .distinct()
                .toList();
        for (final Queue queue : state.queues.values()) {
            queue.watchers.remove(session.id);
            queue.waiters.stream().filter(waiter -> waiter.session == session).forEach(state::cancel);
            queue.waiters.removeIf(waiter -> waiter.session == session);
            queue.ready.removeIf(consumer -> consumer.session == session);
            queue.consumers.removeIf(consumer -> consumer.session == session);
            queue.messages.values().stream()
                    .filter(message -> message.holder != null && message.holder.session == session)
                    .sorted(Comparator.comparingLong(message -> message.delivered))
                    .toList()
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
        waitUntil(message, AVAILABLE, 0);
    }

    /** Puts the message into a standing that ends at the time, or lasts if the time is 0. */
    void waitUntil(final Message message, final Standing standing, final long untilNs) {
        state.cancel(message);
        if (untilNs != 0) {
            state.schedule(message, untilNs);
        }
        message.standing = standing;
        message.queue.refreshRing();
    }

    /** The delivery failed: the message is available again after the delay, null: after the one that was set for that. */
    void fail(final Message message, final Long delayNs) {
        message.failedCount++;
        if (message.queue.subscription != null) {
            push.fail(message, delayNs);
        } else {
            deliverAgain(
                    message,
                    delayNs == null ? ModelSettings.backoffNs(message.queue.settings, message.failedCount) : delayNs);
        }
    }

    /** The delivery failed or was released: the message is available again after the delay. */
    void deliverAgain(final Message message, final long delayNs) {
        if (delayNs == 0) {
            waitUntil(message, AVAILABLE, 0);
        } else {
            waitUntil(message, AWAITING_RETRY, state.nowNs + delayNs);
        }
    }

    /** The message was kept as long as it may be. */
    void expire(final Message message) {
        if (message.queue.subscription != null) {
            message.queue.subscription.discardedCount++;
        }
        remove(message);
    }

    /** The message was acknowledged. */
    void acknowledge(final Message message) {
        if (message.queue.subscription != null) {
            message.queue.subscription.deliveredCount++;
        }
        remove(message);
    }

    /** Takes the message out of its queue and of the server. */
    void remove(final Message message) {
        attempts.change(message);
        takeOut(message);
        message.standing = GONE;
        state.messages.remove(message.id);
    }

    /** Takes the message out of its queue. */
    void takeOut(final Message message) {
        state.cancel(message);
        endHold(message, false);
        message.queue.messages.remove(message.sequence);
        message.queue.refreshRing();
    }

    /** Puts the message at the end of the queue. */
    void putIn(final Message message, final Queue queue) {
        message.queue = queue;
        message.sequence = queue.nextSequence++;
        message.arrivedTimeNs = state.nowNs;
        queue.messages.put(message.sequence, message);
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

    /** The queue is gone, and what is in it. */
    void close(final Queue queue) {
        state.queues.remove(queue.id);
        queue.messages.values().forEach(message -> {
            state.cancel(message);
            state.messages.remove(message.id);
        });
    }

    /** Ends what the session consumes, unless that has ended, and tells it why. */
    void stop(final Consumer consumer, final ResultCode code) {
        if (!consumer.stopped) {
            consumer.stopped = true;
            updateReady(consumer);
            emit(consumer.session, new Event.ConsumerStopped(consumer.correlationId, consumer.queue.id, code));
        }
    }

    void end(final Waiter waiter, final int count, final ResultCode code) {
        emit(waiter.session, new Event.ReceiveEnd(waiter.correlationId, waiter.queue.id, count, code));
    }

    /** Something of the queue changed: what waits there is tried again, after what was touched before. */
    void touch(final Queue queue) {
        touched.add(queue);
    }

    void dispatchTouched() {
        while (!touched.isEmpty()) {
            final Queue queue = touched.iterator().next();
            touched.remove(queue);
            if (state.queues.containsKey(queue.id)) {
                order.dispatch(queue);
            }
        }
    }

    /** Tells the session of a delivery of the message as it stands. */
    void tell(
            final Message message,
            final Session session,
            final long correlationId,
            final List<String> attributeNames,
            final boolean pushed) {
        final Payload payload = message.payload.withAttributes(attributeNames);
        final Event.Delivery delivery = new Event.Delivery(
                correlationId,
                message.queue.id,
                message.id,
                message.sequence,
                message.sentTimeNs,
                message.firstReceivedTimeNs,
                message.deadLetterSourceId,
                message.deliveryNumber,
                message.receiveCount,
                message.failedCount,
                message.lane.priority(),
                message.deliveryNumber > 1,
                pushed,
                message.moved,
                message.queue.subscription != null && message.queue.subscription.isAtMostOnce(),
                Event.Delivery.isChunked(payload),
                payload,
                null);
        final BlobReference blob = state.blobs.of(message.payload);
        final Event event = message.replayed ? new ArchiveEvent.Replayed(delivery) : delivery;
        emit(session, blob == null ? event : new Event.Claim(delivery, blob));
    }

    /** Delivers the message: from now on it is in flight. */
    void deliver(
            final Message message,
            final Session session,
            final long correlationId,
            final Long visibilityTimeoutNs,
            final List<String> attributeNames,
            final boolean pushed) {
        message.deliveryNumber++;
        message.receiveCount++;
        message.delivered = state.nextDelivery++;
        message.receivedTimeNs = state.nowNs;
        if (message.firstReceivedTimeNs == 0) {
            message.firstReceivedTimeNs = state.nowNs;
        }
        waitUntil(message, IN_FLIGHT, state.nowNs + visibilityNs(message.queue, visibilityTimeoutNs));
        tell(message, session, correlationId, attributeNames, pushed);
    }

    static long visibilityNs(final Queue queue, final Long visibilityTimeoutNs) {
        return visibilityTimeoutNs == null ? queue.settings.visibilityTimeoutNs() : visibilityTimeoutNs;
    }
}
