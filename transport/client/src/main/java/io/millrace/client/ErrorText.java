package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.EnumMap;
import java.util.Map;

/**
 * The one table of sentences for what a server or the client refuses.
 */
public final class ErrorText {
    private static final Map<ResultCode, String> CODES = new EnumMap<>(ResultCode.class);
    private static final Map<LimitId, String> LIMITS = new EnumMap<>(LimitId.class);

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
            return String.format(start, actual) + ", more than " + limitId + " allows (" + limit + ").";
        }
        return CODES.getOrDefault(code, "The server answered with a code that this client does not know.");
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
