package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The one table of sentences for what a server or the client refuses.
 */
public final class ErrorText {
    private static final Map<ResultCode, String> CODES = new EnumMap<>(ResultCode.class);
    private static final Map<LimitId, String> LIMITS = new EnumMap<>(LimitId.class);

    /** Limits that a value must not be below. */
    private static final Set<LimitId> LEAST = EnumSet.of(
            LimitId.RETENTION_LEAST,
            LimitId.PURGE_INTERVAL,
            LimitId.DELETED_NAME_REST,
            LimitId.RECORD_RETENTION_LEAST,
            LimitId.ARCHIVE_PERIOD_LEAST,
            LimitId.LEASE_LEAST);

    private static final String DELIVERY_POLICY = "DELIVERY_POLICY";

    static {
        CODES.put(ResultCode.OK, "The request was done.");
        CODES.put(ResultCode.MALFORMED_FRAME, "The lengths in the request do not add up to its frame.");
        CODES.put(ResultCode.UNKNOWN_TEMPLATE, "The server does not know this request: it is older than the client.");
        CODES.put(ResultCode.UNSUPPORTED_VERSION, "The server does not speak the protocol version of this client.");
        CODES.put(ResultCode.UNKNOWN_SESSION, "The server does not know this session.");
        CODES.put(ResultCode.NOT_AUTHENTICATED, "The server refused the credentials.");
        CODES.put(ResultCode.NOT_AUTHORISED, "This client may not do that.");
        CODES.put(ResultCode.UNKNOWN_QUEUE, "No queue has this name or id.");
        CODES.put(ResultCode.QUEUE_EXISTS, "A queue of this name exists with other settings.");
        CODES.put(ResultCode.INVALID_NAME, "The name is empty or not UTF-8.");
        CODES.put(ResultCode.INVALID_ARGUMENT, "A value of the request lies outside its range.");
        CODES.put(
                ResultCode.INVALID_ATTRIBUTE,
                "An attribute has no name or value, an unknown type, a name used twice, or is a Number that is none.");
        CODES.put(ResultCode.EMPTY_BATCH, "The batch has no entry.");
        CODES.put(ResultCode.INVALID_RECEIPT, "The receipt does not belong to this queue and client.");
        CODES.put(
                ResultCode.STALE_RECEIPT,
                "The message was delivered again, or is no longer in flight, since this receipt was given.");
        CODES.put(ResultCode.GONE, "The message was acknowledged or has expired, or its queue was deleted.");
        CODES.put(ResultCode.QUEUE_DELETED, "The queue was deleted.");
        CODES.put(
                ResultCode.PRODUCER_UNKNOWN,
                "The server does not know this producer: whether the command took " + "effect is not known.");
        CODES.put(ResultCode.PRODUCER_FENCED, "Another client has taken over this producer.");
        CODES.put(ResultCode.TOO_OLD, "The command is older than the results that the server keeps.");
        CODES.put(ResultCode.SEQUENCE_GAP, "A command of this producer before this one is missing.");
        CODES.put(ResultCode.UNKNOWN_TRANSFER, "The server has not begun to take this payload.");
        CODES.put(ResultCode.OUT_OF_ORDER_CHUNK, "A part of the payload does not start where the last one ended.");
        CODES.put(ResultCode.NOT_CONSUMING, "This client does not consume from the queue.");
        CODES.put(
                ResultCode.OVERLOADED,
                "The server is short of something at the moment: nothing was stored, try again later.");
        CODES.put(ResultCode.SESSION_TIMEOUT, "The server heard nothing from this client for the session timeout.");
        CODES.put(ResultCode.SLOW_CONSUMER, "This client did not read what the server sent.");
        CODES.put(ResultCode.SERVER_STOPPING, "The server is stopping or restarting.");
        CODES.put(ResultCode.CLIENT_CLOSED, "The client closed the session.");
        CODES.put(ResultCode.QUEUE_PURGED, "The queue was purged.");
        CODES.put(
                ResultCode.NOT_FOR_QUEUE_TYPE, "The request asks for something that queues of this type do not have.");
        CODES.put(ResultCode.GROUP_ID_REQUIRED, "A message to a FIFO queue or topic needs a message group.");
        CODES.put(
                ResultCode.DEDUPLICATION_ID_REQUIRED,
                "The message has no deduplication id, and the queue does not make one of the body.");
        CODES.put(ResultCode.INVALID_SETTING, "A setting does not fit the queue or its other settings.");
        CODES.put(ResultCode.PURGE_IN_PROGRESS, "The queue was purged a short time ago: try again later.");
        CODES.put(
                ResultCode.QUEUE_DELETED_RECENTLY,
                "A queue of this name was deleted a short time ago: try again later.");
        CODES.put(
                ResultCode.RECEIPT_EXPIRED,
                "The visibility timeout of the delivery is over, and a FIFO queue takes no receipt after it.");
        CODES.put(
                ResultCode.ATTEMPT_CHANGED,
                "A message of this receive attempt was deleted, or its visibility was changed: use a new attempt id.");
        CODES.put(ResultCode.NO_DEAD_LETTER_QUEUE, "The queue has no dead-letter queue.");
        CODES.put(ResultCode.NOT_A_DEAD_LETTER_QUEUE, "No queue has this one as its dead-letter queue.");
        CODES.put(ResultCode.REDRIVE_RUNNING, "A redrive task of this queue is running.");
        CODES.put(ResultCode.UNKNOWN_TASK, "No redrive task has this id, or it has ended.");
        CODES.put(ResultCode.REDRIVE_NOT_ALLOWED, "The dead-letter queue does not take messages of this queue.");
        CODES.put(ResultCode.EMPTY_BODY, "The message is to be text and has no body.");
        CODES.put(
                ResultCode.INVALID_CHARACTERS,
                "The message is to be text, and is not UTF-8 or has a character that XML 1.0 does not allow.");
        CODES.put(ResultCode.ABANDONED, "Another entry of the same command was wrong, so this one was not done.");
        CODES.put(ResultCode.UNKNOWN_TOPIC, "No topic has this name or id.");
        CODES.put(ResultCode.TOPIC_EXISTS, "A topic of this name exists with other settings.");
        CODES.put(ResultCode.UNKNOWN_SUBSCRIPTION, "No subscription has this id.");
        CODES.put(ResultCode.SUBSCRIPTION_EXISTS, "The queue is subscribed already, with other settings.");
        CODES.put(ResultCode.INVALID_FILTER_POLICY, "The filter policy is not valid.");
        CODES.put(ResultCode.UNKNOWN_STREAM, "No stream has this name or id.");
        CODES.put(ResultCode.STREAM_EXISTS, "A stream of this name exists with other settings.");
        CODES.put(ResultCode.UNKNOWN_SHARD, "No shard has this id, or all of it is beyond the retention.");
        CODES.put(
                ResultCode.RESOURCE_IN_USE,
                "The stream is being created, or its shards are being changed: try again later.");
        CODES.put(ResultCode.EXPIRED_ITERATOR, "The iterator or the page token has expired: ask for a new one.");
        CODES.put(ResultCode.SHARD_CLOSED, "The shard has already been merged or split.");
        CODES.put(ResultCode.SHARDS_NOT_ADJACENT, "The second shard does not begin where the first one ends.");
        CODES.put(
                ResultCode.RECORDS_DAMAGED,
                "The record log is damaged at this place: the server's error log names file and byte.");
        CODES.put(ResultCode.UNKNOWN_STREAM_CONSUMER, "No consumer of a stream has this id.");
        CODES.put(
                ResultCode.PUSH_EXPIRED,
                "The subscription to the shard has lasted as long as it may: subscribe again.");
        CODES.put(ResultCode.PUSH_TAKEN_OVER, "The consumer was subscribed to the shard again.");
        CODES.put(ResultCode.NO_ARCHIVE, "The topic has no archive to replay from, or none that has begun.");
        CODES.put(ResultCode.TOPIC_HAS_ARCHIVE, "The topic has an archive, which must be turned off first.");
        CODES.put(ResultCode.CLAIM_NOT_ARCHIVED, "The topic has an archive, which cannot keep what is in a blob.");
        CODES.put(ResultCode.UNKNOWN_BLOB, "No blob has this id, or nothing referred to it any more.");
        CODES.put(ResultCode.BLOB_DIFFERS, "The blob has another length or digest.");
        CODES.put(
                ResultCode.INVALID_BLOB_REFERENCE,
                "A body that refers to a blob has 48 bytes, and no bodies for protocols beside it.");
        CODES.put(
                ResultCode.DEFAULT_BODY_REQUIRED,
                "A message with bodies for protocols needs a body for the subscribers of the others.");
        CODES.put(ResultCode.UNKNOWN_GROUP, "No consumer group has this id.");
        CODES.put(ResultCode.GROUP_EXISTS, "The stream has a consumer group of this name with other settings.");
        CODES.put(ResultCode.UNKNOWN_MEMBER, "This client is not that member of a consumer group, or no longer.");
        CODES.put(ResultCode.LEASE_LOST, "The member does not have the shard, or no longer under this epoch.");
        CODES.put(ResultCode.CHECKPOINT_BEHIND, "A checkpoint behind this one is stored: checkpoints never go back.");
        CODES.put(
                ResultCode.SHARD_NOT_DRAINED,
                "The shard is not at its end: it takes records, or has some behind the checkpoint.");

        LIMITS.put(LimitId.MESSAGE_BYTES, "The message has %d bytes");
        LIMITS.put(LimitId.BATCH_ENTRIES, "The batch has %d entries");
        LIMITS.put(LimitId.ATTRIBUTES, "The message has %d attributes");
        LIMITS.put(LimitId.ATTRIBUTE_NAME_BYTES, "The name of the attribute has %d bytes");
        LIMITS.put(LimitId.DELAY, "The delay is %d ns");
        LIMITS.put(LimitId.VISIBILITY, "The visibility timeout is %d ns");
        LIMITS.put(LimitId.WAIT, "The waiting time is %d ns");
        LIMITS.put(LimitId.RECEIVE_MESSAGES, "The receive asks for %d messages");
        LIMITS.put(LimitId.NAME_BYTES, "The name has %d bytes");
        LIMITS.put(LimitId.QUEUES, "The server would have %d queues");
        LIMITS.put(LimitId.MESSAGES, "The server would hold %d messages");
        LIMITS.put(LimitId.ARENA_BYTES, "The server would hold %d payload bytes");
        LIMITS.put(LimitId.SESSIONS, "The server would have %d sessions");
        LIMITS.put(LimitId.PRODUCERS, "The server would have %d producers");
        LIMITS.put(LimitId.CREDIT_MESSAGES, "The consumer would have a credit of %d messages");
        LIMITS.put(LimitId.CREDIT_BYTES, "The consumer would have a credit of %d bytes");
        LIMITS.put(LimitId.WAITERS, "The client would have %d receives waiting");
        LIMITS.put(LimitId.CONSUMERS, "The client would consume from %d queues");
        LIMITS.put(LimitId.TRANSFER_BYTES, "The client would have %d payload bytes under way");
        LIMITS.put(LimitId.TRANSFERS, "The client would have %d payloads under way");
        LIMITS.put(LimitId.FRAME_BYTES, "The frame has %d bytes");
        LIMITS.put(LimitId.LIST_ENTRIES, "The page asks for %d entries");
        LIMITS.put(LimitId.RECEIVE_BYTES, "The receive would take %d payload bytes");
        LIMITS.put(LimitId.RETENTION, "The retention is %d ns");
        LIMITS.put(LimitId.RETENTION_LEAST, "The retention is only %d ns");
        LIMITS.put(LimitId.IN_FLIGHT_STANDARD, "The standard queue would have %d messages in flight");
        LIMITS.put(LimitId.IN_FLIGHT_FIFO, "The FIFO queue would have %d messages in flight");
        LIMITS.put(LimitId.GROUP_ID_BYTES, "The message group id has %d bytes");
        LIMITS.put(LimitId.DEDUPLICATION_ID_BYTES, "The deduplication id has %d bytes");
        LIMITS.put(LimitId.DEDUPLICATION_WINDOW, "A deduplication id would be remembered for %d ns");
        LIMITS.put(LimitId.ATTEMPT_ID_BYTES, "The receive attempt id has %d bytes");
        LIMITS.put(LimitId.ATTEMPT_WINDOW, "A receive attempt would be remembered for %d ns");
        LIMITS.put(LimitId.TAGS, "The queue would have %d tags");
        LIMITS.put(LimitId.TAG_KEY_BYTES, "The key of the tag has %d bytes");
        LIMITS.put(LimitId.TAG_VALUE_BYTES, "The value of the tag has %d bytes");
        LIMITS.put(LimitId.ACCESS_ENTRIES, "The allow list has %d entries");
        LIMITS.put(LimitId.REDRIVE_SOURCES, "The dead-letter queue names %d sources");
        LIMITS.put(LimitId.REDRIVE_TASKS, "The server would run %d redrive tasks");
        LIMITS.put(LimitId.REDRIVE_RATE, "The redrive task is to move %d messages a second");
        LIMITS.put(LimitId.RECEIVE_COUNT, "The receives before a message is a dead letter are %d");
        LIMITS.put(LimitId.PRIORITIES, "The priority or the number of priorities is %d");
        LIMITS.put(LimitId.TIME_TO_LIVE, "The time to live is %d ns");
        LIMITS.put(LimitId.BACKOFF, "The back-off is %d ns");
        LIMITS.put(LimitId.PURGE_INTERVAL, "The queue was purged only %d ns ago");
        LIMITS.put(LimitId.DELETED_NAME_REST, "A queue of this name was deleted only %d ns ago");
        LIMITS.put(LimitId.BATCH_BYTES, "The payloads of the command have %d bytes");
        LIMITS.put(LimitId.WATCHES, "The client would watch %d queues");
        LIMITS.put(LimitId.FIFO_REQUESTS, "The FIFO queue would get %d requests of one kind in a second");
        LIMITS.put(
                LimitId.FIFO_GROUP_REQUESTS,
                "The FIFO queue with a throughput by group would get %d requests of one kind in a second");
        LIMITS.put(LimitId.TOPICS, "The server would have %d topics");
        LIMITS.put(LimitId.SUBSCRIPTIONS, "The topic would have %d subscriptions");
        LIMITS.put(LimitId.SUBJECT_CHARACTERS, "The subject has %d characters");
        LIMITS.put(LimitId.DELIVERY_RETRIES, "The delivery policy has %d retries");
        LIMITS.put(LimitId.RETRY_TIME, "The retries of the delivery policy take %d ns together");
        LIMITS.put(LimitId.BLOBS, "The server would know %d blobs");
        LIMITS.put(LimitId.BLOB_BYTES, "The blob has %d bytes");
        LIMITS.put(LimitId.BLOB_REST, "Nothing has referred to the blob for %d ns");
        LIMITS.put(LimitId.GROUPS, "The stream would have %d consumer groups");
        LIMITS.put(LimitId.GROUP_MEMBERS, "The consumer group would have %d members");
        LIMITS.put(LimitId.MEMBERSHIPS, "The client would have %d memberships of consumer groups");
        LIMITS.put(LimitId.LEASE, "The lease duration of the consumer group is %d ns");
        LIMITS.put(LimitId.LEASE_LEAST, "The lease duration of the consumer group is only %d ns");
        LIMITS.put(LimitId.STREAMS, "The server would have %d streams");
        LIMITS.put(LimitId.SHARDS, "The stream would have %d open shards");
        LIMITS.put(LimitId.RECORD_BYTES, "The record has %d bytes");
        LIMITS.put(LimitId.PARTITION_KEY_CHARACTERS, "The partition key has %d characters");
        LIMITS.put(LimitId.PUT_ENTRIES, "The command puts %d records");
        LIMITS.put(LimitId.PUT_BYTES, "The records of the command have %d bytes");
        LIMITS.put(LimitId.RECORD_RETENTION, "The retention of the stream is %d ns");
        LIMITS.put(LimitId.RECORD_RETENTION_LEAST, "The retention of the stream is only %d ns");
        LIMITS.put(LimitId.READ_RECORDS, "The read asks for %d records");
        LIMITS.put(LimitId.READ_BYTES, "The read asks for %d bytes");
        LIMITS.put(LimitId.ITERATOR_AGE, "The iterator is %d ns old");
        LIMITS.put(LimitId.SHARD_PUTS, "The shard would get %d records in a second");
        LIMITS.put(LimitId.SHARD_PUT_BYTES, "The shard would get %d bytes in a second");
        LIMITS.put(LimitId.SHARD_READS, "The shard would be read %d times in a second");
        LIMITS.put(LimitId.SHARD_READ_BYTES, "The readers of the shard have yet to wait for %d bytes");
        LIMITS.put(LimitId.SHARD_COUNT_CHANGES, "The number of shards would change %d times in 24 hours");
        LIMITS.put(LimitId.STREAM_CONSUMERS, "The stream would have %d consumers");
        LIMITS.put(LimitId.SHARD_SUBSCRIPTION, "The subscription to the shard has lasted %d ns");
        LIMITS.put(LimitId.SHARD_SUBSCRIPTION_REST, "The subscription to the shard began %d ns ago");
        LIMITS.put(LimitId.SHARD_SUBSCRIPTIONS, "The session would have %d subscriptions to shards");
        LIMITS.put(LimitId.ARCHIVE_PERIOD, "The topic would keep what was published for %d ns");
        LIMITS.put(LimitId.ARCHIVE_PERIOD_LEAST, "The topic would keep what was published for only %d ns");
        LIMITS.put(LimitId.REPLAYS, "There would be %d replays at a time");
    }

