package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.AVAILABLE;
import static io.millrace.kernel.ModelState.Standing.DELAYED;
import static io.millrace.kernel.ModelState.Standing.IN_FLIGHT;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Consumer;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelState.Waiter;
import java.util.ArrayList;
import java.util.List;

/** Queues, receives, consumers and queries of the model. */
final class ModelCommands {

    private static final long DEFAULT_VISIBILITY_NS = 30_000_000_000L;

    private final ModelState state;
    private final KernelModel model;
    private final ModelProducers producers;
    private final ModelSends sends;
    private final ModelReceipts receipts;
    private Queue deleted;

    ModelCommands(final ModelState state, final KernelModel model) {
        this.state = state;
        this.model = model;
        producers = new ModelProducers(state);
        sends = new ModelSends(state);
        receipts = new ModelReceipts(state, model);
    }

    void apply(final Session session, final Command command) {
        Event answer = producers.answerFor(command);
        final List<Queue> concerned = new ArrayList<>();
        if (answer == null) {
            wake(session, command, concerned);
            answer = execute(session, command, concerned);
            producers.keep(command, answer);
        }
        if (command instanceof Command.CommitPayload) {
            session.transfers.remove(command.correlationId());
        }
        if (answer != null) {
            model.emit(session, answer);
        }
        if (deleted != null) {
            endDeleted();
        }
        model.dispatchAll(concerned);
    }

    private void endDeleted() {
        for (final Waiter waiter : deleted.waiters) {
            state.cancel(waiter);
            model.end(waiter, 0, ResultCode.QUEUE_DELETED);
        }
        for (final Consumer consumer : deleted.consumers) {
            if (!consumer.stopped) {
                model.emit(
                        consumer.session,
                        new Event.ConsumerStopped(consumer.correlationId, deleted.id, ResultCode.QUEUE_DELETED));
            }
        }
        deleted = null;
    }

    void query(final long sessionId, final Command command) {
        final Session session = state.sessions.get(sessionId);
        if (command instanceof Command.LookUpQueue lookUp) {
            final Queue queue = named(lookUp.name());
            model.emit(session, queue == null ? unknownQueue(command) : description(command, queue));
        } else if (command instanceof Command.DescribeQueue describe) {
            final Queue queue = state.queues.get(describe.queueId());
            model.emit(session, queue == null ? unknownQueue(command) : description(command, queue));
        } else if (command instanceof Command.ListQueues list) {
            model.emit(session, list(list));
        }
    }

    private Event execute(final Session session, final Command command, final List<Queue> concerned) {
        if (command instanceof Command.CreateQueue create) {
            return createQueue(create);
        } else if (command instanceof Command.DeleteQueue delete) {
            return deleteQueue(delete);
        } else if (command instanceof Command.SendMessages send) {
            return sends.send(send, concerned);
        } else if (command instanceof Command.BeginPayload begin) {
            return sends.begin(session, begin, producers.wasExecuted(begin));
        } else if (command instanceof Command.AppendPayload append) {
            return sends.append(session, append);
        } else if (command instanceof Command.CommitPayload commit) {
            return sends.commit(session, commit, concerned);
        } else if (command instanceof Command.Receive receive) {
            return receive(session, receive);
        } else if (command instanceof Command.Consume consume) {
            return consume(session, consume, concerned);
        } else if (command instanceof Command.StopConsuming stop) {
            return stopConsuming(session, stop);
        } else if (command instanceof Command.Acknowledge acknowledge) {
            return receipts.acknowledge(session, acknowledge, concerned);
        } else if (command instanceof Command.DeleteMessages delete) {
            return receipts.delete(session, delete, concerned);
        } else if (command instanceof Command.ChangeVisibility change) {
            return receipts.change(session, change, concerned);
        } else if (command instanceof Command.OpenProducer open) {
            return producers.open(open);
        }
        throw new AssertionError("no such command: " + command);
    }

    /** A consumer whose delivery expired is passed over until its session shows that it is alive. */
    private void wake(final Session session, final Command command, final List<Queue> concerned) {
        final long queueId;
        if (command instanceof Command.Acknowledge acknowledge) {
            queueId = acknowledge.queueId();
        } else if (command instanceof Command.DeleteMessages delete) {
            queueId = delete.queueId();
        } else if (command instanceof Command.ChangeVisibility change) {
            queueId = change.queueId();
        } else if (command instanceof Command.Consume consume) {
            queueId = consume.queueId();
        } else {
            return;
        }
        final Queue queue = state.queues.get(queueId);
        final Consumer consumer = queue == null ? null : consumerOf(session, queue);
        if (consumer != null && consumer.stalled) {
            consumer.stalled = false;
            model.updateReady(consumer);
            concerned.add(queue);
        }
    }

