package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.AVAILABLE;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.RedriveStatus;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Redrive;
import io.millrace.kernel.ModelState.Session;
import java.util.Optional;

/** Dead letters, and the tasks that move them back. */
final class ModelMoves {

    private final KernelModel model;
    private final ModelState state;

    ModelMoves(final KernelModel model) {
        this.model = model;
        state = model.state;
    }

    /** Q1: whether the message was delivered in vain as often as its queue allows. */
    boolean isDeadLetter(final Message message) {
        final long most = message.queue.settings.maxReceiveCount();
        return most > 0 && message.failedCount >= most && hasDeadLetterQueue(message.queue);
    }

    boolean hasDeadLetterQueue(final Queue queue) {
        return state.queues.containsKey(queue.settings.deadLetterQueueId());
    }

    /** Q1, Q2, Q3: the message itself moves; a FIFO queue counts its retention from the move. */
    void toDeadLetterQueue(final Message message) {
        final Queue source = message.queue;
        final Queue target = state.queues.get(source.settings.deadLetterQueueId());
        if (source.subscription != null) {
            source.subscription.deadLetterCount++;
        }
        model.takeOut(message);
        model.putIn(message, target);
        message.deadLetterSourceId = source.id;
        message.failedCount = 0;
        message.moved = true;
        if (target.isFifo()) {
            message.sentTimeNs = state.nowNs;
        }
        model.waitUntil(message, AVAILABLE, 0);
        model.touch(target);
    }

    Event start(final Session session, final Command.StartRedrive command) {
        final Queue queue = state.queues.get(command.queueId());
        final boolean isDeadLetterQueue =
                state.queues.values().stream().anyMatch(other -> other.settings.deadLetterQueueId() == queue.id);
        if (!isDeadLetterQueue) {
            return ModelAnswers.refused(command, ResultCode.NOT_A_DEAD_LETTER_QUEUE, -1);
        }
        if (queue.redrive != null && queue.redrive.status == RedriveStatus.RUNNING) {
            return ModelAnswers.refused(command, ResultCode.REDRIVE_RUNNING, -1);
        }
        final Event wrong = wrongDestination(session, command, queue);
        if (wrong != null) {
            return wrong;
        }
        if (command.messagesPerSecond() > state.limit(LimitId.REDRIVE_RATE)) {
            return ModelAnswers.limited(
                    command, LimitId.REDRIVE_RATE, state.limit(LimitId.REDRIVE_RATE), command.messagesPerSecond(), -1);
        }
        final long running = state.queues.values().stream()
                .filter(other -> other.redrive != null && other.redrive.status == RedriveStatus.RUNNING)
                .count();
        if (running >= state.limit(LimitId.REDRIVE_TASKS)) {
            return ModelAnswers.limited(
                    command, LimitId.REDRIVE_TASKS, state.limit(LimitId.REDRIVE_TASKS), running + 1, -1);
        }
        final Redrive task = new Redrive();
        task.taskId = state.nextTaskId++;
        task.queue = queue;
        task.destinationQueueId = command.destinationQueueId();
        task.startedTimeNs = state.nowNs;
        task.toMoveCount = queue.count(AVAILABLE);
        task.messagesPerSecond =
                command.messagesPerSecond() == 0 ? state.limit(LimitId.REDRIVE_RATE) : command.messagesPerSecond();
        task.endSequence = queue.nextSequence;
        queue.redrive = task;
        return new Event.Confirmed(command.correlationId(), task.taskId, 1);
    }

    private Event wrongDestination(final Session session, final Command.StartRedrive command, final Queue queue) {
        if (command.destinationQueueId() == 0) {
            return null;
        }
        final Queue destination = state.ownQueue(command.destinationQueueId());
        if (destination == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        if (!ModelAccess.SEND.allows(session, destination)) {
            return ModelAnswers.refused(command, ResultCode.NOT_AUTHORISED, -1);
        }
        if (destination.isFifo() != queue.isFifo()) {
            return ModelAnswers.refused(command, ResultCode.NOT_FOR_QUEUE_TYPE, -1);
        }
        return destination == queue ? ModelAnswers.invalid(command, command.destinationQueueId(), -1) : null;
    }

    Event cancel(final Session session, final Command.CancelRedrive command) {
        final Optional<Redrive> found = state.queues.values().stream()
                .map(queue -> queue.redrive)
                .filter(task -> task != null && task.taskId == command.taskId())
                .filter(task -> task.status == RedriveStatus.RUNNING)
                .findFirst();
        if (found.isEmpty()) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_TASK, -1);
        }
        final Redrive task = found.get();
        if (!ModelAccess.MANAGE.allows(session, task.queue)) {
            return ModelAnswers.refused(command, ResultCode.NOT_AUTHORISED, -1);
        }
        task.status = RedriveStatus.CANCELLED;
        return new Event.Confirmed(command.correlationId(), task.movedCount, 1);
    }

    /** One turn of a task: moves one message, or ends the task. */
    void redriveOne(final Redrive task) {
        for (final Message message : ModelOrder.deliverable(task.queue)) {
            final long targetId = task.destinationQueueId != 0 ? task.destinationQueueId : message.deadLetterSourceId;
            if (message.sequence >= task.endSequence || targetId == 0) {
                continue;
            }
            if (state.isExpired(message)) {
                model.expire(message);
                model.touch(task.queue);
                return;
            }
            if (!state.queues.containsKey(targetId)) {
                task.status = RedriveStatus.FAILED;
                return;
            }
            redrive(message, state.queues.get(targetId));
            task.movedCount++;
            return;
        }
        task.status = RedriveStatus.COMPLETED;
    }

    /** Q8: as a new message, whose retention and counts begin again. */
    private void redrive(final Message message, final Queue target) {
        final Queue source = message.queue;
        final Message made = new Message(message.payload, message.lane.priority());
        made.id = state.nextMessageId++;
        made.sentTimeNs = state.nowNs;
        made.diesTimeNs = message.diesTimeNs;
        made.moved = true;
        made.replayed = message.replayed;
        model.remove(message);
        state.messages.put(made.id, made);
        model.putIn(made, target);
        model.waitUntil(made, AVAILABLE, 0);
        model.touch(source);
        model.touch(target);
    }
}
