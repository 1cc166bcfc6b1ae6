package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import io.millrace.kernel.Payload.Attribute;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is published reaches every subscription. */
class PublishingTest {

    private static final TopicSettings FIFO = TopicSettings.fifo(Switch.NULL_VAL, QueueScope.NULL_VAL);

    private final Scenario scenario = new Scenario();
    private final TopicSupport topics = new TopicSupport(scenario);
    private final long topic = topics.create("trades");

    private List<String> bodiesOf(final long queue) {
        return bodiesOf(scenario, queue);
    }

    private static List<String> bodiesOf(final Scenario scenario, final long queue) {
        scenario.forget();
        scenario.receive(B, queue, 200);
        return scenario.bodies();
    }

    @Test
    @Statement("N12")
    void shouldConfirmWhatIsStoredAndDeliverItToEveryQueue() {
        final long audit = scenario.createQueue("audit");
        final long risk = scenario.createQueue("risk");
        topics.subscribe(topic, audit, SubscriptionSettings.RAW);
        topics.subscribe(topic, risk, SubscriptionSettings.RAW);
        scenario.forget();
        topics.publish(topic, "buy", "sell");
        scenario.shouldTell("A: confirmed 1-2");

        assertEquals(List.of("buy", "sell"), bodiesOf(audit));
        assertEquals(List.of("buy", "sell"), bodiesOf(risk));
        scenario.forget();
        topics.describe(topic);
        topics.describeSubscription(1);
        scenario.shouldTell(
                "A: topic 1 'trades' STANDARD subscriptions=2 published=2", "A: subscription 1 1->1 raw delivered=2");
    }

    @Test
    @Statement("N1")
    void shouldWrapAMessageUnlessDeliveryIsRaw() {
        final long queue = scenario.createQueue("audit");
        topics.subscribe(topic, queue, SubscriptionSettings.NONE);
        final Payload payload = Payload.of(
                "say \"\u0001\n\\\"",
                Attribute.text("side", "b\"y"),
                new Attribute(2, "price", "float", "1.5"),
                new Attribute(3, "raw", "", "\u00FF\u0000"));
        topics.publish(
                topic, false, List.of(new Published(payload, "A subject"), new Published(Payload.of("plain"), "")));

        assertEquals(
                List.of(
                        "{\"Type\":\"Notification\",\"MessageId\":\"1\",\"TopicArn\":\"trades\",\"Subject\":\"A subject\","
                                + "\"Message\":\"say \\\"\\u0001\\n\\\\\\\"\",\"Timestamp\":\"2023-11-14T22:13:20.000Z\","
                                + "\"MessageAttributes\":{\"side\":{\"Type\":\"String\",\"Value\":\"b\\\"y\"},"
                                + "\"price\":{\"Type\":\"Number.float\",\"Value\":\"1.5\"},"
                                + "\"raw\":{\"Type\":\"Binary\",\"Value\":\"/wA=\"}}}",
                        "{\"Type\":\"Notification\",\"MessageId\":\"2\",\"TopicArn\":\"trades\",\"Message\":\"plain\","
                                + "\"Timestamp\":\"2023-11-14T22:13:20.000Z\"}"),
                bodiesOf(queue));
    }

    @Test
    @Statement("N2")
    void shouldDiscardARawMessageWithMoreThanTenAttributes() {
        final long raw = scenario.createQueue("raw");
        final long wrapped = scenario.createQueue("wrapped");
        final long dead = scenario.createQueue("dead");
        topics.subscribe(topic, raw, SubscriptionSettings.RAW);
        topics.subscribe(topic, wrapped, SubscriptionSettings.NONE);
        final Attribute[] eleven = IntStream.range(0, 11)
                .mapToObj(i -> Attribute.text("a" + i, "v"))
                .toArray(Attribute[]::new);
        topics.publish(topic, Payload.of("ten", Arrays.copyOf(eleven, 10)), Payload.of("eleven", eleven));
        topics.setSubscription(1, SubscriptionSettings.NONE.withDeadLetters(dead));
        topics.publish(topic, Payload.of("eleven again", eleven));

        assertEquals(List.of("ten"), bodiesOf(raw));
        assertEquals(3, bodiesOf(wrapped).size());
        assertEquals(List.of("eleven again"), bodiesOf(dead));
        assertEquals(1, scenario.kernel.counters().undeliverable());
        scenario.forget();
        topics.describeSubscription(1);
        scenario.shouldTell("A: subscription 1 1->1 raw delivered=1 dead letters=1 discarded=1");
    }

