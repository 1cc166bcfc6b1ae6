package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.Command.AccessEntry;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.memory.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a publication takes in the arena, and that no subscriber is in the way of another. */
class FanOutTest {

    private static final int MANY = 1_000;
    private static final List<String> ALL =
            IntStream.range(0, 50).mapToObj(i -> "message " + i).toList();

    private final Scenario scenario = new Scenario();
    private final TopicSupport topics = new TopicSupport(scenario);
    private final long topic = topics.create("trades");

    @Test
    void shouldKeepOneCopyOfThePayloadForAThousandQueues() {
        for (int i = 0; i < MANY; i++) {
            topics.subscribe(topic, scenario.createQueueQuietly("queue " + i), SubscriptionSettings.RAW);
        }
        final Payload payload = Payload.of("x".repeat(200), Payload.Attribute.text("side", "buy"));
        final long before = scenario.kernel.arenaBytes();
        topics.publish(topic, payload);
        assertFalse(scenario.kernel.workPending());

        assertEquals(MANY, scenario.kernel.messageCount());
        assertEquals(Payloads.accountedLength(payload.length()), scenario.kernel.arenaBytes() - before);
    }

    @Test
    void shouldKeepOneMoreCopyForAllThatGetAnEnvelope() {
        for (int i = 0; i < MANY; i++) {
            final SubscriptionSettings settings = i % 2 == 0 ? SubscriptionSettings.RAW : SubscriptionSettings.NONE;
            topics.subscribe(topic, scenario.createQueueQuietly("queue " + i), settings);
        }
        final Payload payload = Payload.of("x".repeat(200));
        final long before = scenario.kernel.arenaBytes();
        topics.publish(topic, payload);
        final long after = scenario.kernel.arenaBytes();

        assertEquals(MANY, scenario.kernel.messageCount());
        final Payload envelope = Payload.of("{\"Type\":\"Notification\",\"MessageId\":\"1\",\"TopicArn\":\"trades\","
                + "\"Message\":\"" + payload.body() + "\",\"Timestamp\":\"2023-11-14T22:13:20.000Z\"}");
        assertEquals(List.of(envelope.body()), bodiesOf(2));
        assertEquals(
                Payloads.accountedLength(payload.length()) + Payloads.accountedLength(envelope.length()),
                after - before);
    }

    @Test
    void shouldGiveThePayloadBackWithItsLastMessage() {
        for (int i = 0; i < 3; i++) {
            topics.subscribe(topic, scenario.createQueueQuietly("queue " + i), SubscriptionSettings.RAW);
        }
        final long before = scenario.kernel.arenaBytes();
        topics.publish(topic, "shared");
        final long shared = scenario.kernel.arenaBytes();
        for (long queue = 1; queue <= 3; queue++) {
            assertEquals(shared, scenario.kernel.arenaBytes(), "queue " + queue);
            assertEquals(List.of("shared"), bodiesOf(queue));
            scenario.acknowledge(B, queue, scenario.receipt("shared"));
        }

        assertEquals(before, scenario.kernel.arenaBytes());
    }

    @Test
    void shouldDelayNobodyBecauseAConsumerDoesNotAcknowledge() {
        final long stalled = subscribe("stalled");
        final long lively = subscribe("lively");
        scenario.consume(A, stalled, 1, 1_000_000);
        scenario.consume(B, lively, 100, 1_000_000);
        shouldReach(lively);

        assertEquals(1, scenario.kernel.counters().deliveries() - ALL.size());
        scenario.stopConsuming(A, stalled);
        assertEquals(ALL.subList(1, ALL.size()), bodiesOf(stalled));
    }

    @Test
    void shouldDelayNobodyBecauseASubscribersSessionEnds() {
        final long left = subscribe("left");
        final long lively = subscribe("lively");
        scenario.consume(A, left, 10, 1_000_000);
        scenario.consume(B, lively, 100, 1_000_000);
        publish(0, 25);
        scenario.close(A);
        scenario.open(A);
        publish(25, 50);

        assertEquals(ALL, pushedFrom(scenario, lively));
        assertEquals(ALL, bodiesOf(left));
    }

