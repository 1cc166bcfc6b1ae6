package io.millrace.kernel;

import static io.millrace.kernel.ReplaySupport.ALL;
import static io.millrace.kernel.ReplaySupport.DAY;
import static io.millrace.kernel.ReplaySupport.replayed;
import static io.millrace.kernel.Scenario.MS;
import static io.millrace.kernel.Scenario.START_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import io.millrace.kernel.RecordingLogs.Archived;
import io.millrace.kernel.RecordingLogs.Running;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subscriptions get archived messages first, and then, without a gap or a repetition, what is published. */
class ReplayingTest {
    private static final SubscriptionSettings RAW = SubscriptionSettings.RAW;

    private final Scenario scenario = new Scenario();
    private final TopicSupport topics = new TopicSupport(scenario);
    private final ReplaySupport replays = new ReplaySupport(scenario);
    private final long topic = replays.create("trades");
    private final long queue = new FifoSupport(scenario).queue;

    private static long at(final long millis) {
        return START_NS + millis * MS;
    }

    private long subscribe(final SubscriptionSettings settings) {
        final long subscription = topics.subscribe(topic, queue, settings);
        scenario.forget();
        return subscription;
    }

    private String description(final long subscription) {
        scenario.forget();
        topics.describeSubscription(subscription);
        return scenario.egress.drain().get(0).event().toString();
    }

    @Test
    @Statement("N17")
    void shouldReplayInOrderAndGoOnWithWhatIsPublished() {
        replays.publish(topic, "a=1", "a=2", "a=3", "a=4");
        scenario.logs.drain();
        final long subscription = subscribe(RAW.from(at(1)));
        assertEquals(List.of("replay 1/1 from 1"), scenario.logs.drain());
        assertEquals("subscription 1 1->1 raw delivered=0 replay RUNNING from 1", description(subscription));
        replays.feed(3);
        assertEquals(List.of("replayed 3"), scenario.logs.drain());
        replays.publish(topic, "a=5");
        scenario.logs.drain();
        assertEquals(replayed("1", "2", "3"), replays.take(queue));
        replays.feed(ALL);
        assertEquals(List.of("end replay"), scenario.logs.drain());
        assertEquals("subscription 1 1->1 raw delivered=5 replay COMPLETED from 1", description(subscription));
        replays.publish(topic, "a=6");

        assertEquals(List.of("*4", "*5", "6"), replays.take(queue));
        assertEquals("subscription 1 1->1 raw delivered=6 replay COMPLETED from 1", description(subscription));
        assertEquals(5, scenario.kernel.counters().replayed());
        assertEquals(0, scenario.kernel.counters().filtered());
    }

    @Test
    void shouldKeepTheOrderOfEachGroup() {
        replays.publish(topic, "a=1", "b=2", "a=3", "b=4");
        subscribe(RAW.from(at(1)));
        replays.feed(ALL);
        replays.publish(topic, "b=5", "a=6");

        final List<String> taken = replays.take(queue);
        assertEquals(
                List.of("*1", "*3", "6"),
                taken.stream().filter(List.of("*1", "*3", "6")::contains).toList());
        assertEquals(
                List.of("*2", "*4", "5"),
                taken.stream().filter(List.of("*2", "*4", "5")::contains).toList());
        assertEquals(6, taken.size());
    }

    @Test
    void shouldBeginAtTheTimeThatIsAskedFor() {
        replays.publish(topic, "a=1", "a=2", "a=3");
        subscribe(RAW.from(at(2)));
        replays.feed(ALL);

        assertEquals(replayed("2", "3"), replays.take(queue));
    }

    @Test
    @Statement("N17")
    void shouldSkipWhatWasReplayedBefore() {
        replays.publish(topic, "a=1", "a=2", "a=3", "a=4");
        // A FIFO queue would drop a repetition.
        final long standard = scenario.createQueue("standard");
        topics.subscribe(topic, standard, RAW.from(at(1)));
        final Running replay = replays.running();
        final List<Archived> all = replays.left(replay);
        replays.feed(replay, all.subList(0, 2));
        replays.feed(replay, all.subList(0, 3));
        replays.feed(replay, all.subList(0, 1));
        replays.feed(replay, all);
        replays.feed(replay, all);

        assertEquals(replayed("1", "2", "3", "4"), replays.take(standard));
    }

    @Test
    void shouldHaveNothingToDoIfNothingWasPublishedSince() {
        final long empty = subscribe(RAW.from(at(0)));
        assertEquals("subscription 1 1->1 raw delivered=0 replay COMPLETED from 0", description(empty));
        replays.publish(topic, "a=1");
        scenario.passSilently(1);
        topics.setSubscription(empty, RAW.from(at(2)));
        replays.publish(topic, "a=2");
        scenario.passSilently(DAY / MS + 1);
        topics.setSubscription(empty, RAW.from(at(1)));
        assertEquals("subscription 1 1->1 raw delivered=2 replay COMPLETED from 1", description(empty));

        assertEquals(List.of("1", "2"), replays.take(queue));
        assertEquals(List.of(), scenario.logs.replays());
    }