    @Test
    @Statement("N11")
    void shouldNotTryAgainWhatCanNeverBeDelivered() {
        final long gone = scenario.createQueue("gone");
        final long small = scenario.createQueue("small", null, null, null, 8L);
        final long dead = scenario.createQueue("dead");
        topics.subscribe(topic, gone, SubscriptionSettings.RAW.withDeadLetters(dead));
        topics.subscribe(topic, small, SubscriptionSettings.RAW.withDeadLetters(dead));
        scenario.deleteQueue(A, gone);
        topics.publish(topic, "12345678", "123456789");

        assertEquals(List.of("12345678"), bodiesOf(small));
        assertEquals(List.of("12345678", "123456789", "123456789"), bodiesOf(dead));
        scenario.forget();
        topics.describeSubscription(1);
        topics.describeSubscription(2);
        scenario.shouldTell(
                "A: subscription 1 1->1 raw delivered=0 dead letters=2",
                "A: subscription 2 1->2 raw delivered=1 dead letters=1");
    }

    @Test
    @Statement("N13")
    void shouldKeepOrderAndDropDuplicatesThroughAFifoTopic() {
        final long fifoTopic = topics.create("orders", FIFO);
        final long fifo = scenario.createQueue("orders.fifo", SettingsBuilder.fifo());
        final long standard = scenario.createQueue("orders.all");
        topics.subscribe(fifoTopic, fifo, SubscriptionSettings.RAW);
        topics.subscribe(fifoTopic, standard, SubscriptionSettings.RAW);
        scenario.forget();
        topics.publish(
                fifoTopic,
                Payload.of("1").inGroup("g").withDeduplicationId("a"),
                Payload.of("2").inGroup("g").withDeduplicationId("b"),
                Payload.of("again").inGroup("h").withDeduplicationId("a"));
        topics.publish(fifoTopic, Payload.of("no group").withDeduplicationId("c"));
        topics.publish(fifoTopic, Payload.of("no id").inGroup("g"));
        topics.publish(topic, Payload.of("id").withDeduplicationId("c"));
        scenario.shouldTell(
                "A: sent [1, 2, 1 duplicate]",
                "A: refused GROUP_ID_REQUIRED entry=0",
                "A: refused DEDUPLICATION_ID_REQUIRED entry=0",
                "A: refused NOT_FOR_QUEUE_TYPE entry=0");

        assertEquals(List.of("1", "2"), bodiesOf(fifo));
        assertEquals(List.of("1", "2"), bodiesOf(standard));
    }

    @Test
    void shouldScopeDeduplicationToTheGroupIfAsked() {
        final long fifoTopic = topics.create("orders", TopicSettings.fifo(Switch.ON, QueueScope.MESSAGE_GROUP));
        scenario.forget();
        topics.publish(
                fifoTopic,
                Payload.of("same").inGroup("g"),
                Payload.of("same").inGroup("h"),
                Payload.of("same").inGroup("g"));
        scenario.pass(300_000);
        topics.publish(fifoTopic, Payload.of("same").inGroup("g"));

        scenario.shouldTell("A: sent [1, 2, 1 duplicate]", "A: sent [3]");
    }

