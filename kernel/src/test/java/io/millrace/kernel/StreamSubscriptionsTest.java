package io.millrace.kernel;

import static io.millrace.kernel.Command.Producer.NONE;
import static io.millrace.kernel.Scenario.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.ProtocolBody;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import io.millrace.kernel.Payload.Attribute;
import io.millrace.kernel.StreamCommand.Settings;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams get what is published to a topic. */
class StreamSubscriptionsTest {
    private static final int QUEUE = 1;
    private static final int STREAM = 3;

    private final Scenario scenario = new Scenario();
    private final TopicSupport topics = new TopicSupport(scenario);
    private final StreamSupport streams = new StreamSupport(scenario);
    private final long topic = topics.create("trades");

    /** What was put since the last call, without where and when. */
    private List<String> records() {
        return scenario.logs.drain().stream()
                .filter(line -> line.startsWith("append"))
                .map(line -> line.replaceAll("append \\S+ \\S+ (.*) at \\d+", "$1"))
                .toList();
    }

    @Test
    void shouldPutARecordOfEachMessage() {
        final long stream = streams.create("tape", 4);
        final long subscription = streams.subscribe(topic, stream, SubscriptionSettings.RAW, "");
        topics.publish(topic, Payload.of("plain"), Payload.of("of a group").inGroup("g"));
        topics.describeSubscription(subscription);
        topics.listSubscriptions(topic, 0, 10);
        streams.describe(stream);

        scenario.shouldTell(
                "A: confirmed 1-2",
                "A: subscription 1 1->0 raw delivered=2 stream 1",
                "A: subscriptions [1 1->0 stream 1]",
                "A: stream 1 'tape' ACTIVE shards=4/4 records=2 bytes=17");
        assertEquals(List.of("1=plain", "g=of a group"), records());
    }

    @Test
    void shouldTakeThePartitionKeyFromAnAttribute() {
        streams.subscribe(topic, streams.create("tape", 4), SubscriptionSettings.RAW, "key");
        topics.publish(
                topic,
                Payload.of("text", Attribute.text("other", "x"), Attribute.text("key", "a")),
                Payload.of("number", Attribute.number("key", "12.5")).inGroup("g"),
                Payload.of("binary", new Attribute(3, "key", "", "a")).inGroup("g"),
                Payload.of("long", Attribute.text("key", "k".repeat(257))),
                Payload.of("longest", Attribute.text("key", "k".repeat(256))),
                Payload.of("none", Attribute.text("keys", "a")));

        assertEquals(
                List.of("a=text", "12.5=number", "g=binary", "4=long", "k".repeat(256) + "=longest", "6=none"),
                records());
    }

    @Test
    void shouldPutEnvelopesUnlessToldOtherwise() {
        streams.subscribe(topic, streams.create("tape", 1), SubscriptionSettings.NONE, "key");
        topics.publish(
                topic,
                Payload.of("say", Attribute.text("key", "a")),
                Payload.of("more").inGroup("g"));

        final List<String> records = records();
        assertTrue(
                records.get(0)
                        .startsWith("a={\"Type\":\"Notification\",\"MessageId\":\"1\",\"TopicArn\":\"trades\","
                                + "\"Message\":\"say\",\"Timestamp\":"),
                records.get(0));
        assertTrue(records.get(1).startsWith("g={\"Type\":"), records.get(1));
    }

    @Test
    @Statement("N14")
    void shouldBeSubscribedOnce() {
        final long stream = streams.create("tape", 1);
        final long queueOfTheSameNumber = scenario.createQueueQuietly("queue");
        streams.subscribe(topic, stream, SubscriptionSettings.RAW, "key");
        scenario.forget();
        streams.askToSubscribe(topic, stream, SubscriptionSettings.RAW, "key");
        streams.askToSubscribe(topic, stream, SubscriptionSettings.NONE, "key");
        streams.askToSubscribe(topic, stream, SubscriptionSettings.RAW, "kex");
        streams.askToSubscribe(topic, stream, SubscriptionSettings.RAW, "");
        topics.askToSubscribe(topic, queueOfTheSameNumber, SubscriptionSettings.RAW);
        topics.publish(topic, "once");

        scenario.shouldTell(
                "A: confirmed 1",
                "A: refused SUBSCRIPTION_EXISTS differs in 1",
                "A: refused SUBSCRIPTION_EXISTS differs in 8",
                "A: refused SUBSCRIPTION_EXISTS differs in 8",
                "A: confirmed 2",
                "A: confirmed 1");
        assertEquals(List.of("1=once"), records());
    }

