package io.millrace.client;

import io.millrace.codecs.ShardListDecoder;
import io.millrace.codecs.ShardState;

/**
 * One shard of a stream. A code that this client does not know is {@code NULL_VAL}.
 *
 * @param shardId the shard: unique on the server
 * @param shardIndex which shard of its stream, from 0
 * @param state where it stands
 * @param parentShardId shard that it was made from; 0: none
 * @param adjacentParentShardId the second one, of a merge; 0: none
 * @param firstHashKey start of its range
 * @param lastHashKey end of its range, inclusive
 * @param openedTimeNs when it was opened: nanoseconds since 1970; 0: it is opening
 * @param closedTimeNs when it was closed: nanoseconds since 1970; 0: it was not
 * @param lastSequenceNumber of its last record; 0: there was none
 * @param lastArrivalTimeNs when its last record arrived: nanoseconds since 1970; 0: there was none
 * @param recordCount records put
 * @param recordBytes partition keys and data of them
 */
public record ShardInfo(
        long shardId,
        long shardIndex,
        ShardState state,
        long parentShardId,
        long adjacentParentShardId,
        HashKey firstHashKey,
        HashKey lastHashKey,
        long openedTimeNs,
        long closedTimeNs,
        long lastSequenceNumber,
        long lastArrivalTimeNs,
        long recordCount,
        long recordBytes) {

    static ShardInfo of(final ShardListDecoder.ShardsDecoder decoder) {
        return new ShardInfo(
                decoder.shardId(),
                decoder.shardIndex(),
                Codes.shardState(decoder.stateRaw()),
                decoder.parentShardId(),
                decoder.adjacentParentShardId(),
                HashKey.of(decoder.firstHashKey()),
                HashKey.of(decoder.lastHashKey()),
                decoder.openedTimeNs(),
                decoder.closedTimeNs(),
                decoder.lastSequenceNumber(),
                decoder.lastArrivalTimeNs(),
                decoder.recordCount(),
                decoder.recordBytes());
    }
}
