package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.BrowsedMessage;
import io.millrace.client.PublishBatch;
import io.millrace.client.PublishOptions;
import io.millrace.client.PushSettings;
import io.millrace.client.QueueSettings;
import io.millrace.client.SubscriptionInfo;
import io.millrace.client.SubscriptionSettings;
import io.millrace.client.TopicSettings;
import io.millrace.client.TopicSubscription;
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.Switch;
import io.millrace.server.LibraryClient.Delivered;
import io.millrace.store.reader.StreamFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of topics and their replays: through the client library, Aeron, journal, kernel and record logs, and back. */
class TopicReplayTest {

    private static final int ARCHIVED = 10_000;
    private static final int MOST = 100_000;
    private static final int BATCH = 50;
    private static final long PERIOD_NS = TimeUnit.MINUTES.toNanos(30);

    @TempDir
    private Path directory;

    private TestServer server;
    private LibraryClient client;
    private LibraryClient publisher;
    private PublishBatch batch;
    private final PublishOptions options = new PublishOptions();
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[64]);
    private long topic;
    private long beganNs;
    private int published;
    private long expectedErrors;

    @BeforeEach
    void start() {
        server = new TestServer(directory);
        connect();
        topic = client.topics()
                .create(TopicSettings.named("trades").topicType(QueueType.FIFO).archivePeriodNs(PERIOD_NS));
        beganNs = client.topics().describe(topic).archiveBeganNs();
    }

    private void connect() {
        client = new LibraryClient(server);
        publisher = new LibraryClient(server);
        batch = publisher.client().topicPublisher().newBatch();
    }

    @AfterEach
    void stop() {
        client.close();
        publisher.close();
        server.close();
        assertEquals(expectedErrors, server.server().errorCount(), () -> "errors: " + server.log);
    }

    @Test
    void shouldReplayEachMessageOnceAndInOrderWhileOthersArePublished() {
        archive();
        final long queue = fifoQueue("late");
        final long subscription = client.topics().subscribeQueue(topic, queue, from(beganNs));
        assertEquals(ReplayState.RUNNING, state(subscription));

        publishUntilCompleted(subscription);
        publish(100);

        assertAllIn(queue);
        final SubscriptionInfo told = client.topics().describeSubscription(subscription);
        assertEquals(published, told.deliveredCount());
        assertTrue(server.core().kernel.counters().replayed() >= ARCHIVED);
        assertEquals(0, server.core().replays.count());
    }

    @Test
    void shouldGoOnBehindARestart() {
        archive();
        final long queue = fifoQueue("late");
        final long subscription = client.topics().subscribeQueue(topic, queue, from(beganNs));
        publishUntilReplayed(500);

        disconnect();
        server.restart();
        connect();
        assertEquals(ReplayState.RUNNING, state(subscription));
        publishUntilCompleted(subscription);

        assertAllIn(queue);
    }

    @Test
    void shouldGoOnWhenTheServerWasKilled() {
        archive();
        final long queue = fifoQueue("late");
        final long subscription = client.topics().subscribeQueue(topic, queue, from(beganNs));
        publishUntilReplayed(500);

        disconnect();
        server.kill();
        server.start();
        connect();
        assertEquals(ReplayState.RUNNING, state(subscription));
        publishUntilCompleted(subscription);

        assertAllIn(queue);
    }

    @Test
    void shouldReplayFromATimeOnAndOnlyWhatPassesTheFilter() {
        publishBody("early", "x");
        server.advance(10, TimeUnit.SECONDS);
        publishBody("middle", "x");
        final long middleNs = beganNs + TimeUnit.SECONDS.toNanos(5);
        final long all = fifoQueue("all");
        final long some = fifoQueue("some");

        client.topics().subscribeQueue(topic, all, from(middleNs));
        client.topics().subscribeQueue(topic, some, from(beganNs).filterPolicy("{\"mark\":[\"y\"]}"));
        publishBody("late", "y");

        client.await("the live message", () -> client.queues().describe(all).availableCount() == 2);
        assertEquals(List.of("middle", "late"), client.bodies(all));
        assertEquals(List.of("late"), client.bodies(some));
    }

    @Test
    void shouldReplayMessagesThatAreLargerThanAFrame() {
        final List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            bodies.add(Integer.toString(i).repeat(i == 1 ? 300 : 300_000));
            publishBody(bodies.get(i), "x");
        }
        final long queue = fifoQueue("late");

        final long subscription = client.topics().subscribeQueue(topic, queue, from(beganNs));
        awaitState(subscription, ReplayState.COMPLETED);

        while (client.deliveries.size() < bodies.size()) {
            client.receive(queue, 10);
        }
        final List<String> received = client.deliveries.stream()
                .sorted(Comparator.comparingLong(Delivered::sequenceNumber))
                .map(Delivered::body)
                .toList();
        for (int i = 0; i < bodies.size(); i++) {
            assertEquals(bodies.get(i), received.get(i), "message " + i);
        }
    }

    @Test
    void shouldTellSessionsAndReadersOfEnvelopesWhatIsReplayed() {
        publishBody("before", "x");
        final long queue = fifoQueue("late");
        client.topics().subscribeQueue(topic, queue, new SubscriptionSettings().replayFromNs(beganNs));
        final TopicSubscription desk = client.topics()
                .subscribeSession(topic, PushSettings.named("desk").delivery(from(beganNs)));
        client.answer(() -> client.client().consume(desk.queueId(), 10, 1 << 20));
        client.await("the replayed message", () -> client.deliveries.size() == 1);
        awaitState(desk.subscriptionId(), ReplayState.COMPLETED);
        client.client().acknowledge(desk.queueId(), client.deliveries.get(0).receipt(), 0, 1);
        publishBody("behind", "x");
        client.await("the live message", () -> client.deliveries.size() == 2);

        assertEquals(
                List.of("before true", "behind false"),
                client.deliveries.stream()
                        .map(each -> each.body() + " " + each.isReplayed())
                        .toList());
        final List<String> envelopes = client.bodies(queue);
        assertTrue(envelopes.get(0).contains("\"Replayed\":true"), envelopes::toString);
        assertFalse(envelopes.get(1).contains("Replayed"), envelopes::toString);
    }

    @Test
    void shouldReplayNothingThatIsOlderThanTheArchiveKeeps() {
        publishBody("old", "x");
        server.advance(2, TimeUnit.HOURS);
        publishBody("young", "x");
        final long queue = fifoQueue("late");

        final long subscription = client.topics().subscribeQueue(topic, queue, from(beganNs));
        awaitState(subscription, ReplayState.COMPLETED);

        assertEquals(List.of("young"), client.bodies(queue));
    }

    @Test
    void shouldFailWhereTheLogIsDamagedAndGoOnWithWhatIsPublished() throws IOException {
        publishBody("first", "x");
        publishBody("flipped", "x");
        StreamHostTest.flip(StreamFolders.streams(directory), "flipped");
        expectedErrors = 1;
        final long queue = fifoQueue("late");

        final long subscription = client.topics().subscribeQueue(topic, queue, from(beganNs));
        awaitState(subscription, ReplayState.FAILED);
        publishBody("live", "x");

        assertEquals(List.of("first", "live"), client.bodies(queue));
        assertEquals(1, server.core().kernel.counters().replaysFailed());
        assertEquals(0, server.core().replays.count());
    }

    @Test
    void shouldEndReplaysWhenTheArchiveIsTurnedOff() {
        archive();
        final long queue = fifoQueue("late");
        final long subscription = client.topics().subscribeQueue(topic, queue, from(beganNs));
        assertEquals(ReplayState.RUNNING, state(subscription));

        client.topics().set(topic, TopicSettings.changes().archivePeriodNs(0));
        publish(BATCH);

        assertEquals(ReplayState.FAILED, state(subscription));
        assertEquals(0, server.core().replays.count());
        final List<Integer> numbers = numbers(queue);
        final int replayed = numbers.size() - BATCH;
        assertTrue(replayed < ARCHIVED);
        assertEquals(IntStream.range(0, replayed).boxed().toList(), numbers.subList(0, replayed));
        assertEquals(
                IntStream.range(ARCHIVED, ARCHIVED + BATCH).boxed().toList(),
                numbers.subList(replayed, numbers.size()));
    }

    @Test
    void shouldEndAReplayThatIsNotWantedAnyMore() {
        archive();
        final long queue = fifoQueue("late");
        final long subscription = client.topics().subscribeQueue(topic, queue, from(beganNs));

        client.topics().unsubscribe(subscription);

        assertEquals(0, server.core().replays.count());
        final int count = numbers(queue).size();
        server.crank(100);
        assertEquals(count, numbers(queue).size());
    }

    private void archive() {
        publish(ARCHIVED);
        assertEquals(ARCHIVED, published);
    }

    private void publish(final int count) {
        final int end = published + count;
        while (published < end) {
            if (!offer()) {
                poll();
            }
        }
        awaitAnswered();
    }

    /** Publishes as much as is taken at once; false if nothing was. */
    private boolean offer() {
        batch.begin(topic);
        for (int i = published; i < published + BATCH; i++) {
            final int length = body.putStringWithoutLengthAscii(0, Integer.toString(i));
            batch.add(body, 0, length, options.reset().groupId("g" + i % 7).deduplicationId(Integer.toString(i)));
        }
        final boolean isTaken = batch.send() > 0;
        published += isTaken ? BATCH : 0;
        return isTaken;
    }

    private void poll() {
        publisher.client().poll();
        client.client().poll();
        server.crank();
    }

    private void awaitAnswered() {
        publisher.await(
                "all is published", () -> client.topics().describe(topic).publishedCount() >= published);
    }

    private void publishUntilCompleted(final long subscription) {
        final int before = published;
        while (published == before || state(subscription) == ReplayState.RUNNING) {
            for (int i = 0; i < 20; i++) {
                offer();
                poll();
            }
            assertTrue(published < MOST, "the replay does not end");
        }
        assertEquals(ReplayState.COMPLETED, state(subscription));
        awaitAnswered();
    }

    private void publishUntilReplayed(final long count) {
        publisher.await("the replay is on its way", () -> {
            offer();
            return server.core().kernel.counters().replayed() > count;
        });
        awaitAnswered();
    }

    /** Publishes a message that begins as no other does; the group of a large one is its own. */
    private void publishBody(final String text, final String mark) {
        final UnsafeBuffer bytes = new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
        final String id = text.substring(0, Math.min(text.length(), 5));
        final boolean isLarge = text.length() > 10_000;
        options.reset().groupId(isLarge ? id : "g").deduplicationId(id);
        if (!isLarge) {
            batch.begin(topic).startMessage(options).putString("mark", mark).endMessage(bytes, 0, bytes.capacity());
        }
        final List<String> answer = publisher.answer(() -> isLarge
                ? publisher.client().topicPublisher().publish(topic, bytes, 0, bytes.capacity(), options)
                : batch.send());
        assertTrue(answer.get(0).startsWith("0: sequence "), answer::toString);
    }

    private long fifoQueue(final String name) {
        return client.queues().create(QueueSettings.named(name).queueType(QueueType.FIFO));
    }

    private static SubscriptionSettings from(final long timeNs) {
        return new SubscriptionSettings().rawDelivery(Switch.ON).replayFromNs(timeNs);
    }

    private ReplayState state(final long subscription) {
        return client.topics().describeSubscription(subscription).replayState();
    }

    private void awaitState(final long subscription, final ReplayState state) {
        client.await("the replay is " + state, () -> state(subscription) == state);
    }

    private void disconnect() {
        client.close();
        publisher.close();
    }

    private void assertAllIn(final long queue) {
        final List<Integer> numbers = numbers(queue);
        for (int i = 0; i < Math.min(published, numbers.size()); i++) {
            assertEquals(i, numbers.get(i));
        }
        assertEquals(published, numbers.size());
    }

    private List<Integer> numbers(final long queue) {
        final List<Integer> numbers = new ArrayList<>();
        final Iterator<BrowsedMessage> messages = client.queues().browse(queue, EnumSet.allOf(MessageStatus.class));
        while (messages.hasNext()) {
            numbers.add(Integer.parseInt(new String(messages.next().body(), StandardCharsets.US_ASCII)));
        }
        return numbers;
    }
}