    @Test
    @Statement("N11")
    void shouldTreatWhatAStreamDoesNotTakeAsNotDeliverable() {
        final long dead = scenario.createQueueQuietly("dead");
        final long stream = streams.create("tape", 1, new Settings(null, 5L));
        final long subscription = streams.subscribe(topic, stream, SubscriptionSettings.RAW.withDeadLetters(dead), "");
        final long other = streams.subscribe(topics.create("other"), stream, SubscriptionSettings.RAW, "");
        topics.publish(topic, "1234", "12345");
        topics.publish(2, "too large");
        scenario.forget();
        topics.describeSubscription(subscription);
        topics.describeSubscription(other);
        scenario.receive(A, dead, 10);

        scenario.shouldTell(
                "A: subscription 1 1->0 raw delivered=1 dead letters=1 stream 1",
                "A: subscription 2 2->0 raw delivered=0 discarded=1 stream 1",
                "A: delivery '12345'",
                "A: end of 1");
        assertEquals(List.of("1=1234"), records());
    }

    @Test
    @Statement("N11")
    void shouldKeepToTheQuotaOfAShard() {
        scenario.kernel.configure(scenario.nowNs(), Limits.nativeProfile().with(LimitId.SHARD_PUTS, 2));
        final long subscription = streams.subscribe(topic, streams.create("tape", 1), SubscriptionSettings.RAW, "");
        topics.publish(topic, "a", "b", "c");
        scenario.passSilently(1_000);
        topics.publish(topic, "d");
        scenario.forget();
        topics.describeSubscription(subscription);

        scenario.shouldTell("A: subscription 1 1->0 raw delivered=3 discarded=1 stream 1");
        assertEquals(List.of("1=a", "2=b", "4=d"), records());
    }

    @Test
    @Statement("N11")
    void shouldPutNothingIntoAStreamThatIsNotThereYetOrNoLonger() {
        streams.ask("tape", 1, Settings.NONE);
        final long subscription = streams.subscribe(topic, 1, SubscriptionSettings.RAW, "");
        topics.publish(topic, "too early");
        streams.open();
        topics.publish(topic, "in time");
        streams.split(1, BigInteger.TEN);
        topics.publish(topic, "while shards are changed");
        streams.delete(1);
        topics.publish(topic, "too late");
        scenario.forget();
        topics.describeSubscription(subscription);

        scenario.shouldTell("A: subscription 1 1->0 raw delivered=2 discarded=2 stream 1");
        assertEquals(List.of("2=in time", "3=while shards are changed"), records());
    }

    @Test
    @Statement("N15")
    void shouldGetTheBodyForStreams() {
        final SubscriptionSettings aboutBody = SubscriptionSettings.RAW.about(FilterPolicyScope.MESSAGE_BODY);
        streams.subscribe(topic, streams.create("tape", 1), SubscriptionSettings.RAW, "");
        streams.subscribe(topic, streams.create("chosen", 1), aboutBody.withPolicy("{\"a\":[1]}"), "");
        topics.subscribe(topic, scenario.createQueueQuietly("queue"), aboutBody.withPolicy("{\"a\":[2]}"));
        streams.subscribe(topic, streams.create("wrapped", 1), SubscriptionSettings.NONE, "");
        topics.publish(
                topic,
                false,
                List.of(new Published(
                        Payload.of("{}").inGroup("g"),
                        "",
                        List.of(new ProtocolBody(QUEUE, "{\"a\":2}"), new ProtocolBody(STREAM, "{\"a\":1}")))));
        final List<String> records = records();
        scenario.forget();
        scenario.receive(A, 1, 1);

        assertEquals(List.of("g={\"a\":1}", "g={\"a\":1}"), List.of(records.get(0), records.get(2)));
        assertTrue(records.get(1).contains("\"Message\":\"{\\\"a\\\":1}\""), records.get(1));
        scenario.shouldTell("A: delivery '{\"a\":2}'", "A: end of 1");
    }

