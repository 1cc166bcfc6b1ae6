package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.DeliveryPolicy;
import io.millrace.kernel.Command.ProtocolBody;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import io.millrace.kernel.Payload.Attribute;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages that have a body for each protocol. */
class MessageStructureTest {
    private static final int QUEUE = 1;
    private static final int SESSION = 2;
    private static final int STREAM = 3;
    private static final long PLENTY = 1_000_000;

    private final Scenario scenario = new Scenario();
    private final TopicSupport topics = new TopicSupport(scenario);
    private final long topic = topics.create("trades");

    private static Published structured(final Payload payload, final ProtocolBody... bodies) {
        return new Published(payload, "", List.of(bodies));
    }

    private void publish(final long topicId, final Published... entries) {
        topics.publish(topicId, false, List.of(entries));
    }

    private long subscribe(final String name, final SubscriptionSettings settings) {
        final long queue = scenario.createQueue(name);
        topics.subscribe(topic, queue, settings);
        return queue;
    }

    private long consume(final String name, final SubscriptionSettings settings) {
        final long queue = topics.subscribeSessions(topic, name, settings, DeliveryPolicy.NONE, Switch.NULL_VAL);
        scenario.consume(B, queue, 100, PLENTY);
        scenario.forget();
        return queue;
    }

    private List<Payload> payloadsIn(final long queue) {
        scenario.forget();
        scenario.receive(A, queue, 10);
        return scenario.egress.drain().stream()
                .filter(sent -> sent.event() instanceof Event.Delivery)
                .map(sent -> ((Event.Delivery) sent.event()).payload())
                .toList();
    }

    @Test
    @Statement("N15")
    void shouldGiveEachSubscriberTheBodyForItsProtocol() {
        final long queue = subscribe("queue", SubscriptionSettings.RAW);
        consume("desk", SubscriptionSettings.RAW);
        publish(
                topic,
                structured(
                        Payload.of("both"), new ProtocolBody(QUEUE, "queues"), new ProtocolBody(SESSION, "sessions")),
                structured(Payload.of("default"), new ProtocolBody(SESSION, "session alone")),
                structured(Payload.of("of stream"), new ProtocolBody(STREAM, "streams")));

        scenario.shouldTell("A: confirmed 1-3", "B: push 'sessions'", "B: push 'session alone'", "B: push 'of stream'");
        assertEquals(List.of(Payload.of("queues"), Payload.of("default"), Payload.of("of stream")), payloadsIn(queue));
    }

    @Test
    @Statement("N15")
    void shouldRefuseBodiesWithoutOneForTheOtherProtocols() {
        publish(topic, structured(Payload.of(""), new ProtocolBody(QUEUE, "queues")));
        topics.publish(
                topic,
                true,
                List.of(
                        structured(Payload.of(""), new ProtocolBody(QUEUE, "queues")),
                        structured(Payload.of("x"), new ProtocolBody(QUEUE, "queues"))));

        scenario.shouldTell("A: refused DEFAULT_BODY_REQUIRED entry=0", "A: sent [DEFAULT_BODY_REQUIRED, 1]");
    }

    @Test
    @Statement("N2")
    void shouldDeliverAttributesOnlyWithoutStructure() {
        final long raw = subscribe("raw", SubscriptionSettings.RAW);
        final long wrapped = subscribe("wrapped", SubscriptionSettings.NONE);
        final Payload payload = Payload.of("default", Attribute.text("side", "buy"));
        publish(topic, structured(payload, new ProtocolBody(QUEUE, "queues")), structured(payload));

        assertEquals(List.of(Payload.of("queues"), payload), payloadsIn(raw));
        assertEquals(
                List.of(
                        "{\"Type\":\"Notification\",\"MessageId\":\"1\",\"TopicArn\":\"trades\",\"Message\":\"queues\","
                                + "\"Timestamp\":\"2023-11-14T22:13:20.000Z\"}",
                        "{\"Type\":\"Notification\",\"MessageId\":\"2\",\"TopicArn\":\"trades\",\"Message\":\"default\","
                                + "\"Timestamp\":\"2023-11-14T22:13:20.000Z\","
                                + "\"MessageAttributes\":{\"side\":{\"Type\":\"String\",\"Value\":\"buy\"}}}"),
                payloadsIn(wrapped).stream().map(Payload::body).toList());
    }

