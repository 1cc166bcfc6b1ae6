package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Consumer;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelState.Waiter;
import java.util.function.Function;

/** What the model does with a command: receives and consumers here, the rest where it belongs. */
final class ModelCommands {

    private final KernelModel model;
    private final ModelState state;
    private final ModelProducers producers;
    private final ModelSends sends;
    private final ModelTransfers transfers;
    private final ModelReceipts receipts;
    private final ModelQueues queues;
    private final ModelQueries queries;
    private final ModelTopics topics;
    private final ModelTopicQueries topicQueries;
    private final ModelPublishing publishing;
    private final ModelArchives archives;
    private final ModelReplays replays;

    ModelCommands(final KernelModel model) {
        this.model = model;
        state = model.state;
        producers = new ModelProducers(state);
        sends = new ModelSends(model);
        receipts = new ModelReceipts(model);
        queues = new ModelQueues(model);
        queries = new ModelQueries(model);
        archives = new ModelArchives(state);
        publishing = new ModelPublishing(model, sends, archives);
        replays = new ModelReplays(state, publishing);
        transfers = new ModelTransfers(model, sends, publishing);
        topics = new ModelTopics(model, publishing, archives, replays);
        topicQueries = new ModelTopicQueries(state);
    }

    void apply(final Session session, final Command asked) {
        final Command command = state.blobs.begin(asked);
        Event answer = producers.answerFor(command);
        if (answer == null) {
            wake(session, command);
            answer = execute(session, command);
            producers.keep(command, answer);
        }
        if (command instanceof Command.CommitPayload) {
            session.transfers.remove(command.correlationId());
        }
        if (answer != null) {
            model.emit(session, answer);
        }
        queues.afterAnswer();
        if (command instanceof Command.PublishMessages || command instanceof Command.CommitPayload) {
            publishing.bring();
        }
    }

    ModelArchives archives() {
        return archives;
    }

    ModelReplays replays() {
        return replays;
    }

    /** Goes on with what was published. */
    void beginRecord() {
        publishing.beginRecord();
    }

    void query(final Session session, final Command command) {
        final Event ofBlobs = state.blobs.answer(command);
        final Event answer = ofBlobs == null ? topicQueries.answer(command) : ofBlobs;
        if (answer == null) {
            queries.answer(session, command);
        } else {
            model.emit(session, answer);
        }
    }

    private Event execute(final Session session, final Command command) {
        if (command instanceof Command.SendMessages send) {
            return onQueue(session, command, send.queueId(), ModelAccess.SEND, queue -> {
                final Event refusal = ModelRates.refusal(state, command, queue, ModelRates.SEND);
                return refusal == null ? sends.send(queue, send) : refusal;
            });
        } else if (command instanceof Command.BeginPayload begin) {
            return producers.wasExecuted(begin)
                    ? transfers.drop(session, begin)
                    : onQueue(
                            session,
                            command,
                            begin.queueId(),
                            ModelAccess.SEND,
                            queue -> transfers.begin(session, queue, begin));
        } else if (command instanceof Command.BeginPublication begin) {
            return producers.wasExecuted(begin) ? transfers.drop(session, begin) : transfers.begin(session, begin);
        } else if (command instanceof Command.AppendPayload append) {
            return transfers.append(session, append);
        } else if (command instanceof Command.CommitPayload commit) {
            return transfers.commit(session, commit);
        } else if (command instanceof Command.OpenProducer open) {
            return producers.open(open);
        } else if (command instanceof Command.DeclareBlob declare) {
            return state.blobs.declare(declare);
        } else if (command instanceof Command.CancelRedrive cancel) {
            return model.moves.cancel(session, cancel);
        } else if (command instanceof Command.StartRedrive start) {
            return onQueue(
                    session, command, start.queueId(), ModelAccess.MANAGE, queue -> model.moves.start(session, start));
        }
        final Event answer = executeOfConsumer(session, command);
        if (answer != NOT_MINE) {
            return answer;
        }
        final Event ofStream = state.streams.execute(command);
        final Event ofTopic = ofStream == null ? topics.execute(session, command) : ofStream;
        return ofTopic == null ? queues.execute(session, command) : ofTopic;
    }

    private static final Event NOT_MINE = new Event.Confirmed(-1, -1, -1);

    private Event executeOfConsumer(final Session session, final Command command) {
        if (command instanceof Command.Receive receive) {
            return onQueue(session, command, receive.queueId(), ModelAccess.RECEIVE, queue -> {
                if (queue.subscription != null) {
                    return ModelAnswers.refused(command, ResultCode.NOT_FOR_QUEUE_TYPE, -1);
                }
                final Event refusal = ModelRates.refusal(state, command, queue, ModelRates.RECEIVE);
                return refusal == null ? receive(session, queue, receive) : refusal;
            });
        } else if (command instanceof Command.Consume consume) {
            return onQueue(
                    session,
                    command,
                    consume.queueId(),
                    ModelAccess.RECEIVE,
                    queue -> consume(session, queue, consume));
        } else if (command instanceof Command.StopConsuming stop) {
            return onQueue(session, command, stop.queueId(), null, queue -> stopConsuming(session, queue, stop));
        } else if (command instanceof Command.Acknowledge acknowledge) {
            return receipts.acknowledge(session, acknowledge);
        } else if (command instanceof Command.DeleteMessages delete) {
            return receipts.delete(session, delete);
        } else if (command instanceof Command.ChangeVisibility change) {
            return receipts.change(session, change);
        } else if (command instanceof Command.SettleMessages settle) {
            return receipts.settle(session, settle);
        }
        return NOT_MINE;
    }

