package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.IN_FLIGHT;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Attempt;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelState.Waiter;
import java.util.List;
import java.util.stream.Stream;

/** Receives that can be asked for again. */
final class ModelAttempts {

    /** What a receive under an attempt id finds. */
    enum Found {
        NOTHING,
        CHANGED,
        THE_SAME_AGAIN
    }

    private final KernelModel model;
    private final ModelState state;

    ModelAttempts(final KernelModel model) {
        this.model = model;
        state = model.state;
    }

    private static String key(final Session session, final String attemptId) {
        return session.principal + ' ' + attemptId;
    }

    void remember(final Waiter waiter, final List<Message> taken) {
        if (!waiter.attemptId.isEmpty()) {
            final Attempt attempt = new Attempt();
            attempt.receivedTimeNs = state.nowNs;
            taken.forEach(message -> attempt.deliveryNumbers.put(message, message.deliveryNumber));
            waiter.queue.attempts.put(key(waiter.session, waiter.attemptId), attempt);
        }
    }

    /** A delivery was ended by something else than time, or its visibility changed: what returned it cannot be asked for again. */
    void change(final Message message) {
        of(message).forEach(attempt -> attempt.changed = true);
    }

    /** The visibility timeout of a delivery is over: what becomes of its message then is no matter of the attempt. */
    void expire(final Message message) {
        of(message).toList().forEach(attempt -> {
            attempt.expired = true;
            attempt.deliveryNumbers.remove(message);
        });
    }

    /** The attempts that the message's present delivery belongs to. */
    private Stream<Attempt> of(final Message message) {
        return message.queue.attempts.values().stream()
                .filter(attempt -> message.standing == IN_FLIGHT
                        && Long.valueOf(message.deliveryNumber).equals(attempt.deliveryNumbers.get(message)));
    }

    /** A2, A3: what became of the receive with this attempt id. */
    Found find(final Waiter waiter) {
        final Attempt attempt = waiter.queue.attempts.get(key(waiter.session, waiter.attemptId));
        if (attempt == null || state.nowNs - attempt.receivedTimeNs >= state.limit(LimitId.ATTEMPT_WINDOW)) {
            return Found.NOTHING;
        }
        if (attempt.changed) {
            return Found.CHANGED;
        }
        return attempt.expired ? Found.NOTHING : Found.THE_SAME_AGAIN;
    }

    /** A2: the same deliveries, their visibility timeouts begun again. */
    void tellAgain(final Waiter waiter) {
        final Attempt attempt = waiter.queue.attempts.get(key(waiter.session, waiter.attemptId));
        final long untilNs = state.nowNs + KernelModel.visibilityNs(waiter.queue, waiter.visibilityTimeoutNs);
        for (final Message message : attempt.deliveryNumbers.keySet()) {
            model.waitUntil(message, IN_FLIGHT, untilNs);
            model.tell(message, waiter.session, waiter.correlationId, waiter.attributeNames, false);
        }
        model.end(waiter, attempt.deliveryNumbers.size(), ResultCode.OK);
    }
}
