package io.millrace.server;

import io.millrace.kernel.Kernel;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Queries of a cycle. They are answered after the commands of the cycle, so that a client sees what it did before. */
final class QueryQueue {

    private static final int CAPACITY_BYTES = 4 * ServerContext.MAX_FRAME_BYTES;
    private static final int LENGTH_OFFSET = 0;
    private static final int SESSION_ID_OFFSET = Long.BYTES;
    private static final int PREFIX_BYTES = 2 * Long.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY_BYTES));
    private int end;

    /**
     * Keeps one query.
     *
     * @return false if there is no room in this cycle.
     */
    boolean append(final long sessionId, final DirectBuffer frame, final int offset, final int length) {
        final int recordLength = PREFIX_BYTES + BitUtil.align(length, Long.BYTES);
        if (recordLength > CAPACITY_BYTES - end) {
            return false;
        }
        buffer.putInt(end + LENGTH_OFFSET, length);
        buffer.putLong(end + SESSION_ID_OFFSET, sessionId);
        buffer.putBytes(end + PREFIX_BYTES, frame, offset, length);
        end += recordLength;
        return true;
    }

    /**
     * Has all queries answered.
     *
     * @param timeNs kernel time.
     * @param kernel that answers.
     * @return their number.
     */
    int drain(final long timeNs, final Kernel kernel) {
        int count = 0;
        // A query that the kernel cannot bear must not come back in each cycle.
        final int limit = end;
        end = 0;
        for (int offset = 0; offset < limit; count++) {
            final int length = buffer.getInt(offset + LENGTH_OFFSET);
            kernel.query(timeNs, buffer.getLong(offset + SESSION_ID_OFFSET), buffer, offset + PREFIX_BYTES, length);
            offset += PREFIX_BYTES + BitUtil.align(length, Long.BYTES);
        }
        return count;
    }
}
