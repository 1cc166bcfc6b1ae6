package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.DeliveryPolicy;
import io.millrace.client.MillraceClient;
import io.millrace.client.MillraceException;
import io.millrace.client.PublishBatch;
import io.millrace.client.PublishOptions;
import io.millrace.client.PushInfo;
import io.millrace.client.PushSettings;
import io.millrace.client.QueueSettings;
import io.millrace.client.SubscriptionInfo;
import io.millrace.client.SubscriptionSettings;
import io.millrace.client.TopicSubscription;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.Switch;
import io.millrace.server.LibraryClient.Delivered;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that consume topics, through the client library, Aeron, journal and kernel and back. */
class PushOperationsTest {
    private static final int PLENTY = 1 << 20;
    private static final PublishOptions PLAIN = new PublishOptions();

    @TempDir
    Path directory;

    private TestServer server;
    private LibraryClient client;
    private long topic;

    @BeforeEach
    void start() {
        server = new TestServer(directory);
        client = new LibraryClient(server);
        topic = client.topics().create("trades");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        assertEquals(0, server.server().errorCount(), () -> "errors: " + server.log);
    }

    private TopicSubscription subscribe(final PushSettings settings, final int credit) {
        final TopicSubscription desk = client.topics().subscribeSession(topic, settings);
        consume(desk, credit);
        return desk;
    }

    private void consume(final TopicSubscription desk, final int credit) {
        assertEquals(
                List.of("confirmed"), client.answer(() -> client.client().consume(desk.queueId(), credit, PLENTY)));
    }

    private List<String> awaitBodies(final int count) {
        client.await(count + " deliveries", () -> client.deliveries.size() >= count);
        return client.deliveries.stream().map(Delivered::body).toList();
    }

    private void acknowledge(final TopicSubscription desk, final int delivery) {
        final Delivered delivered = client.deliveries.get(delivery);
        assertEquals(
                List.of("confirmed"),
                client.answer(() -> client.client().acknowledge(desk.queueId(), delivered.receipt(), 0, 1)));
    }

    private void fail(final TopicSubscription desk, final int delivery) {
        final Delivered delivered = client.deliveries.get(delivery);
        assertEquals(
                List.of("confirmed"),
                client.answer(() -> client.client()
                        .settle(
                                desk.queueId(),
                                delivered.receipt(),
                                0,
                                1,
                                Disposition.RETRY,
                                MillraceClient.QUEUE_DEFAULT)));
    }

    private SubscriptionInfo describe(final TopicSubscription desk) {
        return client.topics().describeSubscription(desk.subscriptionId());
    }

    @Test
    void shouldPushWhatPassesTheFilterAsFarAsTheCreditGoes() {
        final SubscriptionSettings large =
                new SubscriptionSettings().filterPolicy("{\"amount\":[{\"numeric\":[\">=\",10]}]}");
        final TopicSubscription desk = subscribe(PushSettings.named("desk").delivery(large), 2);
        assertEquals(List.of(desk), client.topics().subscriptions(topic));

        final PublishBatch batch = client.client().topicPublisher().newBatch().begin(topic);
        for (int amount = 8; amount < 13; amount++) {
            batch.startMessage().putNumber("amount", amount);
            batch.endMessage(LibraryClient.bytes(amount + "!"), 0, amount < 10 ? 2 : 3);
        }
        assertEquals(List.of("confirmed 5"), client.answer(batch::send));
        assertEquals(List.of("10!", "11!"), awaitBodies(2));
        assertEquals("amount=10", client.deliveries.get(0).attributes());
        assertTrue(client.deliveries.get(0).isPushed());
        assertEquals(3, describe(desk).push().pendingCount());

        acknowledge(desk, 0);
        assertEquals(List.of("10!", "11!", "12!"), awaitBodies(3));
        acknowledge(desk, 1);
        acknowledge(desk, 2);
        final SubscriptionInfo told = describe(desk);
        assertEquals("3 2", told.deliveredCount() + " " + told.filteredCount());
        final DeliveryPolicy byDefault = DeliveryPolicy.every(3, TimeUnit.SECONDS.toNanos(20));
        assertEquals(new PushInfo("desk", Switch.ON, byDefault, 0, 0, 0), told.push());

        client.topics().unsubscribe(desk.subscriptionId());
        client.await("the end of the consumer", () -> !client.stopped.isEmpty());
        assertEquals(List.of(desk.queueId() + " QUEUE_DELETED"), client.stopped);
    }

