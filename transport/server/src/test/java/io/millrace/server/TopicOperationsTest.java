package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.BlobInfo;
import io.millrace.client.BlobReference;
import io.millrace.client.MillraceException;
import io.millrace.client.PublishBatch;
import io.millrace.client.PublishOptions;
import io.millrace.client.QueueSettings;
import io.millrace.client.SendOptions;
import io.millrace.client.SubscriptionInfo;
import io.millrace.client.SubscriptionSettings;
import io.millrace.client.TopicInfo;
import io.millrace.client.TopicName;
import io.millrace.client.TopicSettings;
import io.millrace.client.TopicSubscription;
import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.SubscriberProtocol;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Limits;
import io.millrace.server.LibraryClient.Delivered;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What topics can do, through the client library, Aeron, journal and kernel and back, under the quotas of SNS. */
class TopicOperationsTest {

    private static final SubscriptionSettings PLAIN = new SubscriptionSettings();
    private static final SubscriptionSettings RAW = new SubscriptionSettings().rawDelivery(Switch.ON);

    @TempDir
    Path directory;

    private TestServer server;
    private LibraryClient client;

    @BeforeEach
    void start() {
        server =
                new TestServer(directory, ctx -> ctx.limits(Limits.awsProfile()).timeoutNs(TimeUnit.HOURS.toNanos(1)));
        client = new LibraryClient(server);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        assertEquals(0, server.server().errorCount(), () -> "errors: " + server.log);
    }

    @Test
    void shouldKeepTellAndChangeEverySetting() {
        final TopicSettings settings = TopicSettings.named("trades")
                .topicType(QueueType.FIFO)
                .contentDeduplication(Switch.ON)
                .deduplicationScope(QueueScope.MESSAGE_GROUP);
        final long topic = client.topics().create(settings);
        assertEquals(topic, client.topics().create(settings));

        final TopicInfo told = client.topics().lookUp("trades");
        assertEquals(client.topics().describe(topic), told);
        assertEquals(
                new TopicInfo(
                        topic,
                        "trades",
                        told.createdTimeNs(),
                        told.createdTimeNs(),
                        QueueType.FIFO,
                        Switch.ON,
                        QueueScope.MESSAGE_GROUP,
                        0,
                        0,
                        0,
                        0,
                        0),
                told);
        client.topics().set(topic, TopicSettings.changes().contentDeduplication(Switch.OFF));
        assertEquals(Switch.OFF, client.topics().describe(topic).contentDeduplication());
        final long plain = client.topics().create("others");
        assertEquals(
                List.of(new TopicName(topic, "trades"), new TopicName(plain, "others")),
                client.topics().list(""));
        assertEquals(List.of(new TopicName(plain, "others")), client.topics().list("oth"));

        assertRefused(
                "A topic of this name exists with another value of TYPE.",
                () -> client.topics().create("trades"));
        assertRefused(
                "The setting CONTENT_DEDUPLICATION does not fit the topic or its other settings.",
                () -> client.topics().set(plain, TopicSettings.changes().contentDeduplication(Switch.ON)));
        client.topics().delete(plain);
        assertRefused(
                "No topic has the id " + plain + ".", () -> client.topics().describe(plain));
        assertEquals(List.of("refused UNKNOWN_TOPIC"), client.publish(plain, "x", new PublishOptions()));
    }

    @Test
    void shouldKeepTags() {
        final long topic = client.topics().create("tagged");
        client.topics().tag(topic, Map.of("team", "settlement"));
        client.topics().tag(topic, Map.of("stage", "test"));
        client.topics().untag(topic, List.of("team", "none"));

        assertEquals(Map.of("stage", "test"), client.topics().tags(topic));
    }

