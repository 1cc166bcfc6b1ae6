package io.millrace.kernel;

import io.millrace.codecs.ShardPosition;
import org.agrona.DirectBuffer;

/**
 * What a session may read of a shard, as the kernel judged its GetRecords. One object, filled anew for each grant: who needs it longer than
 * a call copies it.
 */
public final class ReadGrant {
    final ShardChildren children = new ShardChildren();
    long sessionId;
    long correlationId;
    long streamId;
    long shardId;
    ShardPosition kind;
    long position;
    long lastSequenceNumber;
    long horizonTimeNs;
    long timeNs;
    int maxRecords;
    int maxBytes;
    boolean isClosed;

    ReadGrant() {}

    /**
     * Who asked.
     *
     * @return the session.
     */
    public long sessionId() {
        return sessionId;
    }

    /**
     * The request, which the answer names.
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
     * How {@link #position()} is meant: AT_SEQUENCE_NUMBER, the record of this or the next number there is; AFTER_SEQUENCE_NUMBER, the one behind;
     * AT_TIMESTAMP, the first one that arrived then or later.
     *
     * @return one of the three.
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
     * The last record of the shard: nothing behind it belongs to the answer.
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
     * How many records at most.
     *
     * @return the number, at least 1.
     */
    public int maxRecords() {
        return maxRecords;
    }

    /**
     * How much of partition keys and data at most; a first record beyond it comes alone.
     *
     * @return bytes, at least 1.
     */
    public int maxBytes() {
        return maxBytes;
    }

    /**
     * Whether the shard takes no more records: behind the last one there is nothing to go on with, and RecordsEnd names the children.
     *
     * @return true if it is.
     */
    public boolean isClosed() {
        return isClosed;
    }

    /**
     * The group of RecordsEnd that names the shards that were made from this one, from its header on; without an entry if the shard is
     * not closed.
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
