package io.millrace.client;

import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RevokeReason;
import io.millrace.codecs.ShardPosition;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * What the server says, as values: the seam between decoding and meaning.
 */
interface EgressEvents {
    void onSessionEvent(
            long sessionId,
            long bootEpoch,
            long sessionTimeoutNs,
            int maxFrameBytes,
            int maxMessageBytes,
            ResultCode code,
            LimitId limitId,
            long limit,
            long actual);

    void onConfirmed(long fromCorrelationId, long toCorrelationId, long firstValue, int valuesPerCommand);

    void onRefused(long correlationId, int entryIndex, ResultCode code, LimitId limitId, long limit, long actual);

    /** The entries of the command follow in {@link #onEntryResult}. */
    void onEntryResults(long correlationId);

    void onEntryResult(long correlationId, int entryIndex, ResultCode code, LimitId limitId, long limit, long actual);

    /** The entries of the command follow in {@link #onSendResult}, all of them. */
    void onSendResults(long correlationId);

    void onSendResult(
            long correlationId,
            int entryIndex,
            long messageId,
            long sequenceNumber,
            boolean isDuplicate,
            ResultCode code,
            LimitId limitId,
            long limit,
            long actual);

    void onReceiveEnd(long correlationId, long queueId, int messageCount, ResultCode code);

    void onProducerOpened(long correlationId, long producerId, int producerEpoch, long lastSequence);

    void onConsumerStopped(long correlationId, long queueId, ResultCode code);

    void onQueueAlarm(long queueId, AlarmKind kind, long value, long timeNs);

    /** The answer of a query: a QueueInfo or one of {@link Answers}. */
    void onQueryAnswer(long correlationId, Object answer);

    /** One message of a page, which {@link Answers.BrowseEnd} then ends. */
    void onBrowsed(long correlationId, BrowsedMessage message);

    void onDelivery(Delivery delivery);

    /** How one record of a put ended; {@link #onPutResultsEnd} follows. */
    void onPutResult(
            long correlationId,
            int entryIndex,
            long shardId,
            long sequenceNumber,
            ResultCode code,
            LimitId limitId,
            long limit,
            long actual);

    /** So many records of the put were told of: all. */
    void onPutResultsEnd(long correlationId, int count);

    /** One record that was read, or pushed; {@link #onRecordsEnd} or {@link #onPushedRecordsEnd} follows. */
    void onShardRecord(
            long correlationId,
            long sequenceNumber,
            long arrivalTimeNs,
            DirectBuffer buffer,
            int keyOffset,
            int keyLength,
            int dataOffset,
            int dataLength);

    /** The beginning of a record that was read and is too large for one message; chunks follow. */
    void onRecordBegin(
            long correlationId,
            long sequenceNumber,
            long arrivalTimeNs,
            DirectBuffer buffer,
            int keyOffset,
            int keyLength,
            int dataLength);

    /** @return false if this is not the next part of the record that was begun last. */
    boolean onRecordChunk(long correlationId, long dataOffset, DirectBuffer buffer, int offset, int length);

    /** The end of a read; the next shard id is 0 if this is the end of a closed shard, which then has children. */
    void onRecordsEnd(
            long correlationId,
            long nextShardId,
            ShardPosition nextKind,
            long nextPosition,
            long nextIssuedTimeNs,
            long behindNs,
            long recordCount,
            ResultCode code,
            List<ChildShard> children);

    /** So much for the records that were pushed now. */
    void onPushedRecordsEnd(long correlationId, long behindNs);

    /** A subscription to a shard ended; if all of a closed shard was pushed, it has children. */
    void onShardSubscriptionEnded(long correlationId, ResultCode code, List<ChildShard> children);

    /** A member of a consumer group has a shard, from behind a sequence number on. */
    void onShardAssigned(long groupId, long memberId, long shardId, long sequenceNumber, long leaseEpoch);

    /** A member of a consumer group is to give a shard back, or has lost it. */
    void onShardRevoked(long groupId, long memberId, long shardId, long leaseEpoch, RevokeReason reason);

    void onMembershipEnded(long groupId, long memberId, MembershipEnd reason);
}
