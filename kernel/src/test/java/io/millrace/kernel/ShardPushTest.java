package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ShardPosition;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shards are pushed to consumers of streams. */
class ShardPushTest {
    private static final BigInteger MIDDLE = BigInteger.ONE.shiftLeft(127);
    private static final long DAY_MS = 24L * 3_600_000;
    private static final long LASTS_MS = 5 * 60_000;

    private final Scenario scenario = new Scenario(Limits.nativeProfile().with(LimitId.SHARD_SUBSCRIPTIONS, 3));
    private final StreamSupport streams = new StreamSupport(scenario);
    private final long stream = streams.create("tape", 2);
    private final long consumer = streams.register(stream, "bars");

    /** What the logs were told of pushes since the last call. */
    private List<String> pushes() {
        return scenario.logs.drain().stream()
                .filter(line -> line.contains("push"))
                .toList();
    }

    @Test
    void shouldRegisterAConsumerOnce() {
        streams.askToRegister(stream, "bars");
        scenario.pass(5);
        streams.askToRegister(stream, "audit");
        streams.push(B, consumer, 1);
        streams.describeConsumer(consumer);
        streams.describeConsumer(2);
        streams.listConsumers(stream, 0, 1);
        streams.listConsumers(stream, 1, 1);
        streams.listConsumers(stream, 2, 1);

        scenario.shouldTell(
                "A: confirmed 1",
                "A: confirmed 2",
                "B: confirmed " + pushId(1),
                "A: consumer 1 'bars' of 1 since 0 shards=1",
                "A: consumer 2 'audit' of 1 since 5 shards=0",
                "A: consumers [1 bars] next=1",
                "A: consumers [2 audit]",
                "A: consumers []");
    }

    /** The id of the subscription of the first consumer to a shard. */
    private long pushId(final long shardId) {
        final StreamState tables = scenario.kernel.state().streams;
        final int push = tables.pushOf(tables.consumerById(consumer), tables.anyShardById(shardId));
        return tables.pushes.getLong(push, StreamTables.ShardPush.ID);
    }

    @Test
    void shouldHaveFewConsumersOfAStream() {
        scenario.forget();
        for (int i = 0; i < 19; i++) {
            streams.askToRegister(stream, "consumer " + i);
        }
        scenario.forget();
        streams.askToRegister(stream, "one too many");
        streams.askToRegister(stream, "bars");

        scenario.shouldTell("A: refused LIMIT_EXCEEDED STREAM_CONSUMERS limit=20 actual=21", "A: confirmed 1");
    }

    @Test
    @Statement("K12")
    void shouldPushFromEveryKindOfPosition() {
        scenario.pass(7);
        streams.putEntries(stream, StreamSupport.at(BigInteger.ZERO));
        for (final ShardPosition kind : List.of(
                ShardPosition.TRIM_HORIZON,
                ShardPosition.LATEST,
                ShardPosition.AT_SEQUENCE_NUMBER,
                ShardPosition.AFTER_SEQUENCE_NUMBER)) {
            streams.push(A, consumer, 1, kind, kind == ShardPosition.AT_SEQUENCE_NUMBER ? 1L << 40 : 0, 50);
            scenario.passSilently(5_000);
        }
        streams.push(B, consumer, 1, ShardPosition.AT_TIMESTAMP, Scenario.START_NS + 7 * Scenario.MS, 50);

        assertEquals(
                List.of(
                        "push 1/1 to 1 last 1.0 AT_SEQUENCE_NUMBER 0 window 50",
                        "end push 1/1 to 1 PUSH_TAKEN_OVER",
                        "push 1/1 to 1 last 1.0 AFTER_SEQUENCE_NUMBER 1.0 window 50",
                        "end push 1/1 to 1 PUSH_TAKEN_OVER",
                        "push 1/1 to 1 last 1.0 AT_SEQUENCE_NUMBER 1.0 window 50",
                        "end push 1/1 to 1 PUSH_TAKEN_OVER",
                        "push 1/1 to 1 last 1.0 AFTER_SEQUENCE_NUMBER 0 window 50",
                        "end push 1/1 to 1 PUSH_TAKEN_OVER",
                        "push 1/1 to 2 last 1.0 AT_TIMESTAMP 7 window 50"),
                pushes());
    }

