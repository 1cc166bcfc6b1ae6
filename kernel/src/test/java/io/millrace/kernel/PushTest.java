package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static io.millrace.kernel.Scenario.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.DeliveryPolicy;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions consume what is published to a topic. */
class PushTest {
    private static final long PLENTY = 1_000_000;
    private static final DeliveryPolicy NO_POLICY = DeliveryPolicy.NONE;
    private static final SubscriptionSettings DEFAULT = SubscriptionSettings.NONE;

    private final Scenario scenario = new Scenario();
    private final TopicSupport topics = new TopicSupport(scenario);
    private final long topic = topics.create("trades");

    private static DeliveryPolicy twice(final long delayMs) {
        return new DeliveryPolicy(2, 0, 2, 0, delayMs * MS, delayMs * MS, RetryFunction.LINEAR, 0);
    }

    private long subscribe(final String name, final DeliveryPolicy policy) {
        final long queue = topics.subscribeSessions(topic, name, DEFAULT, policy, Switch.NULL_VAL);
        scenario.forget();
        return queue;
    }

    @Test
    void shouldPushWhatIsPublishedAsFarAsTheCreditGoes() {
        final long queue = subscribe("desk", NO_POLICY);
        scenario.consume(B, queue, 2, PLENTY);
        topics.publish(topic, "one", "two", "three");
        scenario.shouldTell("B: confirmed", "A: confirmed 1-3", "B: push 'one'", "B: push 'two'");

        scenario.acknowledge(B, queue, scenario.receipt("one"));
        topics.describeSubscription(1);
        scenario.shouldTell(
                "B: confirmed", "B: push 'three'", "A: subscription 1 1->1 raw delivered=1 'desk' pending=2");
    }

    @Test
    void shouldShareASubscriptionAmongItsSessionsAndGiveEachSubscriptionEverything() {
        final long first = subscribe("first", NO_POLICY);
        final long second = subscribe("second", NO_POLICY);
        scenario.consume(A, first, 10, PLENTY);
        scenario.consume(B, first, 10, PLENTY);
        scenario.consume(C, second, 10, PLENTY);
        scenario.forget();
        topics.publish(topic, "one", "two");

        scenario.shouldTell("A: confirmed 1-2", "A: push 'one'", "C: push 'one'", "B: push 'two'", "C: push 'two'");
    }

    @Test
    @Statement("N9")
    @Statement("N10")
    void shouldTryAgainInFourPhases() {
        final DeliveryPolicy policy = new DeliveryPolicy(7, 1, 2, 1, 10 * MS, 40 * MS, RetryFunction.LINEAR, 0);
        final long queue = subscribe("desk", policy);
        scenario.consume(B, queue, 10, PLENTY);
        topics.publish(topic, "x");

        assertEquals(List.of(0L, 10L, 10L, 10L, 25L, 40L, 40L, -1L), delaysMs(queue));
        scenario.forget();
        topics.describeSubscription(1);
        scenario.shouldTell("A: subscription 1 1->1 raw delivered=0 discarded=1 'desk' retried=7");
    }

    /** Fails every delivery at once; the times after which the next one came, -1 at the end. */
    private List<Long> delaysMs(final long queue) {
        final List<Long> delays = new ArrayList<>();
        while (delays.isEmpty() || delays.get(delays.size() - 1) >= 0) {
            scenario.forget();
            scenario.settle(B, queue, Disposition.RETRY, null, scenario.receipt("x"));
            long waitedMs = 0;
            while (scenario.bodies().isEmpty() && waitedMs >= 0) {
                waitedMs = waitedMs < 100 ? waitedMs + 1 : -1;
                scenario.pass(1);
            }
            delays.add(waitedMs);
        }
        return delays;
    }

    @Test
    void shouldBackOffByEachFunction() {
        assertEquals(List.of(10L, 20L, 30L, 40L), delaysOf(RetryFunction.LINEAR));
        assertEquals(List.of(10L, 15L, 25L, 40L), delaysOf(RetryFunction.ARITHMETIC));
        assertEquals(List.of(10L, 15L, 25L, 40L), delaysOf(RetryFunction.GEOMETRIC));
        assertEquals(List.of(10L, 20L, 40L, 40L), delaysOf(RetryFunction.EXPONENTIAL));
    }

    private static List<Long> delaysOf(final RetryFunction function) {
        final Scenario fresh = new Scenario();
        final TopicSupport support = new TopicSupport(fresh);
        final long id = support.create("trades");
        support.subscribeSessions(
                id, "desk", DEFAULT, new DeliveryPolicy(4, 0, 0, 0, 10 * MS, 40 * MS, function, 0), Switch.NULL_VAL);
        final io.millrace.kernel.DeliveryPolicy policy = new Push(fresh.kernel.state()).policyOf(0);
        return List.of(1, 2, 3, 4).stream()
                .map(retry -> policy.delayNs(retry) / MS)
                .toList();
    }

