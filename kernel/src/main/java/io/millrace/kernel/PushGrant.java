package io.millrace.kernel;

/**
 * What is to be pushed to a session of a shard, as the kernel judged its SubscribeToShard. When all records of a closed shard are pushed, the
 * subscription has ended with SHARD_CLOSED.
 */
public final class PushGrant extends ShardGrant {
    long subscriptionId;
    int windowBytes;

    PushGrant() {}

    /**
     * The subscription, by which {@link RecordLogs#endPush} names it.
     *
     * @return its id, never used again.
     */
    public long subscriptionId() {
        return subscriptionId;
    }

    /**
     * How much of partition keys and data may be on its way to the session; ShardCredit gives it back.
     *
     * @return bytes, at least 1.
     */
    public int windowBytes() {
        return windowBytes;
    }
}