    private Event createQueue(final Command.CreateQueue command) {
        if (command.name().length() > state.limit(LimitId.NAME_BYTES)) {
            return limited(command, LimitId.NAME_BYTES, command.name().length());
        }
        if (command.name().isEmpty() || !Utf8.isWellFormed(command.name())) {
            return refused(command, ResultCode.INVALID_NAME);
        }
        final Queue queue = new Queue();
        queue.name = command.name();
        queue.visibilityTimeoutNs = orElse(command.settings().visibilityTimeoutNs(), DEFAULT_VISIBILITY_NS);
        queue.delayNs = orElse(command.settings().delayNs(), 0);
        queue.receiveWaitNs = orElse(command.settings().receiveWaitNs(), 0);
        queue.maxMessageBytes = orElse(command.settings().maxMessageBytes(), state.limit(LimitId.MESSAGE_BYTES));
        Event wrong = range(command, LimitId.VISIBILITY, queue.visibilityTimeoutNs);
        wrong = wrong != null ? wrong : range(command, LimitId.DELAY, queue.delayNs);
        wrong = wrong != null ? wrong : range(command, LimitId.WAIT, queue.receiveWaitNs);
        wrong = wrong != null ? wrong : range(command, LimitId.MESSAGE_BYTES, queue.maxMessageBytes);
        if (wrong != null) {
            return wrong;
        }
        final Queue existing = named(command.name());
        if (existing != null) {
            final int different = existing.firstDifference(queue);
            return different == 0
                    ? new Event.Confirmed(command.correlationId(), existing.id, 1)
                    : new Event.Refused(
                            command.correlationId(), ResultCode.QUEUE_EXISTS, LimitId.NONE, 0, different, -1);
        }
        if (state.queues.size() >= state.limit(LimitId.QUEUES)) {
            return limited(command, LimitId.QUEUES, state.queues.size() + 1);
        }
        queue.id = state.nextQueueId++;
        queue.createdTimeNs = state.nowNs;
        state.queues.put(queue.id, queue);
        return new Event.Confirmed(command.correlationId(), queue.id, 1);
    }

    private Event deleteQueue(final Command.DeleteQueue command) {
        final Queue queue = state.queues.remove(command.queueId());
        if (queue == null) {
            return unknownQueue(command);
        }
        deleted = queue;
        queue.messages.values().forEach(message -> {
            state.cancel(message);
            state.messages.remove(message.id);
        });
        return new Event.Confirmed(command.correlationId(), 0, 0);
    }

    private Event receive(final Session session, final Command.Receive command) {
        final Queue queue = state.queues.get(command.queueId());
        if (queue == null) {
            return unknownQueue(command);
        }
        if (command.maxMessages() == 0 || command.maxMessages() > state.limit(LimitId.RECEIVE_MESSAGES)) {
            return limited(command, LimitId.RECEIVE_MESSAGES, command.maxMessages());
        }
        final long waitNs = orElse(command.waitNs(), queue.receiveWaitNs);
        Event wrong = range(command, LimitId.WAIT, waitNs);
        if (wrong == null && command.visibilityTimeoutNs() != null) {
            wrong = range(command, LimitId.VISIBILITY, command.visibilityTimeoutNs());
        }
        if (wrong != null) {
            return wrong;
        }
        final Waiter waiter = new Waiter();
        waiter.session = session;
        waiter.queue = queue;
        waiter.correlationId = command.correlationId();
        waiter.visibilityTimeoutNs = command.visibilityTimeoutNs();
        waiter.maxMessages = command.maxMessages();
        if (waitNs == 0 || queue.count(AVAILABLE) > 0) {
            model.receive(waiter);
            return null;
        }
        if (state.waitersOf(session) >= state.limit(LimitId.WAITERS)) {
            return limited(command, LimitId.WAITERS, state.waitersOf(session) + 1);
        }
        state.schedule(waiter, state.nowNs + waitNs);
        queue.waiters.add(waiter);
        return null;
    }