    @Test
    @Statement("K12")
    void shouldTakeASubscriptionOverWhenItHasRested() {
        streams.push(A, consumer, 1);
        scenario.passSilently(4_999);
        scenario.forget();
        streams.push(B, consumer, 1);
        streams.push(A, consumer, 1);
        streams.push(B, streams.register(stream, "another"), 1);
        scenario.passSilently(1);
        streams.push(B, consumer, 1);
        scenario.forget();
        streams.push(A, consumer, 1);

        scenario.shouldTell("A: refused RESOURCE_IN_USE");
        assertEquals(
                List.of(
                        "push 1/1 to 1 last 0 AT_SEQUENCE_NUMBER 0 window 100",
                        "push 1/1 to 2 last 0 AT_SEQUENCE_NUMBER 0 window 100",
                        "end push 1/1 to 1 PUSH_TAKEN_OVER",
                        "push 1/1 to 2 last 0 AT_SEQUENCE_NUMBER 0 window 100"),
                pushes());
    }

    @Test
    @Statement("K12")
    void shouldEndASubscriptionAfterFiveMinutes() {
        streams.push(A, consumer, 1);
        assertEquals(scenario.nowNs() + LASTS_MS * Scenario.MS, scenario.kernel.nextDeadlineNs());
        pushes();
        scenario.pass(LASTS_MS - 1);
        assertEquals(List.of(), pushes());
        scenario.pass(1);
        assertEquals(List.of("end push 1/1 to 1 PUSH_EXPIRED"), pushes());
        streams.push(A, consumer, 1);
        assertEquals(List.of("push 1/1 to 1 last 0 AT_SEQUENCE_NUMBER 0 window 100"), pushes());
    }

    @Test
    void shouldEndASubscriptionWhenItsSessionSaysSo() {
        streams.push(A, consumer, 1);
        scenario.forget();
        streams.endPush(B, consumer, 1);
        streams.endPush(A, consumer, 2);
        streams.endPush(A, consumer, 1);
        streams.endPush(A, consumer, 1);
        streams.push(B, consumer, 1);
        scenario.kernel.boot(scenario.nowNs(), 2);

        assertEquals(
                List.of(
                        "push 1/1 to 1 last 0 AT_SEQUENCE_NUMBER 0 window 100",
                        "end push 1/1 to 1 OK",
                        "push 1/1 to 2 last 0 AT_SEQUENCE_NUMBER 0 window 100",
                        "end push 1/1 to 2 UNKNOWN_SESSION"),
                pushes());
        assertEquals(0, scenario.kernel.state().streams.pushes.liveCount());
    }

    @Test
    void shouldEndTheSubscriptionsOfASession() {
        streams.push(A, consumer, 1);
        streams.push(B, consumer, 2);
        pushes();
        scenario.close(A);

        assertEquals(List.of("end push 1/1 to 1 UNKNOWN_SESSION"), pushes());
        scenario.forget();
        streams.push(B, consumer, 1);
        scenario.shouldTell("B: confirmed " + pushId(1));
    }

    @Test
    void shouldTellThatAShardWasClosed() {
        streams.push(A, consumer, 2);
        streams.push(B, streams.register(stream, "other"), 2);
        streams.split(2, MIDDLE.add(BigInteger.TEN));
        streams.putEntries(stream, StreamSupport.at(MIDDLE));
        pushes();
        streams.open();
        assertEquals(
                List.of(
                        "finish push 1/2 to 1 last 1.0 closed, children [3, 4]",
                        "finish push 1/2 to 2 last 1.0 closed, children [3, 4]"),
                pushes());
        scenario.passSilently(5_000);
        streams.push(A, consumer, 2);
        assertEquals(
                List.of(
                        "end push 1/2 to 1 PUSH_TAKEN_OVER",
                        "push 1/2 to 1 last 1.0 closed, children [3, 4] AT_SEQUENCE_NUMBER 0 window 100"),
                pushes());
    }

    @Test
    void shouldEndWhatAShardBeyondTheRetentionWasPushedTo() {
        streams.split(1, BigInteger.TEN);
        streams.open();
        scenario.pass(DAY_MS - 1_000);
        streams.push(A, consumer, 1);
        pushes();
        scenario.pass(1_001);
        assertEquals(List.of("end push 1/1 to 1 UNKNOWN_SHARD"), pushes());
    }

