package io.millrace.server;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.PushGrant;
import java.util.concurrent.atomic.AtomicLong;

/** A subscription of a session to a shard: records as they come, as many as its window takes, until it ends. */
final class ShardPush extends ShardFlow {

    long subscriptionId;
    int windowBytes;

    /** Partition keys and data that may have been pushed since the start. */
    private final AtomicLong creditBytes = new AtomicLong();

    /** Why the kernel ended it, null while it goes on. */
    private volatile ResultCode endCode;

    /** Partition keys and data that have reached the session's output. For the duty cycle. */
    long pushedBytes;

    /** Whether the shard was closed, which the agent has not been told. For the duty cycle. */
    boolean isClosing;

    ShardPush(final int index) {
        super(index);
    }

    void set(final PushGrant grant, final long firstBytes) {
        subscriptionId = grant.subscriptionId();
        windowBytes = grant.windowBytes();
        pushedBytes = 0;
        isClosing = false;
        endCode = null;
        creditBytes.lazySet(windowBytes);
        start(grant, firstBytes);
    }

    void finish(final PushGrant grant) {
        update(grant);
        isClosing = true;
    }

    /**
     * {@return the number of the record in front of the first, as it is known from the start: 0 if nothing is, or if the start is a time}
     */
    long startSequence() {
        return switch (kind) {
            case AFTER_SEQUENCE_NUMBER -> position;
            case AT_SEQUENCE_NUMBER -> Math.max(0, position - 1);
            default -> 0;
        };
    }

    /** Takes back window, never more than was used. */
    void credit(final long bytes) {
        creditBytes.lazySet(Math.min(creditBytes.get() + bytes, pushedBytes + windowBytes));
    }

    /** {@return partition keys and data that may have been pushed since the start} */
    long creditBytes() {
        return creditBytes.get();
    }

    void end(final ResultCode code) {
        endCode = code;
    }

    /** {@return why it is to end, null if it is not} */
    ResultCode endCode() {
        return endCode;
    }
}
