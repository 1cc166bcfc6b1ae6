package io.millrace.server;

import io.millrace.kernel.ShardGrant;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Records of a shard on their way to a session: the duty cycle fills this in and hands it to the reader agent, which works on it until
 * it says that it has ended. Only what both need meanwhile is atomic.
 */
abstract class ShardFlow extends LogFlow {

    /** Place in the duty cycle's list of flows. */
    final int index;

    long sessionId;
    long correlationId;
    long lastSequenceNumber;
    long timeNs;
    int childrenLength;
    private final ExpandableArrayBuffer children = new ExpandableArrayBuffer();

    /** Bytes of frames that the agent may have made since the start: the session takes no more for now. */
    private final AtomicLong allowedBytes = new AtomicLong();

    /** Set behind the last sequence number and the children, which are those of a closed shard from then on. */
    private volatile boolean isClosed;

    /** Bytes of frames that have reached the session's output. For the duty cycle. */
    long takenBytes;

    /** Place among the flows that have not ended. For the duty cycle. */
    int place;

    ShardFlow(final int index) {
        this.index = index;
    }

    /** Takes a grant over: the agent has not seen this flow yet. */
    final void start(final ShardGrant grant, final long firstBytes) {
        sessionId = grant.sessionId();
        correlationId = grant.correlationId();
        streamId = grant.streamId();
        shardId = grant.shardId();
        kind = grant.kind();
        position = grant.position();
        horizonTimeNs = grant.horizonTimeNs();
        timeNs = grant.timeNs();
        update(grant);
        takenBytes = 0;
        isClosed = grant.isClosed();
        renew();
        allowedBytes.lazySet(firstBytes);
    }

    /** Takes over what a shard that was closed has otherwise; the agent looks at it when it is told that the shard is closed. */
    final void update(final ShardGrant grant) {
        lastSequenceNumber = grant.lastSequenceNumber();
        childrenLength = grant.childrenLength();
        children.putBytes(0, grant.children(), 0, childrenLength);
    }

    /** {@return the shards that were made from this one, as the group that answers name them with} */
    final DirectBuffer children() {
        return children;
    }

    /** {@return bytes of frames that the agent may have made since the start} */
    final long allowedBytes() {
        return allowedBytes.get();
    }

    final void allow(final long bytes) {
        allowedBytes.lazySet(bytes);
    }

    /** The shard takes no more records, and all that it holds can be read. */
    final void close() {
        isClosed = true;
    }

    /** {@return true if all that the shard will ever hold can be read} */
    final boolean isClosed() {
        return isClosed;
    }
}
