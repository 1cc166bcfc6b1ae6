package io.millrace.kernel;

import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.MembershipEndedEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.RevokeReason;
import io.millrace.codecs.ShardAssignedEncoder;
import io.millrace.codecs.ShardRevokedEncoder;
import io.millrace.kernel.GroupTables.Lease;
import io.millrace.kernel.GroupTables.Member;
import io.millrace.kernel.memory.SlotTable;

/** Tells members of consumer groups what becomes of their shards, if they have a session. */
final class GroupEvents {
    private final State state;
    private final SlotTable members;
    private final SlotTable leases;
    private final Egress egress;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ShardAssignedEncoder shardAssigned = new ShardAssignedEncoder();
    private final ShardRevokedEncoder shardRevoked = new ShardRevokedEncoder();
    private final MembershipEndedEncoder membershipEnded = new MembershipEndedEncoder();

    GroupEvents(final State state, final Egress egress) {
        this.state = state;
        this.members = state.groups.members;
        this.leases = state.groups.leases;
        this.egress = egress;
    }

    /** The owner of a lease has its shard. */
    void assigned(final int lease) {
        final int member = leases.getInt(lease, Lease.MEMBER_LINK) - 1;
        if (!state.groups.isConnected(member)) {
            return;
        }
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + ShardAssignedEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId(member), length);
        shardAssigned
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .groupId(leases.getLong(lease, Lease.GROUP_ID))
                .memberId(members.getLong(member, Member.ID))
                .shardId(leases.getLong(lease, Lease.SHARD_ID))
                .sequenceNumber(leases.getLong(lease, Lease.CHECKPOINT))
                .leaseEpoch(leases.getInt(lease, Lease.EPOCH));
        commit(length);
    }

    /** The owner of a lease is to hand its shard over, or has it no longer. */
    void revoked(final int lease, final RevokeReason reason) {
        final int member = leases.getInt(lease, Lease.MEMBER_LINK) - 1;
        if (!state.groups.isConnected(member)) {
            return;
        }
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + ShardRevokedEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId(member), length);
        shardRevoked
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .groupId(leases.getLong(lease, Lease.GROUP_ID))
                .memberId(members.getLong(member, Member.ID))
                .shardId(leases.getLong(lease, Lease.SHARD_ID))
                .deadlineNs(reason == RevokeReason.REQUESTED ? leases.getLong(lease, Lease.DEADLINE) : 0)
                .leaseEpoch(leases.getInt(lease, Lease.EPOCH))
                .reason(reason);
        commit(length);
    }

    /** A member is one no longer; to be told as long as it has its session. */
    void ended(final int member, final long groupId, final MembershipEnd reason) {
        if (!state.groups.isConnected(member)) {
            return;
        }
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + MembershipEndedEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId(member), length);
        membershipEnded
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .groupId(groupId)
                .memberId(members.getLong(member, Member.ID))
                .reason(reason);
        commit(length);
    }

    private long sessionId(final int member) {
        return state.sessionId(members.getInt(member, Member.SESSION_LINK) - 1);
    }

    private void commit(final int length) {
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }
}
