package io.millrace.kernel;

import io.millrace.kernel.Tables.Lane;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.Hashing;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The lanes of queues, and which message of a queue comes next.
 *
 * <p>A lane holds the messages of one message group and priority. On a standard queue the ready lanes of the highest priority
 * take turns, one message each, and a lane gives its available message with the lowest sequence: messages that were available since
 * they came form a list, which is in that order by itself, messages that became available later a tree.
 *
 * <p>On a FIFO queue the lane is the arrival order of its group. It is ready if its first message is available; among ready lanes
 * the one whose first message came first is next.
 */
final class Lanes {
    private static final DirectBuffer NO_ID = new UnsafeBuffer(0, 0);

    private final State state;
    private final SlotTable lanes;
    private final SlotTable messages;
    private final SlotTable queues;
    private final RedriveScan scan;

    Lanes(final State state, final RedriveScan scan) {
        this.state = state;
        this.lanes = state.lanes;
        this.messages = state.messages;
        this.queues = state.queues;
        this.scan = scan;
    }

    /** Makes the lane of a queue that is always there. */
    void openDefault(final int queue) {
        final int lane = lanes.allocate();
        lanes.putInt(lane, Lane.QUEUE, queue);
        lanes.putInt(lane, Lane.EPOCH, queues.getInt(queue, Queue.EPOCH));
        lanes.seal(lane);
        queues.putInt(queue, Queue.DEFAULT_LANE, lane);
    }

    /** Lane of a group, whose id is stored unless the lane is there, and a priority. */
    int open(final int queue, final int priority, final DirectBuffer buffer, final int offset, final int length) {
        if (length == 0 && priority == 0) {
            return queues.getInt(queue, Queue.DEFAULT_LANE);
        }
        final int found = find(queue, priority, buffer, offset, length);
        return found >= 0
                ? found
                : create(queue, priority, length == 0 ? -1 : state.payloads.store(buffer, offset, length));
    }

    /** Lane of a group, whose id is stored already and shared, and a priority; {@code group == -1} is the one without an id. */
    int open(final int queue, final int priority, final int group) {
        if (group < 0) {
            return open(queue, priority, NO_ID, 0, 0);
        }
        final int found = find(
                queue,
                priority,
                state.payloads.buffer(group),
                state.payloads.offset(group),
                state.payloads.length(group));
        if (found >= 0) {
            return found;
        }
        state.payloads.retain(group);
        return create(queue, priority, group);
    }

    /** The group id of a message's lane, with a reference for the caller to release; -1 if there is none. */
    int retainGroup(final int message) {
        final int group = lanes.getInt(messages.getInt(message, Message.LANE), Lane.GROUP_PAYLOAD_LINK) - 1;
        if (group >= 0) {
            state.payloads.retain(group);
        }
        return group;
    }

    private int find(
            final int queue, final int priority, final DirectBuffer buffer, final int offset, final int length) {
        final long hash = Hashing.content(0, buffer, offset, 0, length);
        int lane = state.lanesByKey.first(State.laneKey(queue, priority, hash));
        while (lane >= 0 && !isLaneOf(lane, queue, priority, buffer, offset, length)) {
            lane = state.lanesByKey.next(lane);
        }
        return lane;
    }

    private boolean isLaneOf(
            final int lane,
            final int queue,
            final int priority,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        if (lanes.getInt(lane, Lane.QUEUE) != queue
                || lanes.getInt(lane, Lane.PRIORITY) != priority
                || !isPresent(lane)) {
            return false;
        }
        final int group = lanes.getInt(lane, Lane.GROUP_PAYLOAD_LINK) - 1;
        return group < 0 ? length == 0 : state.payloads.matches(group, buffer, offset, length);
    }

    /** Makes a lane, which takes over a reference to its group id. */
    private int create(final int queue, final int priority, final int group) {
        final int lane = lanes.allocate();
        lanes.putInt(lane, Lane.QUEUE, queue);
        lanes.putInt(lane, Lane.PRIORITY, priority);
        lanes.putInt(lane, Lane.EPOCH, queues.getInt(queue, Queue.EPOCH));
        lanes.putInt(lane, Lane.GROUP_PAYLOAD_LINK, group + 1);
        lanes.seal(lane);
        link(lane);
        return lane;
    }

    /** Puts a lane's row into the index that follows from it; the queue's default lane is not in it. */
    void link(final int lane) {
        if (isIndexed(lane)) {
            final int group = lanes.getInt(lane, Lane.GROUP_PAYLOAD_LINK) - 1;
            lanes.putLong(lane, Lane.GROUP_HASH, group < 0 ? 0 : state.payloads.contentHash(group));
            state.lanesByKey.add(lane);
        }
    }

