package io.millrace.kernel.memory;

import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A zero-initialised off-heap byte space that grows by whole chunks and never moves.
 *
 * <p>A value must not straddle a chunk: callers place records whose length divides {@link #CHUNK_LENGTH}.
 */
public final class ChunkedMemory {
    /** Length of a chunk in bytes. Small enough that zeroing a fresh one costs tens of microseconds. */
    public static final int CHUNK_LENGTH = 256 * 1024;

    private static final int CHUNK_SHIFT = Integer.numberOfTrailingZeros(CHUNK_LENGTH);
    private static final int CHUNK_MASK = CHUNK_LENGTH - 1;
    private static final int CACHE_LINE_LENGTH = 64;

    private UnsafeBuffer[] chunks = new UnsafeBuffer[16];
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
            }
            chunks[chunkCount++] = new UnsafeBuffer(BufferUtil.allocateDirectAligned(CHUNK_LENGTH, CACHE_LINE_LENGTH));
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
     * The chunk that holds an address.
     *
     * @param address in bytes from the start of the space.
     * @return the chunk.
     */
    public UnsafeBuffer chunk(final long address) {
        return chunks[(int) (address >>> CHUNK_SHIFT)];
    }

    /**
     * Where an address lies in its {@link #chunk(long)}.
     *
     * @param address in bytes from the start of the space.
     * @return offset in the chunk.
     */
    public static int offset(final long address) {
        return (int) address & CHUNK_MASK;
    }

    /**
     * Reads a long.
     *
     * @param address in bytes.
     * @return the value.
     */
    public long getLong(final long address) {
        return chunk(address).getLong(offset(address));
    }

    /**
     * Writes a long.
     *
     * @param address in bytes.
     * @param value to write.
     */
    public void putLong(final long address, final long value) {
        chunk(address).putLong(offset(address), value);
    }

    /**
     * Reads an int.
     *
     * @param address in bytes.
     * @return the value.
     */
    public int getInt(final long address) {
        return chunk(address).getInt(offset(address));
    }

    /**
     * Writes an int.
     *
     * @param address in bytes.
     * @param value to write.
     */
    public void putInt(final long address, final int value) {
        chunk(address).putInt(offset(address), value);
    }
}
