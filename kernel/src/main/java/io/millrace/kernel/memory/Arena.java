package io.millrace.kernel.memory;

import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Append-only segments of payload bytes. A segment whose blocks are all dead is used again, the one drained last first, so
 * that a shallow queue stays within memory that the caches hold.
 *
 * <p>Blocks begin at multiples of 8:
 *
 * <pre>
 *   0        4        8
 *   +--------+--------+----------------------- - -
 *   | owner  | length | bytes, padded to 8
 *   +--------+--------+----------------------- - -
 * </pre>
 *
 * <p>Where a block lies is no part of the state: nothing that the kernel answers depends on it.
 */
final class Arena {
    /** Bytes of a segment. A block that is longer has a segment to itself, which is as many times as long. */
    static final int SEGMENT_LENGTH = 2 * 1024 * 1024;

    /** Bytes in front of every block's content. */
    static final int BLOCK_HEADER_LENGTH = 8;

    private static final int LENGTH = 4;
    private static final int SWEEP = 64;

    private UnsafeBuffer[] segments = new UnsafeBuffer[8];
    private int[] liveBytes = new int[8];
    private int[] cursors = new int[8];
    private int[] freeSegments = new int[8];
    private int[] freeLongSegments = new int[8];
    private int segmentCount;
    private int freeCount;
    private int freeLongCount;
    private long reservedBytes;
    private long freeLongBytes;
    private int current = -1;
    private long totalLive;
    private int sweepPosition;

    /** Bytes that a content of some length takes. */
    static int blockLength(final int contentLength) {
        return (contentLength + BLOCK_HEADER_LENGTH + 7) & ~7;
    }

    /**
     * Places a block.
     *
     * @param owner written into the block.
     * @param contentLength bytes behind the header.
     * @return segment in the high half, offset of the content in the low half.
     */
    long place(final int owner, final int contentLength) {
        final int length = blockLength(contentLength);
        if (length > SEGMENT_LENGTH) {
            return place(longSegment(length), owner, length);
        }
        if (current < 0 || cursors[current] + length > SEGMENT_LENGTH) {
            nextSegment();
        }
        return place(current, owner, length);
    }

    private long place(final int segment, final int owner, final int length) {
        final int offset = cursors[segment];
        cursors[segment] = offset + length;
        liveBytes[segment] += length;
        totalLive += length;
        segments[segment].putInt(offset, owner);
        segments[segment].putInt(offset + LENGTH, length);
        return ((long) segment << Integer.SIZE) | (offset + BLOCK_HEADER_LENGTH);
    }

    /** A segment for one long block: the first free one that is long enough, or a new one. */
    private int longSegment(final int length) {
        for (int i = 0; i < freeLongCount; i++) {
            final int segment = freeLongSegments[i];
            if (segments[segment].capacity() >= length) {
                freeLongSegments[i] = freeLongSegments[--freeLongCount];
                freeLongBytes -= segments[segment].capacity();
                return segment;
            }
        }
        return newSegment(longLength(length));
    }

    /** Bytes of a segment for one long block. */
    static int longLength(final int blockLength) {
        return (blockLength + SEGMENT_LENGTH - 1) / SEGMENT_LENGTH * SEGMENT_LENGTH;
    }

    private void nextSegment() {
        final int left = current;
        current = freeCount > 0 ? freeSegments[--freeCount] : newSegment(SEGMENT_LENGTH);
        cursors[current] = 0;
        if (left >= 0 && liveBytes[left] == 0) {
            pushFree(left);
        }
    }

    private int newSegment(final int length) {
        if (segmentCount == segments.length) {
            final int capacity = segmentCount * 2;
            segments = Arrays.copyOf(segments, capacity);
            liveBytes = Arrays.copyOf(liveBytes, capacity);
            cursors = Arrays.copyOf(cursors, capacity);
            freeSegments = Arrays.copyOf(freeSegments, capacity);
            freeLongSegments = Arrays.copyOf(freeLongSegments, capacity);
        }
        segments[segmentCount] = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, 64));
        reservedBytes += length;
        return segmentCount++;
    }

    /** Declares the block of a content dead. */
    void release(final int segment, final int contentOffset) {
        final int length = segments[segment].getInt(contentOffset - BLOCK_HEADER_LENGTH + LENGTH);
        liveBytes[segment] -= length;
        totalLive -= length;
        if (liveBytes[segment] == 0) {
            if (segment == current) {
                cursors[segment] = 0;
            } else {
                pushFree(segment);
            }
        }
    }

    private void pushFree(final int segment) {
        cursors[segment] = 0;
        final int length = segments[segment].capacity();
        if (length > SEGMENT_LENGTH) {
            freeLongSegments[freeLongCount++] = segment;
            freeLongBytes += length;
        } else {
            freeSegments[freeCount++] = segment;
        }
    }

    UnsafeBuffer segment(final int segment) {
        return segments[segment];
    }

    /** Bytes of live blocks, headers and padding included. */
    long liveBytes() {
        return totalLive;
    }

    /** Bytes of all segments. */
    long reservedBytes() {
        return reservedBytes;
    }

    /** Bytes of the segments, but for long ones, that are used again before a new one is reserved. */
    long freeBytes() {
        return (long) freeCount * SEGMENT_LENGTH;
    }

    /** Bytes behind the last block of the segment that is written to. */
    long roomBytes() {
        return current < 0 ? 0 : SEGMENT_LENGTH - cursors[current];
    }

    /** Whether less than half of the bytes in used segments are live, with a few segments of slack. */
    boolean isSparse() {
        return reservedBytes - freeLongBytes - (freeCount + 4L) * SEGMENT_LENGTH > 2 * totalLive;
    }

    /**
     * Looks at the next few segments for one to compact: used, not the current one, at most half live.
     *
     * @return the segment, -1 if there is none among them.
     */
    int findVictim() {
        for (int i = 0; i < SWEEP && i < segmentCount; i++) {
            sweepPosition = sweepPosition + 1 >= segmentCount ? 0 : sweepPosition + 1;
            final int live = liveBytes[sweepPosition];
            if (sweepPosition != current && live > 0 && live <= SEGMENT_LENGTH / 2) {
                return sweepPosition;
            }
        }
        return -1;
    }

    /** Whether a segment still has something to move. */
    boolean isUsed(final int segment) {
        return segment != current && liveBytes[segment] > 0;
    }

    /** Offset behind the last block of a segment. */
    int cursor(final int segment) {
        return cursors[segment];
    }

    /** Owner of the block whose header is at an offset. */
    int owner(final int segment, final int headerOffset) {
        return segments[segment].getInt(headerOffset);
    }

    /** Length of the block whose header is at an offset. */
    int length(final int segment, final int headerOffset) {
        return segments[segment].getInt(headerOffset + LENGTH);
    }
}
