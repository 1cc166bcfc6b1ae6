package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.ClientContext;
import io.millrace.client.ErrorText;
import io.millrace.client.MillraceClient;
import io.millrace.client.PullReader;
import io.millrace.client.PushReader;
import io.millrace.client.PutListener;
import io.millrace.client.ShardHandler;
import io.millrace.client.StreamConsumers;
import io.millrace.client.StreamFollower;
import io.millrace.client.StreamPosition;
import io.millrace.client.StreamProducer;
import io.millrace.client.StreamSettings;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/** Records that fit no frame, from the client library to a real server and back, over all ways to read. */
class LargeRecordClientTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long DRIVER_TIMEOUT_MS = 3_000;
    private static final int MIB = 1024 * 1024;
    private static final String KEY = "key";

    @TempDir
    private Path directory;

    private final Path aeronDirectory = Path.of("/dev/shm", "millrace-large-" + UUID.randomUUID());
    private final List<Throwable> errors = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private MillraceServer server;
    private MillraceClient client;
    private StreamProducer producer;
    private long streamId;
    private long shardId;

    @BeforeEach
    void start() {
        startServer();
        client = MillraceClient.connect(new ClientContext()
                .serverDirectory(directory)
                .driverTimeoutMs(DRIVER_TIMEOUT_MS)
                .resendBufferLength(16 * MIB)
                .errorHandler(errors::add));
        streamId = client.streams().create("tape", 1);
        client.streams().awaitActive(streamId);
        shardId = client.streams().shards(streamId).get(0).shardId();
        producer = client.streams().producer(streamId, 32 * MIB, new Outcomes());
    }

    private void startServer() {
        server = MillraceServer.launch(new ServerContext()
                .directory(directory)
                .aeronDirectoryName(aeronDirectory.toString())
                .driverMode(DriverMode.INVOKER)
                .idleStrategy("backoff"));
    }

    @AfterEach
    void tearDown() {
        client.close();
        server.close();
        IoUtil.delete(aeronDirectory.toFile(), true);
        assertEquals(List.of(), errors);
    }

    /** What became of the records. */
    private final class Outcomes implements PutListener {
        @Override
        public void onPut(final long ticket, final long shard, final long sequenceNumber) {
            outcomes.add("put " + ticket);
        }

        @Override
        public void onRefused(
                final long ticket, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
            outcomes.add(ErrorText.describe(code, limitId, limit, actual));
        }
    }

    /** Records as they were read: their lengths, after every byte was compared. */
    private static final class Seen implements ShardHandler {
        private final List<Integer> lengths = new ArrayList<>();
        private String refusal;

        @Override
        public void onRecord(
                final long shard,
                final long sequenceNumber,
                final long arrivalTimeNs,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            assertEquals(KEY, buffer.getStringWithoutLengthUtf8(keyOffset, keyLength));
            final UnsafeBuffer read = new UnsafeBuffer(new byte[dataLength]);
            read.putBytes(0, buffer, dataOffset, dataLength);
            assertEquals(data(dataLength), read, dataLength + " bytes");
            lengths.add(dataLength);
        }

        @Override
        public void onReadRefused(
                final long shard, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
            refusal = ErrorText.describe(code, limitId, limit, actual);
        }
    }

    private static UnsafeBuffer data(final int length) {
        final UnsafeBuffer data = new UnsafeBuffer(new byte[length]);
        for (int i = 0; i < length; i++) {
            data.putByte(i, (byte) (i * 31 + length + (i >> 12)));
        }
        return data;
    }

    private void until(final String what, final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            client.poll();
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("waited in vain for " + what + "; " + outcomes + ", " + errors);
            }
        }
    }

    private void put(final int... lengths) {
        for (final int length : lengths) {
            assertTrue(producer.offer(KEY, data(length), 0, length) > 0);
        }
        until("the records to be stored", () -> producer.pending() == 0);
    }

    private List<Integer> pulled(final int count) {
        final Seen seen = new Seen();
        try (PullReader reader = client.streams().reader(shardId, StreamPosition.HORIZON, seen)) {
            until(count + " records to be read", () -> seen.lengths.size() >= count && reader.behindNs() == 0);
        }
        return seen.lengths;
    }

    private List<Integer> pushed(final int count) {
        final Seen seen = new Seen();
        final StreamConsumers consumers = client.streams().consumers();
        final long consumerId = consumers.register(streamId, "pushed");
        try (PushReader reader = consumers.subscribe(consumerId, shardId, StreamPosition.HORIZON, seen)) {
            until(
                    count + " records to be pushed",
                    () -> seen.lengths.size() >= count && reader.lastSequenceNumber() > 0);
        }
        return seen.lengths;
    }

    private List<Integer> followed(final boolean fromFiles, final int count) {
        final Seen seen = new Seen();
        try (StreamFollower follower = fromFiles
                ? client.streams().followShared(streamId, StreamPosition.HORIZON, null, seen)
                : client.streams().follow(streamId, StreamPosition.HORIZON, seen)) {
            until(count + " records to be followed", () -> {
                follower.poll(10);
                return seen.lengths.size() >= count;
            });
        }
        return seen.lengths;
    }

    @Test
    void shouldReadLargeRecordsInEveryWayAlsoAfterARestart() {
        client.streams().set(streamId, StreamSettings.changes().maxRecordBytes(10 * MIB));
        put(10, 900 * 1024, 20, 65_536, 65_000, 3 * MIB, 10 * MIB - KEY.length(), 30);
        final List<Integer> lengths = List.of(10, 900 * 1024, 20, 65_536, 65_000, 3 * MIB, 10 * MIB - KEY.length(), 30);
        assertEquals(lengths, pulled(lengths.size()));
        assertEquals(lengths, pushed(lengths.size()));
        assertEquals(lengths, followed(false, lengths.size()));
        assertEquals(lengths, followed(true, lengths.size()));

        server.close();
        startServer();
        assertEquals(lengths, pulled(lengths.size()));
        assertEquals(lengths, followed(true, lengths.size()));
    }

    @Test
    void shouldStoreOnceWhatIsUnderWayWhenTheServerStops() {
        for (int i = 0; i < 5; i++) {
            assertTrue(producer.offer(KEY, data(900 * 1024 + i), 0, 900 * 1024 + i) > 0);
        }
        until("the first record to be stored", () -> outcomes.size() > 0);
        server.close();
        startServer();
        until("the records to be stored", () -> producer.pending() == 0);

        assertEquals(List.of("put 1", "put 2", "put 3", "put 4", "put 5"), outcomes);
        assertEquals(5, client.streams().describe(streamId).recordCount());
        assertEquals(List.of(900 * 1024, 900 * 1024 + 1, 900 * 1024 + 2, 900 * 1024 + 3, 900 * 1024 + 4), pulled(5));
    }

    @Test
    void shouldTellOfARecordThatIsTooLargeAndGoOn() {
        put(MIB - KEY.length(), MIB - KEY.length() + 1, 10);

        assertEquals(
                List.of("put 1", "The record has 1048577 bytes, more than RECORD_BYTES allows (1048576).", "put 3"),
                outcomes);
        assertEquals(MillraceClient.TOO_LARGE, producer.offer(KEY, data(16 * MIB), 0, 16 * MIB));
        assertEquals(List.of(MIB - KEY.length(), 10), pulled(2));
    }

    @Test
    void shouldEndAReaderThatWantsNoRecordSoLarge() {
        put(10, 200_000);
        final Seen seen = new Seen();
        final PullReader reader =
                client.streams().reader(shardId, StreamPosition.HORIZON, seen).maxRecordBytes(150_000);
        until("the reader to end", reader::isEnded);

        assertEquals(List.of(10), seen.lengths);
        assertEquals("The record has 200003 bytes, more than RECORD_BYTES allows (150000).", seen.refusal);
        assertEquals(List.of(10, 200_000), pulled(2));
    }
}
