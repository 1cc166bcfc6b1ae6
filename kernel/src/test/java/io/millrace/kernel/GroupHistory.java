package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.GroupStart;
import io.millrace.codecs.LeaseState;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardFilter;
import io.millrace.codecs.ShardState;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.GroupCommand.Progress;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.agrona.ExpandableArrayBuffer;

/**
 * A random history of consumer groups, applied to two kernels step by step: one that has seen it all, and one that is from time to time made
 * anew from a snapshot of the first. Both must say the same and have the same state, and say what {@link GroupModel} does.
 */
final class GroupHistory {
    private static final int SESSIONS = 4;
    private static final int STREAMS = 2;
    private static final int ALL = 1_000;
    private static final int CHECKED_EACH = 20;
    private static final long RETENTION_NS = 2_000 * Scenario.MS;

    private final Random random;
    private final Consumer<String> told;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final CommandWriter writer = new CommandWriter();
    private final LogWriter logWriter = new LogWriter(buffer, 0);
    private final FrameValidator validator = new FrameValidator();
    private final RecordingEgress egress = new RecordingEgress();
    private final RecordingLogs logs = new RecordingLogs();
    private final Kernel kernel = new Kernel(egress, (blobId, length) -> {}, logs);
    private final LogDispatcher dispatcher = new LogDispatcher(kernel);
    private final List<RecordingLogs.Awaited> awaited = new ArrayList<>();
    private final Set<Integer> templates = new TreeSet<>();
    private final Set<Long> sessions = new TreeSet<>();
    /** The greatest checkpoint of each group and shard, and who had the shard under which epoch. */
    private final Map<String, Long> checkpoints = new HashMap<>();

    private final Map<String, Long> owners = new HashMap<>();
    private final GroupModel model;
    private RecordingEgress otherEgress = new RecordingEgress();
    private Kernel other = new Kernel(otherEgress, (blobId, length) -> {}, new RecordingLogs());
    private LogDispatcher otherDispatcher = new LogDispatcher(other);
    private Map<Long, Map<Long, StreamEvent.ShardDescription>> shards = new TreeMap<>();
    private long nowNs = Scenario.START_NS;
    private long correlationId;
    private long bootEpoch;
    private long nextSession;

    GroupHistory(final long seed, final Consumer<String> told) {
        this.random = new Random(seed);
        this.told = told;
        final Limits limits = Limits.nativeProfile()
                .with(LimitId.SHARDS, 8)
                .with(LimitId.RECORD_RETENTION_LEAST, RETENTION_NS)
                .with(LimitId.RECORD_RETENTION, RETENTION_NS)
                .with(LimitId.GROUPS, 2)
                .with(LimitId.GROUP_MEMBERS, 3)
                .with(LimitId.MEMBERSHIPS, 2)
                .with(LimitId.LEASE_LEAST, 1);
        model = new GroupModel(limits, RETENTION_NS);
        record(logWriter.genesis(seed, 2, 3));
        record(logWriter.configure(limits));
        boot();
        for (int stream = 1; stream <= STREAMS; stream++) {
            apply(
                    1,
                    new StreamCommand.CreateStream(
                            ++correlationId,
                            Producer.NONE,
                            "s" + stream,
                            1 + random.nextInt(4),
                            StreamCommand.Settings.NONE));
        }
        compare(null);
    }

    /** Templates of the commands applied. */
    Set<Integer> templates() {
        return templates;
    }

    void run(final int steps) {
        for (int i = 0; i < steps; i++) {
            nowNs += random.nextInt(10) == 0 ? random.nextInt(600) * Scenario.MS : random.nextInt(20) * Scenario.MS;
            // The model hears of the time with the record: not before its answer is asked for.
            model.at(nowNs);
            compare(step());
            checkInvariants();
            if (random.nextInt(30) == 0) {
                restart();
            }
        }
    }

    /** Does something; returns what the model answers, null if it does not know. */
    private String step() {
        final int choice = random.nextInt(100);
        if (choice < 10 && !awaited.isEmpty()) {
            final RecordingLogs.Awaited next = awaited.remove(0);
            record(logWriter.shardsReady(next.streamId(), next.lastShardId()));
        } else if (choice < 11) {
            boot();
        } else if (choice < 15) {
            openOrClose();
        } else if (choice < 22) {
            record(logWriter.clock());
        } else if (choice < 40) {
            return streams();
        } else if (choice < 60) {
            return memberships();
        } else {
            return leases();
        }
        return null;
    }

    private void boot() {
        sessions.forEach(model::closeSession);
        sessions.clear();
        record(logWriter.boot(++bootEpoch));
        while (sessions.size() < SESSIONS) {
            open();
        }
    }

    private void open() {
        record(logWriter.sessionOpened(++nextSession, ""));
        sessions.add(nextSession);
    }

