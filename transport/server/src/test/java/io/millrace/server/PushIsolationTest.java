package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.AckBatch;
import io.millrace.client.DeliveryPolicy;
import io.millrace.client.MillraceClient;
import io.millrace.client.PublishOptions;
import io.millrace.client.PushSettings;
import io.millrace.client.SubscriptionInfo;
import io.millrace.client.TopicSubscription;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.Switch;
import io.millrace.server.LibraryClient.Delivered;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that consume the same topic: one that fails, stalls or vanishes delays no other, and nothing is lost in silence. */
class PushIsolationTest {
    private static final int PLENTY = 16 << 20;
    private static final int COUNT = 60;
    private static final List<String> ALL = bodies(0, COUNT);

    /** So much that the output of a session which reads nothing does not fit. */
    private static final int LARGE_BYTES = 16 * 1024;

    @TempDir
    Path directory;

    private TestServer server;
    private LibraryClient publisher;
    private LibraryClient lively;
    private LibraryClient troubled;
    private long topic;
    private TopicSubscription desk;
    private TopicSubscription trouble;

    @BeforeEach
    void start() {
        server = new TestServer(directory, ctx -> ctx.sessionStagingBytes(1024 * 1024));
        publisher = new LibraryClient(server);
        lively = new LibraryClient(server);
        troubled = new LibraryClient(server);
        topic = publisher.topics().create("trades");
    }

    @AfterEach
    void stop() {
        publisher.close();
        lively.close();
        troubled.close();
        server.close();
    }

    /** The one in trouble subscribes first, so that it would be in the way. */
    private void subscribe(final PushSettings settings, final int credit) {
        trouble = publisher.topics().subscribeSession(topic, settings);
        desk = publisher.topics().subscribeSession(topic, PushSettings.named("desk"));
        consume(troubled, trouble, credit);
        consume(lively, desk, 1_000);
    }

    private static void consume(final LibraryClient client, final TopicSubscription subscription, final int credit) {
        assertEquals(
                List.of("confirmed"),
                client.answer(() -> client.client().consume(subscription.queueId(), credit, PLENTY)));
    }

    private static List<String> bodies(final int from, final int to) {
        return IntStream.range(from, to).mapToObj(i -> "message " + i).toList();
    }

    private void publish(final int from, final int to) {
        bodies(from, to).forEach(body -> publisher.publish(topic, body, new PublishOptions()));
    }

    private static List<String> awaitBodies(final LibraryClient client, final int count) {
        client.await(count + " deliveries", () -> client.deliveries.size() >= count);
        return client.deliveries.stream().map(Delivered::body).toList();
    }

    private static void acknowledgeAll(final LibraryClient client, final TopicSubscription subscription) {
        acknowledge(client, subscription, client.deliveries);
    }

    private static void acknowledge(
            final LibraryClient client, final TopicSubscription subscription, final List<Delivered> deliveries) {
        final AckBatch batch = client.client().ackBatch(subscription.queueId());
        deliveries.forEach(delivered -> batch.add(delivered.receipt(), 0));
        client.await("room for the acknowledgements", () -> batch.size() == 0);
    }

    /** Everything that was published is accounted for. */
    private void shouldCount(
            final TopicSubscription subscription, final int delivered, final int discarded, final int pending) {
        final SubscriptionInfo told = publisher.topics().describeSubscription(subscription.subscriptionId());
        assertEquals(
                List.of((long) delivered, (long) discarded, (long) pending),
                List.of(
                        told.deliveredCount(),
                        told.discardedCount(),
                        told.push().pendingCount()));
        assertEquals(
                publisher.topics().describe(topic).publishedCount(),
                told.deliveredCount()
                        + told.discardedCount()
                        + told.deadLetterCount()
                        + told.filteredCount()
                        + told.push().pendingCount());
    }

    @Test
    void shouldDelayNobodyBecauseASubscriberFails() {
        subscribe(PushSettings.named("failing").deliveryPolicy(DeliveryPolicy.every(1, 0)), 10);
        int failed = 0;
        for (int i = 0; i < COUNT; i++) {
            publish(i, i + 1);
            failed = failNew(failed);
        }
        assertEquals(ALL, awaitBodies(lively, COUNT));
        while (failed < 2 * COUNT) {
            awaitBodies(troubled, failed + 1);
            failed = failNew(failed);
        }

        acknowledgeAll(lively, desk);
        lively.await("the counts", () -> pendingOf(desk) == 0 && pendingOf(trouble) == 0);
        shouldCount(desk, COUNT, 0, 0);
        shouldCount(trouble, 0, COUNT, 0);
        assertEquals(
                COUNT,
                publisher
                        .topics()
                        .describeSubscription(trouble.subscriptionId())
                        .push()
                        .retriedCount());
        assertEquals(COUNT, server.core().kernel.counters().undeliverable());
    }

