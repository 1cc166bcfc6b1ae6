package io.millrace.kernel;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import io.millrace.kernel.QueueSettings.Value;
import io.millrace.kernel.Tables.Queue;
import java.nio.ByteOrder;

/** Judges settings in the order of their numbers and refuses the request for the first that is wrong. */
final class QueueSettingsJudge {
    private final State state;
    private final QueueSettings settings;
    private Request request;

    QueueSettingsJudge(final State state, final QueueSettings settings) {
        this.state = state;
        this.settings = settings;
    }

    /**
     * Judges the settings.
     *
     * @param self the queue that has them or is to have them, -1 if it is not there yet.
     * @return true if they are right; else the request is refused.
     */
    boolean isRight(final Request asking, final int self) {
        request = asking;
        return isTypeRight(self)
                && isInRange(Value.VISIBILITY, LimitId.VISIBILITY)
                && isInRange(Value.DELAY, LimitId.DELAY)
                && isInRange(Value.RECEIVE_WAIT, LimitId.WAIT)
                && isRetentionRight()
                && isInRange(Value.MAX_MESSAGE_BYTES, LimitId.MESSAGE_BYTES)
                && isContentDeduplicationRight()
                && isDeduplicationScopeRight()
                && isThroughputScopeRight()
                && isDeadLetterQueueRight(self)
                && isReceiveCountRight()
                && isPermissionRight()
                && isCode(Value.BACKOFF, Backoff.NONE.value(), Backoff.EXPONENTIAL.value())
                && isInRange(Value.BACKOFF_DELAY, LimitId.BACKOFF)
                && isInRange(Value.BACKOFF_MAX, LimitId.BACKOFF)
                && arePrioritiesRight()
                && areMarksRight(Value.HIGH_DEPTH, Value.LOW_DEPTH)
                && areMarksRight(Value.HIGH_AGE, Value.LOW_AGE);
    }

    private boolean isTypeRight(final int self) {
        if (!isCode(Value.TYPE, QueueType.STANDARD.value(), QueueType.FIFO.value())) {
            return false;
        }
        return settings.isCreation()
                || settings.get(Value.TYPE) == state.queues.getInt(self, Queue.TYPE)
                || refuse(Value.TYPE);
    }

    private boolean isFifo() {
        return settings.get(Value.TYPE) == QueueType.FIFO.value();
    }

    private boolean isRetentionRight() {
        final long least = state.limit(LimitId.RETENTION_LEAST);
        final long retentionNs = settings.get(Value.RETENTION);
        if (settings.isNew(Value.RETENTION) && retentionNs < least) {
            request.refuseLimit(LimitId.RETENTION_LEAST, least, retentionNs);
            return false;
        }
        return isInRange(Value.RETENTION, LimitId.RETENTION);
    }

    private boolean isContentDeduplicationRight() {
        return isCode(Value.CONTENT_DEDUPLICATION, Switch.OFF.value(), Switch.ON.value())
                && (isFifo()
                        || settings.get(Value.CONTENT_DEDUPLICATION) == Switch.OFF.value()
                        || refuse(Value.CONTENT_DEDUPLICATION));
    }

    private boolean isDeduplicationScopeRight() {
        return isCode(Value.DEDUPLICATION_SCOPE, QueueScope.QUEUE.value(), QueueScope.MESSAGE_GROUP.value())
                && (isFifo() || !isByGroup(Value.DEDUPLICATION_SCOPE) || refuse(Value.DEDUPLICATION_SCOPE));
    }

    /** Deduplication by group does not need throughput by group; the reverse does. */
    private boolean isThroughputScopeRight() {
        return isCode(Value.THROUGHPUT_SCOPE, QueueScope.QUEUE.value(), QueueScope.MESSAGE_GROUP.value())
                && (!isByGroup(Value.THROUGHPUT_SCOPE)
                        || isByGroup(Value.DEDUPLICATION_SCOPE)
                        || refuse(Value.THROUGHPUT_SCOPE));
    }

    private boolean isByGroup(final Value scope) {
        return settings.get(scope) == QueueScope.MESSAGE_GROUP.value();
    }

