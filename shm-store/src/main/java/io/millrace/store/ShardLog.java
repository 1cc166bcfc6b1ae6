package io.millrace.store;

/** A shard that is appended to: where its records go, and the last of them. Used by the appending thread alone. */
final class ShardLog extends IndexWriter.Chain {
    final long streamId;
    final long shardId;
    final RecordLog log;

    /** What the log holds up to here is not appended again. */
    long lastSequence;

    /** The excerpt that is being gathered, if it holds records of the shard and the log is shared, and which ones. */
    long excerpt = -1;

    long firstSequence;
    long firstTimeNs;
    long gatheredSequence;

    ShardLog(final long streamId, final long shardId, final RecordLog log) {
        this.streamId = streamId;
        this.shardId = shardId;
        this.log = log;
        lastSequence = log.recovery().lastSequence(shardId);
    }
}
