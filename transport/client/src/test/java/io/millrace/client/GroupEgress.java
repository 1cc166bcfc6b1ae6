package io.millrace.client;

import io.millrace.codecs.GroupDescriptionEncoder;
import io.millrace.codecs.GroupListEncoder;
import io.millrace.codecs.GroupStart;
import io.millrace.codecs.LeaseListEncoder;
import io.millrace.codecs.LeaseState;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.MembershipEndedEncoder;
import io.millrace.codecs.RevokeReason;
import io.millrace.codecs.ShardAssignedEncoder;
import io.millrace.codecs.ShardRevokedEncoder;
import io.millrace.codecs.Switch;

/** Encodes what a server says of consumer groups. */
final class GroupEgress {
    static final long LEASE_NS = 3_000_000_000L;

    private GroupEgress() {}

    static EgressEncoder assigned(
            final EgressEncoder out,
            final long memberId,
            final long shardId,
            final long sequenceNumber,
            final long epoch) {
        return out.append(buffer -> new ShardAssignedEncoder()
                .wrapAndApplyHeader(buffer, 0, out.header())
                .groupId(7)
                .memberId(memberId)
                .shardId(shardId)
                .sequenceNumber(sequenceNumber)
                .leaseEpoch(epoch)
                .encodedLength());
    }

    static EgressEncoder revoked(
            final EgressEncoder out,
            final long memberId,
            final long shardId,
            final long epoch,
            final RevokeReason reason) {
        return out.append(buffer -> new ShardRevokedEncoder()
                .wrapAndApplyHeader(buffer, 0, out.header())
                .groupId(7)
                .memberId(memberId)
                .shardId(shardId)
                .deadlineNs(99)
                .leaseEpoch(epoch)
                .reason(reason)
                .encodedLength());
    }

    static EgressEncoder ended(final EgressEncoder out, final long memberId, final MembershipEnd reason) {
        return out.append(buffer -> new MembershipEndedEncoder()
                .wrapAndApplyHeader(buffer, 0, out.header())
                .groupId(7)
                .memberId(memberId)
                .reason(reason)
                .encodedLength());
    }

    /** Group 7 of stream 2 with one page of members, whose ids count up behind the next page's. */
    static EgressEncoder group(
            final EgressEncoder out, final long correlationId, final long nextAfter, final String... members) {
        return out.append(buffer -> {
            final GroupDescriptionEncoder encoder = new GroupDescriptionEncoder()
                    .wrapAndApplyHeader(buffer, 0, out.header())
                    .correlationId(correlationId)
                    .groupId(7)
                    .streamId(2)
                    .createdTimeNs(3)
                    .leaseDurationNs(LEASE_NS)
                    .nextAfterMemberId(nextAfter)
                    .memberCount(4)
                    .waitingCount(5)
                    .freeCount(6)
                    .ownedCount(8)
                    .drainedCount(9)
                    .start(GroupStart.LATEST);
            final GroupDescriptionEncoder.MembersEncoder group = encoder.membersCount(members.length);
            for (int i = 0; i < members.length; i++) {
                group.next()
                        .memberId(nextAfter + 1 + i)
                        .leaseEndNs(10)
                        .shardCount(11)
                        .connected(i == 0 ? Switch.ON : Switch.OFF)
                        .name(members[i]);
            }
            return encoder.name("bars").encodedLength();
        });
    }

    static EgressEncoder groups(
            final EgressEncoder out, final long correlationId, final long nextAfter, final String... names) {
        return out.append(buffer -> {
            final GroupListEncoder encoder = new GroupListEncoder()
                    .wrapAndApplyHeader(buffer, 0, out.header())
                    .correlationId(correlationId)
                    .nextAfterGroupId(nextAfter);
            final GroupListEncoder.GroupsEncoder groups = encoder.groupsCount(names.length);
            for (int i = 0; i < names.length; i++) {
                groups.next().groupId(nextAfter + 1 + i).name(names[i]);
            }
            return encoder.encodedLength();
        });
    }

    static EgressEncoder leases(
            final EgressEncoder out, final long correlationId, final long nextAfter, final long... shardIds) {
        return out.append(buffer -> {
            final LeaseListEncoder encoder = new LeaseListEncoder()
                    .wrapAndApplyHeader(buffer, 0, out.header())
                    .correlationId(correlationId)
                    .nextAfterShardId(nextAfter);
            final LeaseListEncoder.LeasesEncoder leases = encoder.leasesCount(shardIds.length);
            for (final long shardId : shardIds) {
                leases.next()
                        .shardId(shardId)
                        .memberId(1)
                        .nextMemberId(2)
                        .sequenceNumber(3)
                        .handOverNs(4)
                        .leaseEpoch(5)
                        .state(LeaseState.OWNED);
            }
            return encoder.encodedLength();
        });
    }
}