    @Test
    @Statement("N15")
    void shouldJudgeTheBodyThatASubscriberWouldGet() {
        final SubscriptionSettings large =
                SubscriptionSettings.RAW.about(FilterPolicyScope.MESSAGE_BODY).withPolicy("{\"size\":[\"large\"]}");
        final SubscriptionSettings buy = SubscriptionSettings.RAW.withPolicy("{\"side\":[\"buy\"]}");
        consume("first", large);
        final long queue = subscribe("queue", large);
        consume("second", buy);
        final long bought = subscribe("bought", buy);
        final String yes = "{\"size\":\"large\"}";
        final Payload no = Payload.of("{\"size\":\"small\"}", Attribute.text("side", "buy"));
        publish(topic, structured(no, new ProtocolBody(SESSION, yes)));
        publish(topic, structured(Payload.of("{}"), new ProtocolBody(QUEUE, yes), new ProtocolBody(SESSION, "no")));
        publish(topic, structured(Payload.of(yes), new ProtocolBody(STREAM, "no")));

        scenario.shouldTell(
                "A: confirmed 1",
                "B: push '" + yes + "'",
                "B: push '" + yes + "'",
                "A: confirmed 5",
                "A: confirmed 7",
                "B: push '" + yes + "'");
        assertEquals(List.of(Payload.of(yes), Payload.of(yes)), payloadsIn(queue));
        assertEquals(List.of(Payload.of(no.body())), payloadsIn(bought));
    }

    @Test
    void shouldKnowADuplicateByAllBodies() {
        final long fifo = topics.create("orders", TopicSettings.fifo(Switch.ON, QueueScope.NULL_VAL));
        final long queue =
                scenario.createQueue("orders.fifo", SettingsBuilder.fifo().contentDeduplication(Switch.OFF));
        topics.subscribe(fifo, queue, SubscriptionSettings.RAW);
        scenario.forget();
        final Payload payload = Payload.of("order").inGroup("g");
        publish(
                fifo,
                structured(payload, new ProtocolBody(SESSION, "one")),
                structured(payload, new ProtocolBody(SESSION, "other")),
                structured(payload, new ProtocolBody(SESSION, "one")),
                structured(payload.withDeduplicationId("a"), new ProtocolBody(QUEUE, "one")));
        scenario.shouldTell("A: sent [1, 2, 1 duplicate, 3]");

        final List<Payload> received = payloadsIn(queue);
        assertEquals(
                List.of("order", "order", "one"),
                received.stream().map(Payload::body).toList());
        assertEquals(64, received.get(0).deduplicationId().length());
        assertEquals("a", received.get(2).deduplicationId());
    }

    @Test
    void shouldStoreABodyOnceForAllThatGetIt() {
        for (int i = 0; i < 10; i++) {
            subscribe("queue " + i, SubscriptionSettings.RAW);
            topics.subscribeSessions(
                    topic, "desk " + i, SubscriptionSettings.RAW, DeliveryPolicy.NONE, Switch.NULL_VAL);
        }
        final String body = "x".repeat(10_000);
        final long before = scenario.kernel.arenaBytes();
        publish(
                topic,
                structured(Payload.of("default"), new ProtocolBody(QUEUE, body), new ProtocolBody(SESSION, body)));
        final long same = scenario.kernel.arenaBytes() - before;
        publish(
                topic,
                structured(
                        Payload.of("default"), new ProtocolBody(QUEUE, body), new ProtocolBody(SESSION, body + "y")));
        final long different = scenario.kernel.arenaBytes() - before - same;

        assertTrue(same >= 10_000 && same < 10_100, () -> same + " bytes for one body");
        assertTrue(different >= 20_000 && different < 20_200, () -> different + " bytes for two bodies");
    }

    @Test
    void shouldPassWhatIsNotDeliveredYetThroughASnapshot() {
        for (int i = 0; i < FanOut.SLICE; i++) {
            subscribe("queue " + i, SubscriptionSettings.RAW);
        }
        consume("raw", SubscriptionSettings.RAW);
        consume("wrapped", new SubscriptionSettings(null, Switch.OFF));
        publish(topic, structured(Payload.of("default"), new ProtocolBody(QUEUE, "q"), new ProtocolBody(SESSION, "s")));
        final RecordingEgress egress = new RecordingEgress();
        final Kernel copy = Snapshots.copy(scenario.kernel, egress);
        scenario.forget();
        assertTrue(copy.workPending(), "all is delivered already");
        while (copy.workPending()) {
            copy.onClock(scenario.nowNs());
        }
        scenario.workOff();

        final List<RecordingEgress.Emitted> pushed = egress.drain();
        assertEquals(scenario.egress.drain(), pushed);
        assertEquals(scenario.kernel.stateHash(), copy.stateHash());
        final List<String> bodies = pushed.stream()
                .map(sent -> ((Event.Delivery) sent.event()).payload().body())
                .toList();
        assertEquals(2, bodies.size());
        assertEquals("s", bodies.get(0));
        assertTrue(bodies.get(1).contains("\"Message\":\"s\""), bodies.get(1));
    }
}
