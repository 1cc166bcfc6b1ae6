package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueDescriptionDecoder;
import io.millrace.codecs.QueueListDecoder;
import io.millrace.codecs.ResultCode;
import java.util.ArrayList;
import java.util.List;

/**
 * The one request that a blocking call waits for, and its answer.
 */
final class BlockingCall {
    private long correlationId;
    private boolean isWaiting;
    private long value;
    private QueueInfo description;
    private List<QueueName> names;
    private long nextAfterQueueId;
    private MillraceException refusal;

    void begin(final long requestCorrelationId) {
        correlationId = requestCorrelationId;
        isWaiting = true;
        refusal = null;
    }

    /** Nobody waits any longer. */
    void end() {
        isWaiting = false;
    }

    boolean isWaiting() {
        return isWaiting;
    }

    /** @return why the request was refused, or null. */
    MillraceException refusal() {
        return refusal;
    }

    long value() {
        return value;
    }

    QueueInfo description() {
        return description;
    }

    List<QueueName> names() {
        return names;
    }

    long nextAfterQueueId() {
        return nextAfterQueueId;
    }

    boolean takesConfirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
        if (!isWaiting || correlationId < from || correlationId > to) {
            return false;
        }
        value = firstValue + (correlationId - from) * valuesPerCommand;
        isWaiting = false;
        return true;
    }

    boolean takesRefused(
            final long refusedCorrelationId,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        if (!isWaiting || refusedCorrelationId != correlationId) {
            return false;
        }
        refusal = new MillraceException(code, limitId, limit, actual);
        isWaiting = false;
        return true;
    }

    void takesDescription(final QueueDescriptionDecoder decoder) {
        if (isWaiting && decoder.correlationId() == correlationId) {
            description = QueueInfo.of(decoder);
            isWaiting = false;
        }
    }

    void takesList(final QueueListDecoder decoder) {
        if (!isWaiting || decoder.correlationId() != correlationId) {
            return;
        }
        nextAfterQueueId = decoder.nextAfterQueueId();
        names = new ArrayList<>();
        for (final QueueListDecoder.QueuesDecoder queue : decoder.queues()) {
            names.add(new QueueName(queue.queueId(), queue.name()));
        }
        isWaiting = false;
    }
}
