package io.millrace.kernel;

import static io.millrace.kernel.ReplaySupport.ALL;
import static io.millrace.kernel.ReplaySupport.replayed;
import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.MS;
import static io.millrace.kernel.Scenario.START_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.DeliveryPolicy;
import io.millrace.kernel.Command.ProtocolBody;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.RecordingLogs.Archived;
import io.millrace.kernel.RecordingLogs.Running;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replays to sessions and streams, of large messages, without room, and over a restart. */
class ReplayTargetsTest {
    private static final SubscriptionSettings RAW = SubscriptionSettings.RAW;
    private static final long EARLY = START_NS + MS;

    private Scenario scenario = new Scenario();
    private TopicSupport topics = new TopicSupport(scenario);
    private ReplaySupport replays = new ReplaySupport(scenario);
    private long topic = replays.create("trades");

    private void use(final Limits limits) {
        scenario = new Scenario(limits);
        topics = new TopicSupport(scenario);
        replays = new ReplaySupport(scenario);
        topic = replays.create("trades");
    }

    private List<String> told() {
        return scenario.told().toList();
    }

    @Test
    void shouldPushWhatIsReplayedWithItsFlag() {
        replays.publish(topic, "a=1", "b=2");
        final long queue = topics.subscribeSessions(topic, "audit", RAW.from(EARLY), DeliveryPolicy.NONE, Switch.ON);
        scenario.consume(B, queue, 10, 100_000);
        scenario.forget();
        replays.feed(ALL);
        scenario.passSilently(1);
        topics.publish(topic, Payload.of("3").inGroup("c"));

        scenario.shouldTell("B: replayed push '1'", "B: replayed push '2'", "A: sent [5]", "B: push '3'");
    }

    @Test
    void shouldPutWhatIsReplayedIntoStreams() {
        replays.publish(topic, "a=1", "b=2");
        final StreamSupport streams = new StreamSupport(scenario);
        final long stream = streams.create("tape", 2);
        streams.subscribe(topic, stream, RAW.from(EARLY), "");
        replays.feed(ALL);
        replays.publish(topic, "c=3");

        assertEquals(
                List.of("a=1", "b=2", "c=3"),
                scenario.logs.records(stream).stream()
                        .map(record -> record.key() + "=" + new String(record.data()))
                        .toList());
    }

    @Test
    void shouldWaitForTheQuotaOfShards() {
        use(Limits.nativeProfile().with(LimitId.SHARD_PUTS, 2));
        replays.publish(topic, "a=1", "a=2", "a=3");
        final StreamSupport streams = new StreamSupport(scenario);
        final long stream = streams.create("tape", 1);
        final long subscription = streams.subscribe(topic, stream, RAW.from(EARLY), "");
        scenario.logs.drain();
        replays.feed(ALL);
        assertEquals("replayed 2", scenario.logs.drain().get(2));
        scenario.passSilently(1_000);
        replays.feed(ALL);

        assertEquals(3, scenario.logs.records(stream).size());
        scenario.forget();
        topics.describeSubscription(subscription);
        scenario.shouldTell("A: subscription 1 1->0 raw delivered=3 stream 2 replay COMPLETED from 1");
    }

    @Test
    void shouldDiscardOnceWhatNoEnvelopeCanShow() {
        use(Limits.nativeProfile().with(LimitId.SHARD_PUTS, 1));
        replays.publish(topic, "a=\u00ff", "a=2");
        final StreamSupport streams = new StreamSupport(scenario);
        final long stream = streams.create("tape", 1);
        final long quotes = topics.create("quotes", Command.TopicSettings.NONE);
        streams.subscribe(quotes, stream, RAW, "");
        topics.publish(quotes, Payload.of("takes the quota"));
        topics.publish(quotes, Payload.of("finds none left"));
        final long subscription = streams.subscribe(topic, stream, SubscriptionSettings.NONE.from(EARLY), "");
        scenario.logs.drain();
        replays.feed(ALL);
        replays.feed(ALL);

        assertEquals(List.of("replayed 1", "replayed 1"), scenario.logs.drain());
        scenario.forget();
        topics.describeSubscription(subscription);
        scenario.shouldTell("A: subscription 2 1->0 delivered=0 discarded=1 stream 2 replay RUNNING from 1");
    }

