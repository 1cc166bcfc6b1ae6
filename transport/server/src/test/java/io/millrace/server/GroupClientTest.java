package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.ClientContext;
import io.millrace.client.ConsumerGroups;
import io.millrace.client.GroupHandler;
import io.millrace.client.GroupMember;
import io.millrace.client.GroupSettings;
import io.millrace.client.HashKey;
import io.millrace.client.LeaseInfo;
import io.millrace.client.MemberInfo;
import io.millrace.client.MillraceClient;
import io.millrace.client.PutListener;
import io.millrace.client.ShardInfo;
import io.millrace.client.StreamProducer;
import io.millrace.codecs.LeaseState;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RevokeReason;
import io.millrace.codecs.StreamStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two members of a consumer group read a stream of a real server, each with a client of its own. */
class GroupClientTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long DRIVER_TIMEOUT_MS = 3_000;
    private static final int KEYS = 40;

    @TempDir
    private Path directory;

    private final Path aeronDirectory = Path.of("/dev/shm", "millrace-groups-" + UUID.randomUUID());
    private final List<Throwable> errors = new ArrayList<>();
    private final List<MillraceClient> clients = new ArrayList<>();
    private final UnsafeBuffer data = new UnsafeBuffer(new byte[8]);
    private final int[] offered = new int[KEYS];
    private final int[] read = new int[KEYS];
    private final Map<Long, Set<Long>> numbersByShard = new HashMap<>();
    private final List<String> events = new ArrayList<>();
    private boolean isOnceInOrder = true;
    private int count;
    private MillraceServer server;
    private MillraceClient client;
    private ConsumerGroups groups;
    private StreamProducer producer;
    private long streamId;

    @BeforeEach
    void start() {
        server = MillraceServer.launch(new ServerContext()
                .directory(directory)
                .aeronDirectoryName(aeronDirectory.toString())
                .driverMode(DriverMode.INVOKER)
                .idleStrategy("backoff"));
        client = connect();
        groups = client.streams().groups();
        streamId = client.streams().create("tape", 4);
        client.streams().awaitActive(streamId);
        producer = client.streams().producer(streamId, new AllStored());
    }

    private MillraceClient connect() {
        final MillraceClient result = MillraceClient.connect(new ClientContext()
                .serverDirectory(directory)
                .driverTimeoutMs(DRIVER_TIMEOUT_MS)
                .errorHandler(errors::add));
        clients.add(result);
        return result;
    }

    @AfterEach
    void tearDown() {
        clients.forEach(MillraceClient::close);
        server.close();
        IoUtil.delete(aeronDirectory.toFile(), true);
        assertEquals(List.of(), errors);
    }

    /** No record is refused. */
    private static final class AllStored implements PutListener {
        @Override
        public void onPut(final long ticket, final long shardId, final long sequenceNumber) {
            // Who reads the records sees that they were stored.
        }

        @Override
        public void onRefused(
                final long ticket, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
            throw new AssertionError("refused: " + code);
        }
    }

    /** One member, which stores a checkpoint at every so many records, and where a shard is asked back. */
    private final class Desk implements GroupHandler {
        private final Map<Long, Long> checkpoints = new HashMap<>();
        private final Map<Long, Long> last = new HashMap<>();
        private final MillraceClient ownClient = connect();
        private final GroupMember member;
        private final int checkpointInterval;
        private int records;

        Desk(final long groupId, final String name, final boolean isShared, final int checkpointInterval) {
            this.checkpointInterval = checkpointInterval;
            final ConsumerGroups own = ownClient.streams().groups();
            member = isShared ? own.joinShared(groupId, name, null, this) : own.join(groupId, name, this);
        }

        @Override
        public void onRecord(
                final long shardId,
                final long sequenceNumber,
                final long arrivalTimeNs,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            final int key = buffer.parseNaturalIntAscii(keyOffset, keyLength);
            if (isOnceInOrder) {
                assertEquals(read[key], buffer.getInt(dataOffset), "the order of key " + key);
            }
            read[key]++;
            count += numbersByShard
                            .computeIfAbsent(shardId, id -> new HashSet<>())
                            .add(sequenceNumber)
                    ? 1
                    : 0;
            last.put(shardId, sequenceNumber);
            if (++records % checkpointInterval == 0) {
                checkpoint(shardId);
            }
        }

        private void checkpoint(final long shardId) {
            final Long sequenceNumber = last.get(shardId);
            if (sequenceNumber != null && member.checkpoint(shardId, sequenceNumber)) {
                checkpoints.put(shardId, sequenceNumber);
            }
        }

        @Override
        public void onShardAssigned(final long shardId, final long afterSequenceNumber) {
            events.add("has " + shardId + " after " + afterSequenceNumber);
        }

        @Override
        public void onShardEnd(final long shardId) {
            events.add("end of " + shardId);
        }

        @Override
        public void onShardRevoked(final long shardId, final RevokeReason reason) {
            events.add("revoked " + shardId + " " + reason);
            if (reason == RevokeReason.REQUESTED) {
                checkpoint(shardId);
            }
        }
    }

    private void put(final int records) {
        for (int i = 0; i < records; i++) {
            final int key = i % KEYS;
            data.putInt(0, offered[key]++);
            while (producer.offer(Integer.toString(key), data, 0, 4) < 0) {
                poll();
            }
        }
    }

    private int poll() {
        int work = 0;
        for (final MillraceClient one : clients) {
            work += one.poll();
        }
        return work;
    }

    private void until(final String what, final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            poll();
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("waited in vain for " + what + "; read " + count + ", " + events + errors);
            }
        }
    }

    private void untilEachHasTwo(final Desk a, final Desk b) {
        until("an even share", () -> a.member.shardCount() == 2 && b.member.shardCount() == 2);
    }

    @Test
    void shouldReadEachKeyInItsOrderThroughASplit() {
        final long groupId = groups.create(streamId, "bars");
        final Desk a = new Desk(groupId, "a", false, 10);
        final Desk b = new Desk(groupId, "b", true, 10);
        untilEachHasTwo(a, b);
        assertEquals(
                List.of("a 2 true", "b 2 true"),
                groups.describe(groupId).members().stream()
                        .map(one -> one.name() + " " + one.shardCount() + " " + one.isConnected())
                        .sorted()
                        .toList());
        put(1_000);
        final ShardInfo parent = client.streams().shards(streamId).get(0);
        client.streams().split(parent.shardId(), HashKey.middle(parent.firstHashKey(), parent.lastHashKey()));
        put(1_000);
        client.streams().awaitActive(streamId);
        put(1_000);
        until("all records", () -> count == 3_000);

        final List<Long> children = client.streams().shards(streamId).stream()
                .filter(one -> one.parentShardId() == parent.shardId())
                .map(ShardInfo::shardId)
                .toList();
        assertEquals(2, children.size());
        final int end = events.indexOf("end of " + parent.shardId());
        assertTrue(end >= 0, events.toString());
        for (final long child : children) {
            assertTrue(events.indexOf("has " + child + " after 0") > end, events.toString());
        }
        assertEquals(LeaseState.DRAINED, groups.leases(groupId).get(0).state());
        assertEquals(StreamStatus.ACTIVE, client.streams().describe(streamId).status());
        assertEquals(5, groups.describe(groupId).ownedCount());
    }

    @Test
    void shouldReadOnFromTheCheckpointsOfAMemberThatVanishes() {
        isOnceInOrder = false;
        final long groupId =
                groups.create(streamId, "bars", new GroupSettings().leaseDurationNs(TimeUnit.SECONDS.toNanos(3)));
        final Desk a = new Desk(groupId, "a", false, 1);
        final Desk b = new Desk(groupId, "b", false, 7);
        untilEachHasTwo(a, b);
        put(1_000);
        until("all records", () -> count == 1_000);
        until(
                "the checkpoints of b",
                () -> groups.leases(groupId).stream()
                        .filter(one -> one.memberId() == b.member.memberId())
                        .allMatch(one -> one.sequenceNumber() == b.checkpoints.getOrDefault(one.shardId(), 0L)));
        final List<LeaseInfo> leases = groups.leases(groupId).stream()
                .filter(one -> one.memberId() == b.member.memberId())
                .toList();
        assertEquals(2, leases.size());
        events.clear();
        clients.remove(b.ownClient);
        b.ownClient.close();
        put(1_000);
        until("all shards at a", () -> a.member.shardCount() == 4);
        until("all records", () -> count == 2_000);

        assertEquals(
                leases.stream()
                        .map(one -> "has " + one.shardId() + " after " + one.sequenceNumber())
                        .toList(),
                events.stream().sorted().toList());
        assertEquals(
                List.of("a"),
                groups.describe(groupId).members().stream()
                        .map(MemberInfo::name)
                        .toList());
    }

    @Test
    void shouldHandItsShardsOverWhenItLeavesAndGoOnInItsPlaceWhenItComesBack() {
        final long groupId = groups.create(streamId, "bars");
        final Desk a = new Desk(groupId, "a", true, 1);
        final Desk b = new Desk(groupId, "b", false, 1);
        untilEachHasTwo(a, b);
        put(500);
        until("all records", () -> count == 500);
        a.member.close();
        until("a to have left", () -> a.member.isEnded() && b.member.shardCount() == 4);
        put(500);
        until("all records", () -> count == 1_000);

        final Desk again = new Desk(groupId, "a", true, 1);
        untilEachHasTwo(again, b);
        put(500);
        until("all records", () -> count == 1_500);
    }
}
