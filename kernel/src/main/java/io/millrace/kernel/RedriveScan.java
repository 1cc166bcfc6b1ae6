package io.millrace.kernel;

import io.millrace.codecs.RedriveStatus;
import io.millrace.kernel.QueueTables.Redrive;
import io.millrace.kernel.Tables.Lane;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.memory.SlotTable;

/**
 * Which message of a queue its redrive task looks at next. A cursor goes over the messages once, in the order of their arrival; those
 * that it passed and that something happened to afterwards are looked at again, so that the work follows what is moved and what
 * happens, not what the queue holds.
 *
 * <p>What a task cannot move because it does not say where to is left in its place. In a message group the sequence up to which
 * everything is left lets the messages behind it be moved all the same.
 */
final class RedriveScan {
    private static final int RUNNING = RedriveStatus.RUNNING.value();

    private final State state;
    private final SlotTable redrives;
    private final SlotTable messages;
    private final SlotTable queues;
    private final SlotTable lanes;

    RedriveScan(final State state) {
        this.state = state;
        this.redrives = state.redrives;
        this.messages = state.messages;
        this.queues = state.queues;
        this.lanes = state.lanes;
    }

    /** The running task of a queue, -1 if there is none. */
    private int taskOf(final int queue) {
        final int task = queues.getInt(queue, Queue.REDRIVE_LINK) - 1;
        return task >= 0 && redrives.status(task) == RUNNING ? task : -1;
    }

    /** Goes to the first message that a task may move from a place on; the task's row is sealed. */
    void goTo(final int task, final int message) {
        final long end = redrives.getLong(task, Redrive.END_SEQUENCE);
        final long sequence = message < 0 ? end : messages.getLong(message, Message.SEQUENCE);
        redrives.putInt(task, Redrive.CURSOR_LINK, sequence < end ? message + 1 : 0);
        redrives.putLong(task, Redrive.CURSOR, Math.min(sequence, end));
        redrives.seal(task);
    }

    /** Finds the place of a restored task. */
    void relink(final int task) {
        final long cursor = redrives.getLong(task, Redrive.CURSOR);
        int message = state.arrivals.first(redrives.getInt(task, Redrive.QUEUE));
        while (message >= 0 && messages.getLong(message, Message.SEQUENCE) < cursor) {
            message = state.arrivals.next(message);
        }
        final boolean isAtEnd = cursor == redrives.getLong(task, Redrive.END_SEQUENCE);
        redrives.putInt(task, Redrive.CURSOR_LINK, isAtEnd ? 0 : message + 1);
    }

    /** A message has become available, or the one in front of it in its group has left; the row is sealed. */
    void onChange(final int queue, final int message) {
        final int task = taskOf(queue);
        if (task >= 0
                && messages.getLong(message, Message.SEQUENCE) < redrives.getLong(task, Redrive.CURSOR)
                && !isToBeRechecked(message)) {
            messages.putInt(message, Message.FLAGS, messages.getInt(message, Message.FLAGS) | Message.RECHECK);
            messages.seal(message);
            state.rechecks.add(queue, message);
        }
    }

    /** A message is about to leave its queue; its row is left to be sealed. */
    void onLeave(final int queue, final int message) {
        final int task = taskOf(queue);
        forget(queue, message);
        if (task >= 0 && redrives.getInt(task, Redrive.CURSOR_LINK) == message + 1) {
            goTo(task, state.arrivals.next(message));
        }
    }

    /** A queue is empty, with what it held buried. */
    void onBurial(final int queue) {
        final int task = taskOf(queue);
        queues.putInt(queue, Queue.RECHECKS, 0);
        if (task >= 0) {
            goTo(task, -1);
        }
    }

    boolean isToBeRechecked(final int message) {
        return (messages.getInt(message, Message.FLAGS) & Message.RECHECK) != 0;
    }

    private void forget(final int queue, final int message) {
        if (isToBeRechecked(message)) {
            messages.putInt(message, Message.FLAGS, messages.getInt(message, Message.FLAGS) & ~Message.RECHECK);
            state.rechecks.remove(queue, message);
        }
    }

    /** The first message that is to be looked at, -1 if there is none. */
    int next(final int queue, final int task) {
        final int recheck = state.rechecks.first(queue);
        final int cursor = redrives.getInt(task, Redrive.CURSOR_LINK) - 1;
        if (recheck < 0 || cursor < 0) {
            return Math.max(recheck, cursor);
        }
        return messages.getLong(recheck, Message.SEQUENCE) < messages.getLong(cursor, Message.SEQUENCE)
                ? recheck
                : cursor;
    }

    /** Whether a receive could return a message, alone or behind those of its group that are left in their places. */
    boolean isMovable(final int queue, final int message) {
        if (messages.status(message) != Message.AVAILABLE) {
            return false;
        }
        final int before = state.isFifo(queue) ? messages.getInt(message, Message.LANE_PREVIOUS) - 1 : -1;
        return before < 0
                || messages.getLong(before, Message.SEQUENCE)
                        <= lanes.getLong(messages.getInt(message, Message.LANE), Lane.LEFT_SEQUENCE);
    }

    /** The message looked at cannot be moved now. */
    void pass(final int queue, final int task, final int message) {
        forget(queue, message);
        messages.seal(message);
        if (redrives.getInt(task, Redrive.CURSOR_LINK) == message + 1) {
            goTo(task, state.arrivals.next(message));
        }
    }

    /** The message looked at could be moved, but nobody says where to. */
    void leaveInPlace(final int queue, final int task, final int message) {
        pass(queue, task, message);
        if (state.isFifo(queue)) {
            final int behind = state.laneMembers.next(message);
            lanes.putSealed(
                    messages.getInt(message, Message.LANE),
                    Lane.LEFT_SEQUENCE,
                    messages.getLong(message, Message.SEQUENCE));
            if (behind >= 0) {
                onChange(queue, behind);
            }
        }
    }
}
