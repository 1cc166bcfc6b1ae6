package io.millrace.perf.client;

import io.millrace.client.ClientListener;
import io.millrace.client.DisconnectReason;
import io.millrace.client.ErrorText;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;

/**
 * Counts what the server confirmed to one client. A frame of acknowledgements is confirmed under one id however many receipts
 * it held, so it is remembered here how many deliveries were acknowledged up to each such id. Allocates nothing as long as
 * nothing is refused.
 */
public final class AnswerCounter implements ClientListener {
    private static final int CAPACITY = 1 << 14;

    private final long[] ids = new long[CAPACITY];
    private final long[] counts = new long[CAPACITY];
    private long head;
    private long tail;
    private long confirmed;
    private long acknowledgementsSent;
    private long acknowledged;
    private long receiptsRefused;
    private String failure;
    private DisconnectReason sessionLost;

    /**
     * Remembers what a frame of acknowledgements covers.
     *
     * @param correlationId id of the last frame that was sent.
     * @param deliveries    how many deliveries all frames up to it have acknowledged.
     */
    public void onAcknowledgementSent(final long correlationId, final long deliveries) {
        if (tail - head == CAPACITY) {
            throw new IllegalStateException("The server has left " + CAPACITY + " acknowledgements unanswered.");
        }
        final int index = (int) tail & (CAPACITY - 1);
        ids[index] = correlationId;
        counts[index] = deliveries;
        tail++;
        acknowledgementsSent = deliveries;
    }

    /** {@return messages whose send was confirmed} */
    public long confirmed() {
        return confirmed;
    }

    /** {@return deliveries whose acknowledgement was sent} */
    public long acknowledgementsSent() {
        return acknowledgementsSent;
    }

    /** {@return deliveries whose acknowledgement was answered} */
    public long acknowledged() {
        return acknowledged;
    }

    /** {@return receipts among the answered ones that were not in flight any more} */
    public long receiptsRefused() {
        return receiptsRefused;
    }

    /** {@return a sentence about the first request that was refused, or null} */
    public String failure() {
        return failure;
    }

    /** {@return why the session was last lost, or null; the client opens another one by itself} */
    public DisconnectReason sessionLost() {
        return sessionLost;
    }

    @Override
    public void onConfirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
        if (valuesPerCommand > 0) {
            confirmed += (to - from + 1) * valuesPerCommand;
        } else {
            acknowledgedUpTo(to);
        }
    }

    private void acknowledgedUpTo(final long correlationId) {
        while (head != tail && ids[(int) head & (CAPACITY - 1)] <= correlationId) {
            acknowledged = counts[(int) head & (CAPACITY - 1)];
            head++;
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
        if (failure == null) {
            failure = ErrorText.describe(code, limitId, limit, actual);
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
        receiptsRefused++;
        acknowledgedUpTo(correlationId);
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
        if (code == ResultCode.OK && !isDuplicate) {
            confirmed++;
        } else if (failure == null) {
            failure = isDuplicate
                    ? "The message was dropped as a duplicate of message " + messageId + "."
                    : ErrorText.describe(code, limitId, limit, actual);
        }
    }

    @Override
    public void onDisconnected(final DisconnectReason reason) {
        sessionLost = reason;
    }
}