    @Test
    void shouldDeliverToEverySubscribedQueue() {
        final long topic = client.topics().create("trades");
        final long raw = client.queues().create("raw");
        final long plain = client.queues().create("plain");
        client.topics().subscribeQueue(topic, raw, RAW);
        client.topics().subscribeQueue(topic, plain, PLAIN);

        final PublishBatch batch = client.client().topicPublisher().newBatch().begin(topic);
        batch.startMessage(
                        new PublishOptions().subject("a \"trade\"").groupId("g").traceHeader("Root=1"))
                .putString("symbol", "BTC")
                .putNumber("price", 7);
        batch.endMessage(LibraryClient.bytes("one"), 0, 3);
        batch.add(LibraryClient.bytes("two"), 0, 3);
        assertEquals(List.of("confirmed 2"), client.answer(batch::send));

        final List<Delivered> delivered = client.receive(raw, 10);
        assertEquals(List.of("one", "two"), bodies(delivered));
        assertEquals("symbol=BTC,price=7", delivered.get(0).attributes());
        assertEquals("g", delivered.get(0).groupId());
        assertEquals("Root=1", delivered.get(0).traceHeader());
        final List<Delivered> enveloped = client.receive(plain, 10);
        assertEquals(2, enveloped.size());
        assertTrue(enveloped.get(0).body().contains("\"Subject\":\"a \\\"trade\\\"\""), enveloped.get(0)::body);
        assertTrue(enveloped.get(0).body().contains("\"Message\":\"one\""), enveloped.get(0)::body);
        assertTrue(enveloped.get(1).body().contains("\"Message\":\"two\""), enveloped.get(1)::body);
        assertEquals(2, client.topics().describe(topic).publishedCount());
        assertEquals(2, client.topics().describe(topic).subscriptionCount());
    }

    @Test
    void shouldKeepTellChangeAndEndSubscriptions() {
        final long topic = client.topics().create("trades");
        final long other = client.topics().create("other");
        final long queue = client.queues().create("queue");
        final long dead = client.queues().create("dead");
        final SubscriptionSettings settings =
                new SubscriptionSettings().rawDelivery(Switch.ON).deadLetterQueueId(dead);
        final long subscription = client.topics().subscribeQueue(topic, queue, settings);
        final long second = client.topics().subscribeQueue(other, queue, PLAIN);
        assertEquals(subscription, client.topics().subscribeQueue(topic, queue, settings), "subscribed already");
        assertRefused(
                "The queue is subscribed already, with another value of RAW_DELIVERY.",
                () -> client.topics().subscribeQueue(topic, queue, PLAIN));

        final SubscriptionInfo told = client.topics().describeSubscription(subscription);
        assertEquals(
                new SubscriptionInfo(
                        subscription,
                        topic,
                        queue,
                        told.createdTimeNs(),
                        Switch.ON,
                        dead,
                        FilterPolicyScope.MESSAGE_ATTRIBUTES,
                        "",
                        0,
                        0,
                        0,
                        0,
                        0,
                        ReplayState.NONE,
                        null,
                        null),
                told);
        final TopicSubscription line = new TopicSubscription(subscription, topic, queue);
        assertEquals(List.of(line), client.topics().subscriptions(topic));
        assertEquals(
                List.of(line, new TopicSubscription(second, other, queue)),
                client.topics().subscriptions());

        client.queues().delete(queue);
        client.publish(topic, "lost", new PublishOptions());
        assertEquals(List.of("lost"), client.bodies(dead));
        assertEquals(1, client.topics().describeSubscription(subscription).deadLetterCount());
        client.topics().setSubscription(subscription, new SubscriptionSettings().deadLetterQueueId(0));
        client.publish(topic, "lost", new PublishOptions());
        assertEquals(1, client.topics().describeSubscription(subscription).discardedCount());

        client.topics().unsubscribe(subscription);
        assertEquals(List.of(), client.topics().subscriptions(topic));
        assertRefused(
                "No subscription has the id " + subscription + ".",
                () -> client.topics().describeSubscription(subscription));
    }

    @Test
    void shouldListMoreSubscriptionsThanAPageHas() {
        final long topic = client.topics().create("wide");
        final List<TopicSubscription> expected = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            final long queue = client.queues().create("queue" + i);
            expected.add(new TopicSubscription(client.topics().subscribeQueue(topic, queue, PLAIN), topic, queue));
        }

