package io.millrace.kernel;

import org.agrona.MutableDirectBuffer;

/**
 * Where the kernel writes its answers; implemented by the host.
 *
 * <p>The kernel claims room for one whole SBE message, header included, writes it at the returned offset of {@link #buffer()}
 * and commits it before it claims again. The host coalesces, numbers and sends what was committed.
 */
public interface Egress {
    /**
     * Room for one message. Never fails: for a session that the host no longer knows it gives scratch room.
     *
     * @param sessionId that gets the message.
     * @param length of the message in bytes, at most the limit FRAME_BYTES.
     * @return offset of the room in {@link #buffer()}.
     */
    int claim(long sessionId, int length);

    /**
     * The buffer of the present claim.
     *
     * @return the buffer.
     */
    MutableDirectBuffer buffer();

    /** The claimed message is complete. */
    void commit();
}
