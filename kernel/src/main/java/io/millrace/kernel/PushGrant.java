package io.millrace.kernel;

import io.millrace.codecs.ShardPosition;
import org.agrona.DirectBuffer;

/**
 * What is to be pushed to a session of a shard, as the kernel judged its SubscribeToShard. One object, filled anew for each call: who needs
 * it longer copies it.
 */
public final class PushGrant {
    final ShardChildren children = new ShardChildren();
    long subscriptionId;
    long sessionId;
    long correlationId;
    long streamId;
    long shardId;
    ShardPosition kind;
    long position;
    long lastSequenceNumber;
    long horizonTimeNs;
    long timeNs;
    int windowBytes;
    boolean isClosed;

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
     * Who gets the records.
     *
     * @return the session.
     */
    public long sessionId() {
        return sessionId;
    }

    /**
     * The SubscribeToShard, which PushedRecords and ShardSubscriptionEnded name.
     *
     * @return its correlation id.
     */
    public long correlationId() {
        return correlationId;
    }

    /**
     * The stream.
     *
     * @return its id.
     */
    public long streamId() {
        return streamId;
    }

    /**
     * The shard.
     *
     * @return its id.
     */
    public long shardId() {
        return shardId;
    }

    /**
     * How {@link #position()} is meant, as in {@link ReadGrant#kind()}.
     *
     * @return AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER or AT_TIMESTAMP.
     */
    public ShardPosition kind() {
        return kind;
    }

    /**
     * Where to begin.
     *
     * @return a sequence number, 0 being before all, or nanoseconds of the kernel's time.
     */
    public long position() {
        return position;
    }

    /**
     * The last record of the shard so far; of a closed one the last there will be.
     *
     * @return its sequence number, 0 if there was none.
     */
    public long lastSequenceNumber() {
        return lastSequenceNumber;
    }

    /**
     * Records that arrived before are out of reach.
     *
     * @return nanoseconds of the kernel's time.
     */
    public long horizonTimeNs() {
        return horizonTimeNs;
    }

    /**
     * When the grant was given.
     *
     * @return nanoseconds of the kernel's time.
     */
    public long timeNs() {
        return timeNs;
    }

    /**
     * How much of partition keys and data may be on its way to the session; ShardCredit gives it back.
     *
     * @return bytes, at least 1.
     */
    public int windowBytes() {
        return windowBytes;
    }

    /**
     * Whether the shard takes no more records: when all are pushed, the subscription has ended with SHARD_CLOSED and {@link #children()}.
     *
     * @return true if it is.
     */
    public boolean isClosed() {
        return isClosed;
    }

    /**
     * The group of ShardSubscriptionEnded that names the shards that were made from this one, from its header on; without an entry if the
     * shard is not closed.
     *
     * @return the bytes, from offset 0.
     */
    public DirectBuffer children() {
        return children.group();
    }

    /**
     * Length of {@link #children()}.
     *
     * @return bytes.
     */
    public int childrenLength() {
        return children.length();
    }
}
