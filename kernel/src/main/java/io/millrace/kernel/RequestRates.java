package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.memory.SlotTable;

/**
 * How many requests of a kind a FIFO queue takes in each second of the kernel's time: a quota of SQS, where a batch is one request
 * (developer guide, quotas of FIFO queues). A queue whose throughput is counted by groups has a quota of its own. Nothing is counted where
 * there is no quota.
 */
final class RequestRates {
    /** What is counted apart. */
    enum Kind {
        SEND,
        RECEIVE,
        DELETE;

        private final int field = Queue.REQUESTS + ordinal() * Integer.BYTES;
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private RequestRates() {}

    /**
     * Counts a request, or refuses it if the queue has had all that it takes in this second.
     *
     * @return whether the request may go on.
     */
    static boolean admit(final State state, final Request request, final int queue, final Kind kind) {
        if (!state.isFifo(queue)) {
            return true;
        }
        final SlotTable queues = state.queues;
        final LimitId limitId = queues.getInt(queue, Queue.THROUGHPUT_SCOPE) == QueueScope.MESSAGE_GROUP.value()
                ? LimitId.FIFO_GROUP_REQUESTS
                : LimitId.FIFO_REQUESTS;
        final long limit = state.limit(limitId);
        if (limit == 0) {
            return true;
        }
        final int second = (int) (state.nowNs / NANOS_PER_SECOND);
        if (second != queues.getInt(queue, Queue.REQUESTS_SECOND)) {
            queues.putInt(queue, Queue.REQUESTS_SECOND, second);
            queues.putInt(queue, Kind.SEND.field, 0);
            queues.putInt(queue, Kind.RECEIVE.field, 0);
            queues.putInt(queue, Kind.DELETE.field, 0);
        }
        final int count = queues.getInt(queue, kind.field) + 1;
        final boolean isAllowed = count <= limit;
        if (isAllowed) {
            queues.putInt(queue, kind.field, count);
        } else {
            request.refuseLimit(limitId, limit, count);
        }
        queues.seal(queue);
        return isAllowed;
    }
}
