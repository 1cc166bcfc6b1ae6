package io.millrace.kernel;

import static io.millrace.kernel.ModelState.NEVER;
import static io.millrace.kernel.ModelState.Standing.AVAILABLE;
import static io.millrace.kernel.ModelState.Standing.DELAYED;
import static io.millrace.kernel.ModelState.Standing.IN_FLIGHT;

import io.millrace.codecs.RedriveStatus;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Timed;
import io.millrace.kernel.ModelState.Waiter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is due when. Everything that follows from the messages themselves is found by looking at all of them. */
final class ModelTimers {

    private static final int TIMERS_PER_RECORD = 256;

    /** What has a timer id comes first, then what is about one message, then what is about a queue. */
    private enum Rank {
        SCHEDULED,
        OF_MESSAGE,
        OF_QUEUE
    }

    /** Something that is to be done at a time; of several of a rank the one with the lower order is done first. */
    private record Due(long deadlineNs, Rank rank, long order, Runnable action) {}

    private final KernelModel model;
    private final ModelState state;

    ModelTimers(final KernelModel model) {
        this.model = model;
        state = model.state;
    }

    void fireDue() {
        for (int fired = 0; fired < TIMERS_PER_RECORD; fired++) {
            final Due due = next();
            if (due.deadlineNs > state.nowNs) {
                return;
            }
            due.action.run();
            model.dispatchTouched();
        }
    }

    long nextDeadlineNs() {
        return next().deadlineNs;
    }

    /** What is due first. */
    private Due next() {
        final List<Due> dues = new ArrayList<>();
        if (!state.timers.isEmpty()) {
            final Timed first = state.timers.first();
            dues.add(new Due(first.deadlineNs, Rank.SCHEDULED, first.timerId, () -> fire(first)));
        }
        state.queues.values().forEach(queue -> addDues(queue, dues));
        state.topics
                .archives()
                .forEach(archive ->
                        dues.add(new Due(archive.nextLookNs, Rank.OF_QUEUE, archive.id, () -> model.look(archive))));
        return dues.stream()
                .min(Comparator.comparingLong(Due::deadlineNs)
                        .thenComparing(Due::rank)
                        .thenComparingLong(Due::order))
                .orElse(new Due(NEVER, Rank.OF_QUEUE, 0, () -> {}));
    }

    private void addDues(final Queue queue, final List<Due> dues) {
        if (queue.isFifo()) {
            queue.all(DELAYED).stream()
                    .findFirst()
                    .ifPresent(first -> dues.add(new Due(
                            first.sentTimeNs + queue.settings.delayNs(),
                            Rank.SCHEDULED,
                            first.delayId,
                            () -> endDelays(queue))));
        }
        long expiryNs = NEVER;
        Message dying = null;
        for (final Message message : queue.messages.values()) {
            expiryNs = Math.min(expiryNs, message.retainedUntilNs());
            dying = dying == null || diesBefore(message, dying) ? message : dying;
        }
        if (expiryNs != NEVER) {
            dues.add(new Due(expiryNs, Rank.OF_QUEUE, queue.id, () -> endRetention(queue)));
        }
        if (dying != null && dying.diesTimeNs != NEVER) {
            final Message first = dying;
            dues.add(new Due(first.diesTimeNs, Rank.OF_MESSAGE, first.id, () -> discard(first)));
        }
        if (!queue.ageIsHigh && queue.settings.highAgeNs() > 0 && queue.oldest() != null) {
            dues.add(new Due(
                    queue.oldest().arrivedTimeNs + queue.settings.highAgeNs(),
                    Rank.OF_QUEUE,
                    queue.id,
                    () -> model.alarms.ageIsHigh(queue)));
        }
        if (queue.redrive != null && queue.redrive.status == RedriveStatus.RUNNING) {
            dues.add(new Due(
                    queue.redrive.nextMoveTimeNs(),
                    Rank.OF_QUEUE,
                    queue.id,
                    () -> model.moves.redriveOne(queue.redrive)));
        }
        if (queue.subscription != null && queue.subscription.throttledUntilNs != 0) {
            dues.add(new Due(
                    queue.subscription.throttledUntilNs, Rank.OF_QUEUE, queue.id, () -> model.push.goOn(queue)));
        }
    }

    private static boolean diesBefore(final Message message, final Message other) {
        return message.diesTimeNs < other.diesTimeNs || message.diesTimeNs == other.diesTimeNs && message.id < other.id;
    }

    private void fire(final Timed timed) {
        state.cancel(timed);
        if (timed instanceof Waiter waiter) {
            waiter.queue.waiters.remove(waiter);
            model.end(waiter, 0, ResultCode.OK);
        } else if (timed instanceof Message message) {
            if (message.standing == IN_FLIGHT) {
                model.attempts.expire(message);
                model.endHold(message, true);
                model.touch(message.queue);
                model.fail(message, null);
            } else {
                model.waitUntil(message, AVAILABLE, 0);
                model.touch(message.queue);
            }
        }
    }

    /** L3: the queue's present delay counts, for all messages that wait for it. */
    private void endDelays(final Queue queue) {
        queue.all(DELAYED).stream()
                .filter(message -> message.sentTimeNs + queue.settings.delayNs() <= state.nowNs)
                .forEach(message -> model.waitUntil(message, AVAILABLE, 0));
        model.touch(queue);
    }

    /** The oldest first: a message that was moved may be older than those that were there before it. */
    private void endRetention(final Queue queue) {
        List.copyOf(queue.messages.values()).stream()
                .filter(message -> state.nowNs >= message.retainedUntilNs())
                .sorted(Comparator.comparingLong(Message::retainedUntilNs))
                .forEach(model::expire);
        model.touch(queue);
    }

    private void discard(final Message message) {
        model.expire(message);
        model.touch(message.queue);
    }
}