    private Event consume(final Session session, final Command.Consume command, final List<Queue> concerned) {
        final Queue queue = state.queues.get(command.queueId());
        if (queue == null) {
            return unknownQueue(command);
        }
        if (command.visibilityTimeoutNs() != null) {
            final Event wrong = range(command, LimitId.VISIBILITY, command.visibilityTimeoutNs());
            if (wrong != null) {
                return wrong;
            }
        }
        final Consumer existing = consumerOf(session, queue);
        final long messages = command.creditMessages() + (existing == null ? 0 : existing.creditMessages);
        final long bytes = command.creditBytes() + (existing == null ? 0 : existing.creditBytes);
        if (messages > state.limit(LimitId.CREDIT_MESSAGES)) {
            return limited(command, LimitId.CREDIT_MESSAGES, messages);
        }
        if (bytes > state.limit(LimitId.CREDIT_BYTES)) {
            return limited(command, LimitId.CREDIT_BYTES, bytes);
        }
        final long consumers = state.consumersThat(consumer -> consumer.session == session
                && (!consumer.stopped
                        || consumer.queue.messages.values().stream().anyMatch(message -> message.holder == consumer)));
        if (existing == null && consumers >= state.limit(LimitId.CONSUMERS)) {
            return limited(command, LimitId.CONSUMERS, consumers + 1);
        }
        final Consumer consumer = existing == null ? new Consumer() : existing;
        if (existing == null) {
            consumer.session = session;
            consumer.queue = queue;
            consumer.correlationId = command.correlationId();
            consumer.opened = state.nextUse++;
            queue.consumers.add(consumer);
        }
        consumer.visibilityTimeoutNs = command.visibilityTimeoutNs();
        consumer.creditMessages = messages;
        consumer.creditBytes = bytes;
        consumer.stalled = false;
        model.updateReady(consumer);
        concerned.add(queue);
        return new Event.Confirmed(command.correlationId(), 0, 0);
    }

    private Event stopConsuming(final Session session, final Command.StopConsuming command) {
        final Queue queue = state.queues.get(command.queueId());
        if (queue == null) {
            return unknownQueue(command);
        }
        final Consumer consumer = consumerOf(session, queue);
        if (consumer == null) {
            return refused(command, ResultCode.NOT_CONSUMING);
        }
        consumer.stopped = true;
        model.updateReady(consumer);
        return new Event.Confirmed(command.correlationId(), 0, 0);
    }

    private Event list(final Command.ListQueues command) {
        if (command.maxEntries() == 0 || command.maxEntries() > state.limit(LimitId.LIST_ENTRIES)) {
            return limited(command, LimitId.LIST_ENTRIES, command.maxEntries());
        }
        if (command.afterQueueId() < 0) {
            return ModelAnswers.invalid(command, command.afterQueueId(), -1);
        }
        final List<Event.QueueEntry> page = new ArrayList<>();
        long id = command.afterQueueId();
        for (int examined = 0;
                examined < state.limit(LimitId.LIST_ENTRIES)
                        && page.size() < command.maxEntries()
                        && id + 1 < state.nextQueueId;
                examined++) {
            id++;
            final Queue queue = state.queues.get(id);
            if (queue != null && queue.name.startsWith(command.prefix())) {
                page.add(new Event.QueueEntry(id, queue.name));
            }
        }
        return new Event.QueueList(command.correlationId(), id + 1 < state.nextQueueId ? id : 0, page);
    }

    private Event description(final Command command, final Queue queue) {
        return new Event.QueueDescription(
                command.correlationId(),
                queue.id,
                queue.name,
                queue.createdTimeNs,
                queue.visibilityTimeoutNs,
                queue.delayNs,
                queue.receiveWaitNs,
                queue.maxMessageBytes,
                queue.count(AVAILABLE),
                queue.count(DELAYED),
                queue.count(IN_FLIGHT));
    }

    private Consumer consumerOf(final Session session, final Queue queue) {
        return queue.consumers.stream()
                .filter(consumer -> consumer.session == session && !consumer.stopped)
                .findFirst()
                .orElse(null);
    }

    private Queue named(final String name) {
        return state.queues.values().stream()
                .filter(queue -> queue.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Null if the value is in its range. */
    private Event range(final Command command, final LimitId limitId, final long value) {
        if (value < 0) {
            return ModelAnswers.invalid(command, value, -1);
        }
        return value > state.limit(limitId) ? limited(command, limitId, value) : null;
    }

    private Event limited(final Command command, final LimitId limitId, final long actual) {
        return ModelAnswers.limited(command, limitId, state.limit(limitId), actual, -1);
    }

    private static Event refused(final Command command, final ResultCode code) {
        return ModelAnswers.refused(command, code, -1);
    }

    private static Event unknownQueue(final Command command) {
        return refused(command, ResultCode.UNKNOWN_QUEUE);
    }

    private static long orElse(final Long value, final long otherwise) {
        return value == null ? otherwise : value;
    }
}
