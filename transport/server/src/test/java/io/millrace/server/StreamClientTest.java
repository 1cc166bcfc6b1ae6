package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.ClientContext;
import io.millrace.client.ErrorText;
import io.millrace.client.HashKey;
import io.millrace.client.MillraceClient;
import io.millrace.client.MillraceException;
import io.millrace.client.PullReader;
import io.millrace.client.PutListener;
import io.millrace.client.ShardInfo;
import io.millrace.client.ShardSelection;
import io.millrace.client.StreamFollower;
import io.millrace.client.StreamInfo;
import io.millrace.client.StreamPosition;
import io.millrace.client.StreamProducer;
import io.millrace.client.StreamSettings;
import io.millrace.client.Streams;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardState;
import io.millrace.codecs.StreamStatus;
import io.millrace.kernel.Limits;
import io.millrace.store.reader.ShardReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams from the client library to a real server and back, over all ways to read. */
class StreamClientTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long DRIVER_TIMEOUT_MS = 3_000;
    private static final int KEYS = 50;

    @TempDir
    private Path directory;

    private final Path aeronDirectory = Path.of("/dev/shm", "millrace-streams-" + UUID.randomUUID());
    private final List<Throwable> errors = new ArrayList<>();
    private final UnsafeBuffer data = new UnsafeBuffer(new byte[200]);
    private final Puts puts = new Puts();
    private final int[] offered = new int[KEYS];
    private MillraceServer server;
    private MillraceClient client;
    private Streams streams;
    private StreamProducer producer;

    private void start(final Limits limits) {
        startServer(limits);
        client = MillraceClient.connect(new ClientContext()
                .serverDirectory(directory)
                .driverTimeoutMs(DRIVER_TIMEOUT_MS)
                .errorHandler(errors::add));
        streams = client.streams();
    }

    private void startServer(final Limits limits) {
        server = MillraceServer.launch(new ServerContext()
                .directory(directory)
                .aeronDirectoryName(aeronDirectory.toString())
                .driverMode(DriverMode.INVOKER)
                .idleStrategy("backoff")
                .limits(limits));
    }

    private long create(final int shardCount) {
        final long streamId = streams.create("tape", shardCount);
        streams.awaitActive(streamId);
        producer = streams.producer(streamId, puts);
        return streamId;
    }

    @AfterEach
    void tearDown() {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
        IoUtil.delete(aeronDirectory.toFile(), true);
        assertEquals(List.of(), errors);
    }

    /** What became of the records. */
    private static final class Puts implements PutListener {
        private long stored;
        private String refusal;

        @Override
        public void onPut(final long ticket, final long shardId, final long sequenceNumber) {
            stored++;
        }

        @Override
        public void onRefused(
                final long ticket, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
            refusal = ErrorText.describe(code, limitId, limit, actual);
        }
    }

    /** What was read, by shard and by key. The data of a record starts with its number among those of its key. */
    private static final class Seen {
        private final Map<Long, List<Long>> byShard = new HashMap<>();
        private final Map<String, Integer> byKey = new HashMap<>();
        private int count;

        void onRecord(
                final long shardId,
                final long sequenceNumber,
                final long arrivalTimeNs,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            final String key = buffer.getStringWithoutLengthUtf8(keyOffset, keyLength);
            assertEquals(byKey.merge(key, 1, Integer::sum) - 1, buffer.getInt(dataOffset), key);
            byShard.computeIfAbsent(shardId, id -> new ArrayList<>()).add(sequenceNumber);
            count++;
        }
    }

    private void put(final int count) {
        for (int i = 0; i < count; i++) {
            final int key = i % KEYS;
            data.putInt(0, offered[key]);
            while (producer.offer("key-" + key, data, 0, 4 + i % 196) < 0) {
                client.poll();
            }
            offered[key]++;
        }
    }

    private void until(final String what, final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            client.poll();
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("waited in vain for " + what + "; refused: " + puts.refusal + ", " + errors);
            }
        }
    }

    private void putAll(final int count) {
        put(count);
        until("the records to be stored", () -> producer.pending() == 0);
        assertNull(puts.refusal);
    }

    @Test
    void shouldReadTheSameByAskingAndFromFiles() {
        start(Limits.nativeProfile());
        final long streamId = create(2);
        putAll(3_000);
        final StreamInfo stream = streams.describe(streamId);
        assertEquals(
                "ACTIVE 2 2 3000",
                stream.status() + " " + stream.openShardCount() + " " + stream.shardCount() + " "
                        + stream.recordCount());
        final Seen pulled = new Seen();
        final Seen mapped = new Seen();
        for (final ShardInfo shard : streams.shards(streamId)) {
            final PullReader reader = streams.reader(shard.shardId(), StreamPosition.HORIZON, pulled::onRecord)
                    .maxRecords(700);
            until("the end of what is there", () -> reader.behindNs() == 0);
            reader.close();
            try (ShardReader files = streams.sharedReader(streamId, shard.shardId())) {
                until("the records in the files", () -> {
                    files.poll(
                            (sequence, timeNs, position, buffer, key, keyLength, dataOffset, length) -> mapped.onRecord(
                                    shard.shardId(), sequence, timeNs, buffer, key, keyLength, dataOffset, length),
                            100);
                    return files.lastSequence() == shard.lastSequenceNumber();
                });
            }
            assertEquals(
                    shard.recordCount(), pulled.byShard.get(shard.shardId()).size());
        }
        assertEquals(3_000, pulled.count);
        assertEquals(pulled.byShard, mapped.byShard);
    }

    @Test
    void shouldBeginWhereItIsAskedTo() {
        start(Limits.nativeProfile());
        final long streamId = create(1);
        putAll(100);
        final ShardInfo shard = streams.shards(streamId).get(0);
        final List<Long> all = read(shard.shardId(), StreamPosition.HORIZON);
        assertEquals(100, all.size());
        assertEquals(all.subList(40, 100), read(shard.shardId(), StreamPosition.at(all.get(40))));
        assertEquals(all.subList(41, 100), read(shard.shardId(), StreamPosition.after(all.get(40))));
        assertEquals(List.of(), read(shard.shardId(), StreamPosition.LATEST));
        final long afterNs = shard.lastArrivalTimeNs();
        assertEquals(
                all.get(99),
                read(shard.shardId(), StreamPosition.atTime(afterNs))
                        .get(read(shard.shardId(), StreamPosition.atTime(afterNs))
                                        .size()
                                - 1));
        final MillraceException refusal = assertThrows(
                MillraceException.class, () -> streams.iterator(shard.shardId() + 7, StreamPosition.HORIZON));
        assertEquals(ResultCode.UNKNOWN_SHARD, refusal.code());
    }

    private List<Long> read(final long shardId, final StreamPosition start) {
        final List<Long> numbers = new ArrayList<>();
        final PullReader reader = streams.reader(
                shardId,
                start,
                (id, sequence, timeNs, buffer, keyOffset, keyLength, dataOffset, dataLength) -> numbers.add(sequence));
        until("the end of what is there", () -> reader.behindNs() == 0);
        reader.close();
        return numbers;
    }

    /** Ten consumers, which ask the server, have shards pushed and read its files, while shards are split and merged under puts. */
    @Test
    void shouldKeepTheOrderOfEachKeyAcrossSplitsAndMergesUnderLoad() {
        start(Limits.nativeProfile());
        final long streamId = create(2);
        final List<Seen> seen = new ArrayList<>();
        final List<StreamFollower> followers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            final Seen one = new Seen();
            seen.add(one);
            followers.add(follow(streamId, i, one));
        }
        for (int change = 0; change < 6; change++) {
            put(2_000);
            reshard(streamId, change % 2 == 0);
            for (int i = 0; streams.describe(streamId).status() != StreamStatus.ACTIVE || i < 5; i++) {
                put(100);
                followers.forEach(follower -> follower.poll(50));
            }
        }
        final int total = Arrays.stream(offered).sum();
        until("all records at all consumers", () -> {
            followers.forEach(follower -> follower.poll(1_000));
            return seen.stream().allMatch(one -> one.count >= total);
        });

        assertNull(puts.refusal);
        assertEquals(total, puts.stored);
        for (final Seen one : seen) {
            assertEquals(total, one.count);
            assertEquals(seen.get(0).byShard, one.byShard);
        }
        final List<ShardInfo> shards = streams.shards(streamId);
        assertEquals(6 + 3 + 2, shards.size());
        assertEquals(
                2,
                shards.stream()
                        .filter(shard -> shard.state() == ShardState.OPEN)
                        .count());
        followers.forEach(StreamFollower::close);
    }

    private StreamFollower follow(final long streamId, final int number, final Seen seen) {
        return switch (number % 3) {
            case 0 -> streams.follow(streamId, StreamPosition.HORIZON, seen::onRecord);
            case 1 -> streams.followShared(streamId, StreamPosition.HORIZON, null, seen::onRecord);
            default -> {
                final long consumer = streams.consumers().register(streamId, "consumer " + number);
                yield streams.consumers().follow(consumer, StreamPosition.HORIZON, seen::onRecord);
            }
        };
    }

    private void reshard(final long streamId, final boolean isSplit) {
        final List<ShardInfo> open = new ArrayList<>(streams.shards(streamId, ShardSelection.OPEN));
        open.sort((a, b) -> a.firstHashKey().compareTo(b.firstHashKey()));
        final ShardInfo first = open.get(0);
        if (isSplit) {
            streams.split(first.shardId(), HashKey.middle(first.firstHashKey(), first.lastHashKey()));
        } else {
            streams.merge(first.shardId(), open.get(1).shardId());
        }
    }

    @Test
    void shouldGoOnWhenTheServerStartsAgain() {
        start(Limits.nativeProfile());
        final long streamId = create(2);
        final Seen pulled = new Seen();
        final Seen mapped = new Seen();
        final StreamFollower asking = streams.follow(streamId, StreamPosition.HORIZON, pulled::onRecord);
        final StreamFollower mapping = streams.followShared(streamId, StreamPosition.HORIZON, null, mapped::onRecord);
        putAll(500);
        until("some records", () -> {
            mapping.poll(100);
            return pulled.count > 100 && mapped.count > 100;
        });
        put(500);
        server.close();
        until("the loss", () -> !client.isConnected());
        put(500);
        startServer(Limits.nativeProfile());
        putAll(500);
        until("all records", () -> {
            asking.poll(100);
            mapping.poll(100);
            return pulled.count >= 2_000 && mapped.count >= 2_000;
        });

        assertEquals(2_000, puts.stored);
        assertEquals(pulled.byShard, mapped.byShard);
        assertEquals(2_000, streams.describe(streamId).recordCount());
        // Aeron has told of its driver's end.
        errors.clear();
    }

    @Test
    void shouldEndWithItsStream() {
        start(Limits.nativeProfile());
        final long streamId = create(2);
        putAll(100);
        final Seen seen = new Seen();
        final StreamFollower asking = streams.follow(streamId, StreamPosition.LATEST, seen::onRecord);
        final StreamFollower mapping = streams.followShared(streamId, StreamPosition.LATEST, null, seen::onRecord);
        streams.delete(streamId);
        until("the end of both", () -> {
            asking.poll(100);
            mapping.poll(100);
            return asking.isEnded() && mapping.isEnded();
        });
        assertEquals(0, seen.count);
    }

    @Test
    void shouldStoreEverythingInOrderUnderQuotas() {
        start(Limits.nativeProfile().with(LimitId.SHARD_PUTS, 700).with(LimitId.SHARD_PUT_BYTES, 60_000));
        final long streamId = create(2);
        final Seen seen = new Seen();
        putAll(3_000);
        assertTrue(producer.retries() > 0, "no record was put off");
        try (StreamFollower follower = streams.follow(streamId, StreamPosition.HORIZON, seen::onRecord)) {
            until("all records", () -> {
                follower.poll(1_000);
                return seen.count == 3_000;
            });
        }
    }

    @Test
    void shouldReadNothingThatIsOlderThanTheRetention() {
        start(Limits.nativeProfile().with(LimitId.RECORD_RETENTION_LEAST, 1));
        final long streamId = create(1);
        putAll(100);
        final long shardId = streams.shards(streamId).get(0).shardId();
        assertEquals(100, read(shardId, StreamPosition.HORIZON).size());

        streams.set(streamId, StreamSettings.changes().retentionNs(1_000_000));
        until(
                "the records to be out of reach",
                () -> read(shardId, StreamPosition.HORIZON).isEmpty());
        streams.set(streamId, StreamSettings.changes().retentionNs(TimeUnit.HOURS.toNanos(1)));
        putAll(10);
        assertEquals(10, read(shardId, StreamPosition.HORIZON).size());

        streams.delete(streamId);
        final MillraceException refusal = assertThrows(MillraceException.class, () -> streams.lookUp("tape"));
        assertEquals("No stream is named tape.", refusal.getMessage());
        producer.offer("key", data, 0, 4);
        until("the refusal", () -> puts.refusal != null);
        assertEquals("No stream has this name or id.", puts.refusal);
    }
}
