package io.millrace.kernel;

import io.millrace.codecs.CreateGroupDecoder;
import io.millrace.codecs.GroupStart;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.GroupTables.Group;
import io.millrace.kernel.GroupTables.Member;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/**
 * Consumer groups of streams: creates and deletes them, and divides the shards among the members so that no share is greater than another
 * by more than one, moving as few shards as that takes. A free shard goes to the smallest share. Of two shares that differ by two or
 * more the greater one gives a shard to the smaller: one that it awaits itself, else the one of those it has with the greatest id.
 *
 * <p>All of it is worked off in slices at the end of records.
 */
final class Groups {
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final long DEFAULT_LEASE = TimeUnit.SECONDS.toNanos(10);

    /** Values of the schema's GroupSetting. */
    private static final int SETTING_LEASE_DURATION = 1;

    private static final int SETTING_START = 2;

    private final State state;
    private final GroupState tables;
    private final SlotTable groups;
    private final SlotTable members;
    private final SlotTable streams;
    private final SlotTable shards;
    private final Leases leases;
    private final Members membership;

    Groups(final State state, final Egress egress) {
        final GroupEvents events = new GroupEvents(state, egress);
        this.state = state;
        this.tables = state.groups;
        this.groups = tables.groups;
        this.members = tables.members;
        this.streams = state.streams.streams;
        this.shards = state.streams.shards;
        this.leases = new Leases(state, events);
        this.membership = new Members(state, leases, events);
    }

    Leases leases() {
        return leases;
    }

    Members members() {
        return membership;
    }

