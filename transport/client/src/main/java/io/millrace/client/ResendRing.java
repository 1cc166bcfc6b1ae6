package io.millrace.client;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The protected commands that have no answer yet, in the order of their sequences, each with the bytes to send it again.
 *
 * <p>The server keeps the last {@link #WINDOW} results of a producer, so no more than that may be unanswered: an older
 * command sent again would be refused as too old.
 */
final class ResendRing {
    static final int WINDOW = 64;

    /** Past this the ring starts over if it can, so that a short window stays in the cache. */
    private static final int COMFORTABLE_LENGTH = 64 * 1024;

    private static final int MASK = WINDOW - 1;

    private final UnsafeBuffer buffer;
    private final int capacity;
    private final long[] correlationIds = new long[WINDOW];
    private final long[] sequences = new long[WINDOW];
    private final int[] offsets = new int[WINDOW];
    private final int[] lengths = new int[WINDOW];
    private final boolean[] isTransfer = new boolean[WINDOW];
    private final boolean[] isAnswered = new boolean[WINDOW];
    private final boolean[] isAckBatch = new boolean[WINDOW];
    private final boolean[] isResent = new boolean[WINDOW];
    private long head;
    private long tail;
    private int writeOffset;

    ResendRing(final int capacity) {
        this.capacity = capacity;
        this.buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
    }

    int capacity() {
        return capacity;
    }

    MutableDirectBuffer buffer() {
        return buffer;
    }

    /**
     * Finds room for the bytes of one command; nothing changes until {@link #add}.
     *
     * @return offset in the buffer, or WINDOW_FULL, or TOO_LARGE if there will never be room.
     */
    long reserve(final int length) {
        final int needed = BitUtil.align(length, Wire.ALIGNMENT);
        if (needed > capacity) {
            return MillraceClient.TOO_LARGE;
        }
        if (tail - head == WINDOW) {
            return MillraceClient.WINDOW_FULL;
        }
        if (head == tail) {
            return 0;
        }
        final int oldest = offsets[(int) head & MASK];
        if (writeOffset > oldest) {
            final boolean fitsAtStart = needed < oldest;
            if (writeOffset + needed <= capacity && !(fitsAtStart && writeOffset >= COMFORTABLE_LENGTH)) {
                return writeOffset;
            }
            return fitsAtStart ? 0 : MillraceClient.WINDOW_FULL;
        }
        return writeOffset + needed < oldest ? writeOffset : MillraceClient.WINDOW_FULL;
    }

    void add(
            final long correlationId,
            final long sequence,
            final int offset,
            final int length,
            final boolean asTransfer) {
        final int index = (int) tail & MASK;
        correlationIds[index] = correlationId;
        sequences[index] = sequence;
        offsets[index] = offset;
        lengths[index] = length;
        isTransfer[index] = asTransfer;
        isAnswered[index] = false;
        isAckBatch[index] = false;
        isResent[index] = false;
        writeOffset = offset + BitUtil.align(length, Wire.ALIGNMENT);
        tail++;
    }

    /** The command added last holds receipts of an {@link AckBatch}. */
    void markAckBatch() {
        isAckBatch[(int) (tail - 1) & MASK] = true;
    }

    /** Marks the commands of a range of correlation ids as answered and frees what is answered at the head. */
    void onAnswered(final long fromCorrelationId, final long toCorrelationId) {
        for (long i = head; i < tail; i++) {
            final int index = (int) i & MASK;
            if (correlationIds[index] > toCorrelationId) {
                break;
            }
            if (correlationIds[index] >= fromCorrelationId) {
                isAnswered[index] = true;
            }
        }
        while (head < tail && isAnswered[(int) head & MASK]) {
            head++;
        }
    }

    boolean isEmpty() {
        return head == tail;
    }

    /** @return position of the command of this correlation id, or -1 if none waits for its answer. */
    long find(final long correlationId) {
        for (long i = head; i < tail; i++) {
            if (correlationIds[(int) i & MASK] == correlationId) {
                return isAnswered[(int) i & MASK] ? -1 : i;
            }
        }
        return -1;
    }

    void clear() {
        head = tail;
    }

    /**
     * Gives the commands that the server has never executed new sequences, so that none is missing: one is, if a
     * command was refused before it reached the producer's record.
     *
     * @param lastSequence highest sequence that the server has executed
     * @return the sequence for the next new command
     */
    long renumberAfter(final long lastSequence) {
        long next = lastSequence + 1;
        for (long i = head; i < tail; i++) {
            final int index = (int) i & MASK;
            if (!isAnswered[index] && sequences[index] > lastSequence) {
                sequences[index] = next++;
            }
        }
        return next;
    }

    long head() {
        return head;
    }

    long tail() {
        return tail;
    }

    boolean isAnswered(final long position) {
        return isAnswered[(int) position & MASK];
    }

    boolean isTransfer(final long position) {
        return isTransfer[(int) position & MASK];
    }

    boolean isAckBatch(final long position) {
        return isAckBatch[(int) position & MASK];
    }

    /** @return whether the command was sent more than once, so that a refusal may be of the second time only. */
    boolean isResent(final long position) {
        return isResent[(int) position & MASK];
    }

    void resent(final long position) {
        isResent[(int) position & MASK] = true;
    }

    long correlationId(final long position) {
        return correlationIds[(int) position & MASK];
    }

    int offset(final long position) {
        return offsets[(int) position & MASK];
    }

    int length(final long position) {
        return lengths[(int) position & MASK];
    }

    /** Writes who sends the command now into its bytes. */
    void stamp(final long position, final long sessionId, final long producerId, final int producerEpoch) {
        final int index = (int) position & MASK;
        final int offset = offsets[index];
        buffer.putLong(offset + Wire.SESSION_ID_OFFSET, sessionId, Wire.ORDER);
        buffer.putLong(offset + Wire.PRODUCER_ID_OFFSET, producerId, Wire.ORDER);
        buffer.putLong(offset + Wire.PRODUCER_SEQUENCE_OFFSET, sequences[index], Wire.ORDER);
        buffer.putInt(offset + Wire.PRODUCER_EPOCH_OFFSET, producerEpoch, Wire.ORDER);
    }
}
