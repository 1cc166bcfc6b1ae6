package io.millrace.kernel;

import io.millrace.codecs.RecordsEndEncoder.ChildrenEncoder;
import io.millrace.codecs.ShardPosition;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a session may read of a shard, as the kernel judged its GetRecords. One object, filled anew for each grant: who needs it longer than
 * a call copies it.
 */
public final class ReadGrant {
    private static final int COUNT = 2;
    private static final int MOST_CHILDREN = 2;

    private final UnsafeBuffer children =
            new UnsafeBuffer(new byte[ChildrenEncoder.HEADER_SIZE + MOST_CHILDREN * ChildrenEncoder.sbeBlockLength()]);
    private int childCount;

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

    void begin() {
        childCount = 0;
    }

    /** Where the next child is to be written, in the buffer of {@link #children()}. */
    int addChild() {
        return ChildrenEncoder.HEADER_SIZE + childCount++ * ChildrenEncoder.sbeBlockLength();
    }

    UnsafeBuffer childrenToFill() {
        return children;
    }

    void end() {
        children.putShort(0, (short) ChildrenEncoder.sbeBlockLength(), ByteOrder.LITTLE_ENDIAN);
        children.putShort(COUNT, (short) childCount, ByteOrder.LITTLE_ENDIAN);
    }

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
        return children;
    }

    /**
     * Length of {@link #children()}.
     *
     * @return bytes.
     */
    public int childrenLength() {
        return ChildrenEncoder.HEADER_SIZE + childCount * ChildrenEncoder.sbeBlockLength();
    }
}