    @Test
    void shouldRefuseWhatCannotBeReplayed() {
        final long plain = topics.create("plain", TopicSettings.NONE);
        final long standard = scenario.createQueue("standard");
        final long young = topics.create(
                "young", TopicSettings.fifo(Switch.ON, QueueScope.NULL_VAL).keeping(DAY));
        topics.askToSubscribe(topic, queue, RAW.from(at(1)));
        topics.askToSubscribe(topic, queue, RAW.from(-1));
        topics.askToSubscribe(plain, standard, RAW.from(at(0)));
        topics.askToSubscribe(young, queue, RAW.from(at(0)));
        topics.askToSubscribe(young, queue, RAW.from(0));

        scenario.shouldTell(
                "A: refused INVALID_SETTING " + SettingName.of(7),
                "A: refused INVALID_SETTING " + SettingName.of(7),
                "A: refused NO_ARCHIVE",
                "A: refused NO_ARCHIVE",
                "A: confirmed 1");
    }

    @Test
    void shouldCompareWhatASubscriptionThatExistsReplays() {
        replays.publish(topic, "a=1");
        subscribe(RAW.from(at(1)));
        topics.askToSubscribe(topic, queue, RAW.from(at(1)));
        topics.askToSubscribe(topic, queue, RAW.from(at(0)));
        topics.askToSubscribe(topic, queue, RAW);

        scenario.shouldTell(
                "A: confirmed 1",
                "A: refused SUBSCRIPTION_EXISTS differs in 7",
                "A: refused SUBSCRIPTION_EXISTS differs in 7");
    }

    @Test
    @Statement("N17")
    void shouldFilterWhatIsReplayed() {
        for (final String side : List.of("buy", "sell", "buy", "sell")) {
            scenario.passSilently(1);
            final String body = side + " at " + scenario.nowNs();
            topics.publish(
                    topic,
                    Payload.of(body, Payload.Attribute.text("side", side)).inGroup("g"));
        }
        final long subscription = subscribe(RAW.from(at(1)).withPolicy("{\"side\":[\"sell\"]}"));
        replays.feed(2);
        final String settings = " MESSAGE_ATTRIBUTES{\"side\":[\"sell\"]} replay ";
        assertEquals(
                "subscription 1 1->1 raw delivered=1 filtered=1" + settings + "RUNNING from 1",
                description(subscription));
        replays.feed(ALL);
        topics.publish(topic, Payload.of("no side").inGroup("g"));

        assertEquals(
                "subscription 1 1->1 raw delivered=2 filtered=3" + settings + "COMPLETED from 1",
                description(subscription));
        assertEquals(replayed("sell at " + at(2), "sell at " + at(4)), replays.take(queue));
        assertEquals(3, scenario.kernel.counters().filtered());
    }

    @Test
    @Statement("N17")
    void shouldShowTheOriginalInAnEnvelope() {
        replays.publish(topic, "a=to nobody", "a=\"text\"");
        scenario.passSilently(1);
        topics.publish(
                topic, Payload.of("b", Payload.Attribute.text("side", "buy")).inGroup("a"));
        scenario.passSilently(60_000);
        subscribe(SubscriptionSettings.NONE.from(at(2)));
        replays.feed(ALL);

        assertEquals(
                replayed(
                        "{\"Type\":\"Notification\",\"MessageId\":\"2\",\"SequenceNumber\":\"2\",\"TopicArn\":\"trades\","
                                + "\"Message\":\"\\\"text\\\"\",\"Timestamp\":\"2023-11-14T22:13:20.002Z\",\"Replayed\":true}",
                        "{\"Type\":\"Notification\",\"MessageId\":\"3\",\"SequenceNumber\":\"3\",\"TopicArn\":\"trades\","
                                + "\"Message\":\"b\",\"Timestamp\":\"2023-11-14T22:13:20.003Z\",\"Replayed\":true,"
                                + "\"MessageAttributes\":{\"side\":{\"Type\":\"String\",\"Value\":\"buy\"}}}"),
                replays.take(queue));
    }

    @Test
    void shouldBringWhatIsPendingBeforeItReplays() {
        final long subscription = subscribe(RAW);
        replays.publish(topic, "a=1", "a=2");
        topics.setSubscription(subscription, RAW.from(at(2)));
        replays.publish(topic, "a=3");
        assertEquals(List.of("1", "2"), replays.take(queue));
        replays.feed(ALL);

        // The FIFO queue still knows the deduplication id of the second.
        assertEquals(replayed("3"), replays.take(queue));
        assertEquals("subscription 1 1->1 raw delivered=4 replay COMPLETED from 2", description(subscription));
    }

    @Test
    void shouldSupersedeAReplayByAnother() {
        replays.publish(topic, "a=1", "a=2", "a=3");
        final long subscription = subscribe(RAW.from(at(3)));
        final Running first = replays.running();
        final List<Archived> all = scenario.logs.records(1);
        scenario.logs.drain();
        topics.setSubscription(subscription, RAW.from(at(2)));
        assertEquals(List.of("end replay", "replay 1/1 from 2"), scenario.logs.drain());
        replays.feed(first, all);
        assertEquals(List.of(), replays.take(queue));
        replays.feed(ALL);

        assertEquals(replayed("2", "3"), replays.take(queue));
    }