    void create(final Request request, final CreateGroupDecoder command) {
        final int stream = request.stream(command.streamId(), Access.MANAGE);
        if (stream < 0) {
            return;
        }
        final long duration = Commands.isNull(command.leaseDurationNs())
                ? Math.max(state.limit(LimitId.LEASE_LEAST), Math.min(DEFAULT_LEASE, state.limit(LimitId.LEASE)))
                : command.leaseDurationNs();
        final int start = command.startRaw();
        final DirectBuffer buffer = command.buffer();
        final int length = command.nameLength();
        final int offset = command.limit() + TEXT_LENGTH_SIZE;
        if (length > state.limit(LimitId.NAME_BYTES)) {
            request.refuseLimit(LimitId.NAME_BYTES, state.limit(LimitId.NAME_BYTES), length);
        } else if (length == 0 || !Text.isUtf8(buffer, offset, length)) {
            request.refuse(ResultCode.INVALID_NAME);
        } else if (duration < state.limit(LimitId.LEASE_LEAST)) {
            request.refuseLimit(LimitId.LEASE_LEAST, state.limit(LimitId.LEASE_LEAST), duration);
        } else if (duration > state.limit(LimitId.LEASE)) {
            request.refuseLimit(LimitId.LEASE, state.limit(LimitId.LEASE), duration);
        } else if (start != GroupStart.HORIZON.value() && start != GroupStart.LATEST.value()) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, start);
        } else {
            final int existing = tables.groupByName(stream, buffer, offset, length);
            final int count = streams.getInt(stream, Stream.GROUP_COUNT) + 1;
            if (existing >= 0) {
                answerExisting(request, existing, duration, start);
            } else if (count > state.limit(LimitId.GROUPS)) {
                request.refuseLimit(LimitId.GROUPS, state.limit(LimitId.GROUPS), count);
            } else if (request.hasArenaRoom(length, 0)) {
                create(request, stream, duration, start, state.payloads.store(buffer, offset, length));
            }
        }
    }

    private static void refuseExisting(final Request request, final int setting) {
        request.refuse(Request.WHOLE, ResultCode.GROUP_EXISTS, LimitId.NONE, 0, setting);
    }

    private void answerExisting(final Request request, final int group, final long duration, final int start) {
        if (groups.getLong(group, Group.LEASE_DURATION) != duration) {
            refuseExisting(request, SETTING_LEASE_DURATION);
        } else if (groups.getInt(group, Group.START) != start) {
            refuseExisting(request, SETTING_START);
        } else {
            request.confirm(groups.getLong(group, Group.ID), 1);
        }
    }

    private void create(final Request request, final int stream, final long duration, final int start, final int name) {
        final int group = groups.allocate();
        final long groupId = state.next(Root.NEXT_GROUP_ID);
        groups.putLong(group, Group.ID, groupId);
        groups.putLong(group, Group.CREATED_TIME, state.nowNs);
        groups.putLong(group, Group.LEASE_DURATION, duration);
        // Sequence numbers grow in the whole stream: one says for all shards what was there.
        groups.putLong(
                group,
                Group.START_SEQUENCE,
                start == GroupStart.LATEST.value() ? streams.getLong(stream, Stream.LAST_SEQUENCE) : 0);
        groups.putInt(group, Group.STREAM, stream);
        groups.putInt(group, Group.NAME_PAYLOAD, name);
        groups.putInt(group, Group.START, start);
        groups.seal(group);
        tables.linkGroup(group);
        leases.enqueue(group);
        request.confirm(groupId, 1);
    }

    void delete(final Request request, final long groupId) {
        final int group = groupOf(request, groupId, Access.MANAGE);
        if (group >= 0) {
            end(group, MembershipEnd.GROUP_DELETED);
            request.confirm(0, 0);
        }
    }

    /** The group that a command concerns, of a stream that the session may do this with; -1 if not: then the command is refused. */
    int groupOf(final Request request, final long groupId, final int permission) {
        final int group = tables.groupById(groupId);
        if (group < 0) {
            request.refuse(ResultCode.UNKNOWN_GROUP);
            return -1;
        }
        final long streamId = streams.getLong(groups.getInt(group, Group.STREAM), Stream.ID);
        return request.stream(streamId, permission) < 0 ? -1 : group;
    }

    /** A stream was deleted: its groups end. */
    void onStreamDeleted(final int stream) {
        for (int group = tables.ofStream.first(stream); group >= 0; group = tables.ofStream.first(stream)) {
            end(group, MembershipEnd.STREAM_DELETED);
        }
    }

    /** The group is gone at once; its members and leases go in slices. */
    private void end(final int group, final MembershipEnd reason) {
        tables.unlinkGroup(group);
        groups.putInt(group, Group.ENDED, reason.value());
        groups.seal(group);
        leases.enqueue(group);
    }

    /** A shard of a stream takes records: its groups take it into their tables. */
    void onShardOpened(final int stream) {
        for (int group = tables.ofStream.first(stream); group >= 0; group = tables.ofStream.next(group)) {
            leases.enqueue(group);
        }
    }

    boolean hasWork() {
        return tables.pending.first(State.ONLY) >= 0;
    }

    /** Goes on with what is left to do, as far as the record may. */
    void work() {
        for (int group = tables.pending.first(State.ONLY);
                group >= 0 && state.groupBudget > 0;
                group = tables.pending.first(State.ONLY)) {
            state.groupBudget--;
            if (tables.isEnded(group)) {
                workOnEnded(group);
            } else if (!hasWorked(group)) {
                dequeue(group);
            }
        }
    }

    private void dequeue(final int group) {
        tables.pending.remove(State.ONLY, group);
        groups.putSealed(group, Group.PENDING_TURN, 0);
    }

    /** Does one step of a group's work; false if there is none. */
    private boolean hasWorked(final int group) {
        final int busy = tables.busy.first(group);
        if (busy >= 0) {
            membership.work(busy);
            return true;
        }
        return hasMadeLease(group) || hasGiven(group) || hasMoved(group);
    }

    /** Takes the next shard into the table: parents come before their children, whose ids are greater. */
    private boolean hasMadeLease(final int group) {
        final int stream = groups.getInt(group, Group.STREAM);
        final long cursor = groups.getLong(group, Group.CURSOR);
        final int last = state.streams.ofStream.floor(stream, cursor, cursor);
        final int shard = last < 0 ? state.streams.ofStream.first(stream) : state.streams.ofStream.next(last);
        if (shard < 0 || state.streams.isOpening(shard)) {
            return false;
        }
        groups.putSealed(group, Group.CURSOR, shards.getLong(shard, Shard.ID));
        leases.make(group, shard);
        return true;
    }

    private boolean hasGiven(final int group) {
        final int lease = tables.free.first(group);
        final int member = tables.balance.first(group);
        if (lease < 0 || member < 0) {
            return false;
        }
        leases.give(lease, member);
        return true;
    }

    private boolean hasMoved(final int group) {
        final int least = tables.balance.first(group);
        final int most = tables.balance.last(group);
        if (least < 0 || members.getLong(most, Member.SHARE) - members.getLong(least, Member.SHARE) < 2) {
            return false;
        }
        final int awaited = tables.awaited.last(most);
        if (awaited >= 0) {
            leases.redirect(awaited, least);
        } else {
            leases.request(tables.kept.last(most), least);
        }
        return true;
    }

    private void workOnEnded(final int group) {
        final int member = tables.membersOf.first(group);
        final int lease = tables.ofGroup.first(group);
        final int busy = tables.busy.first(group);
        if (member >= 0) {
            membership.remove(member, MembershipEnd.GROUP_DELETED);
        } else if (lease >= 0) {
            leases.free(lease);
        } else if (busy >= 0) {
            membership.free(busy);
        } else {
            final int name = groups.getInt(group, Group.NAME_PAYLOAD);
            tables.pending.remove(State.ONLY, group);
            groups.free(group);
            state.payloads.release(name);
        }
    }
}