    private boolean isIndexed(final int lane) {
        return lanes.getInt(lane, Lane.GROUP_PAYLOAD_LINK) != 0 || lanes.getInt(lane, Lane.PRIORITY) != 0;
    }

    /** Leaves all lanes of a queue to their messages, which are buried; the queue has none but a new default lane. */
    void abandon(final int queue) {
        for (int priority = 0; priority < Queue.MOST_PRIORITIES; priority++) {
            queues.putLong(queue, Queue.READY_LANES + priority * Long.BYTES, 0);
        }
        queues.putInt(queue, Queue.READY_PRIORITIES, 0);
        queues.putInt(queue, Queue.READY_GROUPS, 0);
        final int lane = queues.getInt(queue, Queue.DEFAULT_LANE);
        if (lanes.getInt(lane, Lane.COUNT) == 0) {
            lanes.putInt(lane, Lane.EPOCH, queues.getInt(queue, Queue.EPOCH));
            lanes.seal(lane);
        } else {
            openDefault(queue);
        }
    }

    /** A buried message is restored. */
    void joinAbandoned(final int message) {
        final int lane = messages.getInt(message, Message.LANE);
        lanes.putInt(lane, Lane.COUNT, lanes.getInt(lane, Lane.COUNT) + 1);
    }

    /** A buried message is freed, and its lane with the last one. */
    void leaveAbandoned(final int message) {
        final int lane = messages.getInt(message, Message.LANE);
        final int count = lanes.getInt(lane, Lane.COUNT) - 1;
        lanes.putInt(lane, Lane.COUNT, count);
        if (count == 0) {
            free(lane);
        }
    }

    /** Whether a lane is of the queue's present epoch: the queue was not purged since. */
    boolean isPresent(final int lane) {
        return lanes.getInt(lane, Lane.EPOCH) == queues.getInt(lanes.getInt(lane, Lane.QUEUE), Queue.EPOCH);
    }

    /** A message joins its lane; its queue and lane are set, its status is not. */
    void join(final int message) {
        final int lane = messages.getInt(message, Message.LANE);
        lanes.putInt(lane, Lane.COUNT, lanes.getInt(lane, Lane.COUNT) + 1);
        if (state.isFifo(lanes.getInt(lane, Lane.QUEUE))) {
            state.laneMembers.addLast(lane, message);
        }
    }

    /** A message that is not available leaves its lane; a lane without messages is freed. */
    void leave(final int message) {
        final int lane = messages.getInt(message, Message.LANE);
        final int queue = lanes.getInt(lane, Lane.QUEUE);
        final int count = lanes.getInt(lane, Lane.COUNT) - 1;
        lanes.putInt(lane, Lane.COUNT, count);
        if (state.isFifo(queue)) {
            final int behind = state.laneMembers.next(message);
            state.laneMembers.remove(lane, message);
            updateGroup(queue, lane);
            if (behind >= 0) {
                scan.onChange(queue, behind);
            }
        }
        if (count == 0) {
            freeIfIdle(queue, lane);
        }
    }

    private void freeIfIdle(final int queue, final int lane) {
        if (queues.getInt(queue, Queue.DEFAULT_LANE) != lane) {
            free(lane);
        }
    }

    private void free(final int lane) {
        final int group = lanes.getInt(lane, Lane.GROUP_PAYLOAD_LINK) - 1;
        if (isIndexed(lane)) {
            state.lanesByKey.remove(lane);
        }
        lanes.free(lane);
        if (group >= 0) {
            state.payloads.release(group);
        }
    }

    /** A message of a lane has become available; its status says so. */
    void addAvailable(final int message, final boolean isFresh) {
        final int lane = messages.getInt(message, Message.LANE);
        final int queue = lanes.getInt(lane, Lane.QUEUE);
        if (state.isFifo(queue)) {
            updateGroup(queue, lane);
        } else {
            linkAvailable(lane, message, isFresh);
            if (lanes.getLong(lane, Lane.RING_TURN) == 0) {
                enterRing(queue, lane);
            }
        }
        scan.onChange(queue, message);
    }

    /** Puts an available message of a standard queue into the list or tree of its lane. */
    void linkAvailable(final int lane, final int message, final boolean isFresh) {
        messages.putInt(message, Message.IS_FRESH, isFresh ? 1 : 0);
        if (isFresh) {
            state.fresh.addLast(lane, message);
        } else {
            state.returned.add(lane, message);
        }
    }

