package io.millrace.server;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory for output on its way to sessions. A session with output holds one block at least; as many blocks as there
 * may be sessions are kept for that, so that a session that hoards output cannot starve the others.
 */
final class StagingPool {

    /** Room for the longest frame and its length. */
    static final int BLOCK_BYTES = ServerContext.MAX_FRAME_BYTES + 64;

    private static final int BLOCKS_PER_CHUNK = 16;

    private int maxBlocks;
    private final int reservedBlocks;
    private StagingBlock free;
    private int freeBlocks;
    private int blocks;

    /**
     * Creates a pool with its first chunk.
     *
     * @param maxBytes    most memory that may wait, in bytes.
     * @param maxSessions sessions that are sure of one block each; they come on top of maxBytes.
     */
    StagingPool(final long maxBytes, final int maxSessions) {
        reservedBlocks = maxSessions;
        maxBlocks = (int) Math.min(Integer.MAX_VALUE, maxBytes / BLOCK_BYTES + maxSessions + BLOCKS_PER_CHUNK);
        grow();
    }

    /**
     * Takes a block.
     *
     * @param isFirst whether the session holds none yet.
     * @return an empty block, or null if all that may be given to this session is taken.
     */
    StagingBlock take(final boolean isFirst) {
        if (!isFirst && maxBlocks - blocks + freeBlocks <= reservedBlocks) {
            return null;
        }
        if (free == null && !grow()) {
            return null;
        }
        final StagingBlock block = free;
        free = block.next;
        freeBlocks--;
        block.next = null;
        block.readOffset = 0;
        block.writeOffset = 0;
        return block;
    }

    /**
     * Gives a block back; the next take returns it, while it is still in the cache.
     *
     * @param block taken before.
     */
    void give(final StagingBlock block) {
        block.next = free;
        free = block;
        freeBlocks++;
    }

    /** {@return bytes of the blocks that sessions hold} */
    long usedBytes() {
        return (long) (blocks - freeBlocks) * BLOCK_BYTES;
    }

    private boolean grow() {
        final int count = Math.min(BLOCKS_PER_CHUNK, maxBlocks - blocks);
        if (count <= 0) {
            return false;
        }
        final ByteBuffer chunk;
        try {
            chunk = ByteBuffer.allocateDirect(count * BLOCK_BYTES);
        } catch (final OutOfMemoryError e) {
            // The sessions that hoard output pay for it, not the server; and nobody asks again.
            maxBlocks = blocks;
            return false;
        }
        for (int i = 0; i < count; i++) {
            give(new StagingBlock(new UnsafeBuffer(chunk, i * BLOCK_BYTES, BLOCK_BYTES)));
        }
        blocks += count;
        return true;
    }
}
