package io.millrace.kernel;

import io.millrace.codecs.GroupStart;
import io.millrace.codecs.LeaseState;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.RevokeReason;
import io.millrace.codecs.ShardState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What consumer groups should do, in plain collections: shares are counted anew each time, and whoever is looked for is looked for among all.
 * It is told of the streams' shards, which have a model of their own, and answers with the words of {@link GroupEvent}.
 */
final class GroupModel {

    /** A member. */
    static final class Member {
        final long id;
        final Group group;
        final String name;
        final long timer;
        long session;
        long deadlineNs;
        boolean hasLeft;

        Member(final long id, final Group group, final String name, final long timer) {
            this.id = id;
            this.group = group;
            this.name = name;
            this.timer = timer;
        }
    }

    /** What a group knows of a shard. */
    static final class Lease {
        final long shardId;
        long checkpoint;
        long epoch;
        LeaseState state;
        Member owner;
        Member next;
        long deadlineNs;
        long timer;

        Lease(final long shardId) {
            this.shardId = shardId;
        }
    }

    /** A group. */
    static final class Group {
        final long id;
        final GroupCommand.CreateGroup created;
        final long startSequence;
        final Map<Long, Lease> leases = new TreeMap<>();
        final Map<Long, Member> members = new TreeMap<>();
        final Set<Member> busy = new LinkedHashSet<>();
        long cursor;

        Group(final long id, final GroupCommand.CreateGroup created, final long startSequence) {
            this.id = id;
            this.created = created;
            this.startSequence = startSequence;
        }
    }

    private record Due(long deadlineNs, long timer, Runnable action) {}

    final Map<Long, Group> groups = new TreeMap<>();
    private final Map<Long, List<String>> told = new TreeMap<>();
    private final Limits limits;
    private final long retentionNs;
    private Map<Long, Map<Long, StreamEvent.ShardDescription>> shards = new TreeMap<>();
    private long nowNs;
    private long lastGroup;
    private long lastMember;
    private long lastTimer;

    GroupModel(final Limits limits, final long retentionNs) {
        this.limits = limits;
        this.retentionNs = retentionNs;
    }

    /** What was told since the last call, group by group. */
    List<String> drain() {
        final List<String> lines = new ArrayList<>();
        told.values().forEach(lines::addAll);
        told.clear();
        return lines;
    }

    /** A record begins: what is due happens. */
    void at(final long timeNs) {
        nowNs = timeNs;
        Optional<Due> first = firstDue();
        while (first.isPresent()) {
            first.get().action.run();
            first = firstDue();
        }
    }

    private Optional<Due> firstDue() {
        final List<Due> due = new ArrayList<>();
        for (final Group group : groups.values()) {
            group.members
                    .values()
                    .forEach(member -> due.add(
                            new Due(member.deadlineNs, member.timer, () -> end(member, MembershipEnd.LEASE_OVER))));
            group.leases.values().stream().filter(lease -> lease.next != null).forEach(lease -> {
                due.add(new Due(lease.deadlineNs, lease.timer, () -> {
                    revoked(group, lease, RevokeReason.TAKEN);
                    release(lease);
                }));
            });
        }
        shards.forEach((stream, all) -> all.values().stream()
                .filter(shard -> shard.state() == ShardState.CLOSED)
                .forEach(shard -> due.add(new Due(
                        shard.closedTimeNs() + retentionNs + 1,
                        orderOfClosing(all, shard),
                        () -> expire(stream, shard)))));
        return due.stream()
                .filter(entry -> entry.deadlineNs <= nowNs)
                .min(Comparator.comparingLong(Due::deadlineNs).thenComparingLong(Due::timer));
    }

    /** Behind all timers; shards are closed child by child, the parent before the adjacent one. */
    private static long orderOfClosing(
            final Map<Long, StreamEvent.ShardDescription> all, final StreamEvent.ShardDescription shard) {
        final long child = all.values().stream()
                .filter(other -> other.parentId() == shard.shardId() || other.adjacentParentId() == shard.shardId())
                .mapToLong(other -> 2 * other.shardId() + (other.parentId() == shard.shardId() ? 0 : 1))
                .min()
                .orElse(0);
        return Long.MAX_VALUE / 2 + child;
    }

