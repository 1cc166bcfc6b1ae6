package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that keeps nothing: everything works but what is about keeping. */
class MemoryDurabilityTest {

    private static final long THIRTY_SECONDS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer(directory, ctx -> ctx.durability(Durability.MEMORY));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldDeliverWhatIsSent() {
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        client.consume(queue, 10, 1 << 20);
        client.send(queue, "kept in memory");
        final Event delivery = client.awaitCount("Delivery", 1).get(0);
        final long id = client.acknowledge(queue, delivery.receipt());
        client.await("the confirmation", e -> e.type().equals("Confirmed") && e.to() >= id);

        assertEquals("kept in memory", delivery.text());
        assertEquals(0, server.core().kernel.messageCount());
        assertFalse(Files.exists(directory.resolve("journal")));
    }

    @Test
    void shouldRefuseASnapshotInOneSentence() {
        final CompletableFuture<ServerControl.SnapshotResult> request = CompletableFuture.supplyAsync(
                () -> ServerControl.requestSnapshot(server.aeronDir(), TimeUnit.SECONDS.toNanos(10)));
        server.crankUntil("the request is answered", request::isDone);

        final ExecutionException e = assertThrows(ExecutionException.class, request::get);
        final ServerException refusal = assertInstanceOf(ServerException.class, e.getCause());
        assertEquals(ServerException.Reason.STORE, refusal.reason());
        server.crankFor(2, TimeUnit.MILLISECONDS);
        assertTrue(
                server.log.toString().contains("A server with durability memory keeps no snapshots."),
                server.log::toString);
        assertEquals(1, server.counters().snapshotFailures);
    }

    @Test
    void shouldStopCleanlyAndStartWithNothing() {
        final RawClient client = server.client();
        client.createQueue("orders", THIRTY_SECONDS);
        client.close();

        server.restart();

        assertEquals(0, server.core().kernel.queueCount());
        assertEquals(0, server.server().errorCount());
        assertEquals(List.of(), server.log);
    }
}