    private void openOrClose() {
        if (sessions.size() < SESSIONS) {
            open();
        } else {
            final long session = session();
            sessions.remove(session);
            model.closeSession(session);
            record(logWriter.sessionClosed(session));
        }
    }

    private long session() {
        return List.copyOf(sessions).get(random.nextInt(sessions.size()));
    }

    private long streamId() {
        return 1 + random.nextInt(STREAMS);
    }

    private BigInteger hashKey() {
        return new BigInteger(128, random);
    }

    private String streams() {
        final long streamId = streamId();
        final List<Long> ids =
                List.copyOf(shards.getOrDefault(streamId, Map.of()).keySet());
        final int choice = random.nextInt(200);
        if (choice == 0) {
            apply(session(), new StreamCommand.DeleteStream(++correlationId, Producer.NONE, streamId));
            model.deleteStream(streamId);
        } else if (choice < 120 || ids.isEmpty()) {
            apply(
                    session(),
                    new StreamCommand.PutRecords(
                            ++correlationId,
                            Producer.NONE,
                            streamId,
                            List.of(new StreamCommand.Put(hashKey(), "k", "d"))));
        } else if (choice < 160) {
            final long shardId = ids.get(random.nextInt(ids.size()));
            apply(session(), new StreamCommand.SplitShard(++correlationId, Producer.NONE, shardId, hashKey()));
        } else {
            final List<StreamEvent.ShardDescription> open = shards.get(streamId).values().stream()
                    .filter(shard -> shard.state() == ShardState.OPEN)
                    .sorted((left, right) -> left.first().compareTo(right.first()))
                    .toList();
            if (open.size() > 1) {
                final int first = random.nextInt(open.size() - 1);
                apply(
                        session(),
                        new StreamCommand.MergeShards(
                                ++correlationId,
                                Producer.NONE,
                                open.get(first).shardId(),
                                open.get(first + 1).shardId()));
            } else {
                // Each step is a record: the kernel has the time from nothing else.
                record(logWriter.clock());
            }
        }
        return null;
    }

    private String memberships() {
        final int choice = random.nextInt(20);
        final long groupId = 1
                + random.nextInt(1
                        + model.groups.keySet().stream()
                                .mapToInt(Long::intValue)
                                .max()
                                .orElse(0));
        if (choice < 4) {
            final GroupCommand.CreateGroup create = new GroupCommand.CreateGroup(
                    ++correlationId,
                    Producer.NONE,
                    1 + random.nextInt(STREAMS + 1),
                    (100L + 200 * random.nextInt(3)) * Scenario.MS,
                    random.nextBoolean() ? GroupStart.HORIZON : GroupStart.LATEST,
                    "g" + random.nextInt(3));
            final String answer = model.create(create);
            apply(session(), create);
            return answer;
        } else if (choice == 4 && random.nextInt(4) == 0) {
            final String answer = model.delete(groupId);
            apply(session(), new GroupCommand.DeleteGroup(++correlationId, Producer.NONE, groupId));
            return answer;
        } else if (choice < 18) {
            final long session = session();
            final GroupCommand.JoinGroup join =
                    new GroupCommand.JoinGroup(++correlationId, groupId, "m" + random.nextInt(5));
            final String answer = model.join(session, join);
            apply(session, join);
            return answer;
        }
        final long session = session();
        final long memberId = memberId(session);
        final GroupModel.Member member = model.member(session, memberId);
        apply(session, new GroupCommand.LeaveGroup(++correlationId, memberId));
        if (member != null) {
            model.leave(member);
        }
        return member == null ? "refused UNKNOWN_MEMBER" : "confirmed";
    }

    /** One of the members of a session, mostly. */
    private long memberId(final long session) {
        final List<GroupModel.Member> members = model.groups.values().stream()
                .flatMap(group -> group.members.values().stream())
                .filter(member -> random.nextInt(20) == 0 || member.session == session)
                .toList();
        return members.isEmpty() || random.nextInt(20) == 0
                ? random.nextInt(10)
                : members.get(random.nextInt(members.size())).id;
    }

