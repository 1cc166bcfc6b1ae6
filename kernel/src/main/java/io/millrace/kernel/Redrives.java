package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.RedriveStatus;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.StartRedriveDecoder;
import io.millrace.kernel.QueueTables.Redrive;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.Hashing;
import io.millrace.kernel.memory.SlotTable;
import java.util.concurrent.TimeUnit;

/**
 * Tasks that move the available messages of dead-letter queues to where they came from or to another queue, as new messages. A task
 * has a timer for its next message; one that is behind with its rate lets the other timers go first when it has had a slice.
 */
final class Redrives {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long MOST_RATE = 0xFFFF_FFFFL;

    private final State state;
    private final SlotTable redrives;
    private final SlotTable queues;
    private final Deliveries deliveries;
    private final Messages messages;
    private final RedriveScan scan;

    Redrives(final State state, final Deliveries deliveries, final Messages messages, final RedriveScan scan) {
        this.state = state;
        this.redrives = state.redrives;
        this.queues = state.queues;
        this.deliveries = deliveries;
        this.messages = messages;
        this.scan = scan;
    }

    void start(final Request request, final StartRedriveDecoder command) {
        final int queue = request.queue(command.queueId(), Access.MANAGE);
        if (queue < 0) {
            return;
        }
        final long destinationId = command.destinationQueueId();
        final long rate = command.messagesPerSecond();
        final long rateLimit = state.limit(LimitId.REDRIVE_RATE);
        final long running = state.root.getInt(State.ONLY, Root.RUNNING_REDRIVES) + 1L;
        if (state.sources.first(queue) < 0) {
            request.refuse(ResultCode.NOT_A_DEAD_LETTER_QUEUE);
        } else if (isRunning(queues.getInt(queue, Queue.REDRIVE_LINK) - 1)) {
            request.refuse(ResultCode.REDRIVE_RUNNING);
        } else if (destinationId == 0 || isDestination(request, queue, destinationId)) {
            if (rate > rateLimit) {
                request.refuseLimit(LimitId.REDRIVE_RATE, rateLimit, rate);
            } else if (running > state.limit(LimitId.REDRIVE_TASKS)) {
                request.refuseLimit(LimitId.REDRIVE_TASKS, state.limit(LimitId.REDRIVE_TASKS), running);
            } else {
                start(request, queue, destinationId, rate == 0 ? Math.min(rateLimit, MOST_RATE) : rate);
            }
        }
    }

    private boolean isRunning(final int task) {
        return task >= 0 && redrives.status(task) == RedriveStatus.RUNNING.value();
    }