    private void expire(final long stream, final StreamEvent.ShardDescription shard) {
        shards.get(stream).remove(shard.shardId());
        for (final Group group : groups.values()) {
            final Lease lease = group.created.streamId() == stream ? group.leases.get(shard.shardId()) : null;
            if (lease != null) {
                if (lease.owner != null) {
                    revoked(group, lease, RevokeReason.EXPIRED);
                }
                group.leases.remove(lease.shardId);
                freeChildren(group);
            }
        }
    }

    /** The shards of the streams there are by now, by stream and id. */
    void shards(final Map<Long, Map<Long, StreamEvent.ShardDescription>> present) {
        shards = present;
    }

    private StreamEvent.ShardDescription shard(final Group group, final long shardId) {
        return shards.get(group.created.streamId()).get(shardId);
    }

    /** All work is done that the record leaves. */
    void settle() {
        groups.values().forEach(this::settle);
    }

    private void settle(final Group group) {
        while (!group.busy.isEmpty()) {
            final Member member = group.busy.iterator().next();
            group.busy.remove(member);
            if (member.hasLeft) {
                giveUp(group, member);
            } else {
                comeBack(group, member);
            }
        }
        for (final StreamEvent.ShardDescription shard :
                shards.get(group.created.streamId()).values()) {
            if (shard.shardId() > group.cursor) {
                if (shard.state() == ShardState.OPENING) {
                    break;
                }
                group.cursor = shard.shardId();
                make(group, shard);
            }
        }
        while (hasGiven(group) || hasMoved(group)) {
            // Until there is nothing to give or to move.
        }
    }

    private void make(final Group group, final StreamEvent.ShardDescription shard) {
        final Lease lease = new Lease(shard.shardId());
        lease.checkpoint = Math.min(group.startSequence, shard.lastSequenceNumber());
        lease.state = !isFree(group, shard)
                ? LeaseState.WAITING_FOR_PARENT
                : isAtEnd(shard, lease.checkpoint) ? LeaseState.DRAINED : LeaseState.FREE;
        group.leases.put(lease.shardId, lease);
    }

    boolean isAtEnd(final StreamEvent.ShardDescription shard, final long sequence) {
        return shard.state() == ShardState.CLOSED
                && (sequence >= shard.lastSequenceNumber() || shard.lastTimeNs() < nowNs - retentionNs);
    }

    private static boolean isFree(final Group group, final StreamEvent.ShardDescription shard) {
        return List.of(shard.parentId(), shard.adjacentParentId()).stream()
                .map(group.leases::get)
                .allMatch(lease -> lease == null || lease.state == LeaseState.DRAINED);
    }

    private void freeChildren(final Group group) {
        group.leases.values().stream()
                .filter(lease -> lease.state == LeaseState.WAITING_FOR_PARENT)
                .filter(lease -> isFree(group, shard(group, lease.shardId)))
                .forEach(lease -> lease.state = LeaseState.FREE);
    }

    private static List<Lease> leases(final Group group, final Predicate<Lease> chosen) {
        return group.leases.values().stream().filter(chosen).toList();
    }

    private static long share(final Member member) {
        return leases(member.group, lease -> (lease.next == null ? lease.owner : lease.next) == member)
                .size();
    }

    private static Comparator<Member> byShare() {
        return Comparator.comparingLong(GroupModel::share).thenComparingLong(member -> member.id);
    }

    private static Optional<Member> smallest(final Group group) {
        return group.members.values().stream()
                .filter(member -> member.session != 0)
                .min(byShare());
    }

    private boolean hasGiven(final Group group) {
        final List<Lease> free = leases(group, lease -> lease.state == LeaseState.FREE);
        final Optional<Member> member = smallest(group);
        if (free.isEmpty() || member.isEmpty()) {
            return false;
        }
        give(free.get(0), member.get());
        return true;
    }

    private void give(final Lease lease, final Member member) {
        lease.owner = member;
        lease.next = null;
        lease.state = LeaseState.OWNED;
        lease.epoch++;
        assigned(lease);
    }

