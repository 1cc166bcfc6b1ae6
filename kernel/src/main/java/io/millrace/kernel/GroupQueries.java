package io.millrace.kernel;

import io.millrace.codecs.DescribeGroupDecoder;
import io.millrace.codecs.GroupDescriptionEncoder;
import io.millrace.codecs.GroupDescriptionEncoder.MembersEncoder;
import io.millrace.codecs.GroupListEncoder;
import io.millrace.codecs.GroupListEncoder.GroupsEncoder;
import io.millrace.codecs.GroupStart;
import io.millrace.codecs.LeaseListEncoder;
import io.millrace.codecs.LeaseListEncoder.LeasesEncoder;
import io.millrace.codecs.LeaseState;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ListGroupsDecoder;
import io.millrace.codecs.ListLeasesDecoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import io.millrace.kernel.GroupTables.Group;
import io.millrace.kernel.GroupTables.Lease;
import io.millrace.kernel.GroupTables.Member;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Answers requests about consumer groups, which change nothing. */
final class GroupQueries {
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final int GROUP_ENTRY_LENGTH = GroupsEncoder.sbeBlockLength();
    private static final int MEMBER_ENTRY_LENGTH = MembersEncoder.sbeBlockLength();
    private static final int LEASE_ENTRY_LENGTH = LeasesEncoder.sbeBlockLength();
    /** A page ends when it would become longer than this, whatever was asked for. */
    private static final int PAGE_LENGTH = 32 * 1024;

