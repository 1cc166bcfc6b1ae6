package io.millrace.client;

import io.millrace.codecs.ShardFilter;

/**
 * Which shards of a stream a list shows.
 *
 * @param filter which
 * @param timestampNs the time of AT_TIMESTAMP and FROM_TIMESTAMP: nanoseconds since 1970; else 0
 */
public record ShardSelection(ShardFilter filter, long timestampNs) {
    /** All that may still hold records, and those that will. */
    public static final ShardSelection ALL = new ShardSelection(ShardFilter.FROM_TRIM_HORIZON, 0);

    /** Those that were open at the beginning of the retention, or when the stream was created. */
    public static final ShardSelection AT_HORIZON = new ShardSelection(ShardFilter.AT_TRIM_HORIZON, 0);

    /** Those that are open. */
    public static final ShardSelection OPEN = new ShardSelection(ShardFilter.AT_LATEST, 0);

    /** @param timeNs nanoseconds since 1970, not later than now. @return those that were open at a time */
    public static ShardSelection at(final long timeNs) {
        return new ShardSelection(ShardFilter.AT_TIMESTAMP, timeNs);
    }

    /** @param timeNs nanoseconds since 1970, not later than now. @return those that were open at a time or later */
    public static ShardSelection from(final long timeNs) {
        return new ShardSelection(ShardFilter.FROM_TIMESTAMP, timeNs);
    }
}
