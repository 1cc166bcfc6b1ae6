package io.millrace.server;

import io.aeron.Image;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One client's way in: the image of its publication, its session, and room to put a fragmented frame together. */
final class IngressImage {

    final Image image;

    /** The session of this publication, or null. */
    ServerSession session;

    /** When it had something to read last, by the monotonic clock. */
    long lastTrafficNs;

    /** Requests taken while output of the session waits. */
    int requestsWhileStaged;

    private UnsafeBuffer assembly;
    private int assembledLength;
    private boolean isAssembling;

    IngressImage(final Image image) {
        this.image = image;
    }

    /** Starts a frame with its first fragment. */
    void begin(final DirectBuffer buffer, final int offset, final int length) {
        if (assembly == null) {
            assembly = new UnsafeBuffer(new byte[ServerContext.MAX_FRAME_BYTES]);
        }
        isAssembling = true;
        assembledLength = 0;
        append(buffer, offset, length);
    }

    /**
     * Adds a fragment.
     *
     * @return false if there is no beginning or the frame is too long; it is given up then.
     */
    boolean append(final DirectBuffer buffer, final int offset, final int length) {
        if (!isAssembling || length > ServerContext.MAX_FRAME_BYTES - assembledLength) {
            isAssembling = false;
            return false;
        }
        assembly.putBytes(assembledLength, buffer, offset, length);
        assembledLength += length;
        return true;
    }

    /** Takes back the last fragment, which will come again. */
    void unappend(final int length) {
        assembledLength -= length;
    }

    /** Ends the frame. */
    void end() {
        isAssembling = false;
    }

    UnsafeBuffer assembly() {
        return assembly;
    }

    int assembledLength() {
        return assembledLength;
    }
}