    private boolean isDeadLetterQueueRight(final int self) {
        final long targetId = settings.get(Value.DEAD_LETTER_QUEUE);
        if (targetId == 0) {
            return settings.get(Value.MAX_RECEIVE_COUNT) == 0 || refuse(Value.DEAD_LETTER_QUEUE);
        }
        // One that the queue has already stays, even if it was deleted or no longer allows it.
        return !settings.isNew(Value.DEAD_LETTER_QUEUE) || isTargetRight(self, state.namedQueueById(targetId));
    }

    private boolean isTargetRight(final int self, final int target) {
        if (target < 0) {
            request.refuse(ResultCode.UNKNOWN_QUEUE);
            return false;
        }
        if (target == self || state.queues.getInt(target, Queue.TYPE) != settings.get(Value.TYPE)) {
            return refuse(Value.DEAD_LETTER_QUEUE);
        }
        if (!allows(target, self)) {
            request.refuse(ResultCode.REDRIVE_NOT_ALLOWED);
            return false;
        }
        return true;
    }

    /** Whether a queue lets another be a source of its dead letters. */
    private boolean allows(final int target, final int source) {
        final int permission = state.queues.getInt(target, Queue.REDRIVE_PERMISSION);
        return permission == RedrivePermission.ALLOW_ALL.value()
                || permission == RedrivePermission.BY_QUEUE.value() && source >= 0 && names(target, source);
    }

    private boolean names(final int target, final int source) {
        final int sources = state.queues.getInt(target, Queue.REDRIVE_SOURCES_PAYLOAD_LINK) - 1;
        final long sourceId = state.queues.getLong(source, Queue.ID);
        if (sources >= 0) {
            final int offset = state.payloads.offset(sources);
            for (int at = 0; at < state.payloads.length(sources); at += Long.BYTES) {
                if (state.payloads.buffer(sources).getLong(offset + at, ByteOrder.LITTLE_ENDIAN) == sourceId) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isReceiveCountRight() {
        final boolean isMissing =
                settings.get(Value.DEAD_LETTER_QUEUE) != 0 && settings.get(Value.MAX_RECEIVE_COUNT) == 0;
        return isMissing ? refuse(Value.MAX_RECEIVE_COUNT) : isInRange(Value.MAX_RECEIVE_COUNT, LimitId.RECEIVE_COUNT);
    }

    private boolean isPermissionRight() {
        if (!isCode(
                Value.REDRIVE_PERMISSION, RedrivePermission.ALLOW_ALL.value(), RedrivePermission.BY_QUEUE.value())) {
            return false;
        }
        final int count = settings.sourceCount();
        if (count > 0 && settings.get(Value.REDRIVE_PERMISSION) != RedrivePermission.BY_QUEUE.value()) {
            return refuse(Value.REDRIVE_PERMISSION);
        }
        if (count > state.limit(LimitId.REDRIVE_SOURCES)) {
            request.refuseLimit(LimitId.REDRIVE_SOURCES, state.limit(LimitId.REDRIVE_SOURCES), count);
            return false;
        }
        return true;
    }

    private boolean arePrioritiesRight() {
        final long priorities = settings.get(Value.PRIORITIES);
        final long limit = Math.min(state.limit(LimitId.PRIORITIES), Queue.MOST_PRIORITIES);
        if (settings.isNew(Value.PRIORITIES) && priorities > limit) {
            request.refuseLimit(LimitId.PRIORITIES, limit, priorities);
            return false;
        }
        return priorities == 1 || priorities > 1 && !isFifo() || refuse(Value.PRIORITIES);
    }

    private boolean areMarksRight(final Value high, final Value low) {
        if (isNegative(high) || isNegative(low)) {
            return false;
        }
        return settings.get(low) <= settings.get(high) || refuse(high);
    }

    private boolean isCode(final Value value, final int first, final int last) {
        final long code = settings.get(value);
        if (code < first || code > last) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, code);
            return false;
        }
        return true;
    }

    private boolean isInRange(final Value value, final LimitId limitId) {
        if (isNegative(value)) {
            return false;
        }
        if (settings.isNew(value) && settings.get(value) > state.limit(limitId)) {
            request.refuseLimit(limitId, state.limit(limitId), settings.get(value));
            return false;
        }
        return true;
    }

    private boolean isNegative(final Value value) {
        final long given = settings.get(value);
        if (given < 0) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, given);
        }
        return given < 0;
    }

    private boolean refuse(final Value value) {
        request.refuse(Request.WHOLE, ResultCode.INVALID_SETTING, LimitId.NONE, 0, value.setting);
        return false;
    }
}
