package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.ResultCode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory is full: what would need more is refused before it is journaled, and what takes messages goes on. */
class MemoryLimitTest {

    private static final long LIMIT_BYTES = 32L * 1024 * 1024;
    private static final long AN_HOUR = TimeUnit.HOURS.toNanos(1);
    private static final int BODY_BYTES = 10_000;
    private static final int MOST_MESSAGES = (int) (LIMIT_BYTES / BODY_BYTES);

    @TempDir
    Path directory;

    private TestServer server;
    private RawClient client;
    private long queue;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldRefuseWhatItHasNoMemoryFor() {
        start();
        final int stored = fillUp(BODY_BYTES);

        // The rest is what the tables begin with, and room for queues and topics.
        assertTrue(stored > MOST_MESSAGES / 2 && stored < MOST_MESSAGES, stored + " messages");
        assertTrue(server.core().kernel.memory().reservedBytes() <= LIMIT_BYTES);
        server.crankUntil(
                "somebody is told", () -> server.log.stream().anyMatch(line -> line.contains("memory that they may")));
        final long largeId = client.sendLarge(queue, new byte[500_000], 50_000);
        final Event refused = client.await("the refusal", e -> e.correlationId() == largeId);
        assertEquals(ResultCode.OVERLOADED, refused.code());
        assertEquals(stored, server.core().kernel.messageCount());
        assertTrue(client.counter(ServerCounters.Id.MEMORY_BYTES) > LIMIT_BYTES / 2);
        assertEquals(LIMIT_BYTES, client.counter(ServerCounters.Id.MEMORY_LIMIT_BYTES));
    }

    @Test
    void shouldRefuseSmallMessagesToo() {
        start();
        final int stored = fill(1);

        assertTrue(stored > 40_000, stored + " messages");
        assertTrue(server.core().kernel.memory().reservedBytes() <= LIMIT_BYTES);
    }

    @Test
    void shouldDeliverAcknowledgeAndCreateQueuesWhileMemoryIsFull() {
        start();
        final int stored = fill(BODY_BYTES);
        final long other = client.createQueue("other", AN_HOUR);
        client.receive(queue, 100, 0);
        client.awaitCount("ReceiveEnd", 1);
        final byte[][] receipts =
                client.all("Delivery").stream().map(Event::receipt).toArray(byte[][]::new);

        client.acknowledge(queue, receipts);
        server.crankUntil(
                "the messages are gone", () -> server.core().kernel.messageCount() == stored - receipts.length);

        assertTrue(other > queue);
        assertEquals(100, receipts.length);
    }

    @Test
    void shouldStoreAgainWhenMessagesAreGone() {
        start();
        final int stored = fill(BODY_BYTES);
        final long reserved = server.core().kernel.memory().reservedBytes();
        for (int round = 0; round < 3; round++) {
            takeAll();
            server.crankFor(2, TimeUnit.MILLISECONDS);

            final int again = fill(BODY_BYTES);

            assertTrue(again > stored / 3, "after " + stored + " messages " + again + " in round " + round);
            assertTrue(server.core().kernel.memory().reservedBytes() <= Math.max(reserved, LIMIT_BYTES));
        }
    }

    @Test
    void shouldStartAgainWithFullMemory() {
        start();
        final int stored = fill(BODY_BYTES);
        server.kill();
        server.start();

        client = server.client();
        assertEquals(stored, server.core().kernel.messageCount());
        takeAll();
        assertEquals(0, server.core().kernel.messageCount());
    }

    @Test
    void shouldNotStartWithMoreMemoryThanTheJvmMayReserve() {
        start();
        final ServerContext ctx = new ServerContext()
                .directory(directory)
                .aeronDirectoryName(server.aeronDir())
                .memoryBytes(DirectMemory.limitBytes());

        final ServerException e = assertThrows(ServerException.class, ctx::conclude);

        assertEquals(ServerException.Reason.RESOURCES, e.reason());
        assertTrue(e.getMessage().contains("-XX:MaxDirectMemorySize"), e.getMessage());
    }

    private void start() {
        server = new TestServer(directory, ctx -> ctx.memoryBytes(LIMIT_BYTES));
        client = server.client();
        queue = client.createQueue("orders", AN_HOUR);
    }

    /** Fills until not even the first message of a round is taken. */
    private int fillUp(final int bytes) {
        int before = -1;
        int stored = fill(bytes);
        while (stored != before) {
            before = stored;
            stored = fill(bytes);
        }
        return stored;
    }

    /** Sends until the first refusal; returns how many messages there are then. */
    private int fill(final int bytes) {
        final byte[] body = new byte[bytes];
        final int before = client.all("Refused").size();
        final long[] last = new long[1];
        server.crankUntil("a message is refused", () -> {
            for (int i = 0; i < 50; i++) {
                last[0] = client.send(queue, body);
            }
            client.poll();
            return client.all("Refused").size() > before;
        });
        client.await("the last answer", e -> isAnswer(e, last[0]));
        final List<Event> refused = client.all("Refused");
        assertEquals(ResultCode.OVERLOADED, refused.get(before).code());
        client.events.removeIf(e -> e.type().equals("Confirmed"));
        return server.core().kernel.messageCount();
    }

    private static boolean isAnswer(final Event event, final long correlationId) {
        return event.correlationId() == correlationId
                || event.type().equals("Confirmed") && event.to() >= correlationId;
    }

    private void takeAll() {
        while (server.core().kernel.messageCount() > 0) {
            client.events.clear();
            final int before = server.core().kernel.messageCount();
            client.receive(queue, 200, 0);
            client.awaitCount("ReceiveEnd", 1);
            final List<Event> deliveries = client.all("Delivery");
            client.acknowledge(queue, deliveries.stream().map(Event::receipt).toArray(byte[][]::new));
            server.crankUntil(
                    "the messages are gone", () -> server.core().kernel.messageCount() == before - deliveries.size());
        }
    }
}