    private ErrorText() {}

    /**
     * Makes the sentence for a refusal, for example "The message has 1048700 bytes, more than MESSAGE_BYTES allows
     * (1048576)."
     *
     * @param code why
     * @param limitId limit that was passed, if the code is LIMIT_EXCEEDED
     * @param limit value of that limit
     * @param actual what was asked for
     * @return one sentence
     */
    public static String describe(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        if (code == ResultCode.LIMIT_EXCEEDED) {
            final String start = LIMITS.getOrDefault(limitId, "The request asks for %d");
            return String.format(start, actual) + relation(limitId) + limitId + " allows (" + limit + ").";
        }
        if (code == ResultCode.INVALID_FILTER_POLICY) {
            return FilterText.describe(limit, actual);
        }
        final String setting = Codes.setting(actual);
        if (code == ResultCode.QUEUE_EXISTS && setting != null) {
            return "A queue of this name exists with another value of " + setting + ".";
        }
        if (code == ResultCode.INVALID_SETTING && setting != null) {
            return "The setting " + setting + " does not fit the queue or its other settings.";
        }
        final String more = switch (code) {
            case SUBSCRIPTION_EXISTS -> ofSubscription(code, actual);
            case TOPIC_EXISTS -> ofTopic(code, actual);
            case STREAM_EXISTS -> ofStream(code, actual);
            case GROUP_EXISTS -> ofGroup(actual);
            default -> null;
        };
        return more != null
                ? more
                : CODES.getOrDefault(code, "The server answered with a code that this client does not know.");
    }

