package io.millrace.server;

import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.ReadGrant;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * A grant on its way: the duty cycle fills it in and hands it to the reader agent, which works on it until it says that it has
 * ended. Only what both need meanwhile is atomic.
 */
final class ShardRead {

    /** Place in the duty cycle's list of reads. */
    final int index;

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
    int childrenLength;
    private final ExpandableArrayBuffer children = new ExpandableArrayBuffer();

    /** Bytes of frames that the agent may have made since the start: the session takes no more for now. */
    private final AtomicLong allowedBytes = new AtomicLong();

    private volatile boolean isCancelled;

    /** Bytes of frames that have reached the session's output. For the duty cycle. */
    long takenBytes;

    /** Whether it is granted and has not ended. For the duty cycle. */
    boolean isActive;

    ShardRead(final int index) {
        this.index = index;
    }

    void set(final ReadGrant grant, final long firstBytes) {
        sessionId = grant.sessionId();
        correlationId = grant.correlationId();
        streamId = grant.streamId();
        shardId = grant.shardId();
        kind = grant.kind();
        position = grant.position();
        lastSequenceNumber = grant.lastSequenceNumber();
        horizonTimeNs = grant.horizonTimeNs();
        timeNs = grant.timeNs();
        maxRecords = grant.maxRecords();
        maxBytes = grant.maxBytes();
        isClosed = grant.isClosed();
        childrenLength = grant.childrenLength();
        children.putBytes(0, grant.children(), 0, childrenLength);
        takenBytes = 0;
        isActive = true;
        isCancelled = false;
        allowedBytes.lazySet(firstBytes);
    }

    DirectBuffer children() {
        return children;
    }

    /** {@return bytes of frames that the agent may have made since the start} */
    long allowedBytes() {
        return allowedBytes.get();
    }

    void allow(final long bytes) {
        allowedBytes.lazySet(bytes);
    }

    void cancel() {
        isCancelled = true;
    }

    /** {@return true once nobody waits for the answer any more} */
    boolean isCancelled() {
        return isCancelled;
    }
}
