package io.millrace.kernel;

import io.millrace.codecs.LeaseState;
import io.millrace.codecs.RevokeReason;
import io.millrace.kernel.GroupTables.Group;
import io.millrace.kernel.GroupTables.Lease;
import io.millrace.kernel.GroupTables.Member;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;

/**
 * What becomes of the shards of consumer groups: WAITING_FOR_PARENT, FREE, OWNED, DRAINED, and gone with the shard. Each time a shard is given
 * to somebody its epoch grows, so that whoever had it before can be told apart by it, here and by whatever the member writes to.
 */
final class Leases {
    private final State state;
    private final GroupState tables;
    private final SlotTable groups;
    private final SlotTable members;
    private final SlotTable leases;
    private final SlotTable shards;
    private final GroupEvents events;

    Leases(final State state, final GroupEvents events) {
        this.state = state;
        this.tables = state.groups;
        this.groups = tables.groups;
        this.members = tables.members;
        this.leases = tables.leases;
        this.shards = state.streams.shards;
        this.events = events;
    }

    /** A group has work: it is gone on with at the end of the record. */
    void enqueue(final int group) {
        if (groups.getLong(group, Group.PENDING_TURN) == 0) {
            groups.putSealed(group, Group.PENDING_TURN, state.next(Root.NEXT_TURN));
            tables.pending.addLast(State.ONLY, group);
        }
    }

    /** A shard comes into the table of a group. What is closed and holds nothing for the group is drained from the beginning. */
    void make(final int group, final int shard) {
        final int lease = leases.allocate();
        final long shardId = shards.getLong(shard, Shard.ID);
        final long checkpoint =
                Math.min(groups.getLong(group, Group.START_SEQUENCE), shards.getLong(shard, Shard.LAST_SEQUENCE));
        leases.putLong(lease, Lease.SHARD_ID, shardId);
        leases.putLong(lease, Lease.GROUP_ID, groups.getLong(group, Group.ID));
        leases.putLong(lease, Lease.CHECKPOINT, checkpoint);
        leases.putInt(lease, Lease.GROUP, group);
        leases.putInt(lease, Lease.SHARD, shard);
        tables.ofGroup.add(group, lease);
        tables.ofShard.add(shard, lease);
        if (!areParentsDrained(group, shard)) {
            // Even with nothing in it, it stands between its parents and its children.
            place(lease, LeaseState.WAITING_FOR_PARENT);
        } else if (isAtEnd(shard, checkpoint)) {
            place(lease, LeaseState.DRAINED);
        } else {
            place(lease, LeaseState.FREE);
        }
    }

    /** Whether a shard takes no more records, and nothing behind a sequence number is in reach. */
    boolean isAtEnd(final int shard, final long sequence) {
        return state.streams.isClosed(shard)
                && (shards.getLong(shard, Shard.LAST_SEQUENCE) <= sequence
                        || shards.getLong(shard, Shard.LAST_TIME)
                                < state.streams.horizon(shards.getInt(shard, Shard.STREAM), state.nowNs));
    }

    private boolean areParentsDrained(final int group, final int shard) {
        return isDrained(group, shards.getLong(shard, Shard.PARENT_ID))
                && isDrained(group, shards.getLong(shard, Shard.ADJACENT_PARENT_ID));
    }

    /** A parent that the group does not know is beyond the retention; 0 is none. */
    private boolean isDrained(final int group, final long shardId) {
        final int lease = shardId == 0 ? -1 : tables.leaseOf(group, shardId);
        return lease < 0 || tables.stateOf(lease) == LeaseState.DRAINED.value();
    }

    /** Puts a lease that nobody has into a state; one that is free waits for a member. */
    private void place(final int lease, final LeaseState newState) {
        final int group = leases.getInt(lease, Lease.GROUP);
        tables.state(lease, newState);
        leases.seal(lease);
        if (newState == LeaseState.FREE) {
            tables.free.add(group, lease);
            enqueue(group);
        }
    }

    /** Gives a free shard to a member. */
    void give(final int lease, final int member) {
        tables.free.remove(leases.getInt(lease, Lease.GROUP), lease);
        take(lease, member);
    }

    private void take(final int lease, final int member) {
        leases.putInt(lease, Lease.MEMBER_LINK, member + 1);
        leases.putInt(lease, Lease.EPOCH, leases.getInt(lease, Lease.EPOCH) + 1);
        tables.state(lease, LeaseState.OWNED);
        leases.seal(lease);
        tables.kept.add(member, lease);
        GroupState.count(members, member, Member.OWNED_COUNT, 1);
        tables.share(member, 1);
        events.assigned(lease);
    }

    /** A member has a shard that it keeps under the next epoch: whoever speaks for it now may be another process. */
    void renewEpoch(final int lease) {
        leases.putInt(lease, Lease.EPOCH, leases.getInt(lease, Lease.EPOCH) + 1);
        leases.seal(lease);
        events.assigned(lease);
    }

