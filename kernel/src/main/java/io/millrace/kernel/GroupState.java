package io.millrace.kernel;

import io.millrace.codecs.LeaseState;
import io.millrace.kernel.GroupTables.Group;
import io.millrace.kernel.GroupTables.Lease;
import io.millrace.kernel.GroupTables.Member;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.memory.HashIndex;
import io.millrace.kernel.memory.Hashing;
import io.millrace.kernel.memory.IntrusiveList;
import io.millrace.kernel.memory.OrderedTree;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** The part of the state that consumer groups are: their tables, and the structures that follow from them. */
final class GroupState {
    final SlotTable groups = new SlotTable(Group.TABLE, Group.ROW_LENGTH, Group.LOGICAL_END);
    final SlotTable members = new SlotTable(Member.TABLE, Member.ROW_LENGTH, Member.LOGICAL_END);
    final SlotTable leases = new SlotTable(Lease.TABLE, Lease.ROW_LENGTH, Lease.LOGICAL_END);

    final OrderedTree ofStream;
    final OrderedTree ofShard;
    final OrderedTree ofSession;

    /** All leases of a group by shard. */
    final OrderedTree ofGroup =
            new OrderedTree(groups, Group.LEASES, leases, Lease.SHARD_ID, Lease.SHARD_ID, Lease.GROUP_LINKS);

    final OrderedTree free =
            new OrderedTree(groups, Group.FREE_LEASES, leases, Lease.SHARD_ID, Lease.SHARD_ID, Lease.PLACE_LINKS);
    final OrderedTree kept =
            new OrderedTree(members, Member.KEPT, leases, Lease.SHARD_ID, Lease.SHARD_ID, Lease.PLACE_LINKS);
    final OrderedTree handedOver =
            new OrderedTree(members, Member.HANDED_OVER, leases, Lease.SHARD_ID, Lease.SHARD_ID, Lease.PLACE_LINKS);
    final OrderedTree awaited =
            new OrderedTree(members, Member.AWAITED, leases, Lease.SHARD_ID, Lease.SHARD_ID, Lease.AWAITED_LINKS);

    /** Members of a group, in the order in which they joined. */
    final OrderedTree membersOf =
            new OrderedTree(groups, Group.MEMBERS, members, Member.ID, Member.ID, Member.GROUP_LINKS);

    /** Members that have a session: first the one with the smallest share, of several the one that joined first. */
    final OrderedTree balance =
            new OrderedTree(groups, Group.BALANCE, members, Member.SHARE, Member.ID, Member.ID, Member.BALANCE_LINKS);

    /** Members that left or came back, as long as there is work on their shards. */
    final IntrusiveList busy = new IntrusiveList(
            groups,
            Group.BUSY_MEMBERS,
            Group.BUSY_MEMBERS + Integer.BYTES,
            members,
            Member.BUSY_NEXT,
            Member.BUSY_PREVIOUS);

    /** Groups with work left. */
    final IntrusiveList pending;

    final HashIndex groupsById =
            new HashIndex(groups, Group.ID_CHAIN, slot -> Hashing.mix(groups.getLong(slot, Group.ID)));
    final HashIndex membersById =
            new HashIndex(members, Member.ID_CHAIN, slot -> Hashing.mix(members.getLong(slot, Member.ID)));
    final HashIndex membersByName;

    private final Payloads payloads;
    private final SlotTable streams;
    private final SlotTable sessions;

    GroupState(final SlotTable root, final Payloads payloads, final StreamState streamState, final SlotTable sessions) {
        this.payloads = payloads;
        this.streams = streamState.streams;
        this.sessions = sessions;
        ofStream = new OrderedTree(streams, Stream.GROUPS, groups, Group.ID, Group.ID, Group.STREAM_LINKS);
        ofShard = new OrderedTree(
                streamState.shards, Shard.LEASES, leases, Lease.GROUP_ID, Lease.GROUP_ID, Lease.SHARD_LINKS);
        ofSession = new OrderedTree(sessions, Session.MEMBERS, members, Member.ID, Member.ID, Member.SESSION_LINKS);
        pending = new IntrusiveList(
                root,
                Root.PENDING_GROUPS,
                Root.PENDING_GROUPS + Integer.BYTES,
                groups,
                Group.PENDING_NEXT,
                Group.PENDING_PREVIOUS);
        membersByName = new HashIndex(
                members,
                Member.NAME_CHAIN,
                slot -> nameKey(
                        members.getInt(slot, Member.GROUP),
                        payloads.contentHash(members.getInt(slot, Member.NAME_PAYLOAD))));
    }

    private static long nameKey(final int group, final long nameHash) {
        return Hashing.mix(nameHash ^ Hashing.mix(group));
    }

    int groupById(final long groupId) {
        int slot = groupsById.first(Hashing.mix(groupId));
        while (slot >= 0 && groups.getLong(slot, Group.ID) != groupId) {
            slot = groupsById.next(slot);
        }
        return slot;
    }

    /** A stream has few groups. */
    int groupByName(final int stream, final DirectBuffer name, final int offset, final int length) {
        int slot = ofStream.first(stream);
        while (slot >= 0 && !payloads.matches(groups.getInt(slot, Group.NAME_PAYLOAD), name, offset, length)) {
            slot = ofStream.next(slot);
        }
        return slot;
    }

    int memberById(final long memberId) {
        int slot = membersById.first(Hashing.mix(memberId));
        while (slot >= 0 && members.getLong(slot, Member.ID) != memberId) {
            slot = membersById.next(slot);
        }
        return slot;
    }

