package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.PublishOptions;
import io.millrace.client.SubscriptionSettings;
import io.millrace.codecs.Switch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory is full because of what is published: one small publish can make many messages. */
class TopicMemoryTest {

    private static final long LIMIT_BYTES = 32L * 1024 * 1024;
    private static final int QUEUES = 300;
    private static final List<String> OVERLOADED = List.of("refused OVERLOADED");

    @TempDir
    Path directory;

    private TestServer server;
    private LibraryClient client;
    private final List<Long> queues = new ArrayList<>();
    private long topic;

    @BeforeEach
    void start() {
        server = new TestServer(directory, ctx -> ctx.memoryBytes(LIMIT_BYTES));
        client = new LibraryClient(server);
        topic = client.topics().create("trades");
        for (int i = 0; i < QUEUES; i++) {
            final long queue = client.queues().create("queue" + i);
            client.topics().subscribeQueue(topic, queue, new SubscriptionSettings().rawDelivery(Switch.ON));
            queues.add(queue);
        }
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        assertEquals(0, server.server().errorCount(), () -> "errors: " + server.log);
    }

    @Test
    void shouldRefuseToPublishToMoreQueuesThanItHasMemoryFor() {
        final int published = fill();

        assertTrue(published > 50, published + " published");
        assertTrue(reservedBytes() <= LIMIT_BYTES, reservedBytes() + " bytes");
        assertEquals(published * QUEUES, server.core().kernel.messageCount());
        assertEquals(0, client.topics().describe(topic).pendingCount());

        // What is kept for queues is kept for topics too.
        final long other = client.topics().create("other");
        final long queue = client.queues().create("late");
        assertTrue(client.topics().subscribeQueue(other, queue, new SubscriptionSettings()) > 0);
    }

    @Test
    void shouldPublishAgainWhenTheQueuesAreEmpty() {
        final int published = fill();
        final long reserved = reservedBytes();
        for (int round = 0; round < 2; round++) {
            queues.forEach(client.queues()::delete);
            queues.clear();
            server.crankUntil(
                    "the messages are gone", () -> server.core().kernel.messageCount() == 0);
            final long queue = client.queues().create("round" + round);
            queues.add(queue);
            client.topics().subscribeQueue(topic, queue, new SubscriptionSettings().rawDelivery(Switch.ON));

            assertEquals(List.of("confirmed 1"), publish());
            server.crankUntil("delivery", () -> server.core().kernel.messageCount() == 1);
            assertTrue(reservedBytes() <= Math.max(reserved, LIMIT_BYTES), "after " + published + " published");
        }
    }

    /** Publishes until the first refusal. @return how often it was done */
    private int fill() {
        int published = 0;
        List<String> answer = publish();
        while (!answer.equals(OVERLOADED)) {
            assertEquals(List.of("confirmed 1"), answer);
            published++;
            answer = publish();
        }
        return published;
    }

    private List<String> publish() {
        return client.publish(topic, "trade", new PublishOptions());
    }

    private long reservedBytes() {
        return server.core().kernel.memory().reservedBytes();
    }
}
