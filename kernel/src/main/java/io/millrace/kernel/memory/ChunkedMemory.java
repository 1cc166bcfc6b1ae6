package io.millrace.kernel.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;

/**
 * A zero-initialised off-heap byte space that grows by whole chunks and never moves.
 *
 * <p>Access goes through machine addresses, without bounds checks: a table reads a dozen fields per command, and the two
 * indirections of a buffer object for each cost more than all the rest. Positions are the kernel's own, never a client's.
 *
 * <p>A value must not straddle a chunk: callers place records whose length divides {@link #CHUNK_LENGTH}.
 */
public final class ChunkedMemory {
    /** Length of a chunk in bytes. Small enough that zeroing a fresh one costs tens of microseconds. */
    public static final int CHUNK_LENGTH = 256 * 1024;

    private static final int CHUNK_SHIFT = Integer.numberOfTrailingZeros(CHUNK_LENGTH);
    private static final long CHUNK_MASK = CHUNK_LENGTH - 1;
    private static final int CACHE_LINE_LENGTH = 64;

    /** Keeps the chunks from being collected. */
    private ByteBuffer[] chunks = new ByteBuffer[16];

    private long[] addresses = new long[16];
    private int chunkCount;

    /**
     * Grows the space until it holds {@code length} bytes.
     *
     * @param length in bytes.
     */
    public void ensure(final long length) {
        while (((long) chunkCount << CHUNK_SHIFT) < length) {
            if (chunkCount == chunks.length) {
                chunks = Arrays.copyOf(chunks, chunkCount * 2);
                addresses = Arrays.copyOf(addresses, chunkCount * 2);
            }
            final ByteBuffer chunk = BufferUtil.allocateDirectAligned(CHUNK_LENGTH, CACHE_LINE_LENGTH);
            chunks[chunkCount] = chunk;
            addresses[chunkCount++] = BufferUtil.address(chunk);
        }
    }

    /**
     * Bytes reserved.
     *
     * @return bytes reserved.
     */
    public long length() {
        return (long) chunkCount << CHUNK_SHIFT;
    }

    /**
     * Machine address of a position: what a record reads and writes through, fields at fixed distances behind it.
     *
     * @param position in bytes from the start of the space, inside it.
     * @return the address.
     */
    public long address(final long position) {
        return addresses[(int) (position >>> CHUNK_SHIFT)] + (position & CHUNK_MASK);
    }

    /**
     * Reads a long.
     *
     * @param position in bytes.
     * @return the value.
     */
    public long getLong(final long position) {
        return UnsafeApi.getLong(address(position));
    }

    /**
     * Writes a long.
     *
     * @param position in bytes.
     * @param value to write.
     */
    public void putLong(final long position, final long value) {
        UnsafeApi.putLong(address(position), value);
    }

    /**
     * Reads an int.
     *
     * @param position in bytes.
     * @return the value.
     */
    public int getInt(final long position) {
        return UnsafeApi.getInt(address(position));
    }

    /**
     * Writes an int.
     *
     * @param position in bytes.
     * @param value to write.
     */
    public void putInt(final long position, final int value) {
        UnsafeApi.putInt(address(position), value);
    }
}
