package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.List;
import org.agrona.DirectBuffer;

/** Takes what is read of shards. */
@FunctionalInterface
public interface ShardHandler {
    /**
     * Called for every record, in the order of the shard. An exception goes to the context's error handler; the record is taken for read.
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
     * A closed shard was read to its end, and so the reader has ended. Who reads the children now, each after all its parents, keeps the
     * order of records of one partition key.
     *
     * @param shardId the shard
     * @param children the shards that were made from it
     */
    default void onShardEnd(final long shardId, final List<ChildShard> children) {}

    /**
     * The server refuses to go on, and so the reader has ended.
     *
     * @param shardId the shard
     * @param code why, for example UNKNOWN_SHARD if all of the shard is beyond the retention, or NOT_AUTHORISED
     * @param limitId limit that was passed, if the code is LIMIT_EXCEEDED
     * @param limit value of that limit
     * @param actual what was asked for
     */
    default void onReadRefused(
            final long shardId, final ResultCode code, final LimitId limitId, final long limit, final long actual) {}
}