    /** Asks the owner of a shard to hand it over to another member. */
    void request(final int lease, final int next) {
        final int owner = ownerOf(lease);
        final long deadline = state.nowNs + groups.getLong(leases.getInt(lease, Lease.GROUP), Group.LEASE_DURATION);
        leases.putInt(lease, Lease.NEXT_LINK, next + 1);
        leases.putLong(lease, Lease.DEADLINE, deadline);
        leases.putLong(lease, Lease.TIMER_ID, state.next(Root.NEXT_TIMER_ID));
        leases.seal(lease);
        tables.kept.remove(owner, lease);
        tables.handedOver.add(owner, lease);
        tables.awaited.add(next, lease);
        tables.share(owner, -1);
        tables.share(next, 1);
        arm(lease);
        events.revoked(lease, RevokeReason.REQUESTED);
    }

    /** Sets the timer of a shard that is to be handed over. */
    void arm(final int lease) {
        state.timers.add(
                Timers.LEASE, lease, leases.getLong(lease, Lease.DEADLINE), leases.getLong(lease, Lease.TIMER_ID));
    }

    /** A shard that is to be handed over gets another receiver, -1 for none: then its owner keeps it. */
    void redirect(final int lease, final int next) {
        final int owner = ownerOf(lease);
        if (next < 0 || next == owner) {
            endRequest(lease);
            tables.kept.add(owner, lease);
            tables.share(owner, 1);
            leases.seal(lease);
            // Who has come back is about to be told of all its shards, under epochs that its last session never had.
            if (!tables.isReturned(owner)) {
                events.assigned(lease);
            }
        } else {
            final int before = nextOf(lease);
            tables.awaited.remove(before, lease);
            tables.share(before, -1);
            leases.putInt(lease, Lease.NEXT_LINK, next + 1);
            leases.seal(lease);
            tables.awaited.add(next, lease);
            tables.share(next, 1);
        }
    }

    /** A shard is no longer to be handed over; it is in neither tree of its owner then. */
    private void endRequest(final int lease) {
        final int next = nextOf(lease);
        tables.handedOver.remove(ownerOf(lease), lease);
        tables.awaited.remove(next, lease);
        tables.share(next, -1);
        state.timers.remove(Timers.LEASE, lease);
        leases.putInt(lease, Lease.NEXT_LINK, 0);
        leases.putLong(lease, Lease.DEADLINE, 0);
        leases.putLong(lease, Lease.TIMER_ID, 0);
    }

    /** The owner of a shard has it no longer, and nobody else yet. */
    private void leave(final int lease) {
        final int owner = ownerOf(lease);
        if (nextOf(lease) >= 0) {
            endRequest(lease);
        } else {
            tables.kept.remove(owner, lease);
            tables.share(owner, -1);
        }
        GroupState.count(members, owner, Member.OWNED_COUNT, -1);
        leases.putInt(lease, Lease.MEMBER_LINK, 0);
    }

    /** The owner of a shard gives it back, or has lost it: it goes to the member that was to have it, else to whom the group chooses. */
    void release(final int lease) {
        final int next = nextOf(lease);
        leave(lease);
        if (next >= 0 && tables.isConnected(next)) {
            take(lease, next);
        } else {
            place(lease, LeaseState.FREE);
        }
    }

    /** A shard was not handed over in time. */
    void onTimer(final int lease) {
        events.revoked(lease, RevokeReason.TAKEN);
        release(lease);
    }

    /** The group has read an owned shard to its end. */
    void drain(final int lease) {
        final int group = leases.getInt(lease, Lease.GROUP);
        leave(lease);
        place(lease, LeaseState.DRAINED);
        freeChildren(group, leases.getInt(lease, Lease.SHARD));
        enqueue(group);
    }

    private void freeChildren(final int group, final int shard) {
        freeChild(group, shards.getLong(shard, Shard.CHILD_ID));
        freeChild(group, shards.getLong(shard, Shard.SECOND_CHILD_ID));
    }

    private void freeChild(final int group, final long shardId) {
        final int lease = shardId == 0 ? -1 : tables.leaseOf(group, shardId);
        if (lease >= 0
                && tables.stateOf(lease) == LeaseState.WAITING_FOR_PARENT.value()
                && areParentsDrained(group, leases.getInt(lease, Lease.SHARD))) {
            place(lease, LeaseState.FREE);
        }
    }

    /** A shard goes, and with it what groups know of it: its children need not wait for it. */
    void onShardGone(final int shard) {
        for (int lease = tables.ofShard.first(shard); lease >= 0; lease = tables.ofShard.first(shard)) {
            final int group = leases.getInt(lease, Lease.GROUP);
            if (ownerOf(lease) >= 0) {
                events.revoked(lease, RevokeReason.EXPIRED);
            }
            free(lease);
            freeChildren(group, shard);
            enqueue(group);
        }
    }

    /** Nothing of a lease is left. */
    void free(final int lease) {
        final int group = leases.getInt(lease, Lease.GROUP);
        if (ownerOf(lease) >= 0) {
            leave(lease);
        } else if (tables.stateOf(lease) == LeaseState.FREE.value()) {
            tables.free.remove(group, lease);
        }
        tables.countState(group, tables.stateOf(lease), -1);
        tables.ofGroup.remove(group, lease);
        tables.ofShard.remove(leases.getInt(lease, Lease.SHARD), lease);
        leases.free(lease);
    }

    int ownerOf(final int lease) {
        return leases.getInt(lease, Lease.MEMBER_LINK) - 1;
    }

    private int nextOf(final int lease) {
        return leases.getInt(lease, Lease.NEXT_LINK) - 1;
    }
}
