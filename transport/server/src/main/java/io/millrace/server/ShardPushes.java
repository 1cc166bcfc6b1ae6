package io.millrace.server;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.PushGrant;
import org.agrona.collections.Hashing;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Subscriptions to shards under way. The kernel says when one begins and why it ends; that all records of a closed shard were pushed,
 * and that records cannot be read, the host finds, and the kernel, to which such a subscription lasts until its time is over, is not told.
 */
final class ShardPushes {

    private final ShardFlows flows;
    private final EgressHub egress;
    private final ShardPush[] free = new ShardPush[ShardFlows.MOST_PUSHES];
    private final ShardPush[] closing = new ShardPush[ShardFlows.MOST_PUSHES];
    private final Long2ObjectHashMap<ShardPush> bySubscription =
            new Long2ObjectHashMap<>(2 * ShardFlows.MOST_PUSHES, Hashing.DEFAULT_LOAD_FACTOR, true);
    private final PushEnd end = new PushEnd();
    private int freeCount;
    private int closingCount;

    ShardPushes(final ShardFlows flows, final EgressHub egress) {
        this.flows = flows;
        this.egress = egress;
        for (int index = ShardFlows.MOST_FLOWS - 1; index >= ShardFlows.MOST_READS; index--) {
            free[freeCount] = new ShardPush(index);
            flows.add(free[freeCount++]);
        }
    }

    /**
     * A subscription begins; one too many for this server ends at once, with OVERLOADED.
     *
     * @param grant of the kernel.
     */
    void grant(final PushGrant grant) {
        if (egress.of(grant.sessionId()) == null) {
            return;
        }
        if (freeCount == 0) {
            refuse(grant);
            return;
        }
        final ShardPush push = free[--freeCount];
        push.set(grant, ShardFlows.WINDOW_BYTES);
        bySubscription.put(push.subscriptionId, push);
        flows.begin(push);
    }

    private void refuse(final PushGrant grant) {
        final int length = end.encode(
                grant.correlationId(),
                grant.shardId(),
                0,
                ResultCode.OVERLOADED,
                PushEnd.NO_CHILDREN,
                PushEnd.NO_CHILDREN_LENGTH);
        final int offset = egress.claim(grant.sessionId(), length);
        egress.buffer().putBytes(offset, end.buffer(), 0, length);
        egress.commit();
    }

    /**
     * The shard of a subscription was closed: it ends when all records are pushed, the last of which are in the logs when the batch is
     * applied.
     *
     * @param grant of the kernel, as it is now.
     */
    void finish(final PushGrant grant) {
        final ShardPush push = bySubscription.get(grant.subscriptionId());
        if (push != null && !push.isClosing && !push.isClosed()) {
            push.finish(grant);
            closing[closingCount++] = push;
        }
    }

    /** The batch is applied, and its records can be read. */
    void release() {
        for (int i = 0; i < closingCount; i++) {
            closing[i].close();
            closing[i] = null;
        }
        closingCount = 0;
    }

    /**
     * A subscription is to end.
     *
     * @param subscriptionId of the grant.
     * @param code           why.
     */
    void end(final long subscriptionId, final ResultCode code) {
        final ShardPush push = bySubscription.get(subscriptionId);
        if (push != null) {
            push.end(code);
        }
    }

    /**
     * A session gives window back.
     *
     * @param sessionId      of the session.
     * @param subscriptionId of its subscription; without effect if there is none.
     * @param bytes          partition keys and data that it has read.
     */
    void credit(final long sessionId, final long subscriptionId, final long bytes) {
        final ShardPush push = bySubscription.get(subscriptionId);
        if (push != null && push.sessionId == sessionId) {
            push.credit(bytes);
        }
    }

    /**
     * A subscription has ended.
     *
     * @param push that the agent does not look at any more.
     */
    void end(final ShardPush push) {
        bySubscription.remove(push.subscriptionId);
        free[freeCount++] = push;
    }
}