    private boolean hasMoved(final Group group) {
        final Optional<Member> least = smallest(group);
        final Optional<Member> most = group.members.values().stream()
                .filter(member -> member.session != 0)
                .max(byShare());
        if (least.isEmpty() || share(most.get()) - share(least.get()) < 2) {
            return false;
        }
        final List<Lease> awaited = leases(group, lease -> lease.next == most.get());
        if (awaited.isEmpty()) {
            final List<Lease> kept = leases(group, lease -> lease.owner == most.get() && lease.next == null);
            final Lease lease = kept.get(kept.size() - 1);
            lease.next = least.get();
            lease.deadlineNs = nowNs + group.created.leaseDurationNs();
            lease.timer = ++lastTimer;
            revoked(group, lease, RevokeReason.REQUESTED);
        } else {
            redirect(awaited.get(awaited.size() - 1), least.get());
        }
        return true;
    }

    private void redirect(final Lease lease, final Member next) {
        lease.next = next == lease.owner ? null : next;
        // Who has come back will be told of all its shards.
        if (lease.next == null && !lease.owner.group.busy.contains(lease.owner)) {
            assigned(lease);
        }
    }

    private void release(final Lease lease) {
        final Member next = lease.next;
        lease.owner = null;
        lease.next = null;
        if (next != null && next.session != 0) {
            give(lease, next);
        } else {
            lease.state = LeaseState.FREE;
        }
    }

    private void giveUp(final Group group, final Member member) {
        leases(group, lease -> lease.next == member)
                .forEach(lease -> redirect(lease, smallest(group).orElse(lease.owner)));
        leases(group, lease -> lease.owner == member && lease.next != null).forEach(this::release);
        leases(group, lease -> lease.owner == member).forEach(this::release);
    }

    private void comeBack(final Group group, final Member member) {
        leases(group, lease -> lease.owner == member && lease.next != null).forEach(this::release);
        leases(group, lease -> lease.owner == member).forEach(lease -> {
            lease.epoch++;
            assigned(lease);
        });
    }

    /** A member of a session, null if it is not. */
    Member member(final long session, final long memberId) {
        return groups.values().stream()
                .map(group -> group.members.get(memberId))
                .filter(member -> member != null && member.session == session)
                .findFirst()
                .orElse(null);
    }

    String create(final GroupCommand.CreateGroup command) {
        final List<Group> present = groups.values().stream()
                .filter(group -> group.created.streamId() == command.streamId())
                .toList();
        final Optional<Group> existing = present.stream()
                .filter(group -> group.created.name().equals(command.name()))
                .findFirst();
        if (!shards.containsKey(command.streamId())) {
            return "refused UNKNOWN_STREAM";
        } else if (existing.isPresent()) {
            final GroupCommand.CreateGroup first = existing.get().created;
            return !first.leaseDurationNs().equals(command.leaseDurationNs())
                    ? "refused GROUP_EXISTS differs in 1"
                    : first.start() != command.start()
                            ? "refused GROUP_EXISTS differs in 2"
                            : "confirmed " + existing.get().id;
        } else if (present.size() >= limits.get(LimitId.GROUPS)) {
            return refused(LimitId.GROUPS, present.size() + 1);
        }
        final long last = shards.get(command.streamId()).values().stream()
                .mapToLong(StreamEvent.ShardDescription::lastSequenceNumber)
                .max()
                .orElse(0);
        groups.put(++lastGroup, new Group(lastGroup, command, command.start() == GroupStart.LATEST ? last : 0));
        return "confirmed " + lastGroup;
    }

    private String refused(final LimitId limitId, final long actual) {
        return "refused LIMIT_EXCEEDED " + limitId + " limit=" + limits.get(limitId) + " actual=" + actual;
    }

    String delete(final long groupId) {
        if (!groups.containsKey(groupId)) {
            return "refused UNKNOWN_GROUP";
        }
        end(groups.get(groupId), MembershipEnd.GROUP_DELETED);
        return "confirmed";
    }

    /** A stream is gone. */
    void deleteStream(final long streamId) {
        List.copyOf(groups.values()).stream()
                .filter(group -> group.created.streamId() == streamId)
                .forEach(group -> end(group, MembershipEnd.STREAM_DELETED));
    }

    private void end(final Group group, final MembershipEnd reason) {
        List.copyOf(group.members.values()).forEach(member -> end(member, reason));
        groups.remove(group.id);
    }

