package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Consumer;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelState.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Queues of the model: making, changing, emptying, protecting, watching and deleting them. */
final class ModelQueues {

    private final KernelModel model;
    private final ModelState state;
    private final ModelSettings settings;
    private final ModelTags tags;
    private Runnable rest = () -> {};

    ModelQueues(final KernelModel model) {
        this.model = model;
        state = model.state;
        settings = new ModelSettings(state);
        tags = new ModelTags(state);
    }

    /** What is told behind the answer. */
    void afterAnswer() {
        rest.run();
        rest = () -> {};
    }

    Event execute(final Session session, final Command command) {
        if (command instanceof Command.CreateQueue create) {
            return createQueue(create);
        }
        final boolean ofConsumers = command instanceof Command.WatchQueue;
        final Queue queue = ofConsumers ? state.queues.get(queueId(command)) : state.ownQueue(queueId(command));
        if (queue == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        final ModelAccess needed = ofConsumers ? ModelAccess.RECEIVE : ModelAccess.MANAGE;
        if (!needed.allows(session, queue)) {
            return ModelAnswers.refused(command, ResultCode.NOT_AUTHORISED, -1);
        }
        final Event wrong;
        if (command instanceof Command.DeleteQueue) {
            wrong = deleteQueue(queue);
        } else if (command instanceof Command.SetQueueSettings set) {
            wrong = set(queue, set);
        } else if (command instanceof Command.PurgeQueue) {
            wrong = purge(queue, command);
        } else if (command instanceof Command.TagQueue tag) {
            wrong = tags.tag(command, queue.tags, tag.tags());
        } else if (command instanceof Command.UntagQueue untag) {
            wrong = ModelTags.untag(command, queue.tags, untag.keys());
        } else if (command instanceof Command.SetQueueAccess set) {
            wrong = setAccess(queue, set);
        } else {
            wrong = watch(session, queue, (Command.WatchQueue) command);
        }
        return wrong == null ? new Event.Confirmed(command.correlationId(), 0, 0) : wrong;
    }

    private static long queueId(final Command command) {
        if (command instanceof Command.DeleteQueue delete) {
            return delete.queueId();
        } else if (command instanceof Command.SetQueueSettings set) {
            return set.queueId();
        } else if (command instanceof Command.PurgeQueue purge) {
            return purge.queueId();
        } else if (command instanceof Command.TagQueue tag) {
            return tag.queueId();
        } else if (command instanceof Command.UntagQueue untag) {
            return untag.queueId();
        } else if (command instanceof Command.SetQueueAccess set) {
            return set.queueId();
        } else if (command instanceof Command.WatchQueue watch) {
            return watch.queueId();
        }
        throw new AssertionError("no such command: " + command);
    }

    private Event createQueue(final Command.CreateQueue command) {
        final String name = command.name();
        if (name.length() > state.limit(LimitId.NAME_BYTES)) {
            return limited(command, LimitId.NAME_BYTES, name.length(), -1);
        }
        if (name.isEmpty() || !Utf8.isWellFormed(name)) {
            return ModelAnswers.refused(command, ResultCode.INVALID_NAME, -1);
        }
        final Queue existing = state.named(name);
        final Settings all = command.settings().orElse(settings.defaults());
        final Event wrong = settings.wrong(command, existing, all, all);
        if (wrong != null) {
            return wrong;
        }
        if (existing != null) {
            return existing(command, existing, all);
        }
        final Long deletedTimeNs = state.deletedNames.get(name);
        final long restNs = state.limit(LimitId.DELETED_NAME_REST);
        if (deletedTimeNs != null && state.nowNs - deletedTimeNs < restNs) {
            return new Event.Refused(
                    command.correlationId(),
                    ResultCode.QUEUE_DELETED_RECENTLY,
                    LimitId.DELETED_NAME_REST,
                    restNs,
                    state.nowNs - deletedTimeNs,
                    -1);
        }
        if (state.queues.size() >= state.limit(LimitId.QUEUES)) {
            return limited(command, LimitId.QUEUES, state.queues.size() + 1, -1);
        }
        final Queue queue = new Queue();
        queue.id = state.nextQueueId++;
        queue.name = name;
        queue.settings = all;
        queue.createdTimeNs = state.nowNs;
        queue.changedTimeNs = state.nowNs;
        queue.tookDeadLetterQueue = state.nextUse++;
        state.queues.put(queue.id, queue);
        return new Event.Confirmed(command.correlationId(), queue.id, 1);
    }

    private Event existing(final Command.CreateQueue command, final Queue existing, final Settings all) {
        final int different = ModelSettings.firstDifference(existing.settings, all);
        if (different == 0) {
            return new Event.Confirmed(command.correlationId(), existing.id, 1);
        }
        return new Event.Refused(command.correlationId(), ResultCode.QUEUE_EXISTS, LimitId.NONE, 0, different, -1);
    }

    private Event deleteQueue(final Queue queue) {
        model.close(queue);
        state.deletedNames.put(queue.name, state.nowNs);
        rest = () -> stop(queue, session -> true, ResultCode.QUEUE_DELETED);
        return null;
    }

    /** Ends what the sessions wait for and consume. */
    private void stop(final Queue queue, final Predicate<Session> concerned, final ResultCode code) {
        for (final Waiter waiter : List.copyOf(queue.waiters)) {
            if (concerned.test(waiter.session)) {
                state.cancel(waiter);
                queue.waiters.remove(waiter);
                model.end(waiter, 0, code);
            }
        }
        for (final Consumer consumer : queue.consumers) {
            if (concerned.test(consumer.session)) {
                model.stop(consumer, code);
            }
        }
    }

    private Event set(final Queue queue, final Command.SetQueueSettings command) {
        final Settings given = command.settings();
        final Settings all = given.orElse(queue.settings).withSources(sources(queue, given));
        final Event wrong = settings.wrong(command, queue, given, all);
        if (wrong != null) {
            return wrong;
        }
        if (!all.deadLetterQueueId().equals(queue.settings.deadLetterQueueId())) {
            queue.tookDeadLetterQueue = state.nextUse++;
        }
        queue.settings = all;
        queue.changedTimeNs = state.nowNs;
        model.touch(queue);
        return null;
    }

    /** The command's sources if it has some or names the permission, else those that stand. */
    private static List<Long> sources(final Queue queue, final Settings given) {
        final boolean unchanged = given.redrivePermission() == RedrivePermission.NULL_VAL
                && given.redriveSources().isEmpty();
        return unchanged ? queue.settings.redriveSources() : given.redriveSources();
    }

    private Event purge(final Queue queue, final Command command) {
        final long intervalNs = state.limit(LimitId.PURGE_INTERVAL);
        if (queue.purgedTimeNs != null && state.nowNs - queue.purgedTimeNs < intervalNs) {
            return new Event.Refused(
                    command.correlationId(),
                    ResultCode.PURGE_IN_PROGRESS,
                    LimitId.PURGE_INTERVAL,
                    intervalNs,
                    state.nowNs - queue.purgedTimeNs,
                    -1);
        }
        queue.purgedTimeNs = state.nowNs;
        List.copyOf(queue.messages.values()).forEach(model::remove);
        queue.tracked.clear();
        return null;
    }

    private Event setAccess(final Queue queue, final Command.SetQueueAccess command) {
        if (command.entries().size() > state.limit(LimitId.ACCESS_ENTRIES)) {
            return limited(command, LimitId.ACCESS_ENTRIES, command.entries().size(), -1);
        }
        queue.access = new ArrayList<>(command.entries());
        rest = () -> stop(queue, session -> !ModelAccess.RECEIVE.allows(session, queue), ResultCode.NOT_AUTHORISED);
        return null;
    }

    private Event watch(final Session session, final Queue queue, final Command.WatchQueue command) {
        if (!command.watching()) {
            queue.watchers.remove(session.id);
            return null;
        }
        if (queue.watchers.containsKey(session.id)) {
            return null;
        }
        final long watched = state.queues.values().stream()
                .filter(other -> other.watchers.containsKey(session.id))
                .count();
        if (watched >= state.limit(LimitId.WATCHES)) {
            return limited(command, LimitId.WATCHES, watched + 1, -1);
        }
        queue.watchers.put(session.id, session);
        rest = () -> model.alarms.tellStanding(session, queue);
        return null;
    }

    private Event limited(final Command command, final LimitId limitId, final long actual, final int entryIndex) {
        return ModelAnswers.limited(command, limitId, state.limit(limitId), actual, entryIndex);
    }
}
