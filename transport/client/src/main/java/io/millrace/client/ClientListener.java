package io.millrace.client;

import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;

/**
 * Hears how requests end and when the connection comes and goes. All calls come from {@link MillraceClient#poll()}, on
 * the thread that polls; every method does nothing unless overridden.
 *
 * <p>Correlation ids count up by one for every request of the client. The acknowledgements that the client sends for
 * {@link Delivery#acknowledge()} have ids too, so a confirmed range can hold ids that no call of yours returned.
 */
public interface ClientListener {
    /**
     * All commands of a range were done.
     *
     * @param fromCorrelationId first command
     * @param toCorrelationId last command, the same as the first if it is one
     * @param firstValue queue id of a created queue, or id of the first message of the first command; the values of
     *     the range follow each other by one
     * @param valuesPerCommand how many values each command has: messages stored; 0 for commands without a value, such
     *     as acknowledgements
     */
    default void onConfirmed(
            final long fromCorrelationId,
            final long toCorrelationId,
            final long firstValue,
            final int valuesPerCommand) {}

    /**
     * A request was refused as a whole and changed nothing. {@link ErrorText#describe} makes a sentence of it.
     *
     * <p>Not so for the codes PRODUCER_UNKNOWN, PRODUCER_FENCED and TOO_OLD: whether the server did what was sent to it in an
     * earlier session is not known then. After the first two the client goes on with a new producer.
     *
     * @param correlationId the request
     * @param entryIndex first entry that is wrong, from 0; -1 if the request as a whole is
     * @param code why
     * @param limitId limit that was passed, if the code is LIMIT_EXCEEDED
     * @param limit value of that limit
     * @param actual what was asked for
     */
    default void onRefused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {}

    /**
     * One entry of a command did not end like the others; entries that are not named are done.
     *
     * @param correlationId the command
     * @param entryIndex the entry, from 0
     * @param code how it ended
     * @param limitId limit that was passed, if the code is LIMIT_EXCEEDED
     * @param limit value of that limit
     * @param actual what was asked for
     */
    default void onEntryResult(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {}

    /**
     * How one message of a send ended. All messages of the command are told, in their order: of every send to a FIFO queue,
     * and of one that asked for it with {@code eachEntry}. Other sends are confirmed.
     *
     * @param correlationId the send
     * @param entryIndex the message, from 0
     * @param messageId id of the message; of a duplicate the first one's; 0 if it was not stored
     * @param sequenceNumber number of the message in its queue; of a duplicate the first one's
     * @param isDuplicate whether it was accepted and dropped, because its deduplication id is known
     * @param code OK, or why it was not stored
     * @param limitId limit that was passed, if the code is LIMIT_EXCEEDED
     * @param limit value of that limit
     * @param actual what was asked for
     */
    default void onSendResult(
            final long correlationId,
            final int entryIndex,
            final long messageId,
            final long sequenceNumber,
            final boolean isDuplicate,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {}

    /**
     * A receive ended; its messages were delivered before.
     *
     * @param correlationId the receive
     * @param queueId the queue
     * @param messageCount messages that came for it, 0 if the waiting time passed
     * @param code OK, or why it ended early
     */
    default void onReceiveEnd(
            final long correlationId, final long queueId, final int messageCount, final ResultCode code) {}

    /**
     * The server ended a consumer.
     *
     * @param correlationId the first {@code consume} of the consumer
     * @param queueId the queue
     * @param code why, for example QUEUE_DELETED, or NOT_AUTHORISED if the permission was taken away
     */
    default void onConsumerStopped(final long correlationId, final long queueId, final ResultCode code) {}

    /**
     * The depth or age of a queue that is watched with {@link Queues#watch} passed a mark of its settings.
     *
     * @param queueId the queue
     * @param kind which mark; {@code NULL_VAL} if this client does not know it
     * @param value the depth in messages, or the age in nanoseconds
     * @param timeNs when: nanoseconds since 1970
     */
    default void onQueueAlarm(final long queueId, final AlarmKind kind, final long value, final long timeNs) {}

    /**
     * The session is open and commands are accepted; what was unanswered has been sent again.
     *
     * @param sessionId the session
     * @param bootEpoch how often the server has started on its directory: another one tells of a restart
     */
    default void onConnected(final long sessionId, final long bootEpoch) {}

    /**
     * The session is gone. The client attaches again by itself, unless it was closed or is refused for good; protected
     * commands are then sent again. Commands without producer protection that are unanswered now stay unanswered.
     *
     * @param reason why
     */
    default void onDisconnected(final DisconnectReason reason) {}
}
