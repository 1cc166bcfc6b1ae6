package io.millrace.client;

import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import org.agrona.ErrorHandler;

/**
 * The application's listener, which may throw: an exception goes to the error handler, and whoever calls goes on. So a
 * fault in one notification costs neither the next one nor the state of the connection.
 */
final class GuardedListener implements ClientListener {
    private final ErrorHandler errorHandler;
    private ClientListener listener;

    GuardedListener(final ClientListener listener, final ErrorHandler errorHandler) {
        this.listener = listener;
        this.errorHandler = errorHandler;
    }

    void listener(final ClientListener newListener) {
        listener = newListener;
    }

    @Override
    public void onConfirmed(
            final long fromCorrelationId,
            final long toCorrelationId,
            final long firstValue,
            final int valuesPerCommand) {
        try {
            listener.onConfirmed(fromCorrelationId, toCorrelationId, firstValue, valuesPerCommand);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onRefused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        try {
            listener.onRefused(correlationId, entryIndex, code, limitId, limit, actual);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onEntryResult(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        try {
            listener.onEntryResult(correlationId, entryIndex, code, limitId, limit, actual);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onSendResult(
            final long correlationId,
            final int entryIndex,
            final long messageId,
            final long sequenceNumber,
            final boolean isDuplicate,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        try {
            listener.onSendResult(
                    correlationId, entryIndex, messageId, sequenceNumber, isDuplicate, code, limitId, limit, actual);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onQueueAlarm(final long queueId, final AlarmKind kind, final long value, final long timeNs) {
        try {
            listener.onQueueAlarm(queueId, kind, value, timeNs);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onReceiveEnd(
            final long correlationId, final long queueId, final int messageCount, final ResultCode code) {
        try {
            listener.onReceiveEnd(correlationId, queueId, messageCount, code);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onConsumerStopped(final long correlationId, final long queueId, final ResultCode code) {
        try {
            listener.onConsumerStopped(correlationId, queueId, code);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onConnected(final long sessionId, final long bootEpoch) {
        try {
            listener.onConnected(sessionId, bootEpoch);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    @Override
    public void onDisconnected(final DisconnectReason reason) {
        try {
            listener.onDisconnected(reason);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }
}
