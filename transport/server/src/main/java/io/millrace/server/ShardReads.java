package io.millrace.server;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ReadGrant;

/** Reads of shards under way: grants of the kernel become flows, as many as there is room for. */
final class ShardReads {

    /** Reads of one session at a time. */
    static final int MOST_OF_SESSION = 256;

    private final ShardFlows flows;
    private final EgressHub egress;
    private final ShardRead[] free = new ShardRead[ShardFlows.MOST_READS];
    private HostReplies replies;
    private Batch batch;
    private boolean countsReads;
    private int freeCount;

    ShardReads(final ShardFlows flows, final EgressHub egress) {
        this.flows = flows;
        this.egress = egress;
        for (int index = ShardFlows.MOST_READS - 1; index >= 0; index--) {
            free[freeCount] = new ShardRead(index);
            flows.add(free[freeCount++]);
        }
    }

    /**
     * Brings what exists only after recovery.
     *
     * @param newReplies     for reads that are refused.
     * @param newBatch       for records of what was read.
     * @param isQuotaCounted whether a quota counts what is read, so that the kernel has to hear of it.
     */
    void connect(final HostReplies newReplies, final Batch newBatch, final boolean isQuotaCounted) {
        replies = newReplies;
        batch = newBatch;
        countsReads = isQuotaCounted;
    }

    /**
     * Takes a grant.
     *
     * @param grant of the kernel.
     */
    void grant(final ReadGrant grant) {
        final SessionEgress session = egress.of(grant.sessionId());
        if (session == null) {
            return;
        }
        if (freeCount == 0 || session.shardReads == MOST_OF_SESSION) {
            replies.refused(grant.sessionId(), grant.correlationId(), ResultCode.OVERLOADED);
            return;
        }
        session.shardReads++;
        final ShardRead read = free[--freeCount];
        read.set(grant, ShardFlows.WINDOW_BYTES);
        flows.begin(read);
    }

    /**
     * Tells the kernel how much was read, if it is to know.
     *
     * @param read  that ends.
     * @param bytes partition keys and data returned.
     * @return false if the batch has no room for a record of it.
     */
    boolean note(final ShardRead read, final long bytes) {
        return bytes == 0 || !countsReads || batch.appendRecordsRead(read.shardId, bytes);
    }

    /**
     * A read has ended.
     *
     * @param read that the agent does not look at any more.
     */
    void end(final ShardRead read) {
        final SessionEgress session = egress.of(read.sessionId);
        if (session != null) {
            session.shardReads--;
        }
        free[freeCount++] = read;
    }
}
