package io.millrace.kernel;

import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Payload.Attribute;
import io.millrace.kernel.memory.Payloads;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fan-out to more subscriptions with filter policies than one record reaches, and what happens in between. */
class FilteredFanOutTest {

    private static final int MANY = 2 * FanOut.SLICE + 100;
    private static final SubscriptionSettings BUYS = SubscriptionSettings.RAW.withPolicy("{\"side\":[\"buy\"]}");
    private static final SubscriptionSettings SALES = SubscriptionSettings.RAW.withPolicy("{\"side\":[\"sell\"]}");

    private final Scenario scenario = new Scenario(Limits.nativeProfile().with(LimitId.MESSAGES, 7 * MANY));
    private final TopicSupport topics = new TopicSupport(scenario);
    private final long topic = topics.create("trades");

    /** Queues and subscriptions have the ids from 1 on. */
    private void subscribe(final int count, final SubscriptionSettings settings) {
        for (int i = 0; i < count; i++) {
            topics.subscribe(topic, scenario.createQueueQuietly("queue " + settings + i), settings);
        }
    }

    private static Payload buy(final String body) {
        return Payload.of(body, Attribute.text("side", "buy"));
    }

    private List<String> bodiesOf(final long queue) {
        scenario.forget();
        scenario.receive(B, queue, 10);
        return scenario.bodies();
    }

    @AfterEach
    void shouldLeaveNothingBehind() {
        scenario.workOff();
        final State state = scenario.kernel.state();
        assertEquals(0, state.topics.reservedMessages);
        assertEquals(0, state.topics.publications.liveCount());
        assertEquals(scenario.kernel.recomputeStateHash(), scenario.kernel.stateHash());
    }

    @Test
    void shouldGoOnAfterASnapshotWhereItWas() {
        subscribe(5, SALES);
        subscribe(MANY, BUYS);
        subscribe(3, SubscriptionSettings.RAW);
        topics.publish(topic, buy("one"), Payload.of("two", Attribute.text("side", "sell")), buy("three"));
        assertTrue(scenario.kernel.workPending());
        final Kernel restored = Snapshots.copy(scenario.kernel, new RecordingEgress());
        assertEquals(DerivedState.of(scenario.kernel), DerivedState.of(restored));
        final long now = scenario.nowNs();
        scenario.workOff();
        while (restored.workPending()) {
            restored.onClock(now);
        }

        assertEquals(2 * MANY + 5 + 3 * 3, scenario.kernel.messageCount());
        assertEquals(scenario.kernel.stateHash(), restored.stateHash());
        assertEquals(DerivedState.of(scenario.kernel), DerivedState.of(restored));
        assertEquals(List.of("one", "three"), bodiesOf(MANY));
        assertEquals(List.of("one", "two", "three"), bodiesOf(MANY + 6));
    }

    @Test
    void shouldKeepNothingInTheArenaButThePayloadWhenAllHaveIt() {
        subscribe(MANY, BUYS);
        final long before = scenario.kernel.arenaBytes();
        topics.publish(topic, buy("one"));
        scenario.workOff();

        assertEquals(Payloads.accountedLength(buy("one").length()), scenario.kernel.arenaBytes() - before);
    }

    @Test
    void shouldFilterByThePolicyOfTheTimeOfPublication() {
        subscribe(MANY, BUYS);
        subscribe(MANY / 2, SubscriptionSettings.RAW);
        topics.publish(topic, buy("one"), buy("two"), buy("three"));
        final SubscriptionSettings none = SubscriptionSettings.NONE.withPolicy("");
        topics.unsubscribe(MANY - 2);
        topics.setSubscription(MANY, SALES);
        topics.setSubscription(MANY - 1, none);
        topics.setSubscription(MANY + 1, SALES);
        topics.setSubscription(MANY + 2, SALES);
        topics.setSubscription(MANY + 2, none);
        assertEquals(1, scenario.kernel.state().topics.publications.liveCount());
        assertEquals(
                DerivedState.of(scenario.kernel),
                DerivedState.of(Snapshots.copy(scenario.kernel, new RecordingEgress())));
        scenario.workOff();
        topics.publish(topic, buy("four"));
        scenario.workOff();

        final List<String> before = List.of("one", "two", "three");
        final List<String> all = List.of("one", "two", "three", "four");
        assertEquals(before, bodiesOf(MANY));
        assertEquals(all, bodiesOf(MANY - 1));
        assertEquals(List.of(), bodiesOf(MANY - 2));
        assertEquals(all, bodiesOf(MANY - 3));
        assertEquals(before, bodiesOf(MANY + 1));
        assertEquals(all, bodiesOf(MANY + 2));
        assertEquals(all, bodiesOf(MANY + MANY / 2));
    }

    @Test
    void shouldNotCountWhatIsStillToComeAsFiltered() {
        subscribe(MANY, BUYS);
        topics.publish(topic, buy("one"), buy("two"));
        scenario.forget();
        topics.describeSubscription(MANY);
        topics.describeSubscription(1);
        scenario.shouldTell(
                "A: subscription 2148 1->2148 raw delivered=0 MESSAGE_ATTRIBUTES{\"side\":[\"buy\"]}",
                "A: subscription 1 1->1 raw delivered=1 MESSAGE_ATTRIBUTES{\"side\":[\"buy\"]}");
    }

    @Test
    void shouldKeepRoomForThoseThatAMessageIsFor() {
        scenario.kernel.configure(scenario.nowNs(), Limits.nativeProfile().with(LimitId.MESSAGES, 4));
        subscribe(100, SALES);
        subscribe(2, BUYS);
        scenario.forget();
        topics.publish(topic, buy("one"), buy("two"));
        topics.publish(topic, buy("three"));
        scenario.shouldTell("A: confirmed 1-2", "A: refused LIMIT_EXCEEDED MESSAGES limit=4 actual=6");
    }

    @Test
    void shouldDeliverWhatWasPublishedBeforeTheTopicWasDeleted() {
        subscribe(MANY, BUYS);
        topics.publish(topic, buy("one"));
        topics.delete(topic);
        scenario.workOff();

        assertEquals(MANY, scenario.kernel.messageCount());
        assertEquals(0, scenario.kernel.state().topics.subscriptions.liveCount());
    }
}
