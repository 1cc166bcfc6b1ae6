package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Kernel;
import io.millrace.kernel.Limits;
import io.millrace.store.DirectoryLockedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {

    private static final long THIRTY_SECONDS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path directory;

    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldKeepMessagesOverACleanStop() {
        server = new TestServer(directory);
        final long queue = fill(20);

        server.restart();

        assertDelivered(queue, 20);
        assertTrue(server.counters().snapshotPosition >= 0, "the start used the snapshot of the stop");
    }

    @Test
    void shouldKeepMessagesWithoutASnapshot() throws IOException {
        server = new TestServer(directory);
        final long queue = fill(20);
        server.closeServer();
        deleteSnapshots();

        server.start();

        assertEquals(-1, server.counters().snapshotPosition);
        assertDelivered(queue, 20);
    }

    @Test
    void shouldReplayToTheSameStateTwiceAndFromASnapshot() throws IOException {
        server = new TestServer(directory);
        final long queue = fill(30);
        server.server().requestSnapshot();
        server.crankUntil("the snapshot is written", () -> server.counters().snapshots == 1);
        final RawClient client = server.client();
        client.receive(queue, 10, 0);
        client.awaitCount("ReceiveEnd", 1);
        client.acknowledge(queue, client.all("Delivery").get(3).receipt());
        server.crankFor(2, TimeUnit.MILLISECONDS);
        final long position = server.core().storage.journal().nextPosition();
        final long hash = server.core().kernel.stateHash();
        server.kill();

        final Recovery fromSnapshot = recover();
        deleteSnapshots();
        final Recovery first = recover();
        final Recovery second = recover();

        assertTrue(fromSnapshot.snapshotPosition >= 0);
        assertEquals(-1, first.snapshotPosition);
        assertEquals(new Recovery(hash, position, fromSnapshot.snapshotPosition), fromSnapshot);
        assertEquals(new Recovery(hash, position, -1), first);
        assertEquals(first, second);
        server.start();
    }

    @Test
    void shouldGiveBackWhatWasPushedAndKeepWhatWasReceived() {
        server = new TestServer(directory);
        final long queue = fill(2);
        final RawClient consumer = server.client();
        consumer.receive(queue, 1, 0);
        consumer.awaitCount("Delivery", 1);
        consumer.consume(queue, 1, 1 << 20);
        final List<Event> before = consumer.awaitCount("Delivery", 2);

        server.restart();
        final RawClient after = server.client();
        after.receive(queue, 10, 0);
        after.awaitCount("ReceiveEnd", 1);

        assertEquals(1, after.all("Delivery").size());
        assertEquals(before.get(1).text(), after.all("Delivery").get(0).text());
    }

    @Test
    void shouldGiveSessionsOfEachStartOtherIds() {
        server = new TestServer(directory);
        final long first = server.client().sessionId;

        server.restart();
        final long second = server.client().sessionId;

        assertEquals(first >>> 32, (second >>> 32) - 1);
    }

    @Test
    void shouldJournalNewLimits() {
        server = new TestServer(directory);
        server.closeServer();
        final TestServer changed = new TestServer(
                directory, ctx -> ctx.limits(Limits.nativeProfile().with(LimitId.MESSAGE_BYTES, 100)));
        final RawClient client = changed.client();
        final long queue = client.createQueue("small", THIRTY_SECONDS);

        client.send(queue, new byte[200]);
        final Event refused = client.await("the refusal", e -> e.type().equals("Refused"));
        changed.close();

        assertEquals(ResultCode.LIMIT_EXCEEDED, refused.code());
        assertEquals(100, refused.value());
        server.start();
    }

    @Test
    void shouldNotShareADirectory() {
        server = new TestServer(directory);

        assertThrows(DirectoryLockedException.class, () -> new TestServer(directory));
    }

    @Test
    void shouldTellClientsThatItStops() {
        server = new TestServer(directory);
        final RawClient client = server.client();

        server.server().close();
        client.poll();

        final Event last = client.events.get(client.events.size() - 1);
        assertEquals(ResultCode.SERVER_STOPPING, last.code());
    }

    @Test
    void shouldDeleteSegmentsThatTheOlderSnapshotCovers() throws IOException {
        server = new TestServer(directory, ctx -> ctx.segmentBytes(64 * 1024));
        final long queue = fill(1);
        final RawClient client = server.client();
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < 100; i++) {
                client.send(queue, new byte[2_000]);
            }
            client.createQueue("round " + round, THIRTY_SECONDS);
            final long wanted = round;
            server.server().requestSnapshot();
            server.crankUntil("the snapshot is written", () -> server.counters().snapshots == wanted);
            server.crankFor(5, TimeUnit.MILLISECONDS);
        }
        final long position = server.core().storage.journal().nextPosition();
        server.closeServer();

        try (Stream<Path> files = Files.list(directory.resolve("snapshots"))) {
            assertEquals(2, files.count());
        }
        server.start();
        assertThrows(
                RuntimeException.class,
                () -> server.core().storage.journal().replay(0, batch -> {}),
                "the first segments are gone");
        assertTrue(server.core().storage.journal().nextPosition() > position);
    }

    @Test
    void shouldDeleteSegmentsThatTheSnapshotsOfStopsCover() {
        server = new TestServer(directory, ctx -> ctx.segmentBytes(64 * 1024));
        for (int round = 1; round <= 2; round++) {
            final RawClient client = server.client();
            final long queue = client.createQueue("round " + round, THIRTY_SECONDS);
            for (int i = 0; i < 100; i++) {
                client.send(queue, new byte[2_000]);
            }
            server.restart();
        }

        server.crankFor(5, TimeUnit.MILLISECONDS);

        assertThrows(
                RuntimeException.class,
                () -> server.core().storage.journal().replay(0, batch -> {}),
                "the first segments are gone");
        assertEquals(0, server.server().errorCount());
    }

    private long fill(final int messages) {
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        long id = 0;
        for (int i = 0; i < messages; i++) {
            id = client.send(queue, "m" + i);
        }
        final long last = id;
        client.await("the last confirmation", e -> e.type().equals("Confirmed") && e.to() >= last);
        client.close();
        server.crankUntil("the session is closed", () -> server.counters().sessions == 0);
        return queue;
    }

    private void assertDelivered(final long queue, final int messages) {
        final RawClient client = server.client();
        client.consume(queue, 1_000, 1 << 20);
        final List<Event> deliveries = client.awaitCount("Delivery", messages);
        for (int i = 0; i < messages; i++) {
            assertEquals("m" + i, deliveries.get(i).text());
        }
    }

    private void deleteSnapshots() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("snapshots"))) {
            for (final Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private Recovery recover() {
        return Recovery.of(directory);
    }

    /** What recovery comes to, without a record of a new start. */
    private record Recovery(long hash, long position, long snapshotPosition) {

        static Recovery of(final Path directory) {
            final ServerContext ctx = new ServerContext().directory(directory).conclude();
            try (Storage storage = Storage.open(ctx)) {
                final EgressHub egress = new EgressHub(new HostCounters());
                final RecordLogHost logs =
                        new RecordLogHost(new ShardFlows(egress), new ReplayFlows(new HostCounters()));
                final Kernel kernel = new Kernel(egress, (blobId, contentLength) -> {}, logs);
                final Recovered recovered = Recovered.from(storage, kernel, logs, error -> {
                    throw new AssertionError(error);
                });
                assertEquals(kernel.recomputeStateHash(), kernel.stateHash());
                return new Recovery(kernel.stateHash(), recovered.nextPosition(), recovered.snapshotPosition());
            }
        }
    }
}
