package io.millrace.server;

import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The way from the duty cycle to the reader agent and back: what is granted goes there behind its batch, and the frames that the agent
 * makes go to the sessions. A reader that is a day behind costs the duty cycle no more than its own output, and an output that waits
 * keeps its own records waiting, nobody else's.
 *
 * <p>A message of the ring, of type FRAME or END:
 *
 * <pre>
 *   0  int32 index of the flow      8  int64 partition keys and data, in bytes      16  frame
 * </pre>
 *
 * <p>The bytes are those of the frame if it was pushed, and all those returned at the end of a read.
 */
final class ShardFlows {

    static final int FRAME = 1;
    static final int END = 2;
    static final int INDEX_OFFSET = 0;
    static final int BYTES_OFFSET = 8;
    static final int FRAME_OFFSET = 16;

    /** Reads at a time, of all sessions. */
    static final int MOST_READS = 1_024;

    /** Subscriptions to shards at a time, of all sessions. */
    static final int MOST_PUSHES = 1_024;

    /** All flows at a time. */
    static final int MOST_FLOWS = MOST_READS + MOST_PUSHES;

    /** What a flow may have made that the session has not sent. */
    static final long WINDOW_BYTES = 64 * 1024;

    /** Room for eight of the longest frames at least: a ring takes no message longer than an eighth of it. */
    private static final int RING_BYTES = 1024 * 1024;

    /** Output that waits in a session from which on its flows wait too. */
    private static final long MOST_WAITING_BYTES = 256 * 1024;

    /** What one cycle hands over at most. */
    private static final int MOST_PER_CYCLE = 16;

    final ShardReads reads;
    final ShardPushes pushes;
    private final EgressHub egress;
    private final ShardFlow[] flows = new ShardFlow[MOST_FLOWS];
    private final ShardFlow[] active = new ShardFlow[MOST_FLOWS];
    private final ShardFlow[] granted = new ShardFlow[MOST_FLOWS];
    private final OneToOneConcurrentArrayQueue<ShardFlow> requests = new OneToOneConcurrentArrayQueue<>(MOST_FLOWS);
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private final ControlledMessageHandler onMessage = this::onMessage;
    private int activeCount;
    private int grantedCount;

    ShardFlows(final EgressHub egress) {
        this.egress = egress;
        reads = new ShardReads(this, egress);
        pushes = new ShardPushes(this, egress);
    }

    /** {@return where the agent finds what it is to read} */
    OneToOneConcurrentArrayQueue<ShardFlow> requests() {
        return requests;
    }

    /** {@return where the agent puts frames} */
    OneToOneRingBuffer ring() {
        return ring;
    }

    /** {@return what was granted and has not ended} */
    int activeCount() {
        return activeCount;
    }

    /** Makes a flow known, once. */
    void add(final ShardFlow flow) {
        flows[flow.index] = flow;
    }

    /** Takes a flow that was filled in; the agent gets it behind the batch. */
    void begin(final ShardFlow flow) {
        granted[grantedCount++] = flow;
        flow.place = activeCount;
        active[activeCount++] = flow;
    }

    /** The batch of the grants is applied, and the logs hold what it put: the agent may read. */
    void release() {
        for (int i = 0; i < grantedCount; i++) {
            // There is room: the queue holds as many as there are.
            requests.offer(granted[i]);
            granted[i] = null;
        }
        grantedCount = 0;
        pushes.release();
    }

    /**
     * Hands over what the agent has made.
     *
     * @return number of frames.
     */
    int drain() {
        return activeCount == 0 ? 0 : ring.controlledRead(onMessage, MOST_PER_CYCLE);
    }

    private Action onMessage(final int type, final MutableDirectBuffer buffer, final int offset, final int length) {
        final ShardFlow flow = flows[buffer.getInt(offset + INDEX_OFFSET)];
        final long bytes = buffer.getLong(offset + BYTES_OFFSET);
        if (flow instanceof ShardPush) {
            ((ShardPush) flow).pushedBytes += bytes;
        } else if (type == END && !reads.note((ShardRead) flow, bytes)) {
            return Action.ABORT;
        }
        final int frameLength = length - FRAME_OFFSET;
        if (frameLength > 0) {
            final int target = egress.claim(flow.sessionId, frameLength);
            egress.buffer().putBytes(target, buffer, offset + FRAME_OFFSET, frameLength);
            egress.commit();
            flow.takenBytes += frameLength;
        }
        if (type == END) {
            end(flow);
        }
        return Action.CONTINUE;
    }

    private void end(final ShardFlow flow) {
        final ShardFlow last = active[--activeCount];
        active[flow.place] = last;
        last.place = flow.place;
        active[activeCount] = null;
        if (flow instanceof ShardPush) {
            pushes.end((ShardPush) flow);
        } else {
            reads.end((ShardRead) flow);
        }
    }

    /**
     * Lets flows go on whose sessions have sent enough, and ends those of sessions that are gone; to be called on a cadence.
     */
    void renew() {
        for (int i = 0; i < activeCount; i++) {
            final ShardFlow flow = active[i];
            final SessionEgress session = egress.of(flow.sessionId);
            if (session == null || session.isOverflowed()) {
                flow.cancel();
            } else if (session.stagedBytes() < MOST_WAITING_BYTES) {
                flow.allow(flow.takenBytes + WINDOW_BYTES);
            }
        }
    }
}
