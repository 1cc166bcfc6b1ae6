package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.BrowsedMessage;
import io.millrace.client.MillraceClient;
import io.millrace.client.MillraceException;
import io.millrace.client.QueueInfo;
import io.millrace.client.QueueSettings;
import io.millrace.client.ReceiveOptions;
import io.millrace.client.SendBatch;
import io.millrace.client.SendOptions;
import io.millrace.codecs.AttributeType;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Limits;
import io.millrace.server.LibraryClient.Delivered;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What queues can do, through the client library, Aeron, journal and kernel and back, under the quotas of SQS. */
class QueueOperationsTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

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
        final long dead = client.queues().create(QueueSettings.named("dead").queueType(QueueType.FIFO));
        final long queue = client.queues().create(everySetting(dead));

        final QueueInfo told = client.queues().lookUp("all");
        assertEquals(client.queues().describe(queue), told);
        assertEquals(everySetting(queue, dead, told.createdTimeNs()), told);

        client.queues().set(queue, QueueSettings.changes().delayNs(0).retentionNs(60 * SECOND));
        final QueueInfo changed = client.queues().describe(queue);
        assertEquals(0, changed.delayNs());
        assertEquals(60 * SECOND, changed.retentionNs());
        assertEquals(9 * SECOND, changed.backoffMaxNs());
        assertEquals(
                List.of("dead", "all"),
                client.queues().list("").stream().map(one -> one.name()).toList());
        assertRefused(
                "The setting PRIORITIES does not fit the queue or its other settings.",
                () -> client.queues().set(queue, QueueSettings.changes().priorities(2)));
        assertRefused(
                "The retention is only 1 ns, less than RETENTION_LEAST allows (60000000000).",
                () -> client.queues().set(queue, QueueSettings.changes().retentionNs(1)));
    }

    @Test
    void shouldDeliverGroupsInOrderAndDropDuplicates() {
        final long queue = client.queues().create(QueueSettings.named("groups").queueType(QueueType.FIFO));
        final SendBatch batch = client.client().newSendBatch().begin(queue);
        for (final String each : List.of("a1", "b1", "a2", "a1", "a3")) {
            final UnsafeBuffer body = LibraryClient.bytes(each);
            batch.add(
                    body, 0, 2, new SendOptions().groupId(each.substring(0, 1)).deduplicationId(each));
        }

        assertEquals(
                List.of("0: sequence 1", "1: sequence 2", "2: sequence 3", "3: sequence 1 again", "4: sequence 4"),
                client.answer(batch::send));
        assertEquals(List.of("a1", "a2"), bodies(client.receive(queue, 2)));
        final List<Delivered> second = client.receive(queue, 10);
        assertEquals(List.of("b1"), bodies(second), "group a is locked");
        assertEquals("b", second.get(0).groupId());
        assertEquals("b1", second.get(0).deduplicationId());
        assertEquals(
                List.of("refused 0: GROUP_ID_REQUIRED"),
                client.send(queue, "x", new SendOptions().deduplicationId("x")));
        assertEquals(
                List.of("refused 0: DEDUPLICATION_ID_REQUIRED"),
                client.send(queue, "x", new SendOptions().groupId("x")));
        assertEquals(
                List.of("refused 0: NOT_FOR_QUEUE_TYPE " + 2 * SECOND),
                client.send(
                        queue,
                        "x",
                        new SendOptions().groupId("x").deduplicationId("x").delayNs(2 * SECOND)));
    }

    @Test
    void shouldAnswerALargeMessageOfAGroupWithItsNumber() {
        final long queue = client.queues()
                .create(QueueSettings.named("large").queueType(QueueType.FIFO).contentDeduplication(Switch.ON));
        final String body = "x".repeat(300_000);

        assertEquals(List.of("0: sequence 1"), client.send(queue, body, new SendOptions().groupId("a")));
        assertEquals(List.of("0: sequence 1 again"), client.send(queue, body, new SendOptions().groupId("a")));
        assertEquals(List.of(body), client.bodies(queue));
    }

    @Test
    void shouldMakeDeduplicationIdsOfBodiesAndForgetThemInTime() {
        final long queue = client.queues()
                .create(QueueSettings.named("content").queueType(QueueType.FIFO).contentDeduplication(Switch.ON));
        final SendOptions group = new SendOptions().groupId("a");

        assertEquals(List.of("0: sequence 1"), client.send(queue, "body", group));
        assertEquals(List.of("0: sequence 1 again"), client.send(queue, "body", group));
        server.advance(5, TimeUnit.MINUTES);
        assertEquals(List.of("0: sequence 2"), client.send(queue, "body", group));
    }

    @Test
    void shouldAnswerTheSameReceiveAttemptWithTheSameDeliveries() {
        final long queue = client.queues()
                .create(QueueSettings.named("attempts")
                        .queueType(QueueType.FIFO)
                        .contentDeduplication(Switch.ON));
        client.send(queue, "one", new SendOptions().groupId("a"));
        client.send(queue, "two", new SendOptions().groupId("a"));
        final ReceiveOptions attempt = new ReceiveOptions().attemptId("attempt");

        final List<Delivered> first = client.receive(queue, 10, attempt);
        assertEquals(List.of("one", "two"), bodies(first));
        assertEquals(first, client.receive(queue, 10, attempt));
        acknowledge(queue, first.get(0));
        assertEquals(
                List.of("refused ATTEMPT_CHANGED"),
                client.answer(() -> client.client().receive(queue, 10, attempt)));
        final long standard = client.queues().create("standard");
        assertEquals(
                List.of("refused NOT_FOR_QUEUE_TYPE"),
                client.answer(() -> client.client().receive(standard, 10, attempt)));
    }

    @Test
    void shouldRetryReleaseAndBackOff() {
        final long queue = client.queues()
                .create(QueueSettings.named("settle")
                        .backoff(Backoff.EXPONENTIAL)
                        .backoffDelayNs(SECOND)
                        .backoffMaxNs(3 * SECOND));
        client.send(queue, "body");

        for (int failure = 0; failure < 3; failure++) {
            final Delivered delivered = client.receive(queue, 1).get(0);
            assertEquals(failure, delivered.failures());
            assertEquals(failure + 1, delivered.receives());
            assertEquals(List.of("confirmed"), settle(queue, delivered, Disposition.RETRY));
            final long waitNs = Math.min(SECOND << failure, 3 * SECOND);
            assertEquals(1, client.queues().describe(queue).delayedCount());
            server.advance(waitNs - SECOND / 2, TimeUnit.NANOSECONDS);
            assertEquals(List.of(), client.bodies(queue), "after " + failure + " failures");
            server.advance(SECOND / 2, TimeUnit.NANOSECONDS);
        }
        final Delivered last = client.receive(queue, 1).get(0);
        assertEquals(List.of("confirmed"), settle(queue, last, Disposition.RELEASE));
        final Delivered released = client.receive(queue, 1).get(0);
        assertEquals(3, released.failures(), "a release is no failure");
        assertEquals(5, released.receives());
        assertEquals(List.of("0: STALE_RECEIPT"), settle(queue, last, Disposition.RELEASE));
        assertEquals(List.of("0: NO_DEAD_LETTER_QUEUE"), settle(queue, released, Disposition.REJECT));
    }

    @Test
    void shouldPurgeAgainOnlyAfterAMinute() {
        final long queue = client.queues().create("purged");
        client.send(queue, "available", "in flight");
        final Delivered delivered = client.receive(queue, 1).get(0);

        client.queues().purge(queue);
        final QueueInfo purged = client.queues().describe(queue);
        assertEquals(0, purged.availableCount() + purged.delayedCount() + purged.inFlightCount());
        assertEquals(List.of("0: GONE"), acknowledge(queue, delivered));
        assertRefused(
                "The queue was purged a short time ago: try again later.",
                () -> client.queues().purge(queue));
        server.advance(60, TimeUnit.SECONDS);
        client.queues().purge(queue);
    }

    @Test
    void shouldKeepTags() {
        final long queue = client.queues().create("tagged");
        final Map<String, String> tags = new LinkedHashMap<>();
        tags.put("team", "settlement");
        tags.put("stage", "test");

        client.queues().tag(queue, tags);
        assertEquals(tags, client.queues().tags(queue));
        client.queues().tag(queue, Map.of("stage", "live"));
        client.queues().untag(queue, List.of("team", "unknown"));
        assertEquals(Map.of("stage", "live"), client.queues().tags(queue));
        assertRefused(
                "The key of the tag has 129 bytes, more than TAG_KEY_BYTES allows (128).",
                () -> client.queues().tag(queue, Map.of("k".repeat(129), "")));
    }

    @Test
    void shouldRaiseAndEndAlarms() {
        final long queue = client.queues()
                .create(QueueSettings.named("watched").highDepth(2).lowDepth(1).highAgeNs(30 * SECOND));
        client.queues().watch(queue);

        client.send(queue, "one", "two");
        client.await("the high mark", () -> client.alarms.size() == 1);
        final List<Delivered> received = client.receive(queue, 2);
        client.await("the low mark", () -> client.alarms.size() == 2);
        server.advance(30, TimeUnit.SECONDS);
        client.await("the age", () -> client.alarms.size() >= 3);
        assertEquals(List.of(queue + " DEPTH_HIGH 2", queue + " DEPTH_LOW 0"), client.alarms.subList(0, 2));
        assertTrue(client.alarms.stream().anyMatch(alarm -> alarm.startsWith(queue + " AGE_HIGH ")));

        client.queues().unwatch(queue);
        client.alarms.clear();
        received.forEach(delivered -> answerDelete(queue, delivered));
        assertEquals(List.of(), client.alarms);
    }

    @Test
    void shouldShowMessagesWithoutChangingThem() {
        final long queue = client.queues().create("browsed");
        client.send(queue, "in flight", "available");
        client.send(queue, "delayed", new SendOptions().delayNs(60 * SECOND));
        client.receive(queue, 1);

        final List<BrowsedMessage> shown = new ArrayList<>();
        client.queues().browse(queue, EnumSet.allOf(MessageStatus.class)).forEachRemaining(shown::add);
        assertEquals(
                List.of("1 IN_FLIGHT 1 in flight", "2 AVAILABLE 0 available", "3 DELAYED 0 delayed"),
                shown.stream()
                        .map(one -> one.sequenceNumber() + " " + one.status() + " " + one.receiveCount() + " "
                                + new String(one.body(), StandardCharsets.UTF_8))
                        .toList());
        final List<String> waiting = new ArrayList<>();
        client.queues()
                .browse(queue, EnumSet.of(MessageStatus.DELAYED))
                .forEachRemaining(one -> waiting.add(one.status().name()));
        assertEquals(List.of("DELAYED"), waiting);
        assertEquals(List.of("available"), client.bodies(queue), "browsing took nothing");
    }

    @Test
    void shouldDeliverByPriorityAtTheirTimeAndNotTooLate() {
        final long queue = client.queues().create(QueueSettings.named("timed").priorities(3));
        final long nowNs = server.core().kernel.timeNs();
        client.send(queue, "low");
        client.send(queue, "high", new SendOptions().priority(2));
        client.send(queue, "scheduled", new SendOptions().scheduledTimeNs(nowNs + 600 * SECOND));
        client.send(queue, "short", new SendOptions().timeToLiveNs(10 * SECOND).delayNs(20 * SECOND));

        final List<Delivered> received = client.receive(queue, 10);
        assertEquals(List.of("high", "low"), bodies(received));
        assertEquals(2, received.get(0).priority());
        received.forEach(delivered -> answerDelete(queue, delivered));
        server.advance(599, TimeUnit.SECONDS);
        assertEquals(List.of(), client.bodies(queue), "one has expired, one is not due");
        server.advance(2, TimeUnit.SECONDS);
        assertEquals(List.of("scheduled"), client.bodies(queue));
        assertEquals(1, server.core().kernel.counters().expired());
        assertEquals(
                List.of("refused 0: LIMIT_EXCEEDED PRIORITIES 3 3"),
                client.send(queue, "x", new SendOptions().priority(3)));
    }

    @Test
    void shouldJudgeEachEntryByItself() {
        final long queue = client.queues().create(QueueSettings.named("entries").maxMessageBytes(10));
        final SendBatch batch = client.client().newSendBatch().begin(queue).eachEntry(true);
        for (final String body : List.of("one", "a body that is too long", "three")) {
            final UnsafeBuffer bytes = LibraryClient.bytes(body);
            batch.add(bytes, 0, bytes.capacity());
        }

        assertEquals(
                List.of("0: sequence 1", "1: LIMIT_EXCEEDED MESSAGE_BYTES 10 23", "2: sequence 2"),
                client.answer(batch::send));
        final List<Delivered> received = client.receive(queue, 10);
        final UnsafeBuffer receipts = new UnsafeBuffer(new byte[3 * 24]);
        receipts.putBytes(0, received.get(0).receipt(), 0, 24);
        receipts.putBytes(48, received.get(1).receipt(), 0, 24);
        assertEquals(
                List.of("1: INVALID_RECEIPT"),
                client.answer(() -> client.client().changeVisibility(queue, receipts, 0, 3, 5 * SECOND)));
        assertEquals(
                List.of("1: INVALID_RECEIPT"),
                client.answer(() -> client.client().deleteMessages(queue, receipts, 0, 3)));
        assertEquals(
                List.of("0: GONE", "1: INVALID_RECEIPT", "2: GONE"),
                client.answer(() -> client.client().acknowledge(queue, receipts, 0, 3)));
    }

    @Test
    void shouldDeliverTheAttributesThatAreAskedFor() {
        final long queue = client.queues().create("attributes");
        final UnsafeBuffer body = LibraryClient.bytes("body");
        final UnsafeBuffer value = LibraryClient.bytes("7");
        final SendBatch batch = client.client().newSendBatch().begin(queue);
        batch.startMessage(new SendOptions().traceHeader("Root=1"))
                .putString("price.bid", "1")
                .putNumber("price.ask", 2)
                .putAttribute(AttributeType.BINARY, "blob", "png", value, 0, 1);
        batch.endMessage(body, 0, body.capacity());
        assertEquals(List.of("confirmed 1"), client.answer(batch::send));

        final Delivered some = client.receive(
                        queue, 1, new ReceiveOptions().attributeName("price.*").visibilityNs(0))
                .get(0);
        assertEquals("price.bid=1,price.ask=2", some.attributes());
        final Delivered all = client.receive(queue, 1).get(0);
        assertEquals("price.bid=1,price.ask=2,blob=7", all.attributes());
        assertEquals("Root=1", all.traceHeader());
    }

    @Test
    void shouldPushUntilItIsToldToStop() {
        final long queue = client.queues().create("pushed");
        assertEquals(List.of("confirmed"), client.answer(() -> client.client().consume(queue, 2, 1_000)));
        client.send(queue, "one", "two", "three");
        client.await("two messages", () -> client.deliveries.size() == 2);
        assertTrue(client.deliveries.get(0).isPushed());

        acknowledge(queue, client.deliveries.get(0));
        client.await("the third, on the credit that came back", () -> client.deliveries.size() == 3);
        assertEquals(List.of("confirmed"), client.answer(() -> client.client().stopConsuming(queue)));
        final long gone = client.queues().create("gone");
        client.answer(() -> client.client().consume(gone, 2, 1_000));
        client.queues().delete(gone);
        client.await("the end of the consumer", () -> !client.stopped.isEmpty());
        assertEquals(List.of(gone + " QUEUE_DELETED"), client.stopped);
    }

    private List<String> settle(final long queue, final Delivered delivered, final Disposition disposition) {
        return client.answer(() ->
                client.client().settle(queue, delivered.receipt(), 0, 1, disposition, MillraceClient.QUEUE_DEFAULT));
    }

    private List<String> acknowledge(final long queue, final Delivered delivered) {
        return client.answer(() -> client.client().acknowledge(queue, delivered.receipt(), 0, 1));
    }

    private void answerDelete(final long queue, final Delivered delivered) {
        assertEquals(
                List.of("confirmed"),
                client.answer(() -> client.client().deleteMessage(queue, delivered.receipt(), 0)));
    }

    private static QueueSettings everySetting(final long dead) {
        return QueueSettings.named("all")
                .queueType(QueueType.FIFO)
                .visibilityTimeoutNs(60 * SECOND)
                .delayNs(2 * SECOND)
                .receiveWaitNs(3 * SECOND)
                .retentionNs(3_600 * SECOND)
                .maxMessageBytes(1_000)
                .contentDeduplication(Switch.ON)
                .deduplicationScope(QueueScope.MESSAGE_GROUP)
                .throughputScope(QueueScope.MESSAGE_GROUP)
                .deadLetterQueueId(dead)
                .maxReceiveCount(4)
                .redrivePermission(RedrivePermission.BY_QUEUE)
                .redriveSources(dead)
                .backoff(Backoff.EXPONENTIAL)
                .backoffDelayNs(SECOND)
                .backoffMaxNs(9 * SECOND)
                .highDepth(100)
                .lowDepth(10)
                .highAgeNs(50 * SECOND)
                .lowAgeNs(5 * SECOND);
    }

    private static QueueInfo everySetting(final long queue, final long dead, final long createdTimeNs) {
        return new QueueInfo(
                queue,
                "all",
                createdTimeNs,
                createdTimeNs,
                60 * SECOND,
                2 * SECOND,
                3 * SECOND,
                3_600 * SECOND,
                dead,
                SECOND,
                9 * SECOND,
                100,
                10,
                50 * SECOND,
                5 * SECOND,
                1_000,
                4,
                QueueType.FIFO,
                Switch.ON,
                QueueScope.MESSAGE_GROUP,
                QueueScope.MESSAGE_GROUP,
                RedrivePermission.BY_QUEUE,
                Backoff.EXPONENTIAL,
                1,
                List.of(dead),
                0,
                0,
                0,
                0,
                0);
    }

    private static void assertRefused(final String sentence, final Executable request) {
        assertEquals(sentence, assertThrows(MillraceException.class, request).getMessage());
    }

    private static List<String> bodies(final List<Delivered> received) {
        return received.stream().map(Delivered::body).toList();
    }
}
