package io.millrace.kernel;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A frame in a buffer of exactly its length, where any other read throws, and the same frame surrounded by poison. */
final class GuardedFrame {

    static final int MARGIN = 64;

    private final UnsafeBuffer exact = new UnsafeBuffer();
    private final byte[] room = new byte[1 << 17];
    private final UnsafeBuffer poisoned = new UnsafeBuffer(room);
    private int poison;

    DirectBuffer exact(final byte[] frame) {
        if (!UnsafeBuffer.SHOULD_BOUNDS_CHECK) {
            throw new AssertionError("bounds checks are off");
        }
        exact.wrap(frame);
        return exact;
    }

    /** Begins at {@link #MARGIN}; the poison is another one each time. */
    DirectBuffer poisoned(final byte[] frame) {
        poison = poison * 31 + 17;
        Arrays.fill(room, 0, MARGIN, (byte) poison);
        System.arraycopy(frame, 0, room, MARGIN, frame.length);
        Arrays.fill(room, MARGIN + frame.length, 2 * MARGIN + frame.length, (byte) poison);
        return poisoned;
    }
}
