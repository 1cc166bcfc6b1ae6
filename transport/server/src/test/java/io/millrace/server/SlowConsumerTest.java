package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowConsumerTest {

    private static final long THIRTY_SECONDS = TimeUnit.SECONDS.toNanos(30);
    private static final int BODY_BYTES = 16 * 1024;

    @TempDir
    Path directory;

    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldCloseASessionWhoseOutputPilesUpAndDeliverItsMessagesToAnother() {
        server = new TestServer(directory, ctx -> ctx.sessionStagingBytes(1024 * 1024));
        final RawClient producer = server.client();
        final RawClient slow = server.client();
        final long queue = producer.createQueue("orders", THIRTY_SECONDS);
        slow.consume(queue, 1_000, 16 << 20);
        server.crank(10);

        for (int i = 0; i < 200; i++) {
            producer.send(queue, body(i));
        }
        server.crankUntil("the slow session is closed", () -> server.counters().slowConsumers == 1);
        server.crankUntil("one session is left", () -> server.counters().sessions == 1);
        for (int i = 0; i < 20; i++) {
            producer.receive(queue, 10, 0);
            producer.awaitCount("ReceiveEnd", i + 1);
        }

        assertAllOnceInOrder(producer.all("Delivery"), 200);
    }

    @Test
    void shouldCloseASessionThatReadsNothingForLong() {
        server = new TestServer(directory);
        final RawClient producer = server.client();
        final RawClient slow = server.client();
        final long queue = producer.createQueue("orders", THIRTY_SECONDS);
        slow.consume(queue, 1_000, 16 << 20);
        server.crank(10);
        for (int i = 0; i < 100; i++) {
            producer.send(queue, body(i));
        }
        server.crankUntil("output waits", () -> server.core().egress.waitingCount() == 1);
        slow.isPolling = false;

        for (int i = 0; i < 6; i++) {
            server.advance(2, TimeUnit.SECONDS);
            slow.keepAlive();
            producer.keepAlive();
            server.crankFor(2, TimeUnit.MILLISECONDS);
        }
        server.crankUntil("the slow session is closed", () -> server.counters().slowConsumers == 1);
        producer.consume(queue, 1_000, 16 << 20);

        assertAllOnceInOrder(producer.awaitCount("Delivery", 100), 100);
    }

    @Test
    void shouldNotSlowDownAnotherConsumer() {
        server = new TestServer(directory);
        final RawClient producer = server.client();
        final RawClient slow = server.client();
        final RawClient quick = server.client();
        final long stuck = producer.createQueue("stuck", THIRTY_SECONDS);
        final long moving = producer.createQueue("moving", THIRTY_SECONDS);
        slow.consume(stuck, 1_000, 16 << 20);
        quick.consume(moving, 1_000, 16 << 20);
        for (int i = 0; i < 100; i++) {
            producer.send(stuck, body(i));
            producer.send(moving, body(i));
            quick.poll();
        }

        assertAllOnceInOrder(quick.awaitCount("Delivery", 100), 100);
        assertEquals(1, server.core().egress.waitingCount());
        slow.awaitCount("Delivery", 100);
        assertEquals(0, server.core().egress.waitingCount());
    }

    @Test
    void shouldKeepASessionThatAsksForMuchAtOnce() {
        server = new TestServer(directory, ctx -> ctx.sessionStagingBytes(16 << 20));
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        for (int i = 0; i < 5 * 256; i++) {
            client.send(queue, body(i));
        }

        for (int i = 0; i < 5; i++) {
            client.receive(queue, 256, 0);
        }
        client.awaitCount("ReceiveEnd", 5);

        assertEquals(0, server.counters().slowConsumers);
    }

    @Test
    void shouldNotTakeRequestsWhoseAnswersAreNotRead() {
        server = new TestServer(directory);
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        for (int i = 0; i < 50; i++) {
            client.send(queue, body(i));
        }
        client.consume(queue, 1_000, 16 << 20);
        server.crankUntil("output waits", () -> server.core().egress.waitingCount() == 1);
        final long taken = server.counters().ingressFrames;
        client.isPolling = false;

        for (int i = 0; i < 200; i++) {
            client.send(queue, "small");
        }
        server.crank(1_000);

        assertTrue(server.counters().ingressFrames - taken <= 64 + 64, "one poll beyond the threshold at most");
        assertAllOnceInOrder(client.awaitCount("Delivery", 250), 50);
    }

    @Test
    void shouldKeepASlowReaderWhoseRequestsItDoesNotTake() {
        server = new TestServer(directory);
        final RawClient producer = server.client();
        final RawClient slow = server.client();
        final long queue = producer.createQueue("orders", THIRTY_SECONDS);
        slow.consume(queue, 1_000, 16 << 20);
        server.crank(10);
        for (int i = 0; i < 300; i++) {
            producer.send(queue, body(i));
        }
        server.crankUntil("output waits", () -> server.core().egress.waitingCount() == 1);
        slow.isPolling = false;
        for (int i = 0; i < 200; i++) {
            slow.keepAlive();
        }

        for (int i = 0; i < 12; i++) {
            server.advance(1, TimeUnit.SECONDS);
            producer.keepAlive();
            slow.poll();
            server.crankFor(2, TimeUnit.MILLISECONDS);
        }

        assertEquals(1, server.core().egress.waitingCount());
        assertEquals(0, server.counters().sessionsTimedOut);
        assertEquals(2, server.counters().sessions);
        assertAllOnceInOrder(slow.awaitCount("Delivery", 300), 300);
    }

    private static byte[] body(final int number) {
        final byte[] body = new byte[BODY_BYTES];
        body[0] = (byte) number;
        return body;
    }

    private static void assertAllOnceInOrder(final List<Event> deliveries, final int count) {
        final Set<Long> ids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            assertEquals((byte) i, deliveries.get(i).body()[0]);
            assertTrue(ids.add(deliveries.get(i).value()));
        }
    }
}
