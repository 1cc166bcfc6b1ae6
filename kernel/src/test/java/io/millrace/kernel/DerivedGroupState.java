package io.millrace.kernel;

import io.millrace.codecs.LeaseState;
import io.millrace.kernel.GroupTables.Group;
import io.millrace.kernel.GroupTables.Lease;
import io.millrace.kernel.GroupTables.Member;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.memory.SlotTable;
import java.util.ArrayList;
import java.util.List;

/** The part of {@link DerivedState} that consumer groups have. */
final class DerivedGroupState {
    private final State state;
    private final GroupState tables;
    private final List<String> lines;

    DerivedGroupState(final State state, final List<String> lines) {
        this.state = state;
        this.tables = state.groups;
        this.lines = lines;
    }

    void add() {
        add("root", "pending groups", DerivedState.list(tables.pending, State.ONLY));
        for (int group = 0; group < tables.groups.highWater(); group++) {
            if (tables.groups.isLive(group)) {
                addGroup(group);
            }
        }
        for (int member = 0; member < tables.members.highWater(); member++) {
            if (tables.members.isLive(member)) {
                addMember(member);
            }
        }
        final SlotTable streams = state.streams.streams;
        for (int stream = 0; stream < streams.highWater(); stream++) {
            if (streams.isLive(stream)) {
                addTree(
                        "stream " + stream,
                        "groups",
                        tables.groups,
                        Group.STREAM_LINKS,
                        streams,
                        stream,
                        Stream.GROUPS);
                add("stream " + stream, "groups", streams.getInt(stream, Stream.GROUP_COUNT));
            }
        }
        final SlotTable shards = state.streams.shards;
        for (int shard = 0; shard < shards.highWater(); shard++) {
            if (shards.isLive(shard)) {
                addTree("shard " + shard, "leases", tables.leases, Lease.SHARD_LINKS, shards, shard, Shard.LEASES);
            }
        }
        for (int session = 0; session < state.sessions.highWater(); session++) {
            if (state.sessions.isLive(session)) {
                final String name = "session " + session;
                addTree(
                        name,
                        "members",
                        tables.members,
                        Member.SESSION_LINKS,
                        state.sessions,
                        session,
                        Session.MEMBERS);
                add(name, "members", state.sessions.getInt(session, Session.MEMBER_COUNT));
            }
        }
    }

    private void addGroup(final int group) {
        final String name = "group " + group;
        addTree(name, "leases", tables.leases, Lease.GROUP_LINKS, tables.groups, group, Group.LEASES);
        addTree(name, "free", tables.leases, Lease.PLACE_LINKS, tables.groups, group, Group.FREE_LEASES);
        addTree(name, "members", tables.members, Member.GROUP_LINKS, tables.groups, group, Group.MEMBERS);
        addTree(name, "balance", tables.members, Member.BALANCE_LINKS, tables.groups, group, Group.BALANCE);
        add(name, "busy", DerivedState.list(tables.busy, group));
        add(name, "member count", tables.groups.getInt(group, Group.MEMBER_COUNT));
        for (final LeaseState leaseState : LeaseState.values()) {
            if (leaseState != LeaseState.NULL_VAL) {
                add(name, leaseState.toString(), tables.countOf(group, leaseState));
            }
        }
    }

    private void addMember(final int member) {
        final String name = "member " + member;
        addTree(name, "kept", tables.leases, Lease.PLACE_LINKS, tables.members, member, Member.KEPT);
        addTree(name, "handed over", tables.leases, Lease.PLACE_LINKS, tables.members, member, Member.HANDED_OVER);
        addTree(name, "awaited", tables.leases, Lease.AWAITED_LINKS, tables.members, member, Member.AWAITED);
        add(name, "share", tables.members.getLong(member, Member.SHARE));
        add(name, "owned", tables.members.getInt(member, Member.OWNED_COUNT));
    }

    private void addTree(
            final String row,
            final String field,
            final SlotTable rows,
            final int links,
            final SlotTable owners,
            final int owner,
            final int root) {
        final List<Integer> order = new ArrayList<>();
        DerivedState.addTree(rows, links, owners.getInt(owner, root) - 1, order);
        add(row, field, order);
    }

    private void add(final String row, final String field, final Object value) {
        lines.add(row + ", " + field + ": " + value);
    }
}
