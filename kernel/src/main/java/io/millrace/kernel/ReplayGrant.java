package io.millrace.kernel;

import io.millrace.codecs.ShardPosition;

/**
 * What is to be replayed to a subscription out of the archive of its topic. One object, filled anew for each call: who needs it longer copies
 * it.
 */
public final class ReplayGrant {
    long replayId;
    long streamId;
    long shardId;
    ShardPosition kind;
    long position;
    long horizonTimeNs;

    ReplayGrant() {}

    /**
     * The replay, which ReplayMessages, ReplayPart and ReplayFailed name.
     *
     * @return its id, never used again.
     */
    public long replayId() {
        return replayId;
    }

    /**
     * The archive, as {@link RecordLogs#open} named it: in the place of a stream.
     *
     * @return its id.
     */
    public long streamId() {
        return streamId;
    }

    /**
     * The log of the archive.
     *
     * @return its id in the place of a shard's.
     */
    public long shardId() {
        return shardId;
    }

    /**
     * How {@link #position()} is meant: AT_TIMESTAMP, the first message that was published then or later; AFTER_SEQUENCE_NUMBER, the one behind.
     *
     * @return one of the two.
     */
    public ShardPosition kind() {
        return kind;
    }

    /**
     * Where to begin.
     *
     * @return a sequence number, or nanoseconds of the kernel's time.
     */
    public long position() {
        return position;
    }

    /**
     * Messages that were published before are out of reach.
     *
     * @return nanoseconds of the kernel's time.
     */
    public long horizonTimeNs() {
        return horizonTimeNs;
    }
}
