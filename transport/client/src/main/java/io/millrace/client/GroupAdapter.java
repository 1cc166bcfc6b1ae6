package io.millrace.client;

import io.millrace.codecs.GroupDescriptionDecoder;
import io.millrace.codecs.GroupListDecoder;
import io.millrace.codecs.LeaseListDecoder;
import io.millrace.codecs.MembershipEndedDecoder;
import io.millrace.codecs.ShardAssignedDecoder;
import io.millrace.codecs.ShardRevokedDecoder;
import java.util.ArrayList;
import java.util.List;

/** Decodes what the server says of consumer groups. */
final class GroupAdapter extends AnswerDecoder {
    private final EgressEvents events;
    private final ShardAssignedDecoder assigned = new ShardAssignedDecoder();
    private final ShardRevokedDecoder revoked = new ShardRevokedDecoder();
    private final MembershipEndedDecoder ended = new MembershipEndedDecoder();

    GroupAdapter(final EgressEvents events) {
        this.events = events;
    }

    /** @return whether this is what the template is about */
    static boolean knows(final int templateId) {
        return switch (templateId) {
            case ShardAssignedDecoder.TEMPLATE_ID,
                    ShardRevokedDecoder.TEMPLATE_ID,
                    MembershipEndedDecoder.TEMPLATE_ID,
                    GroupDescriptionDecoder.TEMPLATE_ID,
                    GroupListDecoder.TEMPLATE_ID,
                    LeaseListDecoder.TEMPLATE_ID -> true;
            default -> false;
        };
    }

    /** @return false if the message, which {@link #wrap} was told of, is malformed. */
    boolean onMessage(final int templateId) {
        return switch (templateId) {
            case ShardAssignedDecoder.TEMPLATE_ID -> onAssigned();
            case ShardRevokedDecoder.TEMPLATE_ID -> onRevoked();
            case MembershipEndedDecoder.TEMPLATE_ID -> onEnded();
            case GroupDescriptionDecoder.TEMPLATE_ID -> onGroup();
            case GroupListDecoder.TEMPLATE_ID -> onGroups();
            case LeaseListDecoder.TEMPLATE_ID -> onLeases();
            default -> throw new IllegalArgumentException("Template " + templateId + " is not about consumer groups.");
        };
    }

    private boolean onAssigned() {
        if (blockLength < ShardAssignedDecoder.BLOCK_LENGTH) {
            return false;
        }
        assigned.wrap(buffer, block, blockLength, version);
        events.onShardAssigned(
                assigned.groupId(),
                assigned.memberId(),
                assigned.shardId(),
                assigned.sequenceNumber(),
                assigned.leaseEpoch());
        return true;
    }

    private boolean onRevoked() {
        if (blockLength < ShardRevokedDecoder.BLOCK_LENGTH) {
            return false;
        }
        revoked.wrap(buffer, block, blockLength, version);
        events.onShardRevoked(
                revoked.groupId(),
                revoked.memberId(),
                revoked.shardId(),
                revoked.leaseEpoch(),
                Codes.revokeReason(revoked.reasonRaw()));
        return true;
    }

    private boolean onEnded() {
        if (blockLength < MembershipEndedDecoder.BLOCK_LENGTH) {
            return false;
        }
        ended.wrap(buffer, block, blockLength, version);
        events.onMembershipEnded(ended.groupId(), ended.memberId(), Codes.membershipEnd(ended.reasonRaw()));
        return true;
    }

    private boolean onGroup() {
        final int end = groupEnd(
                GroupDescriptionDecoder.BLOCK_LENGTH, GroupDescriptionDecoder.MembersDecoder.sbeBlockLength(), 1);
        if (end < 0 || skipText(end) < 0) {
            return false;
        }
        final GroupDescriptionDecoder decoder = new GroupDescriptionDecoder().wrap(buffer, block, blockLength, version);
        final long next = decoder.nextAfterMemberId();
        events.onQueryAnswer(decoder.correlationId(), new Answers.MemberPage(GroupInfo.of(decoder), next));
        return true;
    }

    private boolean onGroups() {
        if (groupEnd(GroupListDecoder.BLOCK_LENGTH, GroupListDecoder.GroupsDecoder.sbeBlockLength(), 1) < 0) {
            return false;
        }
        final GroupListDecoder decoder = new GroupListDecoder().wrap(buffer, block, blockLength, version);
        final List<GroupName> names = new ArrayList<>();
        for (final GroupListDecoder.GroupsDecoder group : decoder.groups()) {
            names.add(new GroupName(group.groupId(), group.name()));
        }
        events.onQueryAnswer(decoder.correlationId(), new Answers.GroupPage(names, decoder.nextAfterGroupId()));
        return true;
    }

    private boolean onLeases() {
        if (groupEnd(LeaseListDecoder.BLOCK_LENGTH, LeaseListDecoder.LeasesDecoder.sbeBlockLength(), 0) < 0) {
            return false;
        }
        final LeaseListDecoder decoder = new LeaseListDecoder().wrap(buffer, block, blockLength, version);
        final List<LeaseInfo> leases = new ArrayList<>();
        for (final LeaseListDecoder.LeasesDecoder lease : decoder.leases()) {
            leases.add(LeaseInfo.of(lease));
        }
        events.onQueryAnswer(decoder.correlationId(), new Answers.LeasePage(leases, decoder.nextAfterShardId()));
        return true;
    }
}