    private final State state;
    private final GroupState tables;
    private final SlotTable groups;
    private final SlotTable members;
    private final SlotTable leases;
    private final Egress egress;
    private final Reply reply;
    private final DescribeGroupDecoder describeGroup = new DescribeGroupDecoder();
    private final ListGroupsDecoder listGroups = new ListGroupsDecoder();
    private final ListLeasesDecoder listLeases = new ListLeasesDecoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final GroupDescriptionEncoder groupDescription = new GroupDescriptionEncoder();
    private final GroupListEncoder groupList = new GroupListEncoder();
    private final LeaseListEncoder leaseList = new LeaseListEncoder();
    private final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_LENGTH]);
    private int pageLength;
    private int entries;
    private long sessionId;
    private long correlationId;

    GroupQueries(final State state, final Egress egress, final Reply reply) {
        this.state = state;
        this.tables = state.groups;
        this.groups = tables.groups;
        this.members = tables.members;
        this.leases = tables.leases;
        this.egress = egress;
        this.reply = reply;
    }

    void execute(
            final int templateId,
            final long toSessionId,
            final long forCorrelationId,
            final DirectBuffer buffer,
            final int body) {
        sessionId = toSessionId;
        correlationId = forCorrelationId;
        pageLength = 0;
        entries = 0;
        switch (templateId) {
            case DescribeGroupDecoder.TEMPLATE_ID ->
                describe(describeGroup.wrap(
                        buffer, body, DescribeGroupDecoder.BLOCK_LENGTH, DescribeGroupDecoder.SCHEMA_VERSION));
            case ListGroupsDecoder.TEMPLATE_ID ->
                list(listGroups.wrap(buffer, body, ListGroupsDecoder.BLOCK_LENGTH, ListGroupsDecoder.SCHEMA_VERSION));
            case ListLeasesDecoder.TEMPLATE_ID ->
                list(listLeases.wrap(buffer, body, ListLeasesDecoder.BLOCK_LENGTH, ListLeasesDecoder.SCHEMA_VERSION));
            default -> throw new IllegalStateException("no query has the template id " + templateId);
        }
    }

    private void list(final ListGroupsDecoder query) {
        final int max = query.maxEntries();
        final long after = query.afterGroupId();
        final int stream = state.streams.streamById(query.streamId());
        if (stream < 0) {
            refuse(ResultCode.UNKNOWN_STREAM, LimitId.NONE, 0, 0);
            return;
        }
        if (isPageRefused(max, after)) {
            return;
        }
        final int floor = tables.ofStream.floor(stream, after, after);
        int group = floor < 0 ? tables.ofStream.first(stream) : tables.ofStream.next(floor);
        long lastId = after;
        while (group >= 0
                && entries < max
                && hasRoomFor(GROUP_ENTRY_LENGTH, groups.getInt(group, Group.NAME_PAYLOAD))) {
            lastId = groups.getLong(group, Group.ID);
            page.putLong(pageLength, lastId, ByteOrder.LITTLE_ENDIAN);
            addName(GROUP_ENTRY_LENGTH, groups.getInt(group, Group.NAME_PAYLOAD));
            group = tables.ofStream.next(group);
        }
        final int length = HEADER_LENGTH + GroupListEncoder.BLOCK_LENGTH + GroupsEncoder.HEADER_SIZE + pageLength;
        final int offset = egress.claim(sessionId, length);
        groupList
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .nextAfterGroupId(group < 0 ? 0 : lastId)
                .groupsCount(entries);
        egress.buffer().putBytes(offset + length - pageLength, page, 0, pageLength);
        commit(length);
    }

    private void describe(final DescribeGroupDecoder query) {
        final int max = query.maxEntries();
        final long after = query.afterMemberId();
        final int group = find(query.groupId());
        if (group < 0 || isPageRefused(max, after)) {
            return;
        }
        final int floor = tables.membersOf.floor(group, after, after);
        int member = floor < 0 ? tables.membersOf.first(group) : tables.membersOf.next(floor);
        long lastId = after;
        while (member >= 0
                && entries < max
                && hasRoomFor(MEMBER_ENTRY_LENGTH, members.getInt(member, Member.NAME_PAYLOAD))) {
            lastId = members.getLong(member, Member.ID);
            addMember(member);
            member = tables.membersOf.next(member);
        }
        describe(group, member < 0 ? 0 : lastId);
    }

    private void addMember(final int member) {
        copy(members, member, Member.ID, MembersEncoder.memberIdEncodingOffset());
        copy(members, member, Member.DEADLINE, MembersEncoder.leaseEndNsEncodingOffset());
        page.putInt(
                pageLength + MembersEncoder.shardCountEncodingOffset(),
                members.getInt(member, Member.OWNED_COUNT),
                ByteOrder.LITTLE_ENDIAN);
        final Switch connected = tables.isConnected(member) ? Switch.ON : Switch.OFF;
        page.putByte(pageLength + MembersEncoder.connectedEncodingOffset(), (byte) connected.value());
        addName(MEMBER_ENTRY_LENGTH, members.getInt(member, Member.NAME_PAYLOAD));
    }

    private void describe(final int group, final long nextAfter) {
        final int name = groups.getInt(group, Group.NAME_PAYLOAD);
        final int nameLength = state.payloads.length(name);
        final int block = HEADER_LENGTH + GroupDescriptionEncoder.BLOCK_LENGTH + MembersEncoder.HEADER_SIZE;
        final int length = block + pageLength + TEXT_LENGTH_SIZE + nameLength;
        final int offset = egress.claim(sessionId, length);
        groupDescription
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .groupId(groups.getLong(group, Group.ID))
                .streamId(state.streams.streams.getLong(groups.getInt(group, Group.STREAM), Stream.ID))
                .createdTimeNs(groups.getLong(group, Group.CREATED_TIME))
                .leaseDurationNs(groups.getLong(group, Group.LEASE_DURATION))
                .nextAfterMemberId(nextAfter)
                .memberCount(groups.getInt(group, Group.MEMBER_COUNT))
                .waitingCount(tables.countOf(group, LeaseState.WAITING_FOR_PARENT))
                .freeCount(tables.countOf(group, LeaseState.FREE))
                .ownedCount(tables.countOf(group, LeaseState.OWNED))
                .drainedCount(tables.countOf(group, LeaseState.DRAINED))
                .start(GroupStart.get((short) groups.getInt(group, Group.START)))
                .membersCount(entries);
        egress.buffer().putBytes(offset + block, page, 0, pageLength);
        groupDescription.limit(offset + block + pageLength);
        groupDescription.putName(state.payloads.buffer(name), state.payloads.offset(name), nameLength);
        commit(length);
    }

    private void list(final ListLeasesDecoder query) {
        final int max = query.maxEntries();
        final long after = query.afterShardId();
        final int group = find(query.groupId());
        if (group < 0 || isPageRefused(max, after)) {
            return;
        }
        final int floor = tables.ofGroup.floor(group, after, after);
        int lease = floor < 0 ? tables.ofGroup.first(group) : tables.ofGroup.next(floor);
        long lastId = after;
        while (lease >= 0 && entries < max && pageLength + LEASE_ENTRY_LENGTH <= PAGE_LENGTH) {
            lastId = leases.getLong(lease, Lease.SHARD_ID);
            addLease(lease);
            lease = tables.ofGroup.next(lease);
        }
        final int length = HEADER_LENGTH + LeaseListEncoder.BLOCK_LENGTH + LeasesEncoder.HEADER_SIZE + pageLength;
        final int offset = egress.claim(sessionId, length);
        leaseList
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .nextAfterShardId(lease < 0 ? 0 : lastId)
                .leasesCount(entries);
        egress.buffer().putBytes(offset + length - pageLength, page, 0, pageLength);
        commit(length);
    }

    private void addLease(final int lease) {
        copy(leases, lease, Lease.SHARD_ID, LeasesEncoder.shardIdEncodingOffset());
        copy(leases, lease, Lease.CHECKPOINT, LeasesEncoder.sequenceNumberEncodingOffset());
        copy(leases, lease, Lease.DEADLINE, LeasesEncoder.handOverNsEncodingOffset());
        putMember(lease, Lease.MEMBER_LINK, LeasesEncoder.memberIdEncodingOffset());
        putMember(lease, Lease.NEXT_LINK, LeasesEncoder.nextMemberIdEncodingOffset());
        page.putInt(
                pageLength + LeasesEncoder.leaseEpochEncodingOffset(),
                leases.getInt(lease, Lease.EPOCH),
                ByteOrder.LITTLE_ENDIAN);
        page.putByte(pageLength + LeasesEncoder.stateEncodingOffset(), (byte) tables.stateOf(lease));
        pageLength += LEASE_ENTRY_LENGTH;
        entries++;
    }

    private void putMember(final int lease, final int linkField, final int offset) {
        final int member = leases.getInt(lease, linkField) - 1;
        page.putLong(pageLength + offset, member < 0 ? 0 : members.getLong(member, Member.ID), ByteOrder.LITTLE_ENDIAN);
    }

    private void copy(final SlotTable table, final int row, final int field, final int offset) {
        page.putLong(pageLength + offset, table.getLong(row, field), ByteOrder.LITTLE_ENDIAN);
    }

    private boolean hasRoomFor(final int entryLength, final int name) {
        return pageLength + entryLength + TEXT_LENGTH_SIZE + state.payloads.length(name) <= PAGE_LENGTH;
    }

    /** Ends an entry with its name. */
    private void addName(final int entryLength, final int name) {
        final int length = state.payloads.length(name);
        page.putShort(pageLength + entryLength, (short) length, ByteOrder.LITTLE_ENDIAN);
        state.payloads.copy(name, 0, page, pageLength + entryLength + TEXT_LENGTH_SIZE, length);
        pageLength += entryLength + TEXT_LENGTH_SIZE + length;
        entries++;
    }

    /** The group asked for, -1 if there is none: then the query is refused. */
    private int find(final long groupId) {
        final int group = tables.groupById(groupId);
        if (group < 0) {
            refuse(ResultCode.UNKNOWN_GROUP, LimitId.NONE, 0, 0);
        }
        return group;
    }

    private boolean isPageRefused(final int max, final long after) {
        final long limit = state.limit(LimitId.LIST_ENTRIES);
        if (max == 0 || max > limit) {
            refuse(ResultCode.LIMIT_EXCEEDED, LimitId.LIST_ENTRIES, limit, max);
        } else if (after < 0) {
            refuse(ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, after);
        } else {
            return false;
        }
        return true;
    }

    private void refuse(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        reply.refused(sessionId, correlationId, Request.WHOLE, code, limitId, limit, actual);
    }

    private void commit(final int length) {
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }
}
