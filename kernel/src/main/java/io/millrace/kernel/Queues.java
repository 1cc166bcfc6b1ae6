package io.millrace.kernel;

import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueSettingsDecoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** Creates and deletes queues. */
final class Queues {
    private static final long DEFAULT_VISIBILITY_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;

    private final State state;
    private final SlotTable queues;
    private final Deliveries deliveries;
    private final Reclaimer reclaimer;

    private long visibilityNs;
    private long delayNs;
    private long receiveWaitNs;
    private long maxMessageBytes;
    private QueueType type;

    Queues(final State state, final Deliveries deliveries, final Reclaimer reclaimer) {
        this.state = state;
        this.queues = state.queues;
        this.deliveries = deliveries;
        this.reclaimer = reclaimer;
    }

    void create(final Request request, final CreateQueueDecoder command) {
        final DirectBuffer buffer = command.buffer();
        skip(command.redriveSources());
        final int nameLength = command.nameLength();
        final int nameOffset = command.limit() + TEXT_LENGTH_SIZE;
        if (nameLength > state.limit(LimitId.NAME_BYTES)) {
            request.refuseLimit(LimitId.NAME_BYTES, state.limit(LimitId.NAME_BYTES), nameLength);
        } else if (nameLength == 0 || !Text.isUtf8(buffer, nameOffset, nameLength)) {
            request.refuse(ResultCode.INVALID_NAME);
        } else if (readSettings(request, command.settings())) {
            create(request, buffer, nameOffset, nameLength);
        }
    }

    private static void skip(final CreateQueueDecoder.RedriveSourcesDecoder sources) {
        while (sources.hasNext()) {
            sources.next();
        }
    }

    private boolean readSettings(final Request request, final QueueSettingsDecoder settings) {
        visibilityNs = orElse(settings.visibilityTimeoutNs(), DEFAULT_VISIBILITY_NS);
        delayNs = orElse(settings.delayNs(), 0);
        type = settings.queueTypeRaw() == QueueType.FIFO.value() ? QueueType.FIFO : QueueType.STANDARD;
        receiveWaitNs = orElse(settings.receiveWaitNs(), 0);
        final long maxBytes = settings.maxMessageBytes();
        maxMessageBytes = maxBytes == QueueSettingsDecoder.maxMessageBytesNullValue()
                ? state.limit(LimitId.MESSAGE_BYTES)
                : maxBytes;
        return isInRange(request, LimitId.VISIBILITY, visibilityNs)
                && isInRange(request, LimitId.DELAY, delayNs)
                && isInRange(request, LimitId.WAIT, receiveWaitNs)
                && isInRange(request, LimitId.MESSAGE_BYTES, maxMessageBytes);
    }

    private static long orElse(final long value, final long other) {
        return Commands.isNull(value) ? other : value;
    }

    private boolean isInRange(final Request request, final LimitId limitId, final long value) {
        if (value < 0) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, value);
        } else if (value > state.limit(limitId)) {
            request.refuseLimit(limitId, state.limit(limitId), value);
        } else {
            return true;
        }
        return false;
    }

    private void create(final Request request, final DirectBuffer buffer, final int nameOffset, final int nameLength) {
        final int existing = state.queueByName(buffer, nameOffset, nameLength);
        if (existing >= 0) {
            if (hasSettings(existing)) {
                request.confirm(queues.getLong(existing, Queue.ID), 1);
            } else {
                request.refuse(ResultCode.QUEUE_EXISTS);
            }
            return;
        }
        if (queues.liveCount() >= state.limit(LimitId.QUEUES)) {
            request.refuseLimit(LimitId.QUEUES, state.limit(LimitId.QUEUES), queues.liveCount() + 1L);
            return;
        }
        final int queue = queues.allocate();
        final long queueId = state.next(Root.NEXT_QUEUE_ID);
        queues.putLong(queue, Queue.ID, queueId);
        queues.putLong(queue, Queue.CREATED_TIME, state.nowNs);
        queues.putLong(queue, Queue.VISIBILITY, visibilityNs);
        queues.putLong(queue, Queue.DELAY, delayNs);
        queues.putLong(queue, Queue.RECEIVE_WAIT, receiveWaitNs);
        queues.putLong(queue, Queue.NEXT_SEQUENCE, 1);
        queues.putInt(queue, Queue.MAX_MESSAGE_BYTES, (int) maxMessageBytes);
        queues.putInt(queue, Queue.NAME_PAYLOAD, state.payloads.store(buffer, nameOffset, nameLength));
        queues.putInt(queue, Queue.TYPE, type.value());
        queues.putInt(queue, Queue.PRIORITIES, 1);
        deliveries.lanes().openDefault(queue);
        queues.seal(queue);
        state.queuesById.add(queue);
        state.queuesByName.add(queue);
        request.confirm(queueId, 1);
    }

    private boolean hasSettings(final int queue) {
        return queues.getLong(queue, Queue.VISIBILITY) == visibilityNs
                && queues.getLong(queue, Queue.DELAY) == delayNs
                && queues.getLong(queue, Queue.RECEIVE_WAIT) == receiveWaitNs
                && Integer.toUnsignedLong(queues.getInt(queue, Queue.MAX_MESSAGE_BYTES)) == maxMessageBytes;
    }

    /** The queue is gone at once; what it holds is freed in slices. */
    void delete(final Request request, final long queueId) {
        final int queue = state.queueById(queueId);
        if (queue < 0) {
            request.refuse(ResultCode.UNKNOWN_QUEUE);
            return;
        }
        deliveries.forget(queue);
        state.queuesById.remove(queue);
        state.queuesByName.remove(queue);
        queues.putLong(queue, Queue.DELETED_TURN, state.next(Root.NEXT_TURN));
        queues.seal(queue);
        state.deletedQueues.addLast(State.ONLY, queue);
        request.confirm(0, 0);
        reclaimer.work();
    }
}