    @Test
    void shouldGiveEachProtocolItsBody() {
        final Published published = new Published(
                Payload.of("default").inGroup("g"),
                "",
                List.of(new ProtocolBody(1, "for queues"), new ProtocolBody(3, "for streams")));
        scenario.passSilently(1);
        topics.publish(topic, false, List.of(published));
        final StreamSupport streams = new StreamSupport(scenario);
        final long stream = streams.create("tape", 1);
        streams.subscribe(topic, stream, RAW.from(EARLY), "");
        replays.feed(ALL);
        final long queue = new FifoSupport(scenario).queue;
        topics.subscribe(topic, queue, RAW.from(EARLY));
        replays.feed(ALL);
        final long sessions = topics.subscribeSessions(topic, "audit", RAW.from(EARLY), DeliveryPolicy.NONE, Switch.ON);
        replays.feed(ALL);
        scenario.forget();
        scenario.consume(B, sessions, 1, 1_000);

        assertEquals(
                "for streams", new String(scenario.logs.records(stream).get(0).data()));
        assertTrue(told().get(1).startsWith("B: replayed push 'default'"), "");
        assertEquals(replayed("for queues"), replays.take(queue));
    }

    @Test
    void shouldReplayALargeMessageInParts() {
        replays.publish(topic, "a=1", "a=2", "a=3");
        final long queue = new FifoSupport(scenario).queue;
        topics.subscribe(topic, queue, RAW.from(EARLY));
        scenario.logs.drain();
        final Running replay = replays.running();
        final List<Archived> all = replays.left(replay);
        final long before = scenario.kernel.arenaBytes();
        replays.feedParts(replay, all.get(0), 7);
        replays.feedPart(replay, all.get(1), 0, 5);
        assertTrue(scenario.kernel.arenaBytes() > before);
        replays.feedPart(replay, all.get(1), 6, 5);
        replays.feedPart(replay, all.get(2), 5, 5);
        replays.feedParts(replay, all.get(0), 9);
        replays.feedParts(replay, all.get(1), 10);
        replays.feedPart(replay, all.get(2), 0, 10);
        replays.feed(ALL);

        assertEquals(replayed("1", "2", "3"), replays.take(queue));
    }

    @Test
    void shouldLeaveWhatFindsNoRoom() {
        use(Limits.nativeProfile().with(LimitId.MESSAGES, 2));
        replays.publish(topic, "a=1", "a=2", "a=3", "a=4");
        final long queue = new FifoSupport(scenario).queue;
        topics.subscribe(topic, queue, RAW.from(EARLY));
        scenario.logs.drain();
        replays.feed(ALL);
        replays.feed(ALL);
        assertEquals(List.of("replayed 2", "replayed 2"), scenario.logs.drain());
        assertEquals(replayed("1", "2"), replays.take(queue));
        replays.publish(topic, "a=5");
        replays.feed(2);
        assertEquals(replayed("3", "4"), replays.take(queue));
        replays.feed(ALL);

        assertEquals(replayed("5"), replays.take(queue));
        assertEquals(List.of(), scenario.logs.replays());
    }

    @Test
    @Statement("N17")
    void shouldLeaveNoMessageOutThatFoundNoRoomWhenThereIsRoomAgain() {
        use(Limits.nativeProfile().with(LimitId.MESSAGES, 2));
        replays.publish(topic, "a=1", "a=2", "a=3", "a=4");
        final long queue = new FifoSupport(scenario).queue;
        topics.subscribe(topic, queue, RAW.from(EARLY));
        final Running replay = replays.running();
        final List<Archived> all = replays.left(replay);
        replays.feed(3);
        assertEquals(replayed("1", "2"), replays.take(queue));
        scenario.logs.drain();
        replays.feedAfter(replay, all.get(2), all.get(3));

        assertEquals(List.of("replayed 2", "replayed 2"), scenario.logs.drain());
        assertEquals(List.of(), replays.take(queue));
        replays.feedAfter(replay, all.get(1), all.get(2));
        replays.feedAfter(replay, all.get(2), all.get(3));
        assertEquals(replayed("3", "4"), replays.take(queue));
    }