    private int failNew(final int from) {
        final int to = troubled.deliveries.size();
        for (final Delivered each : List.copyOf(troubled.deliveries.subList(from, to))) {
            assertEquals(
                    List.of("confirmed"),
                    troubled.answer(() -> troubled.client()
                            .settle(
                                    trouble.queueId(),
                                    each.receipt(),
                                    0,
                                    1,
                                    Disposition.RETRY,
                                    MillraceClient.QUEUE_DEFAULT)));
        }
        return to;
    }

    private long pendingOf(final TopicSubscription subscription) {
        return publisher
                .topics()
                .describeSubscription(subscription.subscriptionId())
                .push()
                .pendingCount();
    }

    @Test
    void shouldDelayNobodyBecauseASubscriberStalls() {
        subscribe(PushSettings.named("stalled"), 5);
        publish(0, COUNT);
        assertEquals(ALL, awaitBodies(lively, COUNT));
        assertEquals(ALL.subList(0, 5), awaitBodies(troubled, 5));
        acknowledgeAll(lively, desk);
        lively.await("the counts", () -> pendingOf(desk) == 0);

        shouldCount(desk, COUNT, 0, 0);
        shouldCount(trouble, 0, 0, COUNT);
        assertTrue(publisher
                        .topics()
                        .describeSubscription(trouble.subscriptionId())
                        .push()
                        .oldestTimeNs()
                > 0);
        troubled.close();
        server.crankUntil("its session has ended", () -> server.counters().sessions == 2);
        lively.deliveries.clear();
        consume(lively, trouble, 1_000);
        assertEquals(ALL, awaitBodies(lively, COUNT), "what it held goes back to its place");
    }

    @Test
    void shouldDelayNobodyBecauseASubscriberVanishes() {
        subscribe(PushSettings.named("vanished"), 1_000);
        publish(0, COUNT / 2);
        awaitBodies(troubled, COUNT / 2);
        acknowledgeAll(troubled, trouble);
        publish(COUNT / 2, COUNT);
        assertEquals(ALL, awaitBodies(lively, COUNT), "it does not poll any more");
        acknowledgeAll(lively, desk);

        server.advance(11, TimeUnit.SECONDS);
        server.crankUntil("its session has ended", () -> {
            lively.client().poll();
            publisher.client().poll();
            return server.counters().sessionsTimedOut > 0;
        });
        lively.await("sessions", () -> lively.client().isConnected());
        publisher.await("sessions", () -> publisher.client().isConnected());
        shouldCount(trouble, COUNT / 2, 0, COUNT / 2);
        lively.deliveries.clear();
        consume(lively, trouble, 1_000);
        assertEquals(ALL.subList(COUNT / 2, COUNT), awaitBodies(lively, COUNT / 2));
        acknowledgeAll(lively, trouble);
        lively.await("the counts", () -> pendingOf(trouble) == 0);
        shouldCount(trouble, COUNT, 0, 0);
    }

    @Test
    void shouldDelayNobodyBecauseASubscriberReadsNothing() {
        subscribe(PushSettings.named("silent"), 1_000);
        final String large = "x".repeat(LARGE_BYTES);
        final int count = 200;
        for (int i = 0; i < count; i++) {
            publisher.publish(topic, large, new PublishOptions());
            lively.client().poll();
        }
        assertEquals(count, awaitBodies(lively, count).size());
        server.crankUntil("the session that reads nothing is closed", () -> server.counters().slowConsumers == 1);

        shouldCount(trouble, 0, 0, count);
        lively.deliveries.clear();
        consume(lively, trouble, 20);
        for (int done = 0; done < count; ) {
            awaitBodies(lively, done + 1);
            final int to = lively.deliveries.size();
            acknowledge(lively, trouble, lively.deliveries.subList(done, to));
            done = to;
        }
        lively.await("the counts", () -> pendingOf(trouble) == 0);
        shouldCount(trouble, count, 0, 0);
    }

    @Test
    void shouldCountWhatAVanishedSubscriberMissesWhereDeliveryIsAtMostOnce() {
        subscribe(PushSettings.named("ticks").acknowledged(Switch.OFF), 1_000);
        publish(0, COUNT / 2);
        awaitBodies(troubled, COUNT / 2);
        troubled.close();
        server.crankUntil("its session has ended", () -> server.counters().sessions == 2);
        publish(COUNT / 2, COUNT);

        assertEquals(ALL, awaitBodies(lively, COUNT));
        shouldCount(trouble, COUNT / 2, COUNT / 2, 0);
    }
}
