package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.ResultCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendAndDeliverTest {

    private static final long THIRTY_SECONDS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer(directory);
    }

    @AfterEach
    void stop() {
        server.close();
        assertEquals(0, server.server().errorCount(), () -> "errors: " + server.log);
    }

    @Test
    void shouldDeliverToAReceiver() {
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);

        final long sent = client.send(queue, "hello");
        client.await("the confirmation", e -> e.type().equals("Confirmed") && e.correlationId() == sent);
        final long received = client.receive(queue, 10, 0);
        final Event end = client.await("the end", e -> e.type().equals("ReceiveEnd"));

        final Event delivery = client.all("Delivery").get(0);
        assertEquals("hello", delivery.text());
        assertEquals(received, delivery.correlationId());
        assertFalse(delivery.isRedelivered());
        assertEquals(1, end.count());
    }

    @Test
    void shouldPushToAConsumerOfAnotherSession() {
        final RawClient producer = server.client();
        final RawClient consumer = server.client();
        final long queue = producer.createQueue("orders", THIRTY_SECONDS);
        consumer.consume(queue, 100, 1 << 20);

        for (int i = 0; i < 50; i++) {
            producer.send(queue, "m" + i);
        }
        final List<Event> deliveries = consumer.awaitCount("Delivery", 50);

        for (int i = 0; i < 50; i++) {
            assertEquals("m" + i, deliveries.get(i).text());
        }
        assertTrue(producer.all("Delivery").isEmpty());
    }

    @Test
    void shouldNumberTheFramesOfASessionWithoutGap() {
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        client.consume(queue, 100, 1 << 20);
        for (int i = 0; i < 20; i++) {
            client.send(queue, "m" + i);
        }
        client.awaitCount("Delivery", 20);

        for (int i = 0; i < client.events.size(); i++) {
            assertEquals(i + 1, client.events.get(i).sequence());
        }
    }

    @Test
    void shouldConfirmCommandsOfOneCycleAsARange() {
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        client.consume(queue, 100, 1 << 20);
        client.awaitCount("Confirmed", 2);

        final long first = client.send(queue, "m0");
        for (int i = 1; i < 10; i++) {
            client.send(queue, "m" + i);
        }
        client.awaitCount("Delivery", 10);

        final Event confirmed = client.all("Confirmed").get(2);
        assertEquals(first, confirmed.correlationId());
        assertEquals(first + 9, confirmed.to());
        assertEquals(1, confirmed.count());
        assertEquals(client.all("Delivery").get(0).value(), confirmed.value());
    }

    @Test
    void shouldDeliverAgainAfterTheVisibilityTimeout() {
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        client.send(queue, "again");
        client.receive(queue, 1, 0);
        final Event first = client.awaitCount("Delivery", 1).get(0);

        server.advance(31, TimeUnit.SECONDS);
        client.keepAlive();
        server.crankFor(5, TimeUnit.MILLISECONDS);
        client.receive(queue, 1, 0);
        final Event second = client.awaitCount("Delivery", 2).get(1);
        client.acknowledge(queue, first.receipt());
        final Event stale = client.await("results", e -> e.type().equals("EntryResults"));
        final long id = client.acknowledge(queue, second.receipt());
        client.await("the confirmation", e -> e.type().equals("Confirmed") && e.to() == id);

        assertEquals("again", second.text());
        assertTrue(second.isRedelivered());
        assertEquals(2, second.count());
        assertEquals(ResultCode.STALE_RECEIPT, stale.code());
    }

    @Test
    void shouldAnswerQueriesAfterTheCommandsBeforeThem() {
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        for (int i = 0; i < 5; i++) {
            client.send(queue, "m" + i);
        }
        client.describe(queue);

        final Event description = client.await("the description", e -> e.type().equals("QueueDescription"));

        assertEquals(5, description.count());
    }

    @Test
    void shouldCarryAPayloadOfAMebibyte() {
        final RawClient client = server.client();
        final long queue = client.createQueue("large", THIRTY_SECONDS);
        final byte[] body = new byte[1024 * 1024 - 8];
        new Random(1).nextBytes(body);

        final long id = client.sendLarge(queue, body, 48 * 1024);
        client.await("the confirmation", e -> e.type().equals("Confirmed") && e.correlationId() == id);
        client.receive(queue, 1, 0);
        client.await("the end", e -> e.type().equals("ReceiveEnd"));

        final byte[] received = new byte[body.length + RawClient.PAYLOAD_OVERHEAD];
        client.all("DeliveryChunk")
                .forEach(e -> System.arraycopy(e.body(), 0, received, (int) e.value(), e.body().length));
        assertEquals(received.length, client.all("DeliveryBegin").get(0).count());
        assertArrayEquals(
                body,
                java.util.Arrays.copyOfRange(
                        received, RawClient.PAYLOAD_BODY_OFFSET, RawClient.PAYLOAD_BODY_OFFSET + body.length));
    }

    @Test
    void shouldCarryAFrameOf64KiB() {
        final RawClient client = server.client();
        final long queue = client.createQueue("frames", THIRTY_SECONDS);
        client.consume(queue, 100, 8 << 20);
        final byte[] body = new byte[60 * 1024];
        new Random(2).nextBytes(body);

        for (int i = 0; i < 20; i++) {
            client.send(queue, body);
        }

        for (final Event delivery : client.awaitCount("Delivery", 20)) {
            assertArrayEquals(body, delivery.body());
        }
    }
}