    @Test
    void shouldLeaveALargeMessageThatFindsNoRoom() {
        use(Limits.nativeProfile().with(LimitId.ARENA_BYTES, 2_000));
        final String body = "x".repeat(400);
        replays.publish(topic, "a=" + body);
        final long full = scenario.createQueue("full");
        final FifoSupport fifo = new FifoSupport(scenario);
        topics.subscribe(topic, fifo.queue, RAW.from(EARLY));
        scenario.sendTo(A, full, "g", "y".repeat(1_300));
        final Running replay = replays.running();
        final Archived record = replays.left(replay).get(0);
        scenario.logs.drain();
        replays.feedParts(replay, record, 300);
        assertEquals(List.of("replayed 0", "replayed 0"), scenario.logs.drain());
        assertEquals(List.of("y".repeat(1_300)), replays.take(full));
        replays.feedParts(replay, record, 300);

        assertEquals(List.of("replayed 0", "end replay"), scenario.logs.drain());
        assertEquals(replayed(body), replays.take(fifo.queue));
    }

    @Test
    void shouldKeepTheFlagInADeadLetterQueue() {
        replays.publish(topic, "a=1");
        final long dead =
                new FifoSupport(scenario, FifoSupport.settings(0, Switch.ON, QueueScope.NULL_VAL), "dead").queue;
        final long queue = scenario.createQueue("short", SettingsBuilder.fifo().deadLetters(dead, 1));
        scenario.logs.drain();
        topics.subscribe(topic, queue, RAW.from(EARLY));
        replays.feed(ALL);
        scenario.receive(B, queue, 1);
        final Receipt receipt = ((ArchiveEvent.Replayed)
                        scenario.egress.drain().get(0).event())
                .delivery()
                .receipt();
        scenario.settle(B, queue, Disposition.REJECT, null, receipt);

        assertEquals(replayed("1"), replays.take(dead));
    }

    @Test
    void shouldGoOnAfterASnapshotAndAStart() {
        replays.publish(topic, "a=1", "a=2", "a=3", "a=4");
        final long queue = new FifoSupport(scenario).queue;
        final long filtered =
                new FifoSupport(scenario, FifoSupport.settings(0, Switch.ON, QueueScope.NULL_VAL), "filtered").queue;
        topics.subscribe(topic, queue, RAW.from(EARLY));
        replays.feed(2);
        replays.feedPart(replays.running(), scenario.logs.records(1).get(2), 0, 10);
        topics.subscribe(topic, filtered, RAW.from(EARLY).withPolicy("{\"side\":[\"buy\"]}"));
        final RecordingLogs logs = new RecordingLogs(scenario.logs);
        final Kernel restored = Snapshots.copy(scenario.kernel, new RecordingEgress(), logs);
        assertEquals(DerivedState.of(scenario.kernel), DerivedState.of(restored));
        scenario.logs.replays().forEach(replay -> scenario.logs.endReplay(replay.replayId()));
        scenario.logs.drain();
        restored.boot(scenario.nowNs(), 2);
        scenario.kernel.boot(scenario.nowNs(), 2);

        final List<String> asked = List.of("open 1/1", "replay 1/1 behind 2", "replay 1/1 from 1");
        assertEquals(asked, logs.drain());
        assertEquals(asked, scenario.logs.drain());
        assertEquals(scenario.kernel.stateHash(), restored.stateHash());
        scenario.open(B);
        final Running replay = scenario.logs.replays().get(0);
        replays.feed(replay, replays.left(replay));
        assertEquals(replayed("1", "2", "3", "4"), replays.take(queue));
    }
}