    @Test
    void shouldFollowTheTopicsPolicyWithoutOneOfItsOwnAndElseTryThreeTimes() {
        final long queue = subscribe("desk", NO_POLICY);
        assertEquals(DeliveryPolicy.DEFAULT, policy());
        topics.setPolicy(topic, 0, twice(5));
        assertEquals(twice(5), policy());
        topics.setPolicy(0, 1, twice(7));
        assertEquals(twice(7), policy());
        topics.setPolicy(0, 1, NO_POLICY);
        assertEquals(twice(5), policy());
        assertEquals(1, queue);
    }

    private DeliveryPolicy policy() {
        scenario.forget();
        topics.describeSubscription(1);
        return ((Event.SubscriptionDescription) scenario.egress.drain().get(0).event())
                .sessions()
                .policy();
    }

    @Test
    void shouldMoveWhatIsNotTakenToTheDeadLetterQueueAndBack() {
        final long dead = scenario.createQueue("dead");
        final long queue =
                topics.subscribeSessions(topic, "desk", DEFAULT.withDeadLetters(dead), twice(10), Switch.NULL_VAL);
        scenario.consume(B, queue, 10, PLENTY, 30L);
        topics.publish(topic, "x");
        scenario.forget();
        for (int delivery = 1; delivery <= 3; delivery++) {
            scenario.pass(30);
            scenario.consume(B, queue, 1, 1, 30L);
            scenario.pass(10);
        }
        scenario.forget();
        topics.describeSubscription(1);
        scenario.receive(C, dead, 10);
        scenario.shouldTell(
                "A: subscription 1 1->2 raw delivered=0 dead letters=1 'desk' retried=2",
                "C: delivery 'x' count=4 redelivered",
                "C: end of 1");

        scenario.changeVisibility(C, dead, 0, scenario.receipt("x"));
        scenario.startRedrive(A, dead, 0, 0);
        scenario.workOff();
        scenario.shouldTell("C: confirmed", "A: confirmed 1", "B: push 'x'");
    }

    @Test
    void shouldDropWhatFindsNoCreditWhereDeliveryIsAtMostOnce() {
        final long queue = topics.subscribeSessions(topic, "ticks", DEFAULT, NO_POLICY, Switch.OFF);
        scenario.forget();
        topics.publish(topic, "nobody");
        scenario.consume(B, queue, 2, PLENTY);
        topics.publish(topic, "one", "two", "three");
        topics.describeSubscription(1);
        scenario.consume(B, queue, 1, PLENTY);
        topics.publish(topic, "four");
        scenario.close(B);
        topics.publish(topic, "five");
        topics.describeSubscription(1);

        scenario.shouldTell(
                "A: confirmed 1",
                "B: confirmed",
                "A: confirmed 3-5",
                "B: push 'one' settled",
                "B: push 'two' settled",
                "A: subscription 1 1->1 raw delivered=2 discarded=2 'ticks' at most once",
                "B: confirmed",
                "A: confirmed 9",
                "B: push 'four' settled",
                "A: confirmed 11",
                "A: subscription 1 1->1 raw delivered=3 discarded=3 'ticks' at most once");
        assertEquals(0, scenario.kernel.messageCount());
    }

    @Test
    void shouldDropWhatNobodyMayTakeWhereDeliveryIsAtMostOnce() {
        final long queue = topics.subscribeSessions(topic, "ticks", DEFAULT, NO_POLICY, Switch.OFF);
        scenario.consume(B, queue, 2, PLENTY);
        topics.protect(topic, new Command.AccessEntry(true, false, true, ""));
        scenario.forget();
        topics.publish(topic, "one");
        topics.describeSubscription(1);

        scenario.shouldTell(
                "A: confirmed 1",
                "B: consumer of 1 stopped NOT_AUTHORISED",
                "A: subscription 1 1->1 raw delivered=0 discarded=1 'ticks' at most once");
        assertEquals(0, scenario.kernel.messageCount());
    }

    @Test
    void shouldPushNoMoreInASecondThanThePolicySays() {
        final long queue = subscribe("desk", twice(10).withMaxPerSecond(2));
        scenario.consume(B, queue, 10, PLENTY);
        scenario.forget();
        topics.publish(topic, "one", "two", "three", "four", "five");
        assertEquals(List.of("one", "two"), scenario.bodies());
        scenario.pass(999);
        assertEquals(List.of(), scenario.bodies());
        scenario.pass(1);
        assertEquals(List.of("three", "four"), scenario.bodies());
        scenario.pass(1_000);
        assertEquals(List.of("five"), scenario.bodies());
    }

    @Test
    void shouldKeepTheOrderOfGroups() {
        final long fifo = topics.create("orders", TopicSettings.fifo(Switch.ON, QueueScope.NULL_VAL));
        final long queue = topics.subscribeSessions(fifo, "desk", DEFAULT, twice(10), Switch.NULL_VAL);
        scenario.consume(B, queue, 10, PLENTY);
        scenario.forget();
        topics.publish(
                fifo,
                Payload.of("a1").inGroup("a"),
                Payload.of("a2").inGroup("a"),
                Payload.of("b1").inGroup("b"));
        assertEquals(List.of("a1", "b1"), scenario.bodies());
        scenario.settle(B, queue, Disposition.RETRY, null, scenario.receipt("a1"));
        assertEquals(List.of(), scenario.bodies());
        scenario.pass(10);
        assertEquals(List.of("a1", "a2"), scenario.bodies());
    }

