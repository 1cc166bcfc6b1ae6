package io.millrace.client;

/**
 * A shard that was made of one that has been read to its end.
 *
 * @param shardId the shard
 * @param parentShardId shard that it was made from
 * @param adjacentParentShardId the second one, of a merge; 0: none
 * @param firstHashKey start of its range
 * @param lastHashKey end of its range, inclusive
 */
public record ChildShard(
        long shardId, long parentShardId, long adjacentParentShardId, HashKey firstHashKey, HashKey lastHashKey) {}
