package io.millrace.store;

/** A shard that is appended to: where its records go, and the last of them. Used by the appending thread alone. */
final class ShardLog {
    final long streamId;
    final long shardId;
    final RecordLog log;

    /** Where the shard's records are in a log that it shares, null if it has its own. */
    final ShardIndexWriter index;

    /** What the log holds up to here is not appended again. */
    long lastSequence;

    /** The excerpt that is being gathered, if it holds records of the shard, and the first of them. */
    long excerpt = -1;

    long firstSequence;
    long firstTimeNs;

    ShardLog(final long streamId, final long shardId, final RecordLog log, final ShardIndexWriter index) {
        this.streamId = streamId;
        this.shardId = shardId;
        this.log = log;
        this.index = index;
        lastSequence = log.recovery().lastSequence(shardId);
    }
}
