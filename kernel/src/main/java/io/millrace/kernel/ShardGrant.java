package io.millrace.kernel;

import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import org.agrona.DirectBuffer;

/** Records of a shard that a session may have, as the kernel judged its command. One object, filled anew for each call: who needs it longer copies it. */
public abstract class ShardGrant {
    private final ShardChildren children = new ShardChildren();
    private long streamId;
    private long shardId;
    private long lastSequenceNumber;
    private long horizonTimeNs;
    private long timeNs;
    private boolean isClosed;

    long sessionId;
    long correlationId;
    ShardPosition kind;
    long position;

    ShardGrant() {}

    /** Takes over what a shard says. */
    final void fill(final StreamState tables, final int shard, final long nowNs) {
        final int stream = tables.shards.getInt(shard, Shard.STREAM);
        streamId = tables.streams.getLong(stream, Stream.ID);
        shardId = tables.shards.getLong(shard, Shard.ID);
        lastSequenceNumber = tables.shards.getLong(shard, Shard.LAST_SEQUENCE);
        horizonTimeNs = tables.horizon(stream, nowNs);
        timeNs = nowNs;
        isClosed = tables.isClosed(shard);
        children.fill(tables, shard);
    }

    /**
     * Who asked, and gets the records.
     *
     * @return the session.
     */
    public final long sessionId() {
        return sessionId;
    }

    /**
     * The command, which what the session gets names.
     *
     * @return its correlation id.
     */
    public final long correlationId() {
        return correlationId;
    }

    /**
     * The stream.
     *
     * @return its id.
     */
    public final long streamId() {
        return streamId;
    }

    /**
     * The shard.
     *
     * @return its id.
     */
    public final long shardId() {
        return shardId;
    }

    /**
     * How {@link #position()} is meant: AT_SEQUENCE_NUMBER, the record of this or the next number there is; AFTER_SEQUENCE_NUMBER, the one behind;
     * AT_TIMESTAMP, the first one that arrived then or later.
     *
     * @return one of the three.
     */
    public final ShardPosition kind() {
        return kind;
    }

    /**
     * Where to begin.
     *
     * @return a sequence number, 0 being before all, or nanoseconds of the kernel's time.
     */
    public final long position() {
        return position;
    }

    /**
     * The last record of the shard so far; of a closed one the last there will be.
     *
     * @return its sequence number, 0 if there was none.
     */
    public final long lastSequenceNumber() {
        return lastSequenceNumber;
    }

    /**
     * Records that arrived before are out of reach.
     *
     * @return nanoseconds of the kernel's time.
     */
    public final long horizonTimeNs() {
        return horizonTimeNs;
    }

    /**
     * When the grant was given.
     *
     * @return nanoseconds of the kernel's time.
     */
    public final long timeNs() {
        return timeNs;
    }

    /**
     * Whether the shard takes no more records: behind the last one there is nothing to go on with but its {@link #children()}.
     *
     * @return true if it is.
     */
    public final boolean isClosed() {
        return isClosed;
    }

    /**
     * The group that names the shards which were made from this one, from its header on, as RecordsEnd and ShardSubscriptionEnded have it;
     * without an entry if the shard is not closed.
     *
     * @return the bytes, from offset 0.
     */
    public final DirectBuffer children() {
        return children.group();
    }

    /**
     * Length of {@link #children()}.
     *
     * @return bytes.
     */
    public final int childrenLength() {
        return children.length();
    }
}
