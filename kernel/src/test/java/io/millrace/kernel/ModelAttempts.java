package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.IN_FLIGHT;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Attempt;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelState.Waiter;
import java.util.List;

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

    /** A delivery was settled, or its visibility changed: what returned it cannot be asked for again. */
    void change(final Message message) {
        message.queue.attempts.values().stream()
                .filter(attempt -> Long.valueOf(message.deliveryNumber).equals(attempt.deliveryNumbers.get(message)))
                .forEach(attempt -> attempt.changed = true);
    }

    /** A2, A3: what became of the receive with this attempt id; one that cannot be told again is forgotten. */
    Found find(final Waiter waiter) {
        final String key = key(waiter.session, waiter.attemptId);
        final Attempt attempt = waiter.queue.attempts.get(key);
        if (attempt == null || state.nowNs - attempt.receivedTimeNs >= state.limit(LimitId.ATTEMPT_WINDOW)) {
            waiter.queue.attempts.remove(key);
            return Found.NOTHING;
        }
        final boolean gone = attempt.deliveryNumbers.keySet().stream()
                .anyMatch(message -> state.messages.get(message.id) != message || message.queue != waiter.queue);
        if (gone || attempt.changed) {
            return Found.CHANGED;
        }
        final boolean inFlight = attempt.deliveryNumbers.entrySet().stream()
                .allMatch(entry ->
                        entry.getKey().standing == IN_FLIGHT && entry.getKey().deliveryNumber == entry.getValue());
        if (!inFlight) {
            waiter.queue.attempts.remove(key);
            return Found.NOTHING;
        }
        return Found.THE_SAME_AGAIN;
    }

    /** A2: the same deliveries, their visibility timeouts begun again. */
    void tellAgain(final Waiter waiter) {
        final Attempt attempt = waiter.queue.attempts.get(key(waiter.session, waiter.attemptId));
        final long untilNs = state.nowNs + KernelModel.visibilityNs(waiter.queue, waiter.visibilityTimeoutNs);
        for (final Message message : attempt.deliveryNumbers.keySet()) {
            if (!model.breaks(ModelRule.ATTEMPT_RESTARTS_VISIBILITY)) {
                model.waitUntil(message, IN_FLIGHT, untilNs);
            }
            model.tell(message, waiter.session, waiter.correlationId, waiter.attributeNames, false);
        }
        model.end(waiter, attempt.deliveryNumbers.size(), ResultCode.OK);
    }
}