    @Test
    void shouldGiveBackWhatASessionDidNotAnswerWhenItEnds() {
        final long queue = subscribe("desk", twice(10));
        scenario.consume(B, queue, 10, PLENTY);
        scenario.consume(C, queue, 10, PLENTY);
        topics.publish(topic, "x");
        scenario.forget();
        scenario.close(B);
        scenario.shouldTell("C: push 'x' redelivered");

        scenario.acknowledge(C, queue, scenario.receipt("x"));
        topics.describeSubscription(1);
        scenario.shouldTell("C: confirmed", "A: subscription 1 1->1 raw delivered=1 'desk'");
    }

    @Test
    void shouldPushOnlyWhatTheFilterPolicyLetsThrough() {
        final long queue = topics.subscribeSessions(
                topic,
                "buys",
                DEFAULT.about(FilterPolicyScope.MESSAGE_BODY).withPolicy("{\"side\":[\"buy\"]}"),
                NO_POLICY,
                Switch.NULL_VAL);
        scenario.consume(B, queue, 10, PLENTY);
        scenario.forget();
        topics.publish(topic, "{\"side\":\"buy\"}", "{\"side\":\"sell\"}", "{\"side\":\"sell\"}");
        scenario.acknowledge(B, queue, receiptOfTheOnlyDelivery());
        scenario.forget();
        topics.describeSubscription(1);

        final Event.SubscriptionDescription description =
                (Event.SubscriptionDescription) scenario.egress.drain().get(0).event();
        assertEquals(1, description.deliveredCount());
        assertEquals(2, description.filteredCount());
    }

    private Receipt receiptOfTheOnlyDelivery() {
        final List<String> bodies = scenario.bodies();
        assertEquals(1, bodies.size());
        return scenario.receipt(bodies.get(0));
    }

    @Test
    @Statement("N14")
    void shouldSubscribeTheSameNameOnce() {
        subscribe("desk", twice(10));
        topics.askToSubscribeSessions(topic, "desk", DEFAULT, twice(10), Switch.ON);
        topics.askToSubscribeSessions(topic, "desk", DEFAULT, twice(11), Switch.ON);
        topics.askToSubscribeSessions(topic, "desk", DEFAULT, twice(10), Switch.OFF);
        topics.askToSubscribeSessions(topic, "other", DEFAULT, NO_POLICY, Switch.ON);

        scenario.shouldTell(
                "A: confirmed 1",
                "A: refused SUBSCRIPTION_EXISTS differs in 5",
                "A: refused SUBSCRIPTION_EXISTS differs in 6",
                "A: confirmed 2");
    }

    @Test
    void shouldHideTheQueueFromEverybodyButItsConsumers() {
        final long queue = subscribe("desk", NO_POLICY);
        scenario.send(A, queue, "x");
        scenario.receive(A, queue, 1);
        scenario.deleteQueue(A, queue);
        scenario.list(A, 0, 10, "");
        scenario.lookUp(A, "desk");
        topics.askToSubscribe(topic, queue, DEFAULT);
        scenario.shouldTell(
                "A: refused UNKNOWN_QUEUE",
                "A: refused NOT_FOR_QUEUE_TYPE",
                "A: refused UNKNOWN_QUEUE",
                "A: queues []",
                "A: refused UNKNOWN_QUEUE",
                "A: refused UNKNOWN_QUEUE");

        topics.protect(topic, new Command.AccessEntry(true, true, true, "alice"));
        scenario.consume(B, queue, 1, 1);
        scenario.shouldTell("A: confirmed", "B: refused NOT_AUTHORISED");
    }

    @Test
    void shouldEndWithTheSubscription() {
        final long queue = subscribe("desk", twice(10));
        scenario.consume(B, queue, 1, PLENTY);
        topics.publish(topic, "one", "two");
        scenario.forget();
        topics.unsubscribe(1);
        scenario.workOff();
        scenario.acknowledge(B, queue, scenario.receipt("one"));

        scenario.shouldTell("A: confirmed", "B: consumer of 1 stopped QUEUE_DELETED", "B: results [0 GONE]");
        assertEquals(0, scenario.kernel.messageCount());
        assertEquals(0, scenario.kernel.state().queues.liveCount());
        assertEquals(0, scenario.kernel.state().topics.subscriptions.liveCount());
    }

    @Test
    void shouldGoOnFromASnapshot() {
        final long queue = subscribe("desk", twice(10).withMaxPerSecond(1));
        scenario.consume(B, queue, 10, PLENTY);
        topics.publish(topic, "one", "two");
        final RecordingEgress egress = new RecordingEgress();
        final Kernel restored = Snapshots.copy(scenario.kernel, egress);
        assertEquals(DerivedState.of(scenario.kernel), DerivedState.of(restored));

        scenario.pass(1_000);
        restored.onClock(scenario.nowNs());
        assertEquals(scenario.kernel.stateHash(), restored.stateHash());
        assertEquals(1, egress.drain().size());
    }
}