    @Test
    void shouldTryAgainAsThePolicySaysAndGiveUpThen() {
        final long dead = client.queues().create(QueueSettings.named("dead"));
        final TopicSubscription desk = subscribe(
                PushSettings.named("desk")
                        .delivery(new SubscriptionSettings().deadLetterQueueId(dead))
                        .deliveryPolicy(DeliveryPolicy.every(2, TimeUnit.HOURS.toNanos(1))
                                .withPhases(1, 1, 0)),
                10);
        client.publish(topic, "x", PLAIN);
        awaitBodies(1);
        fail(desk, 0);
        awaitBodies(2);
        fail(desk, 1);
        assertEquals(2, describe(desk).push().retriedCount());
        server.crank(100);
        assertEquals(2, client.deliveries.size(), "the second retry waits");
        server.advance(1, TimeUnit.HOURS);
        awaitBodies(3);
        assertEquals(2, client.deliveries.get(2).failures());
        fail(desk, 2);

        assertEquals(List.of("x"), client.bodies(dead));
        final SubscriptionInfo told = describe(desk);
        assertEquals("0 1 0", told.deliveredCount() + " " + told.deadLetterCount() + " " + told.discardedCount());
        assertEquals(0, told.push().pendingCount());
    }

    @Test
    void shouldFollowTheOrdersOfTheTopicWithoutItsOwn() {
        final TopicSubscription desk = subscribe(PushSettings.named("desk"), 1);
        final DeliveryPolicy ofTopic = DeliveryPolicy.every(5, 100).withDelays(100, 200, RetryFunction.EXPONENTIAL);
        client.topics().setDeliveryPolicy(topic, ofTopic);
        assertEquals(ofTopic, describe(desk).push().deliveryPolicy());
        final DeliveryPolicy own = DeliveryPolicy.every(1, 0).withMaxPerSecond(7);
        client.topics().setSubscriptionDeliveryPolicy(desk.subscriptionId(), own);
        assertEquals(own, describe(desk).push().deliveryPolicy());
        client.topics().setSubscriptionDeliveryPolicy(desk.subscriptionId(), DeliveryPolicy.NONE);
        assertEquals(ofTopic, describe(desk).push().deliveryPolicy());

        assertEquals(desk, client.topics().subscribeSession(topic, PushSettings.named("desk")), "subscribed already");
        assertRefused(
                "A subscription of this name exists with another value of DELIVERY_POLICY.",
                () -> client.topics()
                        .subscribeSession(topic, PushSettings.named("desk").deliveryPolicy(own)));
        assertRefused(
                "A subscription of this name exists with another value of ACKNOWLEDGED.",
                () -> client.topics()
                        .subscribeSession(topic, PushSettings.named("desk").acknowledged(Switch.OFF)));
        assertRefused(
                "The delays and phases of the delivery policy do not fit each other, or the subscription is a queue's.",
                () -> client.topics().setDeliveryPolicy(topic, own.withPhases(1, 1, 0)));
        assertRefused(
                "The delivery policy has 1001 retries, more than DELIVERY_RETRIES allows (1000).",
                () -> client.topics().setDeliveryPolicy(topic, DeliveryPolicy.every(1_001, 0)));
        assertRefused(
                "No topic has the id 99.", () -> client.topics().subscribeSession(99, PushSettings.named("desk")));
    }

    @Test
    void shouldDropWhatFindsNoCreditWhereDeliveryIsAtMostOnce() {
        final TopicSubscription ticks = subscribe(PushSettings.named("ticks").acknowledged(Switch.OFF), 1);
        client.publish(topic, "one", PLAIN);
        client.publish(topic, "dropped", PLAIN);
        assertEquals(List.of("one"), awaitBodies(1));
        consume(ticks, 5);
        client.publish(topic, "two", PLAIN);

        assertEquals(List.of("one", "two"), awaitBodies(2));
        final SubscriptionInfo told = describe(ticks);
        assertEquals("2 1", told.deliveredCount() + " " + told.discardedCount());
        assertEquals(0, told.push().pendingCount());
    }

    @Test
    void shouldGoOnConsumingInANewSession() {
        final TopicSubscription desk = subscribe(PushSettings.named("desk"), 10);
        final TopicSubscription ticks = subscribe(PushSettings.named("ticks").acknowledged(Switch.OFF), 3);
        client.publish(topic, "before", PLAIN);
        assertEquals(List.of("before", "before"), awaitBodies(2));
        final long session = client.client().sessionId();
        // Shorter than an acknowledgement may take: what is not acknowledged does not wait for a retry.
        server.advance(11, TimeUnit.SECONDS);
        server.crankUntil("the session is closed", () -> server.counters().sessions == 0);
        client.await(
                "a new session",
                () -> client.client().isConnected() && client.client().sessionId() != session);
        assertEquals(List.of("before", "before", "before"), awaitBodies(3), "not acknowledged");

        for (int i = 0; i < 4; i++) {
            client.publish(topic, "after", PLAIN);
        }
        awaitBodies(3 + 4 + 2);
        assertEquals(3, describe(ticks).deliveredCount());
        assertEquals(2, describe(ticks).discardedCount(), "the credit was for 3 once");
        assertEquals(5, describe(desk).push().pendingCount());
    }

    private static void assertRefused(final String sentence, final Executable call) {
        assertEquals(sentence, assertThrows(MillraceException.class, call).getMessage());
    }
}
