package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.AVAILABLE;
import static io.millrace.kernel.ModelState.Standing.IN_FLIGHT;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Consumer;
import io.millrace.kernel.ModelState.Lane;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Waiter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Who gets which message next. */
final class ModelOrder {

    private final KernelModel model;
    private final ModelState state;

    ModelOrder(final KernelModel model) {
        this.model = model;
        state = model.state;
    }

    /** Hands out what is available: to waiters in the order of their arrival, then to consumers in turns. */
    void dispatch(final Queue queue) {
        while (!queue.waiters.isEmpty() && serve(queue.waiters.get(0))) {
            state.cancel(queue.waiters.remove(0));
        }
        while (!queue.ready.isEmpty()) {
            final Consumer consumer = queue.ready.remove(0);
            if (!push(consumer)) {
                queue.ready.add(0, consumer);
                break;
            }
            model.updateReady(consumer);
        }
        model.push.dropTheRest(queue);
    }

    /** Gives the receive what there is; whether there was anything. */
    boolean serve(final Waiter waiter) {
        final List<Message> taken = take(
                waiter.queue,
                waiter.maxMessages,
                false,
                () -> true,
                message -> model.deliver(
                        message,
                        waiter.session,
                        waiter.correlationId,
                        waiter.visibilityTimeoutNs,
                        waiter.attributeNames,
                        false));
        if (taken.isEmpty()) {
            return false;
        }
        model.attempts.remember(waiter, taken);
        model.end(waiter, taken.size(), ResultCode.OK);
        return true;
    }

    /** One turn of a consumer: one message, or what can be taken of one group. */
    private boolean push(final Consumer consumer) {
        final Queue queue = consumer.queue;
        if (!ModelAccess.RECEIVE.allows(consumer.session, queue) && hasSomething(queue)) {
            model.stop(consumer, ResultCode.NOT_AUTHORISED);
            return true;
        }
        final boolean once = queue.subscription != null && queue.subscription.isAtMostOnce();
        final int most = queue.isFifo() && !once ? (int) state.limit(LimitId.RECEIVE_MESSAGES) : 1;
        return !take(queue, most, true, consumer::canTake, message -> {
                    consumer.creditMessages--;
                    consumer.creditBytes -= message.payload.length();
                    message.holder = consumer;
                    model.deliver(
                            message,
                            consumer.session,
                            consumer.correlationId,
                            consumer.visibilityTimeoutNs,
                            List.of(),
                            true);
                    model.push.onPushed(message);
                })
                .isEmpty();
    }

    /** Whether a message could be pushed now, when what must not be delivered is gone. */
    private boolean hasSomething(final Queue queue) {
        Message next = next(queue, List.of(), true);
        while (next != null && room(queue) > 0 && isPutAway(next)) {
            next = next(queue, List.of(), true);
        }
        return next != null && room(queue) > 0 && model.push.admits(queue);
    }

    private static Message next(final Queue queue, final List<Message> taken, final boolean oneLane) {
        return queue.isFifo() ? nextOfFifo(queue, taken, oneLane) : nextOfStandard(queue);
    }

    /** Puts a message that must not be delivered where it belongs; false if it may be. */
    private boolean isPutAway(final Message message) {
        if (state.isExpired(message)) {
            model.expire(message);
            return true;
        }
        if (model.moves.isDeadLetter(message)) {
            model.moves.toDeadLetterQueue(message);
            return true;
        }
        return false;
    }

    /** How many more messages may be in flight. */
    long room(final Queue queue) {
        return state.limit(inFlightLimit(queue)) - queue.count(IN_FLIGHT);
    }

    static LimitId inFlightLimit(final Queue queue) {
        return queue.isFifo() ? LimitId.IN_FLIGHT_FIFO : LimitId.IN_FLIGHT_STANDARD;
    }

    /** Takes messages one by one; what must not be delivered is put where it belongs, and the next one tried. */
    private List<Message> take(
            final Queue queue,
            final int most,
            final boolean oneLane,
            final BooleanSupplier more,
            final java.util.function.Consumer<Message> deliver) {
        final List<Message> taken = new ArrayList<>();
        long bytes = 0;
        while (taken.size() < most && room(queue) > 0 && more.getAsBoolean()) {
            final Message message = next(queue, taken, oneLane);
            if (message == null) {
                break;
            }
            if (isPutAway(message)) {
                continue;
            }
            if (!model.push.admits(queue)) {
                break;
            }
            if (!taken.isEmpty() && bytes + message.payload.length() > state.limit(LimitId.RECEIVE_BYTES)) {
                break;
            }
            bytes += message.payload.length();
            taken.add(message);
            deliver.accept(message);
            if (queue.ring.remove(message.lane)) {
                queue.refreshRing();
            }
        }
        return taken;
    }

    /** The highest priority first; within it the lanes in turns; within a lane the lowest sequence. */
    private static Message nextOfStandard(final Queue queue) {
        final int priority = queue.ring.stream().mapToInt(Lane::priority).max().orElse(0);
        return queue.ring.stream()
                .filter(lane -> lane.priority() == priority)
                .findFirst()
                .flatMap(lane -> queue.all(AVAILABLE).stream()
                        .filter(message -> message.lane.equals(lane))
                        .findFirst())
                .orElse(null);
    }

    /** F1, F2: goes on in the group of the message taken last, then the group whose first message came first. */
    private static Message nextOfFifo(final Queue queue, final List<Message> taken, final boolean oneLane) {
        if (!taken.isEmpty()) {
            final Lane lane = taken.get(taken.size() - 1).lane;
            final Message next = queue.messages.values().stream()
                    .filter(message -> message.lane.equals(lane) && !taken.contains(message))
                    .findFirst()
                    .orElse(null);
            if (next != null && next.standing == AVAILABLE) {
                return next;
            }
            if (oneLane) {
                return null;
            }
        }
        return lanes(queue).stream()
                .map(lane -> prefix(queue, lane))
                .filter(prefix -> !prefix.isEmpty())
                .map(prefix -> prefix.get(0))
                .min(Comparator.comparingLong(message -> message.sequence))
                .orElse(null);
    }

    private static List<Lane> lanes(final Queue queue) {
        return queue.messages.values().stream()
                .map(message -> message.lane)
                .distinct()
                .toList();
    }

    /** F1: the longest prefix of the group's messages that is available. */
    private static List<Message> prefix(final Queue queue, final Lane lane) {
        return queue.messages.values().stream()
                .filter(message -> message.lane.equals(lane))
                .takeWhile(message -> message.standing == AVAILABLE)
                .toList();
    }

    /** Every message that a receive could take now, in the order of arrival. */
    static List<Message> deliverable(final Queue queue) {
        if (!queue.isFifo()) {
            return queue.all(AVAILABLE);
        }
        return lanes(queue).stream()
                .flatMap(lane -> prefix(queue, lane).stream())
                .sorted(Comparator.comparingLong(message -> message.sequence))
                .toList();
    }
}