    String join(final long session, final GroupCommand.JoinGroup command) {
        final Group group = groups.get(command.groupId());
        if (group == null) {
            return "refused UNKNOWN_GROUP";
        }
        final Optional<Member> known = group.members.values().stream()
                .filter(member -> member.name.equals(command.name()))
                .findFirst();
        final long memberships = groups.values().stream()
                .flatMap(each -> each.members.values().stream())
                .filter(member -> member.session == session)
                .count();
        final boolean isOwn = known.isPresent() && known.get().session == session;
        if (known.isEmpty() && group.members.size() >= limits.get(LimitId.GROUP_MEMBERS)) {
            return refused(LimitId.GROUP_MEMBERS, group.members.size() + 1);
        } else if (!isOwn && memberships >= limits.get(LimitId.MEMBERSHIPS)) {
            return refused(LimitId.MEMBERSHIPS, memberships + 1);
        }
        final Member member = known.orElseGet(() -> new Member(++lastMember, group, command.name(), ++lastTimer));
        if (known.isPresent() && !isOwn) {
            ended(member, MembershipEnd.TAKEN_OVER);
            group.busy.add(member);
        }
        member.session = session;
        group.members.put(member.id, member);
        renew(member);
        return "confirmed " + member.id;
    }

    void renew(final Member member) {
        member.deadlineNs = nowNs + member.group.created.leaseDurationNs();
    }

    private void end(final Member member, final MembershipEnd reason) {
        ended(member, reason);
        leave(member);
    }

    void leave(final Member member) {
        member.group.members.remove(member.id);
        member.session = 0;
        member.hasLeft = true;
        member.group.busy.add(member);
    }

    void closeSession(final long session) {
        groups.values().stream()
                .flatMap(group -> group.members.values().stream())
                .filter(member -> member.session == session)
                .forEach(member -> member.session = 0);
    }

    /** How one checkpoint of a command ends. */
    String checkpoint(final Member member, final GroupCommand.Progress progress) {
        final Lease lease = member.group.leases.get(progress.shardId());
        if (lease == null || lease.owner != member || lease.epoch != progress.epoch()) {
            return "LEASE_LOST";
        }
        final StreamEvent.ShardDescription shard = shard(member.group, lease.shardId);
        if (progress.sequenceNumber() < 0 || progress.sequenceNumber() > shard.lastSequenceNumber()) {
            return "INVALID_ARGUMENT";
        } else if (progress.sequenceNumber() < lease.checkpoint) {
            return "CHECKPOINT_BEHIND";
        } else if (progress.isEnd() && !isAtEnd(shard, progress.sequenceNumber())) {
            return "SHARD_NOT_DRAINED";
        }
        lease.checkpoint = progress.sequenceNumber();
        if (progress.isEnd()) {
            lease.state = LeaseState.DRAINED;
            lease.owner = null;
            lease.next = null;
            freeChildren(member.group);
        }
        return "OK";
    }

    String release(final Member member, final GroupCommand.ReleaseShard command) {
        final Lease lease = member.group.leases.get(command.shardId());
        if (lease == null || lease.owner != member || lease.epoch != command.epoch()) {
            return "refused LEASE_LOST";
        }
        release(lease);
        return "confirmed";
    }

    private void assigned(final Lease lease) {
        tell(
                lease.owner,
                new GroupEvent.ShardAssigned(
                        lease.owner.group.id, lease.owner.id, lease.shardId, lease.checkpoint, lease.epoch));
    }

    private void revoked(final Group group, final Lease lease, final RevokeReason reason) {
        tell(
                lease.owner,
                new GroupEvent.ShardRevoked(
                        group.id,
                        lease.owner.id,
                        lease.shardId,
                        reason == RevokeReason.REQUESTED ? lease.deadlineNs : 0,
                        lease.epoch,
                        reason));
    }

    private void ended(final Member member, final MembershipEnd reason) {
        tell(member, new GroupEvent.MembershipEnded(member.group.id, member.id, reason));
    }

    private void tell(final Member member, final Event event) {
        if (member.session != 0) {
            told.computeIfAbsent(member.group.id, id -> new ArrayList<>()).add(member.session + ": " + event);
        }
    }

    /** The rows of LeaseList. */
    static List<GroupEvent.LeaseDescription> describe(final Group group) {
        return group.leases.values().stream()
                .map(GroupEvent.LeaseDescription::of)
                .toList();
    }
}