    private Event onQueue(
            final Session session,
            final Command command,
            final long queueId,
            final ModelAccess needed,
            final Function<Queue, Event> action) {
        final boolean ofConsumers = needed == null || needed == ModelAccess.RECEIVE;
        final Queue queue = ofConsumers ? state.queues.get(queueId) : state.ownQueue(queueId);
        if (queue == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        return needed == null || needed.allows(session, queue)
                ? action.apply(queue)
                : ModelAnswers.refused(command, ResultCode.NOT_AUTHORISED, -1);
    }

    /** A consumer whose delivery expired is passed over until its session shows that it is alive. */
    private void wake(final Session session, final Command command) {
        final long queueId;
        if (command instanceof Command.Acknowledge acknowledge) {
            queueId = acknowledge.queueId();
        } else if (command instanceof Command.DeleteMessages delete) {
            queueId = delete.queueId();
        } else if (command instanceof Command.ChangeVisibility change) {
            queueId = change.queueId();
        } else if (command instanceof Command.SettleMessages settle) {
            queueId = settle.queueId();
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
            model.touch(queue);
        }
    }

    private Event receive(final Session session, final Queue queue, final Command.Receive command) {
        final long waitNs = command.waitNs() == null ? queue.settings.receiveWaitNs() : command.waitNs();
        final Event wrong = wrong(queue, command, waitNs);
        if (wrong != null) {
            return wrong;
        }
        final Waiter waiter = new Waiter();
        waiter.session = session;
        waiter.queue = queue;
        waiter.correlationId = command.correlationId();
        waiter.visibilityTimeoutNs = command.visibilityTimeoutNs();
        waiter.maxMessages = command.maxMessages();
        waiter.attributeNames = command.attributeNames();
        waiter.attemptId = command.attemptId();
        if (!waiter.attemptId.isEmpty()) {
            final ModelAttempts.Found found = model.attempts.find(waiter);
            if (found == ModelAttempts.Found.CHANGED) {
                return ModelAnswers.refused(command, ResultCode.ATTEMPT_CHANGED, -1);
            } else if (found == ModelAttempts.Found.THE_SAME_AGAIN) {
                model.attempts.tellAgain(waiter);
                return null;
            }
        }
        final long room = model.order.room(queue);
        if (room <= 0 && waitNs == 0 && !queue.isFifo()) {
            final long limit = state.limit(LimitId.IN_FLIGHT_STANDARD);
            return ModelAnswers.limited(command, LimitId.IN_FLIGHT_STANDARD, limit, limit - room + 1, -1);
        }
        return model.order.serve(waiter) ? null : waitOrEnd(waiter, waitNs, command);
    }

    private Event waitOrEnd(final Waiter waiter, final long waitNs, final Command command) {
        if (waitNs == 0) {
            model.end(waiter, 0, ResultCode.OK);
            return null;
        }
        if (state.waitersOf(waiter.session) >= state.limit(LimitId.WAITERS)) {
            return limited(command, LimitId.WAITERS, state.waitersOf(waiter.session) + 1);
        }
        state.schedule(waiter, state.nowNs + waitNs);
        waiter.queue.waiters.add(waiter);
        return null;
    }

    private Event wrong(final Queue queue, final Command.Receive command, final long waitNs) {
        if (command.maxMessages() == 0 || command.maxMessages() > state.limit(LimitId.RECEIVE_MESSAGES)) {
            return limited(command, LimitId.RECEIVE_MESSAGES, command.maxMessages());
        }
        Event wrong = range(command, LimitId.WAIT, waitNs);
        if (wrong == null && command.visibilityTimeoutNs() != null) {
            wrong = range(command, LimitId.VISIBILITY, command.visibilityTimeoutNs());
        }
        if (wrong != null || command.attemptId().isEmpty()) {
            return wrong;
        }
        if (!queue.isFifo()) {
            return ModelAnswers.refused(command, ResultCode.NOT_FOR_QUEUE_TYPE, -1);
        }
        if (command.attemptId().length() > state.limit(LimitId.ATTEMPT_ID_BYTES)) {
            return limited(
                    command, LimitId.ATTEMPT_ID_BYTES, command.attemptId().length());
        }
        return ModelEntries.isId(command.attemptId()) ? null : ModelAnswers.invalid(command, 0, -1);
    }

    private Event consume(final Session session, final Queue queue, final Command.Consume command) {
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
        final long consumers = state.consumersThat(
                consumer -> consumer.session == session && (!consumer.stopped || state.holdsSomething(consumer)));
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
        model.touch(queue);
        return new Event.Confirmed(command.correlationId(), 0, 0);
    }

    private Event stopConsuming(final Session session, final Queue queue, final Command command) {
        final Consumer consumer = consumerOf(session, queue);
        if (consumer == null) {
            return ModelAnswers.refused(command, ResultCode.NOT_CONSUMING, -1);
        }
        consumer.stopped = true;
        model.updateReady(consumer);
        return new Event.Confirmed(command.correlationId(), 0, 0);
    }

    private static Consumer consumerOf(final Session session, final Queue queue) {
        return queue.consumers.stream()
                .filter(consumer -> consumer.session == session && !consumer.stopped)
                .findFirst()
                .orElse(null);
    }

    /** Null if the value is in its range. */
    private Event range(final Command command, final LimitId limitId, final long value) {
        return ModelAnswers.outOfRange(command, limitId, state.limit(limitId), value, -1);
    }

    private Event limited(final Command command, final LimitId limitId, final long actual) {
        return ModelAnswers.limited(command, limitId, state.limit(limitId), actual, -1);
    }
}
