package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;

import io.millrace.codecs.GroupStart;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.GroupCommand.Progress;
import java.util.List;

/** Acts on consumer groups. */
final class GroupSupport {
    /** Lease duration of the groups created here. */
    static final long LEASE_MS = 1_000;

    private static final Producer NOBODY = Producer.NONE;
    private static final int ALL = 1_000;

    private final Scenario scenario;
    private long correlationId = 5_000_000;

    GroupSupport(final Scenario scenario) {
        this.scenario = scenario;
    }

    void ask(final long streamId, final String name, final Long leaseMs, final GroupStart start) {
        final Long leaseNs = leaseMs == null ? null : leaseMs * Scenario.MS;
        apply(A, new GroupCommand.CreateGroup(++correlationId, NOBODY, streamId, leaseNs, start, name));
    }

    /** Creates a group, which must succeed. */
    long create(final long streamId, final String name, final GroupStart start) {
        scenario.forget();
        ask(streamId, name, LEASE_MS, start);
        scenario.workOff();
        return ((Event.Confirmed) scenario.egress.drain().get(0).event()).firstValue();
    }

    long create(final long streamId, final String name) {
        return create(streamId, name, GroupStart.HORIZON);
    }

    void delete(final long groupId) {
        apply(A, new GroupCommand.DeleteGroup(++correlationId, NOBODY, groupId));
    }

    void join(final long sessionId, final long groupId, final String name) {
        apply(sessionId, new GroupCommand.JoinGroup(++correlationId, groupId, name));
    }

    void leave(final long sessionId, final long memberId) {
        apply(sessionId, new GroupCommand.LeaveGroup(++correlationId, memberId));
    }

    void renew(final long sessionId, final long memberId) {
        apply(sessionId, new GroupCommand.RenewLeases(++correlationId, memberId));
    }

    void checkpoint(final long sessionId, final long memberId, final Progress... checkpoints) {
        apply(sessionId, new GroupCommand.Checkpoint(++correlationId, memberId, List.of(checkpoints)));
    }

    /** A member has come to a record of a shard. */
    static Progress at(final long shardId, final long epoch, final long sequenceNumber) {
        return new Progress(shardId, epoch, sequenceNumber, false);
    }

    /** A member has come to the end of a shard, behind a record. */
    static Progress end(final long shardId, final long epoch, final long sequenceNumber) {
        return new Progress(shardId, epoch, sequenceNumber, true);
    }

    void release(final long sessionId, final long memberId, final long shardId, final long epoch) {
        apply(sessionId, new GroupCommand.ReleaseShard(++correlationId, memberId, shardId, epoch));
    }

    void describe(final long groupId) {
        apply(A, new GroupCommand.DescribeGroup(++correlationId, groupId, 0, ALL));
    }

    void describe(final long groupId, final long afterMemberId, final int max) {
        apply(A, new GroupCommand.DescribeGroup(++correlationId, groupId, afterMemberId, max));
    }

    void list(final long streamId, final long afterGroupId, final int max) {
        apply(A, new GroupCommand.ListGroups(++correlationId, streamId, afterGroupId, max));
    }

    void leases(final long groupId) {
        leases(groupId, 0, ALL);
    }

    void leases(final long groupId, final long afterShardId, final int max) {
        apply(A, new GroupCommand.ListLeases(++correlationId, groupId, afterShardId, max));
    }

    private void apply(final long sessionId, final Command command) {
        scenario.apply(sessionId, command);
    }
}
