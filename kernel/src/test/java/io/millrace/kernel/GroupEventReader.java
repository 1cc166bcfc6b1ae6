package io.millrace.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.codecs.GroupDescriptionDecoder;
import io.millrace.codecs.GroupListDecoder;
import io.millrace.codecs.LeaseListDecoder;
import io.millrace.codecs.MembershipEndedDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ShardAssignedDecoder;
import io.millrace.codecs.ShardRevokedDecoder;
import io.millrace.codecs.Switch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** Turns messages about consumer groups into events. */
final class GroupEventReader {

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /** Hands on the event; returns the length of the message without its header. */
    int read(final int templateId, final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        return switch (templateId) {
            case ShardAssignedDecoder.TEMPLATE_ID -> shardAssigned(buffer, offset, events);
            case ShardRevokedDecoder.TEMPLATE_ID -> shardRevoked(buffer, offset, events);
            case MembershipEndedDecoder.TEMPLATE_ID -> membershipEnded(buffer, offset, events);
            case GroupDescriptionDecoder.TEMPLATE_ID -> groupDescription(buffer, offset, events);
            case GroupListDecoder.TEMPLATE_ID -> groupList(buffer, offset, events);
            case LeaseListDecoder.TEMPLATE_ID -> leaseList(buffer, offset, events);
            default -> throw new AssertionError("unexpected template " + templateId);
        };
    }

    private int shardAssigned(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final ShardAssignedDecoder decoder = new ShardAssignedDecoder().wrapAndApplyHeader(buffer, offset, header);
        events.accept(new GroupEvent.ShardAssigned(
                decoder.groupId(),
                decoder.memberId(),
                decoder.shardId(),
                decoder.sequenceNumber(),
                decoder.leaseEpoch()));
        return decoder.encodedLength();
    }

    private int shardRevoked(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final ShardRevokedDecoder decoder = new ShardRevokedDecoder().wrapAndApplyHeader(buffer, offset, header);
        events.accept(new GroupEvent.ShardRevoked(
                decoder.groupId(),
                decoder.memberId(),
                decoder.shardId(),
                decoder.deadlineNs(),
                decoder.leaseEpoch(),
                decoder.reason()));
        return decoder.encodedLength();
    }

    private int membershipEnded(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final MembershipEndedDecoder decoder = new MembershipEndedDecoder().wrapAndApplyHeader(buffer, offset, header);
        events.accept(new GroupEvent.MembershipEnded(decoder.groupId(), decoder.memberId(), decoder.reason()));
        return decoder.encodedLength();
    }

    private int groupDescription(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final GroupDescriptionDecoder decoder =
                new GroupDescriptionDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<GroupEvent.MemberDescription> members = new ArrayList<>();
        for (final GroupDescriptionDecoder.MembersDecoder member : decoder.members()) {
            final long memberId = member.memberId();
            final long leaseEndNs = member.leaseEndNs();
            final long shardCount = member.shardCount();
            final boolean isConnected = member.connected() == Switch.ON;
            final byte[] name = new byte[member.nameLength()];
            member.getName(name, 0, name.length);
            members.add(new GroupEvent.MemberDescription(
                    memberId, leaseEndNs, shardCount, isConnected, new String(name, ISO_8859_1)));
        }
        final byte[] name = new byte[decoder.nameLength()];
        decoder.getName(name, 0, name.length);
        events.accept(new GroupEvent.GroupDescription(
                decoder.correlationId(),
                decoder.groupId(),
                decoder.streamId(),
                decoder.createdTimeNs(),
                decoder.leaseDurationNs(),
                decoder.nextAfterMemberId(),
                decoder.memberCount(),
                decoder.waitingCount(),
                decoder.freeCount(),
                decoder.ownedCount(),
                decoder.drainedCount(),
                decoder.start(),
                members,
                new String(name, ISO_8859_1)));
        return decoder.encodedLength();
    }

    private int groupList(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final GroupListDecoder decoder = new GroupListDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<String> groups = new ArrayList<>();
        for (final GroupListDecoder.GroupsDecoder group : decoder.groups()) {
            final long groupId = group.groupId();
            final byte[] name = new byte[group.nameLength()];
            group.getName(name, 0, name.length);
            groups.add(groupId + " " + new String(name, ISO_8859_1));
        }
        events.accept(new GroupEvent.GroupList(decoder.correlationId(), decoder.nextAfterGroupId(), groups));
        return decoder.encodedLength();
    }

    private int leaseList(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final LeaseListDecoder decoder = new LeaseListDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<GroupEvent.LeaseDescription> leases = new ArrayList<>();
        for (final LeaseListDecoder.LeasesDecoder lease : decoder.leases()) {
            leases.add(new GroupEvent.LeaseDescription(
                    lease.shardId(),
                    lease.memberId(),
                    lease.nextMemberId(),
                    lease.sequenceNumber(),
                    lease.handOverNs(),
                    lease.leaseEpoch(),
                    lease.state()));
        }
        events.accept(new GroupEvent.LeaseList(decoder.correlationId(), decoder.nextAfterShardId(), leases));
        return decoder.encodedLength();
    }
}