    /** @return the sentence for a refusal that names a setting of a topic; null if it names none */
    static String ofTopic(final ResultCode code, final long actual) {
        final String setting = Codes.topicSetting(actual);
        return switch (setting == null ? ResultCode.OK : code) {
            case TOPIC_EXISTS -> "A topic of this name exists with another value of " + setting + ".";
            case INVALID_SETTING -> "The setting " + setting + " does not fit the topic or its other settings.";
            default -> null;
        };
    }

    /** @return the sentence for a refusal that names a setting of a stream; null if it names none */
    static String ofStream(final ResultCode code, final long actual) {
        final String setting = Codes.streamSetting(actual);
        return switch (setting == null ? ResultCode.OK : code) {
            case STREAM_EXISTS -> "A stream of this name exists with another value of " + setting + ".";
            case INVALID_SETTING -> "The setting " + setting + " does not fit the stream.";
            default -> null;
        };
    }

    /** @return the sentence for a consumer group that exists with other settings; null if none is named */
    private static String ofGroup(final long actual) {
        final String setting = Codes.groupSetting(actual);
        return setting == null
                ? null
                : "The stream has a consumer group of this name with another value of " + setting + ".";
    }

    /** @return the sentence for a refusal that names a setting of a subscription; null if it names none */
    static String ofSubscription(final ResultCode code, final long actual) {
        final String setting = Codes.subscriptionSetting(actual);
        return switch (setting == null ? ResultCode.OK : code) {
            case SUBSCRIPTION_EXISTS -> "The queue is subscribed already, with another value of " + setting + ".";
            case INVALID_SETTING ->
                setting.equals(DELIVERY_POLICY)
                        ? "The delays and phases of the delivery policy do not fit each other, or the subscription is"
                                + " a queue's."
                        : "The setting " + setting + " does not fit the topic of the subscription.";
            default -> null;
        };
    }