    private String leases() {
        final long session = session();
        final long memberId = memberId(session);
        final GroupModel.Member member = model.member(session, memberId);
        final int choice = random.nextInt(10);
        if (choice < 4) {
            apply(session, new GroupCommand.RenewLeases(++correlationId, memberId));
            if (member != null) {
                model.renew(member);
            }
            return member == null ? "refused UNKNOWN_MEMBER" : "confirmed";
        } else if (choice < 6) {
            final Progress progress = progress(member);
            final GroupCommand.ReleaseShard release =
                    new GroupCommand.ReleaseShard(++correlationId, memberId, progress.shardId(), progress.epoch());
            final String answer = member == null ? "refused UNKNOWN_MEMBER" : model.release(member, release);
            apply(session, release);
            return answer;
        }
        final List<Progress> entries = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            entries.add(progress(member));
        }
        apply(session, new GroupCommand.Checkpoint(++correlationId, memberId, entries));
        if (member == null) {
            return "refused UNKNOWN_MEMBER";
        }
        final List<String> codes = new ArrayList<>();
        entries.forEach(entry -> codes.add(model.checkpoint(member, entry)));
        codes.forEach(told);
        // The answer names the entries that failed.
        while (!codes.isEmpty() && codes.get(codes.size() - 1).equals("OK")) {
            codes.remove(codes.size() - 1);
        }
        return codes.isEmpty() ? "confirmed" : codes.toString();
    }

    /** How far a member may have come: with a shard that it has, mostly, and right, mostly. */
    private Progress progress(final GroupModel.Member member) {
        final List<GroupModel.Lease> leases = member == null
                ? List.of()
                : member.group.leases.values().stream()
                        .filter(lease -> random.nextInt(30) == 0 || lease.owner == member)
                        .toList();
        if (leases.isEmpty()) {
            return new Progress(random.nextInt(20), random.nextInt(3), 0, random.nextBoolean());
        }
        final GroupModel.Lease lease = leases.get(random.nextInt(leases.size()));
        final StreamEvent.ShardDescription shard =
                shards.get(member.group.created.streamId()).get(lease.shardId);
        final long last = shard == null ? 0 : shard.lastSequenceNumber();
        final long number = random.nextInt(3) > 0 ? last : Math.max(lease.checkpoint, last - 2) + random.nextInt(4) - 1;
        final long epoch = lease.epoch - (random.nextInt(30) == 0 ? 1 : 0);
        final boolean isClosed = shard != null && shard.state() == ShardState.CLOSED;
        return new Progress(lease.shardId, epoch, number, random.nextInt(isClosed ? 2 : 20) == 0);
    }

    private void apply(final long session, final Command command) {
        final int length = writer.write(buffer, 0, session, command);
        assertEquals(ResultCode.OK, validator.validate(buffer, 0, length), command::toString);
        templates.add(
                buffer.getShort(MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
        record(session, length);
    }

    private void record(final int length) {
        record(0, length);
    }

    /** A record of the log, which stands in the buffer, and those that go on with its work. */
    private void record(final long session, final int length) {
        dispatcher.onRecord(nowNs, session, buffer, 0, length);
        otherDispatcher.onRecord(nowNs, session, buffer, 0, length);
        while (kernel.workPending()) {
            final int clock = logWriter.clock();
            dispatcher.onRecord(nowNs, 0, buffer, 0, clock);
            otherDispatcher.onRecord(nowNs, 0, buffer, 0, clock);
        }
        final RecordingLogs.Awaited next = logs.takeAwaited();
        if (next != null && !awaited.contains(next)) {
            awaited.add(next);
        }
    }

    private void compare(final String answer) {
        final List<RecordingEgress.Emitted> said = egress.drain();
        assertEquals(lines(said), lines(otherEgress.drain()), () -> "said about " + correlationId);
        assertEquals(kernel.stateHash(), other.stateHash(), () -> "hash after " + correlationId);
        if (random.nextInt(CHECKED_EACH) == 0) {
            assertEquals(kernel.recomputeStateHash(), kernel.stateHash(), () -> "hash after " + correlationId);
        }
        assertEquals(kernel.nextDeadlineNs(), other.nextDeadlineNs(), () -> "deadline after " + correlationId);
        shards = listShards();
        model.shards(shards);
        model.settle();
        final Map<Boolean, List<RecordingEgress.Emitted>> asked =
                said.stream().collect(Collectors.partitioningBy(line -> line.event() instanceof GroupEvent.Unasked));
        final List<String> expected = model.drain();
        assertEquals(
                expected,
                asked.get(true).stream()
                        .sorted((left, right) -> Long.compare(groupOf(left.event()), groupOf(right.event())))
                        .map(line -> line.sessionId() + ": " + line.event())
                        .toList(),
                () -> "what the model tells members in " + correlationId);
        if (answer != null) {
            assertEquals(1, asked.get(false).size());
            assertEquals(
                    answer, text(asked.get(false).get(0).event()), () -> "what the model says of " + correlationId);
            told.accept(answer);
        }
        expected.forEach(told);
        asked.get(true).forEach(this::checkEpoch);
    }

    private static List<String> lines(final List<RecordingEgress.Emitted> emitted) {
        return emitted.stream()
                .map(line -> line.sessionId() + ": " + line.event())
                .toList();
    }

    private static long groupOf(final Event event) {
        if (event instanceof GroupEvent.ShardAssigned assigned) {
            return assigned.groupId();
        } else if (event instanceof GroupEvent.ShardRevoked revoked) {
            return revoked.groupId();
        }
        return ((GroupEvent.MembershipEnded) event).groupId();
    }

    /** The codes of all entries, those that are OK included. */
    private static String text(final Event event) {
        if (event instanceof Event.EntryResults results) {
            final List<String> codes = new ArrayList<>();
            results.results().forEach(result -> {
                while (codes.size() < result.entryIndex()) {
                    codes.add("OK");
                }
                codes.add(result.code().toString());
            });
            return codes.toString();
        }
        return event.toString();
    }

    /** Nobody else ever gets a shard under the same epoch. */
    private void checkEpoch(final RecordingEgress.Emitted emitted) {
        if (emitted.event() instanceof GroupEvent.ShardAssigned assigned) {
            final Long before = owners.put(
                    assigned.groupId() + " " + assigned.shardId() + " " + assigned.epoch(), emitted.sessionId());
            assertTrue(before == null || before == emitted.sessionId(), () -> "two owners: " + emitted);
        }
    }

    /** What must be so of every group whatever happened, by what the kernel says of it. */
    private void checkInvariants() {
        for (final GroupModel.Group group : model.groups.values()) {
            final GroupEvent.LeaseList list =
                    (GroupEvent.LeaseList) ask(new GroupCommand.ListLeases(++correlationId, group.id, 0, ALL));
            assertEquals(GroupModel.describe(group), list.leases(), () -> "leases of " + group.id);
            final Map<Long, GroupEvent.LeaseDescription> byShard = new HashMap<>();
            list.leases().forEach(lease -> byShard.put(lease.shardId(), lease));
            for (final GroupEvent.LeaseDescription lease : list.leases()) {
                final Long before = checkpoints.put(group.id + " " + lease.shardId(), lease.sequenceNumber());
                assertTrue(before == null || before <= lease.sequenceNumber(), () -> "goes back: " + lease);
                shouldComeAfterItsParents(group, lease, byShard);
            }
            shouldBeBalanced(group, list.leases());
        }
    }

    private void shouldComeAfterItsParents(
            final GroupModel.Group group,
            final GroupEvent.LeaseDescription lease,
            final Map<Long, GroupEvent.LeaseDescription> byShard) {
        final StreamEvent.ShardDescription shard =
                shards.get(group.created.streamId()).get(lease.shardId());
        for (final long parent : new long[] {shard.parentId(), shard.adjacentParentId()}) {
            final GroupEvent.LeaseDescription above = byShard.get(parent);
            assertTrue(
                    above == null
                            || above.state() == LeaseState.DRAINED
                            || lease.state() == LeaseState.WAITING_FOR_PARENT,
                    () -> lease + " before " + above);
        }
    }

    /** With the requests on the way no share of who has a session is greater than another by more than one, and nothing is free. */
    private void shouldBeBalanced(final GroupModel.Group group, final List<GroupEvent.LeaseDescription> leases) {
        final GroupEvent.GroupDescription description =
                (GroupEvent.GroupDescription) ask(new GroupCommand.DescribeGroup(++correlationId, group.id, 0, ALL));
        final List<Long> shares = description.members().stream()
                .filter(GroupEvent.MemberDescription::isConnected)
                .map(member -> leases.stream()
                        .filter(lease -> (lease.nextMemberId() == 0 ? lease.memberId() : lease.nextMemberId())
                                == member.memberId())
                        .count())
                .sorted()
                .toList();
        if (!shares.isEmpty()) {
            assertTrue(shares.get(shares.size() - 1) - shares.get(0) <= 1, () -> "shares " + shares);
            assertEquals(0, description.freeCount());
        }
    }

    private Map<Long, Map<Long, StreamEvent.ShardDescription>> listShards() {
        final Map<Long, Map<Long, StreamEvent.ShardDescription>> all = new TreeMap<>();
        for (long stream = 1; stream <= STREAMS; stream++) {
            final Event answer = ask(
                    new StreamCommand.ListShards(++correlationId, stream, 0, 0, ShardFilter.FROM_TRIM_HORIZON, 0, ALL));
            if (answer instanceof StreamEvent.ShardList list) {
                final Map<Long, StreamEvent.ShardDescription> present = new TreeMap<>();
                list.shards().forEach(shard -> present.put(shard.shardId(), shard));
                all.put(stream, present);
            }
        }
        return all;
    }

    private Event ask(final Command query) {
        final int length = writer.write(buffer, 0, sessions.iterator().next(), query);
        kernel.query(nowNs, sessions.iterator().next(), buffer, 0, length);
        return egress.drain().get(0).event();
    }

    /** The second kernel goes on from a snapshot of the first. */
    private void restart() {
        otherEgress = new RecordingEgress();
        other = Snapshots.copy(kernel, otherEgress, new RecordingLogs());
        otherDispatcher = new LogDispatcher(other);
        assertEquals(DerivedState.of(kernel), DerivedState.of(other));
    }
}
