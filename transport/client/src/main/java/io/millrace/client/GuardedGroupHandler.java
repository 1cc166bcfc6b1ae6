package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RevokeReason;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;

/** The application's handler, which may throw: an exception goes to the error handler, and whoever calls goes on. */
final class GuardedGroupHandler implements GroupHandler {
    private final GroupHandler handler;
    private final ErrorHandler errorHandler;

    GuardedGroupHandler(final GroupHandler handler, final ErrorHandler errorHandler) {
        this.handler = handler;
        this.errorHandler = errorHandler;
    }

    @Override
    public void onRecord(
            final long shardId,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        try {
            handler.onRecord(
                    shardId, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onShardAssigned(final long shardId, final long afterSequenceNumber) {
        try {
            handler.onShardAssigned(shardId, afterSequenceNumber);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onShardEnd(final long shardId) {
        try {
            handler.onShardEnd(shardId);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onShardRevoked(final long shardId, final RevokeReason reason) {
        try {
            handler.onShardRevoked(shardId, reason);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onMembershipEnded(final MembershipEnd reason) {
        try {
            handler.onMembershipEnded(reason);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onRefused(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        try {
            handler.onRefused(code, limitId, limit, actual);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onCheckpointRefused(final long shardId, final long sequenceNumber, final ResultCode code) {
        try {
            handler.onCheckpointRefused(shardId, sequenceNumber, code);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onReadFailed(final long shardId, final RuntimeException fault) {
        try {
            handler.onReadFailed(shardId, fault);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }
}