    @Test
    void shouldDelayNobodyBecauseAQueueIsDeleted() {
        final long gone = subscribe("gone");
        final long lively = subscribe("lively");
        scenario.consume(B, lively, 100, 1_000_000);
        publish(0, 25);
        scenario.deleteQueue(A, gone);
        publish(25, 50);

        assertEquals(ALL, pushedFrom(scenario, lively));
        assertEquals(25, scenario.kernel.counters().undeliverable());
        scenario.forget();
        topics.describeSubscription(1);
        topics.describeSubscription(2);
        scenario.shouldTell(
                "A: subscription 1 1->1 raw delivered=25 discarded=25", "A: subscription 2 1->2 raw delivered=50");
    }

    @Test
    void shouldDelayNobodyBecauseAQueueTakesSmallMessagesOnly() {
        final long small = scenario.createQueueQuietly("small", 9L);
        topics.subscribe(topic, small, SubscriptionSettings.RAW);
        final long lively = subscribe("lively");
        scenario.consume(B, lively, 100, 1_000_000);
        shouldReach(lively);

        assertEquals(ALL.subList(0, 10), bodiesOf(small));
        assertEquals(ALL.size() - 10, scenario.kernel.counters().undeliverable());
    }

    @Test
    void shouldDelayNobodyBecauseAQueueMayHaveNoMoreInFlight() {
        final Scenario limited = new Scenario(Limits.nativeProfile().with(LimitId.IN_FLIGHT_STANDARD, 60));
        final TopicSupport few = new TopicSupport(limited);
        final long one = few.create("one");
        final long full = limited.createQueueQuietly("full");
        final long lively = limited.createQueueQuietly("lively");
        few.subscribe(one, full, SubscriptionSettings.RAW);
        few.subscribe(one, lively, SubscriptionSettings.RAW);
        limited.send(A, full, IntStream.range(0, 60).mapToObj(i -> "before").toArray(String[]::new));
        limited.consume(A, full, 200, 1_000_000);
        limited.consume(B, lively, 100, 1_000_000);
        limited.forget();
        few.publish(one, ALL.toArray(String[]::new));

        assertEquals(ALL, pushedFrom(limited, lively));
        assertEquals(2 * ALL.size() + 60, limited.kernel.messageCount());
    }

    @Test
    void shouldReachAQueueThatThePublisherMayNotUse() {
        final long foreign = subscribe("foreign");
        final long lively = subscribe("lively");
        scenario.open(7, "alice");
        scenario.apply(
                A,
                new Command.SetQueueAccess(
                        1, Command.Producer.NONE, foreign, List.of(new AccessEntry(true, true, true, "alice"))));
        scenario.consume(B, lively, 100, 1_000_000);
        shouldReach(lively);

        scenario.forget();
        scenario.receive(7, foreign, 100);
        assertEquals(ALL, scenario.bodies());
    }

    /** Publishes everything, one message a record, which a queue pushes in order. */
    private void shouldReach(final long queue) {
        scenario.forget();
        publish(0, ALL.size());

        assertEquals(ALL, pushedFrom(scenario, queue));
    }

    private static List<String> pushedFrom(final Scenario scenario, final long queue) {
        final List<String> bodies = new ArrayList<>();
        scenario.forgetAll(event -> {
            if (event instanceof Event.Delivery delivery && delivery.queueId() == queue) {
                bodies.add(delivery.payload().body());
            }
        });
        return bodies;
    }

    private void publish(final int from, final int to) {
        ALL.subList(from, to).forEach(body -> topics.publish(topic, body));
    }

    private long subscribe(final String name) {
        final long queue = scenario.createQueueQuietly(name);
        topics.subscribe(topic, queue, SubscriptionSettings.RAW);
        return queue;
    }

    private List<String> bodiesOf(final long queue) {
        scenario.forget();
        scenario.receive(B, queue, 200);
        return scenario.bodies();
    }
}