    /** @return the sentence for a subscription of sessions that exists with other settings */
    static String ofNamedSubscription(final long actual) {
        final String setting = Codes.subscriptionSetting(actual);
        return "A subscription of this name exists with "
                + (setting == null ? "other settings." : "another value of " + setting + ".");
    }

    private static String relation(final LimitId limitId) {
        if (limitId == LimitId.PRIORITIES) {
            // A message's priority may only be less than the number of priorities.
            return ", outside of what ";
        }
        return LEAST.contains(limitId) ? ", less than " : ", more than ";
    }

    /**
     * Makes the sentence that SQS has for a refusal, for example "Value 11 for parameter MaxNumberOfMessages is invalid.
     * Reason: Must be between 1 and 10, if provided."; where SQS has none, the one of {@link #describe(ResultCode, LimitId,
     * long, long)}.
     *
     * @param code why
     * @param limitId limit that was passed, if the code is LIMIT_EXCEEDED
     * @param limit value of that limit
     * @param actual what was asked for
     * @param subject what the caller named: the receipt handle, the name of an attribute or of the queue; may be empty
     * @return one sentence
     */
    public static String describeAsSqs(
            final ResultCode code, final LimitId limitId, final long limit, final long actual, final String subject) {
        final String sentence = AwsText.describe(code, limitId, limit, actual, subject);
        return sentence == null ? describe(code, limitId, limit, actual) : sentence;
    }

    /**
     * Makes the sentence for a negative result of an offer.
     *
     * @param result what the call returned
     * @return one sentence
     */
    public static String describe(final long result) {
        if (result > 0) {
            return "The request was sent.";
        }
        if (result == MillraceClient.BACK_PRESSURED) {
            return "The way to the server is full: poll, then try again.";
        }
        if (result == MillraceClient.NOT_CONNECTED) {
            return "There is no session at the moment: poll until the client has connected again.";
        }
        if (result == MillraceClient.CLOSED) {
            return "The client is closed.";
        }
        if (result == MillraceClient.WINDOW_FULL) {
            return "Too many requests are unanswered: poll, then try again.";
        }
        if (result == MillraceClient.TOO_LARGE) {
            return "The request is larger than the server takes.";
        }
        if (result == MillraceClient.EMPTY) {
            return "There is nothing to send.";
        }
        return "No call of this client returns " + result + ".";
    }
}
