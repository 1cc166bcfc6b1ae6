package io.millrace.client;

import io.millrace.codecs.ShardPosition;

/**
 * Where reading a shard begins.
 *
 * @param kind where
 * @param value a sequence number, or a time in nanoseconds since 1970; 0 where none is asked for
 */
public record StreamPosition(ShardPosition kind, long value) {
    /** At the oldest record that is kept. */
    public static final StreamPosition HORIZON = new StreamPosition(ShardPosition.TRIM_HORIZON, 0);

    /** Behind the record that is the last when the server is asked. */
    public static final StreamPosition LATEST = new StreamPosition(ShardPosition.LATEST, 0);

    /** @param sequenceNumber of a record. @return at this record, or the next one there is */
    public static StreamPosition at(final long sequenceNumber) {
        return new StreamPosition(ShardPosition.AT_SEQUENCE_NUMBER, sequenceNumber);
    }

    /** @param sequenceNumber of a record. @return behind this record */
    public static StreamPosition after(final long sequenceNumber) {
        return new StreamPosition(ShardPosition.AFTER_SEQUENCE_NUMBER, sequenceNumber);
    }

    /** @param timeNs nanoseconds since 1970, not later than now. @return at the first record that arrived then or later */
    public static StreamPosition atTime(final long timeNs) {
        return new StreamPosition(ShardPosition.AT_TIMESTAMP, timeNs);
    }
}