    int memberByName(final int group, final DirectBuffer name, final int offset, final int length) {
        int slot = membersByName.first(nameKey(group, Hashing.content(0, name, offset, 0, length)));
        while (slot >= 0
                && (members.getInt(slot, Member.GROUP) != group
                        || !payloads.matches(members.getInt(slot, Member.NAME_PAYLOAD), name, offset, length))) {
            slot = membersByName.next(slot);
        }
        return slot;
    }

    /** What a group knows of a shard, -1 for nothing. */
    int leaseOf(final int group, final long shardId) {
        final int lease = ofGroup.floor(group, shardId, shardId);
        return lease >= 0 && leases.getLong(lease, Lease.SHARD_ID) == shardId ? lease : -1;
    }

    boolean isEnded(final int group) {
        return groups.getInt(group, Group.ENDED) != 0;
    }

    boolean isLeft(final int member) {
        return (members.getInt(member, Member.FLAGS) & Member.LEFT) != 0;
    }

    boolean isReturned(final int member) {
        return (members.getInt(member, Member.FLAGS) & Member.RETURNED) != 0;
    }

    /** Whether a member has a session that it can be told something by. */
    boolean isConnected(final int member) {
        return members.getInt(member, Member.SESSION_LINK) != 0;
    }

    /** Whether the owner of a shard is to hand it over. */
    boolean isRequested(final int lease) {
        return leases.getInt(lease, Lease.NEXT_LINK) != 0;
    }

    int stateOf(final int lease) {
        return leases.getInt(lease, Lease.STATE);
    }

    /** Changes the state of a lease and the counts of its group; the row is still to be sealed. */
    void state(final int lease, final LeaseState newState) {
        final int group = leases.getInt(lease, Lease.GROUP);
        countState(group, stateOf(lease), -1);
        leases.putInt(lease, Lease.STATE, newState.value());
        countState(group, newState.value(), 1);
    }

    /** A state of 0 is none. */
    void countState(final int group, final int leaseState, final int change) {
        if (leaseState != 0) {
            count(groups, group, Group.STATE_COUNTS + (leaseState - 1) * Integer.BYTES, change);
        }
    }

    int countOf(final int group, final LeaseState leaseState) {
        return groups.getInt(group, Group.STATE_COUNTS + (leaseState.value() - 1) * Integer.BYTES);
    }

    /** Changes the share of a member, and with it its place among the others. */
    void share(final int member, final int change) {
        final int group = members.getInt(member, Member.GROUP);
        final boolean isBalanced = isConnected(member);
        if (isBalanced) {
            balance.remove(group, member);
        }
        members.putLong(member, Member.SHARE, members.getLong(member, Member.SHARE) + change);
        if (isBalanced) {
            balance.add(group, member);
        }
    }

    static void count(final SlotTable table, final int row, final int field, final int change) {
        table.putInt(row, field, table.getInt(row, field) + change);
    }

    /** Puts the row of a group into the structures that follow from it. */
    void linkGroup(final int group) {
        if (!isEnded(group)) {
            final int stream = groups.getInt(group, Group.STREAM);
            groupsById.add(group);
            ofStream.add(stream, group);
            count(streams, stream, Stream.GROUP_COUNT, 1);
        }
    }

    /** A group that was deleted is found no longer, and none of a stream's. */
    void unlinkGroup(final int group) {
        final int stream = groups.getInt(group, Group.STREAM);
        groupsById.remove(group);
        ofStream.remove(stream, group);
        count(streams, stream, Stream.GROUP_COUNT, -1);
    }

    /** Puts the row of a member, of which the share is known, into the structures that follow from it. */
    void linkMember(final int member) {
        final int group = members.getInt(member, Member.GROUP);
        membersById.add(member);
        membersByName.add(member);
        membersOf.add(group, member);
        count(groups, group, Group.MEMBER_COUNT, 1);
        if (isConnected(member)) {
            connect(member);
        }
    }

    void unlinkMember(final int member) {
        final int group = members.getInt(member, Member.GROUP);
        if (isConnected(member)) {
            disconnect(member);
        }
        membersById.remove(member);
        membersByName.remove(member);
        membersOf.remove(group, member);
        count(groups, group, Group.MEMBER_COUNT, -1);
    }

    /** A member has the session of its row. */
    void connect(final int member) {
        final int session = members.getInt(member, Member.SESSION_LINK) - 1;
        ofSession.add(session, member);
        count(sessions, session, Session.MEMBER_COUNT, 1);
        balance.add(members.getInt(member, Member.GROUP), member);
    }

    /** A member has no session any more; its row is still to be sealed. */
    void disconnect(final int member) {
        final int session = members.getInt(member, Member.SESSION_LINK) - 1;
        ofSession.remove(session, member);
        count(sessions, session, Session.MEMBER_COUNT, -1);
        balance.remove(members.getInt(member, Member.GROUP), member);
        members.putInt(member, Member.SESSION_LINK, 0);
    }

    /** Puts the row of a lease into the structures that follow from it, before its members are linked. */
    void linkLease(final int lease) {
        final int group = leases.getInt(lease, Lease.GROUP);
        final int owner = leases.getInt(lease, Lease.MEMBER_LINK) - 1;
        final int next = leases.getInt(lease, Lease.NEXT_LINK) - 1;
        ofGroup.add(group, lease);
        ofShard.add(leases.getInt(lease, Lease.SHARD), lease);
        countState(group, stateOf(lease), 1);
        if (stateOf(lease) == LeaseState.FREE.value()) {
            free.add(group, lease);
        } else if (owner >= 0) {
            (next < 0 ? kept : handedOver).add(owner, lease);
            count(members, owner, Member.OWNED_COUNT, 1);
            if (next >= 0) {
                awaited.add(next, lease);
            }
            final int holder = next < 0 ? owner : next;
            members.putLong(holder, Member.SHARE, members.getLong(holder, Member.SHARE) + 1);
        }
    }
}
