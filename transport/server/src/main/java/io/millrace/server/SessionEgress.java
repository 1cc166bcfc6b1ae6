package io.millrace.server;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import io.millrace.codecs.ConfirmedDecoder;
import io.millrace.codecs.ConfirmedEncoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.MessageHeaderEncoder;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The output of one session. Messages are laid end to end into frames of one datagram each; frames wait in blocks of the
 * pool until {@link #flush} hands them to the publication. Normally that is at the end of the same cycle; while the
 * client does not read they pile up, to a limit.
 */
final class SessionEgress {

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int FRAME_PREFIX_BYTES = Long.BYTES;
    private static final int MESSAGE_ALIGNMENT = Long.BYTES;
    private static final int NONE = -1;
    private static final int TEMPLATE_ID_OFFSET = MessageHeaderEncoder.templateIdEncodingOffset();
    private static final int FRAME_SEQUENCE_OFFSET = MessageHeaderEncoder.frameSequenceEncodingOffset();
    private static final int BLOCK_OFFSET = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int FROM_OFFSET = BLOCK_OFFSET + ConfirmedEncoder.fromCorrelationIdEncodingOffset();
    private static final int TO_OFFSET = BLOCK_OFFSET + ConfirmedEncoder.toCorrelationIdEncodingOffset();
    private static final int VALUE_OFFSET = BLOCK_OFFSET + ConfirmedEncoder.firstValueEncodingOffset();
    private static final int VALUES_OFFSET = BLOCK_OFFSET + ConfirmedEncoder.valuesPerCommandEncodingOffset();

    private final long sessionId;
    private final ExclusivePublication publication;
    private final StagingPool pool;
    private final long maxStagedBytes;
    private final int maxCoalescedBytes;
    private final BufferClaim bufferClaim = new BufferClaim();

    private StagingBlock head;
    private StagingBlock tail;
    private long stagedBytes;
    private int frameOffset = NONE;
    private int frameLength;
    private int frameSequence;
    private int claimFrameOffset;
    private int claimOffset;
    private int claimLength;
    private int confirmedOffset = NONE;
    private boolean isConfirmedLast;
    private boolean isOverflowed;

    /** Whether output began to wait, or left, at a time that nobody has told this object yet. */
    private boolean isProgressDue;

    /** Whether the hub has this in its list of sessions to flush. */
    boolean isDirty;

    /** When output last left or began to wait, by the monotonic clock. */
    long lastProgressNs;

    /** Reads of shards that are not answered yet. */
    int shardReads;

    SessionEgress(
            final long sessionId,
            final ExclusivePublication publication,
            final StagingPool pool,
            final long maxStagedBytes) {
        this.sessionId = sessionId;
        this.publication = publication;
        this.pool = pool;
        this.maxStagedBytes = maxStagedBytes;
        maxCoalescedBytes = publication.maxPayloadLength();
    }

    long sessionId() {
        return sessionId;
    }

    /** {@return bytes that have not left yet} */
    long stagedBytes() {
        return stagedBytes;
    }

    /** {@return true once output was refused because too much waits; from then on there is none} */
    boolean isOverflowed() {
        return isOverflowed;
    }

    /** {@return where the claimed message is to be written} */
    UnsafeBuffer buffer() {
        return tail.buffer;
    }

    /**
     * Room for one message.
     *
     * @param length of the message in bytes, at most {@link ServerContext#MAX_FRAME_BYTES}.
     * @return its offset in {@link #buffer()}, or -1 if too much waits already, here or in all sessions together.
     */
    int claim(final int length) {
        final int alignedLength = BitUtil.align(length, MESSAGE_ALIGNMENT);
        if (stagedBytes + alignedLength > maxStagedBytes) {
            return NONE;
        }
        int offset = NONE;
        if (frameOffset != NONE) {
            final int alignedFrame = BitUtil.align(frameLength, MESSAGE_ALIGNMENT);
            if (alignedFrame + length <= maxCoalescedBytes
                    && frameOffset + FRAME_PREFIX_BYTES + alignedFrame + alignedLength <= StagingPool.BLOCK_BYTES) {
                claimFrameOffset = frameOffset;
                offset = frameOffset + FRAME_PREFIX_BYTES + alignedFrame;
            }
        }
        if (offset == NONE) {
            if (!ensureBlock(FRAME_PREFIX_BYTES + alignedLength)) {
                return NONE;
            }
            claimFrameOffset = tail.writeOffset;
            offset = claimFrameOffset + FRAME_PREFIX_BYTES;
        }
        // What an earlier owner of this memory left must not reach this client in the padding.
        tail.buffer.putLong(offset + alignedLength - MESSAGE_ALIGNMENT, 0);
        claimOffset = offset;
        claimLength = length;
        return offset;
    }

    /** Takes the message written at the claimed place into the output. */
    void commit() {
        final UnsafeBuffer buffer = tail.buffer;
        final boolean isConfirmed =
                buffer.getShort(claimOffset + TEMPLATE_ID_OFFSET, ORDER) == ConfirmedDecoder.TEMPLATE_ID;
        if (isConfirmed && confirmedOffset != NONE && mergeConfirmed(buffer)) {
            return;
        }
        buffer.putInt(claimOffset + FRAME_SEQUENCE_OFFSET, ++frameSequence, ORDER);
        frameOffset = claimFrameOffset;
        frameLength = claimOffset + claimLength - frameOffset - FRAME_PREFIX_BYTES;
        buffer.putInt(frameOffset, frameLength);
        tail.writeOffset = BitUtil.align(claimOffset + claimLength, MESSAGE_ALIGNMENT);
        stagedBytes += BitUtil.align(claimLength, MESSAGE_ALIGNMENT);
        if (isConfirmed) {
            confirmedOffset = claimOffset;
        }
        isConfirmedLast = isConfirmed;
    }

    /**
     * Hands waiting frames to the publication until it takes no more.
     *
     * @param nowNs    reading of the monotonic clock.
     * @param counters to count what the publication said.
     * @return true if nothing waits any more.
     */
    boolean flush(final long nowNs, final HostCounters counters) {
        final boolean isEmpty = sendWaiting(counters);
        if (isProgressDue) {
            isProgressDue = false;
            lastProgressNs = nowNs;
        }
        return isEmpty;
    }

    /**
     * As {@link #flush}, in the middle of a cycle.
     *
     * @param counters to count what the publication said.
     * @return true if nothing waits any more.
     */
    boolean sendWaiting(final HostCounters counters) {
        while (head != null) {
            final StagingBlock block = head;
            while (block.readOffset < block.writeOffset) {
                final int length = block.buffer.getInt(block.readOffset);
                if (!send(block.buffer, block.readOffset + FRAME_PREFIX_BYTES, length, counters)) {
                    return false;
                }
                isProgressDue = true;
                block.readOffset += FRAME_PREFIX_BYTES + BitUtil.align(length, MESSAGE_ALIGNMENT);
                forgetSentFrames(block);
            }
            head = block.next;
            pool.give(block);
        }
        tail = null;
        stagedBytes = 0;
        return true;
    }

    /** Drops what waits and takes nothing from now on. */
    void overflow() {
        isOverflowed = true;
        discard();
    }

    /** Drops what waits. */
    void discard() {
        while (head != null) {
            final StagingBlock block = head;
            head = block.next;
            pool.give(block);
        }
        tail = null;
        stagedBytes = 0;
        closeFrame();
    }

    private boolean send(final UnsafeBuffer buffer, final int offset, final int length, final HostCounters counters) {
        long result = Publication.ADMIN_ACTION;
        // An admin action is a term rotation: the second attempt goes into the new term.
        for (int attempt = 0; attempt < 2 && result == Publication.ADMIN_ACTION; attempt++) {
            if (length <= maxCoalescedBytes) {
                result = publication.tryClaim(length, bufferClaim);
                if (result > 0) {
                    bufferClaim.buffer().putBytes(bufferClaim.offset(), buffer, offset, length);
                    bufferClaim.commit();
                }
            } else {
                result = publication.offer(buffer, offset, length, null);
            }
        }
        if (result > 0) {
            stagedBytes -= BitUtil.align(length, MESSAGE_ALIGNMENT);
            counters.egressFrames++;
            return true;
        }
        counters.egressBackPressure++;
        return false;
    }

    /** A frame that has left can neither take another message nor have a confirmation in it extended. */
    private void forgetSentFrames(final StagingBlock block) {
        if (block == tail) {
            if (confirmedOffset < block.readOffset) {
                confirmedOffset = NONE;
            }
            if (frameOffset < block.readOffset) {
                frameOffset = NONE;
            }
        }
    }

    private void closeFrame() {
        frameOffset = NONE;
        confirmedOffset = NONE;
    }

    private boolean ensureBlock(final int bytes) {
        if (tail != null && tail.writeOffset + bytes <= StagingPool.BLOCK_BYTES) {
            return true;
        }
        final StagingBlock block = bytes > StagingPool.BLOCK_BYTES ? null : pool.take(head == null);
        if (block == null) {
            return false;
        }
        if (head == null) {
            head = block;
            isProgressDue = true;
        } else {
            tail.next = block;
        }
        tail = block;
        closeFrame();
        return true;
    }

    /**
     * Extends an earlier confirmation by the one just written. Over other messages it may only be moved forward if it
     * confirms stored messages: the end of a consumer, for example, must not be reported before its last delivery.
     */
    private boolean mergeConfirmed(final UnsafeBuffer buffer) {
        final int earlier = confirmedOffset;
        final int values = buffer.getInt(claimOffset + VALUES_OFFSET, ORDER);
        final long to = buffer.getLong(earlier + TO_OFFSET, ORDER);
        if (buffer.getLong(claimOffset + FROM_OFFSET, ORDER) != to + 1
                || buffer.getInt(earlier + VALUES_OFFSET, ORDER) != values
                || (values == 0 && !isConfirmedLast)) {
            return false;
        }
        if (values != 0) {
            final long commands = to - buffer.getLong(earlier + FROM_OFFSET, ORDER) + 1;
            final long next = buffer.getLong(earlier + VALUE_OFFSET, ORDER) + commands * values;
            if (buffer.getLong(claimOffset + VALUE_OFFSET, ORDER) != next) {
                return false;
            }
        }
        buffer.putLong(earlier + TO_OFFSET, buffer.getLong(claimOffset + TO_OFFSET, ORDER), ORDER);
        return true;
    }
}
