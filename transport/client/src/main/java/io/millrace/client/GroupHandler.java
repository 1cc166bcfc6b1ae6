package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RevokeReason;
import org.agrona.DirectBuffer;

/**
 * Takes the records of the shards that a member of a consumer group has, and hears of what becomes of them. All of it is called by {@link
 * MillraceClient#poll()}. An exception goes to the context's error handler; the call counts as having returned.
 */
@FunctionalInterface
public interface GroupHandler {
    /**
     * Called for every record, in the order of the shard. What is done with it is told by {@link GroupMember#checkpoint}; a record behind
     * the last checkpoint comes again, to whoever gets the shard next.
     *
     * @param shardId the shard
     * @param sequenceNumber number of the record: greater than that of the one before
     * @param arrivalTimeNs when it was put: nanoseconds since 1970
     * @param buffer holds partition key and data, during the call only
     * @param keyOffset where the partition key starts: UTF-8
     * @param keyLength its bytes
     * @param dataOffset where the data starts
     * @param dataLength its bytes
     */
    void onRecord(
            long shardId,
            long sequenceNumber,
            long arrivalTimeNs,
            DirectBuffer buffer,
            int keyOffset,
            int keyLength,
            int dataOffset,
            int dataLength);

    /**
     * The member has a shard. Called again for a shard that it has already if somebody else may have had it in between: its records come
     * again then, from behind the checkpoint.
     *
     * @param shardId the shard
     * @param afterSequenceNumber the checkpoint: the records behind it come; 0: all that are kept
     */
    default void onShardAssigned(final long shardId, final long afterSequenceNumber) {}

    /**
     * A closed shard was read to its end. When this returns, the member tells the server that the shard is drained, which stores a checkpoint
     * at its last record and lets its children begin.
     *
     * @param shardId the shard
     */
    default void onShardEnd(final long shardId) {}

    /**
     * No more records of a shard come. If it was REQUESTED for another member, checkpoints of the shard can still be stored during the call; when it returns,
     * the member releases the shard. Otherwise the member has lost it.
     *
     * @param shardId the shard
     * @param reason why
     */
    default void onShardRevoked(final long shardId, final RevokeReason reason) {}

    /**
     * The member has none of its shards any more, without a word about each. After LEASE_OVER, which means that the client was not
     * polled in time, it joins again by itself; after any other reason it has ended.
     *
     * @param reason why
     */
    default void onMembershipEnded(final MembershipEnd reason) {}

    /**
     * The server does not let the client join, or be a member any longer, and so the member has ended.
     *
     * @param code why, for example UNKNOWN_GROUP or NOT_AUTHORISED
     * @param limitId limit that was passed, if the code is LIMIT_EXCEEDED
     * @param limit value of that limit
     * @param actual what was asked for
     */
    default void onRefused(final ResultCode code, final LimitId limitId, final long limit, final long actual) {}

    /**
     * A checkpoint was not stored; the member keeps the shard.
     *
     * @param shardId the shard
     * @param sequenceNumber the checkpoint
     * @param code why: CHECKPOINT_BEHIND if there is one behind it, INVALID_ARGUMENT if it is ahead of the last record
     */
    default void onCheckpointRefused(final long shardId, final long sequenceNumber, final ResultCode code) {}

    /**
     * A shard cannot be read on. The member keeps it, and its checkpoint, until it is closed.
     *
     * @param shardId the shard
     * @param fault a {@link MillraceException} if the server refuses, a {@link io.millrace.store.reader.ReaderException} if a mapped
     *     file cannot be read
     */
    default void onReadFailed(final long shardId, final RuntimeException fault) {}
}