    private boolean isDestination(final Request request, final int queue, final long destinationId) {
        final int destination = request.queue(destinationId, Access.SEND);
        if (destination < 0) {
            return false;
        }
        if (state.isFifo(destination) != state.isFifo(queue)) {
            request.refuse(ResultCode.NOT_FOR_QUEUE_TYPE);
        } else if (destination == queue) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, destinationId);
        } else {
            return true;
        }
        return false;
    }

    private void start(final Request request, final int queue, final long destinationId, final long rate) {
        forget(queue);
        final int task = redrives.allocate();
        final long taskId = state.next(Root.NEXT_TASK_ID);
        redrives.status(task, RedriveStatus.RUNNING.value());
        redrives.putLong(task, Redrive.ID, taskId);
        redrives.putLong(task, Redrive.DESTINATION_ID, destinationId);
        redrives.putLong(task, Redrive.END_SEQUENCE, queues.getLong(queue, Queue.NEXT_SEQUENCE));
        redrives.putLong(task, Redrive.STARTED_TIME, state.nowNs);
        redrives.putLong(task, Redrive.DEADLINE, state.nowNs);
        redrives.putLong(task, Redrive.TO_MOVE_COUNT, queues.getLong(queue, Queue.AVAILABLE_COUNT));
        redrives.putInt(task, Redrive.QUEUE, queue);
        redrives.putInt(task, Redrive.RATE, (int) rate);
        scan.goTo(task, state.arrivals.first(queue));
        link(task);
        request.confirm(taskId, 1);
    }

    /** Puts a task's row into the structures that follow from it, its place in the queue excepted. */
    void link(final int task) {
        queues.putInt(redrives.getInt(task, Redrive.QUEUE), Queue.REDRIVE_LINK, task + 1);
        state.redrivesById.add(task);
        if (isRunning(task)) {
            countRunning(1);
            setTimer(task);
        }
    }

    private void setTimer(final int task) {
        final long queueId = queues.getLong(redrives.getInt(task, Redrive.QUEUE), Queue.ID);
        state.timers.add(
                Timers.REDRIVE,
                task,
                redrives.getLong(task, Redrive.DEADLINE),
                Timers.ofQueue(queueId, Timers.REDRIVE));
    }

    /** Puts a restored task into all structures that follow from its row. */
    void relink(final int task) {
        link(task);
        scan.relink(task);
    }

    private void countRunning(final int delta) {
        state.root.putInt(
                State.ONLY, Root.RUNNING_REDRIVES, state.root.getInt(State.ONLY, Root.RUNNING_REDRIVES) + delta);
    }

    void cancel(final Request request, final long taskId) {
        int task = state.redrivesById.first(Hashing.mix(taskId));
        while (task >= 0 && redrives.getLong(task, Redrive.ID) != taskId) {
            task = state.redrivesById.next(task);
        }
        if (!isRunning(task)) {
            request.refuse(ResultCode.UNKNOWN_TASK);
        } else if (!request.isForbidden(redrives.getInt(task, Redrive.QUEUE), Access.MANAGE)) {
            end(task, RedriveStatus.CANCELLED);
            request.confirm(redrives.getLong(task, Redrive.MOVED_COUNT), 1);
        }
    }

    private void end(final int task, final RedriveStatus status) {
        state.timers.remove(Timers.REDRIVE, task);
        redrives.status(task, status.value());
        redrives.seal(task);
        countRunning(-1);
    }

    /** A queue is gone, or another task is about to take the place of its last one. */
    void forget(final int queue) {
        final int task = queues.getInt(queue, Queue.REDRIVE_LINK) - 1;
        if (task >= 0) {
            if (isRunning(task)) {
                end(task, RedriveStatus.CANCELLED);
            }
            queues.putInt(queue, Queue.REDRIVE_LINK, 0);
            state.redrivesById.remove(task);
            redrives.free(task);
        }
    }

    /** A task is due: it moves one message, or ends. */
    void onTimer(final int task) {
        final int queue = redrives.getInt(task, Redrive.QUEUE);
        boolean goesOn = true;
        while (goesOn && state.redriveBudget > 0) {
            state.redriveBudget--;
            goesOn = step(queue, task);
        }
        if (isRunning(task)) {
            final long dueNs = dueNs(task);
            state.timers.remove(Timers.REDRIVE, task);
            redrives.putLong(task, Redrive.DEADLINE, state.redriveBudget > 0 ? dueNs : Math.max(dueNs, state.nowNs));
            redrives.seal(task);
            setTimer(task);
        }
    }

    /** When the next message is to be moved. */
    private long dueNs(final int task) {
        final long rate = Integer.toUnsignedLong(redrives.getInt(task, Redrive.RATE));
        final long moved = redrives.getLong(task, Redrive.MOVED_COUNT);
        final long sinceStartNs = rate == 0 ? 0 : moved / rate * SECOND_NS + moved % rate * SECOND_NS / rate;
        return redrives.getLong(task, Redrive.STARTED_TIME) + sinceStartNs;
    }

    /** Looks at one message; returns whether another one is to be looked at before the next is due. */
    private boolean step(final int queue, final int task) {
        final int message = scan.next(queue, task);
        if (message < 0) {
            end(task, RedriveStatus.COMPLETED);
            return false;
        }
        if (!scan.isMovable(queue, message)) {
            scan.pass(queue, task, message);
            return true;
        }
        final long targetId = targetId(task, message);
        if (targetId == 0) {
            scan.leaveInPlace(queue, task, message);
            return true;
        }
        if (deliveries.lifetimes().isOver(queue, message)) {
            return deliveries.discard(queue, message);
        }
        final int target = state.queueById(targetId);
        if (target < 0) {
            end(task, RedriveStatus.FAILED);
            return false;
        }
        messages.redrive(queue, message, target);
        redrives.putLong(task, Redrive.MOVED_COUNT, redrives.getLong(task, Redrive.MOVED_COUNT) + 1);
        deliveries.dispatchLater(target);
        return false;
    }

    private long targetId(final int task, final int message) {
        final long destinationId = redrives.getLong(task, Redrive.DESTINATION_ID);
        return destinationId != 0 ? destinationId : state.messages.getLong(message, Message.DEAD_LETTER_SOURCE_ID);
    }
}
