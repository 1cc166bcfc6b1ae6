package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.EnumMap;
import java.util.Map;

/**
 * The sentences of SQS for refusals, where SQS has one.
 */
final class AwsText {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final String[] SETTINGS = {
        "",
        "FifoQueue",
        "VisibilityTimeout",
        "DelaySeconds",
        "ReceiveMessageWaitTimeSeconds",
        "MessageRetentionPeriod",
        "MaximumMessageSize",
        "ContentBasedDeduplication",
        "DeduplicationScope",
        "FifoThroughputLimit",
        "RedrivePolicy",
        "RedrivePolicy",
        "RedriveAllowPolicy"
    };
    private static final Map<ResultCode, String> CODES = new EnumMap<>(ResultCode.class);

    static {
        CODES.put(ResultCode.UNKNOWN_QUEUE, "The specified queue does not exist.");
        CODES.put(
                ResultCode.DEFAULT_BODY_REQUIRED,
                "Invalid parameter: Message Structure - No default entry in JSON message body");
        CODES.put(ResultCode.EMPTY_BODY, "The request must contain the parameter MessageBody.");
        CODES.put(ResultCode.GROUP_ID_REQUIRED, "The request must contain the parameter MessageGroupId.");
        CODES.put(
                ResultCode.DEDUPLICATION_ID_REQUIRED,
                "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
                        + "explicitly");
        CODES.put(ResultCode.NOT_A_DEAD_LETTER_QUEUE, "Source queue must be configured as a Dead Letter Queue.");
        CODES.put(ResultCode.REDRIVE_RUNNING, "There is already a task running.");
        CODES.put(ResultCode.UNKNOWN_TASK, "Value for parameter TaskHandle is invalid.");
    }

    private AwsText() {}

    /** @return the sentence, or null if SQS has none for this. */
    static String describe(
            final ResultCode code, final LimitId limitId, final long limit, final long actual, final String subject) {
        switch (code) {
            case LIMIT_EXCEEDED:
                return limit(limitId, limit, actual);
            case NOT_FOR_QUEUE_TYPE:
                return parameter(seconds(actual), "DelaySeconds")
                        + "The request include parameter that is not valid for this queue type.";
            case INVALID_FILTER_POLICY:
                return FilterText.describeAsSns(limit, actual, subject);
            case RECEIPT_EXPIRED:
                return parameter(subject, "ReceiptHandle") + "The receipt handle has expired.";
            case GONE:
                return parameter(subject, "ReceiptHandle")
                        + "Message does not exist or is not available for visibility timeout change.";
            case INVALID_ATTRIBUTE:
                return subject.isEmpty()
                        ? null
                        : "Message (user) attribute '" + subject + "' must contain a non-empty value of type 'String'.";
            case PURGE_IN_PROGRESS:
                return "Only one PurgeQueue operation on " + subject + " is allowed every " + seconds(limit)
                        + " seconds.";
            case QUEUE_DELETED_RECENTLY:
                return "You must wait " + seconds(limit)
                        + " seconds after deleting a queue before you can create another with the same name.";
            case QUEUE_EXISTS:
                return actual > 0 && actual < SETTINGS.length
                        ? "A queue already exists with the same name and a different value for attribute "
                                + SETTINGS[(int) actual]
                        : null;
            default:
                return CODES.get(code);
        }
    }

    private static String limit(final LimitId limitId, final long limit, final long actual) {
        switch (limitId) {
            case RECEIVE_MESSAGES:
                return parameter(actual, "MaxNumberOfMessages") + "Must be between 1 and " + limit + ", if provided.";
            case MESSAGE_BYTES:
                return "One or more parameters are invalid. Reason: Message must be shorter than " + limit + " bytes.";
            case BATCH_BYTES:
                return "Batch requests cannot be longer than " + limit + " bytes. You have sent " + actual + " bytes.";
            case BATCH_ENTRIES:
                return "Maximum number of entries per request are " + limit + ". You have sent " + actual + ".";
            case WAIT:
                return parameter(seconds(actual), "WaitTimeSeconds") + "Must be >= 0 and <= " + seconds(limit)
                        + ", if provided.";
            case DELAY:
                return parameter(seconds(actual), "DelaySeconds") + "DelaySeconds must be >= 0 and <= " + seconds(limit)
                        + ".";
            case VISIBILITY:
                return parameter(seconds(actual), "VisibilityTimeout")
                        + "Total VisibilityTimeout for the message is beyond the limit [" + seconds(limit)
                        + " seconds]";
            default:
                return null;
        }
    }

    private static String parameter(final Object value, final String name) {
        return "Value " + value + " for parameter " + name + " is invalid. Reason: ";
    }

    private static long seconds(final long nanos) {
        return nanos / NANOS_PER_SECOND;
    }
}
