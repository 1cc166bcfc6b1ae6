package io.millrace.server.cli;

import io.millrace.kernel.Egress;
import io.millrace.server.ServerContext;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Takes the answers of a replay, which nobody waits for. */
final class DiscardingEgress implements Egress {

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[ServerContext.MAX_FRAME_BYTES]);

    @Override
    public int claim(final long sessionId, final int length) {
        return 0;
    }

    @Override
    public MutableDirectBuffer buffer() {
        return scratch;
    }

    @Override
    public void commit() {
        // Nobody reads it.
    }
}
