package io.millrace.client;

import io.millrace.codecs.LimitId;
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
    private Class<?> answerType;
    private Object answer;
    private final List<BrowsedMessage> browsed = new ArrayList<>();
    private MillraceException refusal;

    /**
     * Waits for the answer of a request.
     *
     * @param requestCorrelationId the request
     * @param type of the answer; Void for a command, which is confirmed
     */
    void begin(final long requestCorrelationId, final Class<?> type) {
        correlationId = requestCorrelationId;
        answerType = type;
        isWaiting = true;
        answer = null;
        browsed.clear();
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

    /** @return the answer, of the type that {@link #begin} asked for. */
    Object answer() {
        return answer;
    }

    /** @return the messages that came before a {@link Answers.BrowseEnd}. */
    List<BrowsedMessage> browsed() {
        return List.copyOf(browsed);
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

    /** Takes an answer; one of another type than was asked for is none. */
    void takesAnswer(final long answeredCorrelationId, final Object newAnswer) {
        if (isWaiting && answeredCorrelationId == correlationId && answerType.isInstance(newAnswer)) {
            answer = newAnswer;
            isWaiting = false;
        }
    }

    void takesBrowsed(final long answeredCorrelationId, final BrowsedMessage message) {
        if (isWaiting && answeredCorrelationId == correlationId) {
            browsed.add(message);
        }
    }
}