    @Test
    void shouldGiveAnEnvelopeTheHashOfItsMessageAsDeduplicationId() {
        final long fifoTopic = topics.create("orders", TopicSettings.fifo(Switch.ON, QueueScope.NULL_VAL));
        final long fifo = scenario.createQueue("orders.fifo", SettingsBuilder.fifo());
        topics.subscribe(fifoTopic, fifo, SubscriptionSettings.NONE);
        topics.publish(fifoTopic, Payload.of("abc").inGroup("g"));
        scenario.receive(B, fifo, 1);
        bodiesOf(fifo);

        final String body =
                "{\"Type\":\"Notification\",\"MessageId\":\"1\",\"SequenceNumber\":\"1\",\"TopicArn\":\"orders\","
                        + "\"Message\":\"abc\",\"Timestamp\":\"2023-11-14T22:13:20.000Z\"}";
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                scenario.delivery(body).payload().deduplicationId());
    }

    @Test
    void shouldJudgeSubjectsAndSizes() {
        topics.publish(topic, false, List.of(new Published(Payload.of("x"), "\u00C3\u00A9".repeat(100))));
        topics.publish(topic, false, List.of(new Published(Payload.of("x"), "s".repeat(101))));
        topics.publish(
                topic, true, List.of(new Published(Payload.of("x"), "a\nb"), new Published(Payload.of("y"), "")));
        topics.publish(topic, new Payload[0]);
        topics.publish(9, "x");

        scenario.shouldTell(
                "A: confirmed 1",
                "A: refused LIMIT_EXCEEDED SUBJECT_CHARACTERS limit=100 actual=101 entry=0",
                "A: sent [INVALID_CHARACTERS, 2]",
                "A: refused EMPTY_BATCH",
                "A: refused UNKNOWN_TOPIC");
    }

    @Test
    void shouldRefuseWhatNotAllSubscriptionsHaveRoomFor() {
        final Scenario small = new Scenario(Limits.nativeProfile().with(LimitId.MESSAGES, 3));
        final TopicSupport few = new TopicSupport(small);
        final long one = few.create("one");
        few.subscribe(one, small.createQueue("a"), SubscriptionSettings.RAW);
        few.subscribe(one, small.createQueue("b"), SubscriptionSettings.RAW);
        small.forget();
        few.publish(one, "1", "2");
        few.publish(one, "3");

        small.shouldTell("A: refused LIMIT_EXCEEDED MESSAGES limit=3 actual=4", "A: confirmed 1");
    }

    @Test
    void shouldGoOnInTheNextRecordsWhereThereAreManySubscriptions() {
        final Scenario large = new Scenario(Limits.nativeProfile().with(LimitId.MESSAGES, 5_000));
        final TopicSupport many = new TopicSupport(large);
        final long wide = many.create("wide");
        final int queues = 2 * FanOut.SLICE + 10;
        for (int i = 1; i <= queues; i++) {
            many.subscribe(wide, large.createQueueQuietly("queue " + i), SubscriptionSettings.RAW);
        }
        large.forget();
        many.publish(wide, "first", "second");
        many.describe(wide);
        many.publish(wide, "too many");
        large.shouldTell(
                "A: confirmed 1-2",
                "A: topic 1 'wide' STANDARD subscriptions=2058 published=2 pending=2",
                "A: refused LIMIT_EXCEEDED MESSAGES limit=5000 actual=6174");

        assertEquals(2 * FanOut.SLICE, large.kernel.messageCount());
        assertTrue(large.kernel.workPending());
        many.unsubscribe(queues);
        many.unsubscribe(queues - 1);
        large.workOff();
        assertEquals(List.of("first", "second"), bodiesOf(large, 1));
        assertEquals(List.of("first", "second"), bodiesOf(large, queues - 2));
        assertEquals(0, large.kernel.state().topics.reservedMessages);
        assertEquals(0, large.kernel.state().topics.publications.liveCount());
        assertEquals(large.kernel.recomputeStateHash(), large.kernel.stateHash());
    }

    @Test
    void shouldDeliverAsItIsWhatWasPublishedBeforeEnvelopesWereAskedFor() {
        final long wide = topics.create("wide");
        final int queues = FanOut.SLICE + 1;
        for (int i = 1; i <= queues; i++) {
            topics.subscribe(wide, scenario.createQueueQuietly("queue " + i), SubscriptionSettings.RAW);
        }
        topics.publish(wide, "as it is");
        topics.setSubscription(queues, new SubscriptionSettings(null, Switch.OFF));
        topics.publish(wide, "in an envelope");
        scenario.workOff();

        final List<String> bodies = bodiesOf(queues);
        assertEquals("as it is", bodies.get(0));
        assertTrue(bodies.get(1).startsWith("{\"Type\":\"Notification\""), bodies.get(1));
        assertEquals(2, bodies.size());
    }

    @Test
    void shouldDeliverWhatWasPublishedBeforeTheTopicWasDeleted() {
        final long wide = topics.create("wide");
        final int queues = FanOut.SLICE + 5;
        for (int i = 1; i <= queues; i++) {
            topics.subscribe(wide, scenario.createQueueQuietly("queue " + i), SubscriptionSettings.RAW);
        }
        topics.publish(wide, "last words");
        topics.delete(wide);
        scenario.workOff();

        assertEquals(queues, scenario.kernel.messageCount());
        assertEquals(0, scenario.kernel.state().topics.subscriptions.liveCount());
        assertEquals(1, scenario.kernel.state().topics.topics.liveCount());
        assertEquals(scenario.kernel.recomputeStateHash(), scenario.kernel.stateHash());
    }

    @Test
    void shouldGoOnAfterASnapshotWhereItWas() {
        final long wide = topics.create("wide");
        final int queues = FanOut.SLICE + 300;
        for (int i = 1; i <= queues; i++) {
            topics.subscribe(wide, scenario.createQueueQuietly("queue " + i), SubscriptionSettings.RAW);
        }
        topics.publish(wide, "one", "two");
        topics.delete(topics.create("gone"));
        final RecordingEgress egress = new RecordingEgress();
        final Kernel restored = Snapshots.copy(scenario.kernel, egress);
        assertEquals(DerivedState.of(scenario.kernel), DerivedState.of(restored));

        final long now = scenario.nowNs();
        scenario.workOff();
        while (restored.workPending()) {
            restored.onClock(now);
        }
        assertEquals(scenario.kernel.stateHash(), restored.stateHash());
        assertEquals(2 * queues, restored.messageCount());
    }
}
