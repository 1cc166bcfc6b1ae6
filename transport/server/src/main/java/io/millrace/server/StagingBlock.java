package io.millrace.server;

import org.agrona.concurrent.UnsafeBuffer;

/** A piece of a session's output that has not left yet. Belongs to one session or to the pool. */
final class StagingBlock {

    /** The memory. */
    final UnsafeBuffer buffer;

    /** Where the next frame to send starts. */
    int readOffset;

    /** Where the next frame to stage will start. */
    int writeOffset;

    /** The next block of the same session or of the pool's free list. */
    StagingBlock next;

    StagingBlock(final UnsafeBuffer buffer) {
        this.buffer = buffer;
    }
}