    @Test
    void shouldCountWhatThePolicyStops() {
        final long subscription = streams.subscribe(
                topic, streams.create("tape", 1), SubscriptionSettings.RAW.withPolicy("{\"side\":[\"buy\"]}"), "side");
        topics.publish(
                topic,
                Payload.of("yes", Attribute.text("side", "buy")),
                Payload.of("no", Attribute.text("side", "sell")));
        topics.setSubscription(subscription, SubscriptionSettings.RAW.withPolicy("{\"side\":[\"sell\"]}"));
        topics.publish(topic, Payload.of("now", Attribute.text("side", "sell")));
        scenario.forget();
        topics.describeSubscription(subscription);

        scenario.shouldTell("A: subscription 1 1->0 raw delivered=2 filtered=1"
                + " MESSAGE_ATTRIBUTES{\"side\":[\"sell\"]} stream 1 by side");
        assertEquals(List.of("buy=yes", "sell=now"), records());
    }

    @Test
    void shouldRefuseWhatIsInABlob() {
        final long subscription = streams.subscribe(topic, streams.create("tape", 1), SubscriptionSettings.NONE, "");
        final BlobReference blob = new BlobReference(1, 10, 'x');
        scenario.apply(A, new Command.DeclareBlob(1, NONE, new BlobReference(0, 10, 'x')));
        scenario.apply(
                A,
                new Command.Claim(new Command.PublishMessages(
                        2, NONE, topic, false, false, List.of(new Published(Payload.of(blob.text()), "")))));
        scenario.forget();
        topics.describeSubscription(subscription);

        scenario.shouldTell("A: subscription 1 1->0 delivered=0 discarded=1 stream 1");
        assertEquals(List.of(), records());
    }

    /** One group goes to one shard at a time, and its messages in their order. */
    @Test
    void shouldKeepTheOrderOfGroupsOfAFifoTopic() {
        final long orders = topics.create("orders", TopicSettings.fifo(Switch.ON, QueueScope.NULL_VAL));
        final long stream = streams.create("tape", 2);
        streams.subscribe(orders, stream, SubscriptionSettings.RAW, "");
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            if (i == 20) {
                streams.update(stream, 4);
                streams.open();
            }
            topics.publish(
                    orders,
                    Payload.of("n" + i).inGroup("g" + i % 4),
                    Payload.of("n" + i).inGroup("g0"));
            expected.add("g" + i % 4 + "=n" + i);
        }

        assertEquals(expected, records());
        final long sequences = streams.shards(stream).stream()
                .mapToLong(StreamEvent.ShardDescription::recordCount)
                .sum();
        assertEquals(40, sequences);
    }

    @Test
    void shouldGoOnFromASnapshotInTheMiddle() {
        for (int i = 0; i < FanOut.SLICE; i++) {
            topics.subscribe(topic, scenario.createQueueQuietly("queue " + i), SubscriptionSettings.RAW);
        }
        streams.subscribe(topic, streams.create("tape", 1), SubscriptionSettings.RAW, "key");
        streams.subscribe(topic, streams.create("wrapped", 1), SubscriptionSettings.NONE, "");
        topics.publish(
                topic,
                false,
                List.of(new Published(Payload.of("default"), "", List.of(new ProtocolBody(STREAM, "in time")))));
        assertTrue(scenario.kernel.workPending());
        final RecordingLogs logs = new RecordingLogs();
        final Kernel copy = Snapshots.copy(scenario.kernel, new RecordingEgress(), logs);
        assertEquals(DerivedState.of(scenario.kernel), DerivedState.of(copy));
        scenario.logs.drain();
        scenario.workOff();
        while (copy.workPending()) {
            copy.onClock(scenario.nowNs());
        }

        final List<String> put = scenario.logs.drain();
        assertEquals(2, put.size());
        assertTrue(put.get(0).contains("1=in time"), put.get(0));
        assertEquals(put, logs.drain());
        assertEquals(scenario.kernel.stateHash(), copy.stateHash());
        assertEquals(scenario.kernel.recomputeStateHash(), scenario.kernel.stateHash());
    }

    @Test
    void shouldLeaveNothingBehind() {
        final long stream = streams.create("tape", 1);
        final long before = scenario.kernel.state().payloads.accountedBytes();
        final long subscription =
                streams.subscribe(topic, stream, SubscriptionSettings.RAW.withPolicy("{\"side\":[\"buy\"]}"), "side");
        topics.publish(topic, Payload.of("x", Attribute.text("side", "buy")));
        topics.unsubscribe(subscription);
        topics.publish(topic, Payload.of("y", Attribute.text("side", "buy")));

        assertEquals(List.of("buy=x"), records());
        assertEquals(before, scenario.kernel.state().payloads.accountedBytes());
        assertEquals(0, scenario.kernel.state().topics.subscriptions.liveCount());
    }
}
