package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.GroupTables.Group;
import io.millrace.kernel.GroupTables.Lease;
import io.millrace.kernel.GroupTables.Member;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/**
 * The members of consumer groups. A member is known by its name: whoever joins under a name goes on as that member, and a session that had the
 * name before is put out. One whose session has ended keeps its shards until its leases are over, and gets none meanwhile.
 *
 * <p>Who comes back gets the next epoch of each of its shards, since the kernel cannot tell a process that lost its connection from one
 * that took its place; and as the epoch is then one more than before, the former knows that nobody else had the shard.
 */
final class Members {
    private final State state;
    private final GroupState tables;
    private final SlotTable groups;
    private final SlotTable members;
    private final SlotTable leases;
    private final Leases shards;
    private final GroupEvents events;

    Members(final State state, final Leases shards, final GroupEvents events) {
        this.state = state;
        this.tables = state.groups;
        this.groups = tables.groups;
        this.members = tables.members;
        this.leases = tables.leases;
        this.shards = shards;
        this.events = events;
    }

    void join(final Request request, final int group, final DirectBuffer buffer, final int offset, final int length) {
        if (length > state.limit(LimitId.NAME_BYTES)) {
            request.refuseLimit(LimitId.NAME_BYTES, state.limit(LimitId.NAME_BYTES), length);
            return;
        }
        if (length == 0 || !Text.isUtf8(buffer, offset, length)) {
            request.refuse(ResultCode.INVALID_NAME);
            return;
        }
        final int member = tables.memberByName(group, buffer, offset, length);
        final boolean isOwn = member >= 0 && sessionOf(member) == request.session;
        if (!isOwn && !hasRoom(request, group, member)) {
            return;
        }
        if (member < 0) {
            if (request.hasArenaRoom(length, 0)) {
                create(request, group, state.payloads.store(buffer, offset, length));
            }
        } else {
            if (!isOwn) {
                takeOver(request.session, member);
            }
            renew(member);
            request.confirm(members.getLong(member, Member.ID), 1);
        }
    }

    private boolean hasRoom(final Request request, final int group, final int member) {
        final int count = groups.getInt(group, Group.MEMBER_COUNT) + 1;
        final int memberships = state.sessions.getInt(request.session, Session.MEMBER_COUNT) + 1;
        if (member < 0 && count > state.limit(LimitId.GROUP_MEMBERS)) {
            request.refuseLimit(LimitId.GROUP_MEMBERS, state.limit(LimitId.GROUP_MEMBERS), count);
        } else if (memberships > state.limit(LimitId.MEMBERSHIPS)) {
            request.refuseLimit(LimitId.MEMBERSHIPS, state.limit(LimitId.MEMBERSHIPS), memberships);
        } else {
            return true;
        }
        return false;
    }

    private void create(final Request request, final int group, final int name) {
        final int member = members.allocate();
        final long memberId = state.next(Root.NEXT_MEMBER_ID);
        members.putLong(member, Member.ID, memberId);
        members.putLong(member, Member.DEADLINE, state.nowNs + groups.getLong(group, Group.LEASE_DURATION));
        members.putLong(member, Member.TIMER_ID, state.next(Root.NEXT_TIMER_ID));
        members.putInt(member, Member.GROUP, group);
        members.putInt(member, Member.SESSION_LINK, request.session + 1);
        members.putInt(member, Member.NAME_PAYLOAD, name);
        members.seal(member);
        tables.linkMember(member);
        arm(member);
        shards.enqueue(group);
        request.confirm(memberId, 1);
    }

    /** A member gets another session, and is to be told of its shards. */
    private void takeOver(final int session, final int member) {
        final int group = members.getInt(member, Member.GROUP);
        if (tables.isConnected(member)) {
            events.ended(member, groups.getLong(group, Group.ID), MembershipEnd.TAKEN_OVER);
            tables.disconnect(member);
        }
        members.putInt(member, Member.SESSION_LINK, session + 1);
        tables.connect(member);
        members.putLong(member, Member.CURSOR, 0);
        begin(member, Member.RETURNED);
    }

    /** There is work on the shards of a member. */
    private void begin(final int member, final int flag) {
        final int group = members.getInt(member, Member.GROUP);
        members.putInt(member, Member.FLAGS, flag);
        if (members.getLong(member, Member.BUSY_TURN) == 0) {
            members.putLong(member, Member.BUSY_TURN, state.next(Root.NEXT_TURN));
            tables.busy.addLast(group, member);
        }
        members.seal(member);
        shards.enqueue(group);
    }

