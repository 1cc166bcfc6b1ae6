package io.millrace.store;

/**
 * Something slow that the appending thread asks of the keeper.
 *
 * @param kind     what.
 * @param streamId the stream.
 * @param shardId  the shard.
 * @param value    TRIM_STREAM, TRIM: the horizon in nanoseconds since the epoch; SEAL: last sequence number of the shard.
 */
record RecordLogTask(Kind kind, long streamId, long shardId, long value) {
    enum Kind {
        OPEN,
        SEAL,
        TRIM_STREAM,
        TRIM,
        DELETE
    }
}