        assertEquals(expected, client.topics().subscriptions(topic));
        assertEquals(expected, client.topics().subscriptions());
    }

    @Test
    void shouldKeepOrderAndDropDuplicatesOfAFifoTopic() {
        final long topic = client.topics().create(TopicSettings.named("ordered").topicType(QueueType.FIFO));
        final long queue = client.queues().create(QueueSettings.named("ordered").queueType(QueueType.FIFO));
        client.topics().subscribeQueue(topic, queue, RAW);
        final PublishBatch batch = client.client().topicPublisher().newBatch().begin(topic);
        for (final String each : List.of("a1", "b1", "a1", "a2")) {
            final UnsafeBuffer body = LibraryClient.bytes(each);
            batch.add(
                    body,
                    0,
                    2,
                    new PublishOptions().groupId(each.substring(0, 1)).deduplicationId(each));
        }

        assertEquals(
                List.of("0: sequence 1", "1: sequence 2", "2: sequence 1 again", "3: sequence 3"),
                client.answer(batch::send));
        final List<Delivered> delivered = client.receive(queue, 10);
        assertEquals(List.of("a1", "a2", "b1"), bodies(delivered));
        assertEquals("a2", delivered.get(1).deduplicationId());
        assertEquals(
                List.of("refused 0: GROUP_ID_REQUIRED"),
                client.publish(topic, "x", new PublishOptions().deduplicationId("x")));
        final long standard = client.topics().create("standard");
        assertRefused(
                "The request asks for something that queues of this type do not have.",
                () -> client.topics().subscribeQueue(standard, queue, PLAIN));
    }

    @Test
    void shouldTellWhatBecameOfEachEntry() {
        final long topic = client.topics().create("entries");
        final PublishBatch batch = client.client().topicPublisher().newBatch();
        batch.begin(topic).text(true).eachEntry(true);
        batch.add(LibraryClient.bytes("x"), 0, 1);
        batch.add(LibraryClient.bytes("x"), 0, 0);
        batch.add(LibraryClient.bytes("x"), 0, 1, new PublishOptions().subject("s".repeat(101)));

        assertEquals(
                List.of("0: sequence 1", "1: EMPTY_BODY", "2: LIMIT_EXCEEDED SUBJECT_CHARACTERS 100 101"),
                client.answer(batch::send));
        assertEquals(1, client.topics().describe(topic).publishedCount());
        batch.begin(topic);
        for (int i = 0; i < 11; i++) {
            batch.add(LibraryClient.bytes("x"), 0, 1);
        }
        assertEquals(List.of("refused LIMIT_EXCEEDED BATCH_ENTRIES 10 11"), client.answer(batch::send));
    }

    @Test
    void shouldPublishABodyForEachProtocol() {
        final long topic = client.topics().create("structured");
        final long queue = client.queues().create("structured");
        client.topics().subscribeQueue(topic, queue, RAW);
        final PublishOptions options =
                new PublishOptions().body(SubscriberProtocol.QUEUE, LibraryClient.bytes("queues"), 0, 6);
        client.publish(topic, "default", options);
        client.publish(
                topic,
                "default",
                options.reset().body(SubscriberProtocol.SESSION, LibraryClient.bytes("sessions"), 0, 8));

        assertEquals(List.of("queues", "default"), client.bodies(queue));
        assertEquals(List.of("refused 0: DEFAULT_BODY_REQUIRED"), client.publish(topic, "", options));
    }

    @Test
    void shouldPublishWhatDoesNotFitAFrame() {
        final long topic = client.topics().create("large");
        final long queue = client.queues().create("large");
        client.topics().subscribeQueue(topic, queue, RAW);
        final String body = "x".repeat(1_000_000);
        assertEquals(List.of("confirmed 1"), client.publish(topic, body, new PublishOptions().subject("large")));
        final PublishBatch batch = client.client().topicPublisher().newBatch().begin(topic);
        batch.startMessage().putString("side", "buy");
        assertTrue(batch.endMessage(LibraryClient.bytes(body), 0, 500_000));
        assertEquals(List.of("confirmed 1"), client.answer(batch::send));

        final List<Delivered> delivered = new ArrayList<>(client.receive(queue, 1));
        delivered.addAll(client.receive(queue, 1));
        assertEquals(List.of(body, body.substring(500_000)), bodies(delivered));
    }

    @Test
    void shouldCountReferencesToBlobsOverARestart() {
        final long queue = client.queues().create("claims");
        final BlobReference blob = client.client().blobs().declare(3, "ab".repeat(32));
        final UnsafeBuffer body = new UnsafeBuffer(new byte[BlobReference.LENGTH]);
        blob.encode(body, 0);
        final SendOptions claim = new SendOptions().claim(true);
        assertEquals(
                List.of("confirmed 1"),
                client.answer(() -> client.client().send(queue, body, 0, BlobReference.LENGTH, claim)));
        client.close();
        server.restart();
        client = new LibraryClient(server);

        final BlobInfo known = client.client().blobs().describe(blob.blobId());
        assertEquals(blob, known.reference());
        assertEquals(1, known.referenceCount());
        assertEquals(List.of(known), client.client().blobs().list());
        assertEquals(
                List.of("refused 0: INVALID_BLOB_REFERENCE 3"),
                client.answer(() -> client.client().send(queue, body, 0, 3, claim)));
        client.queues().purge(queue);
        assertRefused(
                "No blob has the id " + blob.blobId() + ".",
                () -> client.client().blobs().describe(blob.blobId()));
    }

    @Test
    void shouldKeepTopicsOverARestart() {
        final long topic = client.topics().create("kept");
        final long queue = client.queues().create("kept");
        client.topics().subscribeQueue(topic, queue, RAW);
        client.publish(topic, "before", new PublishOptions());
        final TopicInfo before = client.topics().describe(topic);
        client.close();
        server.restart();
        client = new LibraryClient(server);

        assertEquals(before, client.topics().describe(topic));
        client.publish(topic, "after", new PublishOptions());
        assertEquals(List.of("before", "after"), client.bodies(queue));
    }

    @Test
    void shouldDeliverWhatPassesFilterPolicies() {
        final long topic = client.topics().create("trades");
        final long queue = client.queues().create("large");
        final SubscriptionSettings large = new SubscriptionSettings()
                .rawDelivery(Switch.ON)
                .filterPolicy("{\"amount\":[{\"numeric\":[\">=\",10]}]}");
        final long subscription = client.topics().subscribeQueue(topic, queue, large);
        assertEquals(subscription, client.topics().subscribeQueue(topic, queue, large), "subscribed already");
        assertRefused(
                "The queue is subscribed already, with another value of FILTER_POLICY.",
                () -> client.topics().subscribeQueue(topic, queue, RAW));

        final PublishBatch batch = client.client().topicPublisher().newBatch().begin(topic);
        for (int amount = 8; amount < 12; amount++) {
            batch.startMessage().putNumber("amount", amount);
            batch.endMessage(LibraryClient.bytes(amount + "!"), 0, amount < 10 ? 2 : 3);
        }
        assertEquals(List.of("confirmed 4"), client.answer(batch::send));
        assertEquals(List.of("10!", "11!"), client.bodies(queue));
        assertEquals(2, client.topics().describeSubscription(subscription).filteredCount());

        client.topics()
                .setSubscription(
                        subscription,
                        new SubscriptionSettings()
                                .filterScope(FilterPolicyScope.MESSAGE_BODY)
                                .filterPolicy("{\"side\":[\"buy\"]}"));
        client.publish(topic, "{\"side\":\"sell\"}", new PublishOptions());
        client.publish(topic, "{\"side\":\"buy\"}", new PublishOptions());
        assertEquals(List.of("{\"side\":\"buy\"}"), client.bodies(queue));
        assertRefused(
                "Invalid parameter: FilterPolicy: Empty arrays are not allowed",
                () -> client.topics()
                        .setSubscription(subscription, new SubscriptionSettings().filterPolicy("{\"side\":[]}")));
        client.topics().setSubscription(subscription, new SubscriptionSettings().filterPolicy(""));
        client.publish(topic, "anything", new PublishOptions());
        assertEquals(List.of("anything"), client.bodies(queue));
    }

    private static List<String> bodies(final List<Delivered> deliveries) {
        return deliveries.stream().map(Delivered::body).toList();
    }

    private static void assertRefused(final String sentence, final Executable call) {
        assertEquals(sentence, assertThrows(MillraceException.class, call).getMessage());
    }
}