    /** The member that the session of a command is, -1 if it is not: then the command is refused. */
    int memberOf(final Request request, final long memberId) {
        final int member = tables.memberById(memberId);
        if (member < 0
                || sessionOf(member) != request.session
                || tables.isEnded(members.getInt(member, Member.GROUP))) {
            request.refuse(ResultCode.UNKNOWN_MEMBER);
            return -1;
        }
        return member;
    }

    /** As {@link #memberOf}, if the session may still read the stream. */
    int readerOf(final Request request, final long memberId) {
        final int member = memberOf(request, memberId);
        if (member < 0) {
            return -1;
        }
        final int stream = groups.getInt(members.getInt(member, Member.GROUP), Group.STREAM);
        final long streamId = state.streams.streams.getLong(stream, Stream.ID);
        return request.stream(streamId, Access.RECEIVE) < 0 ? -1 : member;
    }

    private int sessionOf(final int member) {
        return members.getInt(member, Member.SESSION_LINK) - 1;
    }

    /** A member has its shards for another lease duration. */
    void renew(final int member) {
        final int group = members.getInt(member, Member.GROUP);
        members.putSealed(member, Member.DEADLINE, state.nowNs + groups.getLong(group, Group.LEASE_DURATION));
        state.timers.remove(Timers.MEMBER, member);
        arm(member);
    }

    /** Sets the timer of a member. */
    void arm(final int member) {
        state.timers.add(
                Timers.MEMBER,
                member,
                members.getLong(member, Member.DEADLINE),
                members.getLong(member, Member.TIMER_ID));
    }

    /** The leases of a member are over. */
    void onTimer(final int member) {
        remove(member, MembershipEnd.LEASE_OVER);
    }

    /** A member is one no longer; it is told why. */
    void remove(final int member, final MembershipEnd reason) {
        final int group = members.getInt(member, Member.GROUP);
        final int ended = groups.getInt(group, Group.ENDED);
        events.ended(member, groups.getLong(group, Group.ID), ended == 0 ? reason : MembershipEnd.get((short) ended));
        remove(member);
    }

    /** A member is one no longer; its shards go to others in slices. */
    void remove(final int member) {
        state.timers.remove(Timers.MEMBER, member);
        tables.unlinkMember(member);
        begin(member, Member.LEFT);
    }

    /** A session ended: its members have none. */
    void onSessionClosed(final int session) {
        for (int member = tables.ofSession.first(session); member >= 0; member = tables.ofSession.first(session)) {
            tables.disconnect(member);
            members.seal(member);
        }
    }

    /** Does one step of the work on the shards of a member. */
    void work(final int member) {
        if (tables.isLeft(member)) {
            workOnLeft(member);
        } else {
            workOnReturned(member);
        }
    }

    private void workOnLeft(final int member) {
        final int group = members.getInt(member, Member.GROUP);
        if (tables.awaited.first(member) >= 0) {
            shards.redirect(tables.awaited.first(member), tables.balance.first(group));
        } else if (tables.handedOver.first(member) >= 0) {
            shards.release(tables.handedOver.first(member));
        } else if (tables.kept.first(member) >= 0) {
            shards.release(tables.kept.first(member));
        } else {
            free(member);
        }
    }

    /** What it was to hand over goes at once: it does not know of it. */
    private void workOnReturned(final int member) {
        final long cursor = members.getLong(member, Member.CURSOR);
        final int last = tables.kept.floor(member, cursor, cursor);
        final int lease = last < 0 ? tables.kept.first(member) : tables.kept.next(last);
        if (tables.handedOver.first(member) >= 0) {
            shards.release(tables.handedOver.first(member));
        } else if (lease >= 0) {
            members.putSealed(member, Member.CURSOR, leases.getLong(lease, Lease.SHARD_ID));
            shards.renewEpoch(lease);
        } else {
            tables.busy.remove(members.getInt(member, Member.GROUP), member);
            members.putInt(member, Member.FLAGS, 0);
            members.putLong(member, Member.BUSY_TURN, 0);
            members.putLong(member, Member.CURSOR, 0);
            members.seal(member);
        }
    }

    /** Nothing is left of a member that has left. */
    void free(final int member) {
        final int name = members.getInt(member, Member.NAME_PAYLOAD);
        tables.busy.remove(members.getInt(member, Member.GROUP), member);
        members.free(member);
        state.payloads.release(name);
    }
}