    @Test
    void shouldEndAReplay() {
        replays.publish(topic, "a=1", "a=2");
        final long subscription = subscribe(RAW.from(at(1)));
        replays.feed(1);
        replays.publish(topic, "a=passed over");
        topics.setSubscription(subscription, RAW.from(0));
        assertEquals("subscription 1 1->1 raw delivered=1", description(subscription));
        replays.publish(topic, "a=3");

        assertEquals(List.of("*1", "3"), replays.take(queue));
        assertEquals(List.of(), scenario.logs.replays());
    }

    @Test
    void shouldFailAReplayThatCannotGoOn() {
        replays.publish(topic, "a=1", "a=2");
        final long subscription = subscribe(RAW.from(at(1)));
        replays.feed(1);
        final Running replay = replays.running();
        replays.fail(replay);
        replays.fail(replay);
        replays.publish(topic, "a=3");

        assertEquals("subscription 1 1->1 raw delivered=2 replay FAILED from 1", description(subscription));
        assertEquals(List.of("*1", "3"), replays.take(queue));
        assertEquals(1, scenario.kernel.counters().replaysFailed());
    }

    @Test
    void shouldFailWithTheArchive() {
        replays.publish(topic, "a=1");
        final long subscription = subscribe(RAW.from(at(1)));
        scenario.logs.drain();
        topics.set(topic, TopicSettings.NONE.keeping(0));
        assertEquals(List.of("end replay", "delete 1/1"), scenario.logs.drain());
        replays.publish(topic, "a=2");

        assertEquals("subscription 1 1->1 raw delivered=1 replay FAILED from 1", description(subscription));
        assertEquals(List.of("2"), replays.take(queue));
    }

    @Test
    void shouldEndWithTheSubscription() {
        replays.publish(topic, "a=1");
        final long subscription = subscribe(RAW.from(at(1)));
        final Running replay = replays.running();
        final List<Archived> all = replays.left(replay);
        topics.unsubscribe(subscription);
        replays.feed(replay, all);

        assertEquals(List.of(), replays.take(queue));
        assertEquals(List.of(), scenario.logs.replays());
        assertEquals(0, scenario.kernel.messageCount());
    }

    @Test
    void shouldCompleteWhenAllIsOutOfReach() {
        replays.publish(topic, "a=1");
        final long subscription = subscribe(RAW.from(at(1)));
        scenario.pass(DAY / MS - 1);
        assertEquals("subscription 1 1->1 raw delivered=0 replay RUNNING from 1", description(subscription));
        scenario.pass(3_600_000);

        assertEquals("subscription 1 1->1 raw delivered=0 replay COMPLETED from 1", description(subscription));
        assertEquals(List.of(), scenario.logs.replays());
    }

    @Test
    void shouldLimitReplays() {
        final Scenario limited = new Scenario(Limits.nativeProfile().with(LimitId.REPLAYS, 1));
        final ReplaySupport others = new ReplaySupport(limited);
        final TopicSupport otherTopics = new TopicSupport(limited);
        final long one = others.create("one");
        final long first = limited.createQueueQuietly("first");
        final long second = limited.createQueueQuietly("second");
        others.publish(one, "a=1");
        otherTopics.askToSubscribe(one, first, RAW.from(at(1)));
        otherTopics.askToSubscribe(one, second, RAW.from(at(1)));
        otherTopics.setSubscription(1, RAW.from(at(0)));
        otherTopics.askToSubscribe(one, second, RAW);
        otherTopics.setSubscription(2, RAW.from(at(1)));
        others.feed(ALL);
        otherTopics.setSubscription(2, RAW.from(at(1)));

        limited.shouldTell(
                "A: confirmed 1",
                "A: refused LIMIT_EXCEEDED REPLAYS limit=1 actual=2",
                "A: confirmed",
                "A: confirmed 2",
                "A: refused LIMIT_EXCEEDED REPLAYS limit=1 actual=2",
                "A: confirmed");
    }

    @Test
    void shouldChangeWhatIsReplayed() {
        replays.publish(topic, "a=1", "a=2", "a=3");
        final long subscription = subscribe(SubscriptionSettings.NONE.from(at(1)));
        topics.setSubscription(subscription, RAW);
        replays.feed(1);
        topics.setSubscription(subscription, SubscriptionSettings.NONE.withPolicy("{\"side\":[\"buy\"]}"));
        replays.feed(1);
        topics.setSubscription(subscription, SubscriptionSettings.NONE.withPolicy(""));
        replays.feed(ALL);
        replays.publish(topic, "a=4");

        assertEquals(List.of("*1", "*3", "4"), replays.take(queue));
        assertEquals(
                "subscription 1 1->1 raw delivered=3 filtered=1 replay COMPLETED from 1", description(subscription));
        assertTrue(scenario.kernel.arenaBytes() < 1000);
    }
}
