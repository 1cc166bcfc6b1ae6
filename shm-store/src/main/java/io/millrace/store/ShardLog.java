package io.millrace.store;

/** A shard that is appended to: where its records go, and the last of them. */
final class ShardLog {
    final long streamId;
    final long shardId;
    final RecordLog log;

    /** What the log holds up to here is not appended again. Used by the appending thread alone. */
    long lastSequence;

    ShardLog(final long streamId, final long shardId, final RecordLog log) {
        this.streamId = streamId;
        this.shardId = shardId;
        this.log = log;
        lastSequence = log.recovery().lastSequence(shardId);
    }
}
