package io.millrace.server;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ReadGrant;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The duty cycle's side of reading shards: what the kernel grants goes to the reader agent, and what the agent makes of it goes to
 * the sessions. A reader that is a day behind costs the duty cycle no more than its own output, and an output that
 * waits keeps its own reads waiting, nobody else's.
 *
 * <p>A message of the ring, of type FRAME or END:
 *
 * <pre>
 *   0  int32 index of the read      8  int64 END: partition keys and data returned, in bytes     16  frame
 * </pre>
 */
final class ShardReads {

    static final int FRAME = 1;
    static final int END = 2;
    static final int INDEX_OFFSET = 0;
    static final int BYTES_OFFSET = 8;
    static final int FRAME_OFFSET = 16;

    /** Reads at a time, of all sessions. */
    static final int MOST_READS = 1_024;

    /** Reads of one session at a time. */
    static final int MOST_OF_SESSION = 256;

    /** Room for eight of the longest frames at least: a ring takes no message longer than an eighth of it. */
    private static final int RING_BYTES = 1024 * 1024;

    /** What a read may have made that the session has not sent. */
    private static final long WINDOW_BYTES = 64 * 1024;

    /** Output that waits in a session from which on its reads wait too. */
    private static final long MOST_WAITING_BYTES = 256 * 1024;

    /** What one cycle hands over at most. */
    private static final int MOST_PER_CYCLE = 16;

    private final EgressHub egress;
    private final ShardRead[] reads = new ShardRead[MOST_READS];
    private final ShardRead[] free = new ShardRead[MOST_READS];
    private final ShardRead[] granted = new ShardRead[MOST_READS];
    private final OneToOneConcurrentArrayQueue<ShardRead> requests = new OneToOneConcurrentArrayQueue<>(MOST_READS);
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private final ControlledMessageHandler onMessage = this::onMessage;
    private HostReplies replies;
    private Batch batch;
    private boolean countsReads;
    private int freeCount;
    private int grantedCount;

    ShardReads(final EgressHub egress) {
        this.egress = egress;
        for (int i = MOST_READS - 1; i >= 0; i--) {
            reads[i] = new ShardRead(i);
            free[freeCount++] = reads[i];
        }
    }

    /**
     * Brings what exists only after recovery.
     *
     * @param newReplies     for reads that are refused.
     * @param newBatch       for records of what was read.
     * @param isQuotaCounted whether a quota counts what is read, so that the kernel has to hear of it.
     */
    void connect(final HostReplies newReplies, final Batch newBatch, final boolean isQuotaCounted) {
        replies = newReplies;
        batch = newBatch;
        countsReads = isQuotaCounted;
    }

    /** {@return where the agent finds reads} */
    OneToOneConcurrentArrayQueue<ShardRead> requests() {
        return requests;
    }

    /** {@return where the agent puts frames} */
    OneToOneRingBuffer ring() {
        return ring;
    }

    /**
     * Takes a grant; the agent gets it behind the batch.
     *
     * @param grant of the kernel.
     */
    void grant(final ReadGrant grant) {
        final SessionEgress session = egress.of(grant.sessionId());
        if (session == null) {
            return;
        }
        if (freeCount == 0 || session.shardReads == MOST_OF_SESSION) {
            replies.refused(grant.sessionId(), grant.correlationId(), ResultCode.OVERLOADED);
            return;
        }
        session.shardReads++;
        final ShardRead read = free[--freeCount];
        read.set(grant, WINDOW_BYTES);
        granted[grantedCount++] = read;
    }

    /** The batch of the grants is applied, and the logs hold what it put: the agent may read. */
    void release() {
        for (int i = 0; i < grantedCount; i++) {
            // There is room: the queue holds as many as there are.
            requests.offer(granted[i]);
            granted[i] = null;
        }
        grantedCount = 0;
    }

    /**
     * Hands over what the agent has made.
     *
     * @return number of frames.
     */
    int drain() {
        return freeCount == MOST_READS ? 0 : ring.controlledRead(onMessage, MOST_PER_CYCLE);
    }

    /** {@return reads that were granted and have not ended} */
    int activeCount() {
        return MOST_READS - freeCount;
    }

    private Action onMessage(final int type, final MutableDirectBuffer buffer, final int offset, final int length) {
        final ShardRead read = reads[buffer.getInt(offset + INDEX_OFFSET)];
        if (type == END && !noteRead(read, buffer.getLong(offset + BYTES_OFFSET))) {
            return Action.ABORT;
        }
        final int frameLength = length - FRAME_OFFSET;
        if (frameLength > 0) {
            final int target = egress.claim(read.sessionId, frameLength);
            egress.buffer().putBytes(target, buffer, offset + FRAME_OFFSET, frameLength);
            egress.commit();
            read.takenBytes += frameLength;
        }
        if (type == END) {
            end(read);
        }
        return Action.CONTINUE;
    }

    /** {@return false if the batch has no room for a record of what was read} */
    private boolean noteRead(final ShardRead read, final long bytes) {
        return bytes == 0 || !countsReads || batch.appendRecordsRead(read.shardId, bytes);
    }

    private void end(final ShardRead read) {
        final SessionEgress session = egress.of(read.sessionId);
        if (session != null) {
            session.shardReads--;
        }
        free[freeCount++] = read;
        read.isActive = false;
    }

    /**
     * Lets reads go on whose sessions have sent enough, and ends those of sessions that are gone; to be called on a cadence.
     */
    void renew() {
        for (int i = 0; freeCount < MOST_READS && i < MOST_READS; i++) {
            final ShardRead read = reads[i];
            if (read.isActive) {
                renew(read);
            }
        }
    }

    private void renew(final ShardRead read) {
        final SessionEgress session = egress.of(read.sessionId);
        if (session == null || session.isOverflowed()) {
            read.cancel();
        } else if (session.stagedBytes() < MOST_WAITING_BYTES) {
            read.allow(read.takenBytes + WINDOW_BYTES);
        }
    }
}
