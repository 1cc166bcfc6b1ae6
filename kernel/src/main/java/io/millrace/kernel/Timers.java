package io.millrace.kernel;

import io.millrace.kernel.memory.TimerHeap;

/**
 * All timers: one heap for each kind of thing that waits, addressed by the slot of its row. They are due in the order of
 * (deadline, timer id) over all kinds.
 */
final class Timers {
    /** End of a delay, of a visibility timeout or of a back-off: a message. */
    static final int MESSAGE = 0;
    /** End of a receive's wait: a waiter. */
    static final int WAITER = 1;

    /** End of the delay of the first delayed message: a FIFO queue. */
    static final int FIFO_DELAY = 2;

    /** End of the retention of the oldest message: a queue. */
    static final int RETENTION = 3;
    /** End of a time to live: a message. */
    static final int TIME_TO_LIVE = 4;

    /** The oldest message reaches the high mark of the age: a queue. */
    static final int AGE = 5;

    /** The next message of a redrive task: a task. */
    static final int REDRIVE = 6;

    /** The second is over in which a subscription had all its deliveries: the queue that sessions consume it by. */
    static final int THROTTLE = 7;

    /** The next trim of a stream, or the end of a closed shard. */
    static final int STREAM = 8;

    /** The leases of a member of a consumer group are over: a member. */
    static final int MEMBER = 9;

    /** A shard is taken from a member that was to hand it over: a lease. */
    static final int LEASE = 10;

    /** End of a subscription to a shard. */
    static final int SHARD_PUSH = 11;

    /** The next trim of an archive. */
    static final int ARCHIVE = 12;

    private static final int KINDS = 13;

    /** Timers that have no id of their own come behind those that have one: first those of messages, then those of queues and of streams. */
    private static final long OF_MESSAGES = 1L << 61;

    private static final long OF_QUEUES = 1L << 62;
    private static final long OF_STREAMS = OF_QUEUES + OF_MESSAGES;
    private static final long OF_SHARD_PUSHES = OF_STREAMS + (1L << 60);
    private static final int KIND_BITS = 3;

    private final TimerHeap[] heaps = new TimerHeap[KINDS];

    Timers() {
        for (int kind = 0; kind < KINDS; kind++) {
            heaps[kind] = new TimerHeap();
        }
    }

    /** Id of a message's only timer of a kind. */
    static long ofMessage(final long messageId) {
        return OF_MESSAGES + messageId;
    }

    /** Id of a queue's only timer of a kind. */
    static long ofQueue(final long queueId, final int kind) {
        return OF_QUEUES + (queueId << KIND_BITS) + kind;
    }

    /** Id of a stream's only timer, or of an archive's: their ids are from one sequence. */
    static long ofStream(final long streamId) {
        return OF_STREAMS + streamId;
    }

    /** Id of the only timer of a subscription to a shard. */
    static long ofShardPush(final long pushId) {
        return OF_SHARD_PUSHES + pushId;
    }

    void add(final int kind, final int slot, final long deadlineNs, final long timerId) {
        heaps[kind].add(slot, deadlineNs, timerId);
    }

    void remove(final int kind, final int slot) {
        heaps[kind].remove(slot);
    }

    /** Kind of the timer that is due first. */
    int firstKind() {
        int first = 0;
        for (int kind = 1; kind < KINDS; kind++) {
            final long deadline = heaps[kind].firstDeadline();
            final long least = heaps[first].firstDeadline();
            if (deadline < least || deadline == least && heaps[kind].firstId() < heaps[first].firstId()) {
                first = kind;
            }
        }
        return first;
    }

    /** Slot of the timer of a kind that is due first. */
    int firstSlot(final int kind) {
        return heaps[kind].firstKey();
    }

    /** When the first timer of a kind is due. */
    long firstDeadline(final int kind) {
        return heaps[kind].firstDeadline();
    }

    /** Timers that are set. */
    int size() {
        int size = 0;
        for (final TimerHeap heap : heaps) {
            size += heap.size();
        }
        return size;
    }

    long reservedBytes() {
        long bytes = 0;
        for (final TimerHeap heap : heaps) {
            bytes += heap.reservedBytes();
        }
        return bytes;
    }

    /** When the first timer is due, {@link Long#MAX_VALUE} if there is none. */
    long firstDeadline() {
        long first = Long.MAX_VALUE;
        for (int kind = 0; kind < KINDS; kind++) {
            first = Math.min(first, heaps[kind].firstDeadline());
        }
        return first;
    }
}