    /** An available message is no longer; its status says so, or it is about to leave. */
    void removeAvailable(final int message) {
        final int lane = messages.getInt(message, Message.LANE);
        final int queue = lanes.getInt(lane, Lane.QUEUE);
        if (state.isFifo(queue)) {
            // What becomes of the message decides what becomes of its group.
            final long sequence = messages.getLong(message, Message.SEQUENCE);
            if (sequence <= lanes.getLong(lane, Lane.LEFT_SEQUENCE)) {
                lanes.putSealed(lane, Lane.LEFT_SEQUENCE, sequence - 1);
            }
            return;
        }
        if (messages.getInt(message, Message.IS_FRESH) != 0) {
            messages.putInt(message, Message.IS_FRESH, 0);
            state.fresh.remove(lane, message);
        } else {
            state.returned.remove(lane, message);
        }
        if (firstOf(lane) < 0) {
            leaveRing(queue, lane);
        }
    }

    /** A message of a lane was handed out: another lane of the same priority has the next turn. */
    void passTurn(final int queue, final int lane) {
        if (lanes.getLong(lane, Lane.RING_TURN) != 0) {
            final int priority = lanes.getInt(lane, Lane.PRIORITY);
            if (state.readyLanes[priority].first(queue) == lane && state.readyLanes[priority].next(lane) >= 0) {
                leaveRing(queue, lane);
                enterRing(queue, lane);
            }
        }
    }

    /** A lane of a standard queue has a message that can be delivered, and had none. */
    void enterRing(final int queue, final int lane) {
        lanes.putSealed(lane, Lane.RING_TURN, state.next(Root.NEXT_TURN));
        linkToRing(queue, lane);
    }

    /** Puts a ready lane at the end of its ring. */
    void linkToRing(final int queue, final int lane) {
        final int priority = lanes.getInt(lane, Lane.PRIORITY);
        state.readyLanes[priority].addLast(queue, lane);
        queues.putInt(queue, Queue.READY_PRIORITIES, queues.getInt(queue, Queue.READY_PRIORITIES) | 1 << priority);
    }

    private void leaveRing(final int queue, final int lane) {
        final int priority = lanes.getInt(lane, Lane.PRIORITY);
        lanes.putSealed(lane, Lane.RING_TURN, 0);
        state.readyLanes[priority].remove(queue, lane);
        if (state.readyLanes[priority].first(queue) < 0) {
            queues.putInt(
                    queue, Queue.READY_PRIORITIES, queues.getInt(queue, Queue.READY_PRIORITIES) & ~(1 << priority));
        }
    }

    /** Brings a FIFO lane's place in the tree of ready ones in line with its first message. */
    void updateGroup(final int queue, final int lane) {
        final int first = state.laneMembers.first(lane);
        final boolean isReady = first >= 0 && messages.status(first) == Message.AVAILABLE;
        final long head = isReady ? messages.getLong(first, Message.SEQUENCE) : 0;
        final long before = lanes.getLong(lane, Lane.HEAD_SEQUENCE);
        if (head != before) {
            if (before != 0) {
                state.readyGroups.remove(queue, lane);
            }
            lanes.putLong(lane, Lane.HEAD_SEQUENCE, head);
            if (head != 0) {
                state.readyGroups.add(queue, lane);
            }
        }
    }

    /** A message has got a status in which it blocks its group. */
    void onBlocked(final int message) {
        final int lane = messages.getInt(message, Message.LANE);
        final int queue = lanes.getInt(lane, Lane.QUEUE);
        if (state.isFifo(queue)) {
            updateGroup(queue, lane);
        }
    }

    /** The message that a queue would hand out next, -1 if there is none. */
    int first(final int queue) {
        if (state.isFifo(queue)) {
            final int lane = state.readyGroups.first(queue);
            return lane < 0 ? -1 : state.laneMembers.first(lane);
        }
        final int priorities = queues.getInt(queue, Queue.READY_PRIORITIES);
        return priorities == 0
                ? -1
                : firstOf(state.readyLanes[31 - Integer.numberOfLeadingZeros(priorities)].first(queue));
    }

    /**
     * The message that comes after one just handed out in the same response: on a FIFO queue the next one of the group if it is
     * available, else what the queue would hand out next.
     */
    int next(final int queue, final int message) {
        final int inGroup = message < 0 ? -1 : nextInGroup(queue, message);
        return inGroup >= 0 ? inGroup : first(queue);
    }

    /** The next message of a FIFO group if it is available, else -1. */
    int nextInGroup(final int queue, final int message) {
        if (!state.isFifo(queue)) {
            return -1;
        }
        final int next = state.laneMembers.next(message);
        return next >= 0 && messages.status(next) == Message.AVAILABLE ? next : -1;
    }

    private int firstOf(final int lane) {
        final int fresh = state.fresh.first(lane);
        final int returned = state.returned.first(lane);
        if (fresh < 0 || returned < 0) {
            return Math.max(fresh, returned);
        }
        return messages.getLong(fresh, Message.SEQUENCE) < messages.getLong(returned, Message.SEQUENCE)
                ? fresh
                : returned;
    }
}