    @Test
    void shouldEndTheSubscriptionsOfAConsumerThatIsDeregistered() {
        streams.push(A, consumer, 1);
        streams.push(A, consumer, 2);
        pushes();
        scenario.forget();
        streams.deregister(consumer);
        streams.push(A, consumer, 1);
        streams.describeConsumer(consumer);
        streams.askToRegister(stream, "bars");
        scenario.workOff();

        scenario.shouldTell(
                "A: confirmed",
                "A: refused UNKNOWN_STREAM_CONSUMER",
                "A: refused UNKNOWN_STREAM_CONSUMER",
                "A: confirmed 2");
        assertEquals(
                List.of("end push 1/1 to 1 UNKNOWN_STREAM_CONSUMER", "end push 1/2 to 1 UNKNOWN_STREAM_CONSUMER"),
                pushes());
        assertEquals(1, scenario.kernel.state().streams.consumers.liveCount());
    }

    @Test
    void shouldLeaveNothingOfAStream() {
        streams.push(A, consumer, 1);
        streams.push(B, consumer, 2);
        streams.register(stream, "idle");
        streams.deregister(consumer);
        streams.delete(stream);
        scenario.forget();
        streams.describeConsumer(2);
        streams.push(A, 2, 1);
        scenario.workOff();

        scenario.shouldTell("A: refused UNKNOWN_STREAM_CONSUMER", "A: refused UNKNOWN_STREAM_CONSUMER");
        final StreamState tables = scenario.kernel.state().streams;
        assertEquals(0, tables.pushes.liveCount());
        assertEquals(0, tables.consumers.liveCount());
        assertEquals(0, tables.streams.liveCount());
        assertEquals(Long.MAX_VALUE, scenario.kernel.nextDeadlineNs());
        assertFalse(scenario.kernel.workPending());
    }

    @Test
    void shouldRefuseWhatCannotBePushed() {
        final long other = streams.create("other", 1);
        final long ofOther = streams.register(other, "bars");
        streams.split(1, BigInteger.TEN);
        scenario.forget();
        streams.push(A, ofOther, 1);
        streams.push(A, consumer, 99);
        streams.push(A, consumer, 4);
        streams.push(A, consumer, 2, ShardPosition.NULL_VAL, 0, 1);
        streams.push(A, consumer, 2, ShardPosition.LATEST, 1, 1);
        streams.push(A, consumer, 2, ShardPosition.AT_TIMESTAMP, scenario.nowNs() + 1, 1);
        streams.push(A, consumer, 2, ShardPosition.LATEST, 0, 0);
        final long most = Limits.nativeProfile().get(LimitId.CREDIT_BYTES);
        streams.push(A, consumer, 2, ShardPosition.LATEST, 0, most + 1);

        scenario.shouldTell(
                "A: refused UNKNOWN_SHARD",
                "A: refused UNKNOWN_SHARD",
                "A: refused RESOURCE_IN_USE",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: refused LIMIT_EXCEEDED CREDIT_BYTES limit=" + most + " actual=" + (most + 1));
        assertEquals(List.of(), pushes());
    }

    @Test
    void shouldLimitTheSubscriptionsOfASession() {
        final long second = streams.register(stream, "second");
        streams.push(A, consumer, 1);
        streams.push(A, consumer, 2);
        streams.push(A, second, 1);
        scenario.forget();
        streams.push(A, second, 2);
        scenario.shouldTell("A: refused LIMIT_EXCEEDED SHARD_SUBSCRIPTIONS limit=3 actual=4");
        scenario.passSilently(5_000);
        streams.push(A, consumer, 1);
        streams.push(B, second, 2);

        scenario.shouldTell("A: confirmed " + pushId(1), "B: confirmed " + (pushId(1) + 1));
    }

    @Test
    void shouldGoOnFromASnapshot() {
        streams.push(A, consumer, 1);
        streams.push(B, consumer, 2);
        final long ended = streams.register(stream, "ended");
        streams.push(A, ended, 1);
        streams.deregister(ended);
        final RecordingLogs logs = new RecordingLogs(scenario.logs);
        final Kernel copy = Snapshots.copy(scenario.kernel, new RecordingEgress(), logs);
        assertEquals(DerivedState.of(scenario.kernel), DerivedState.of(copy));
        scenario.passSilently(LASTS_MS);
        copy.onClock(scenario.nowNs());
        scenario.kernel.onClock(scenario.nowNs());

        assertEquals(
                3,
                logs.drain().stream()
                        .filter(line -> line.endsWith("PUSH_EXPIRED"))
                        .count());
        assertEquals(scenario.kernel.stateHash(), copy.stateHash());
        assertEquals(copy.recomputeStateHash(), copy.stateHash());
        assertTrue(copy.state().streams.consumers.liveCount() > 0);
    }
}
