package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static io.millrace.kernel.Scenario.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.LimitId;
import org.junit.jupiter.api.Test;

/** High and low water marks of depth and age, told to the sessions that watch. */
class AlarmsTest {

    private static final Settings DEPTH = Settings.NONE.with("highDepth", 3L).with("lowDepth", 1L);
    private static final Settings AGE =
            Settings.NONE.with("highAgeNs", 10 * SECOND).with("lowAgeNs", 5 * SECOND);

    private final Scenario scenario = new Scenario();
    private final QueueSupport queues = new QueueSupport(scenario);

    @Test
    void shouldTellWhenTheDepthPassesItsMarks() {
        final long queue = queues.create("orders", DEPTH);
        queues.watch(B, queue, true);
        scenario.send(A, queue, "1", "2");
        scenario.send(A, queue, "3", "4");
        scenario.send(A, queue, "5");
        scenario.receive(A, queue, 3);
        scenario.receive(A, queue, 1);

        scenario.shouldTell(
                "B: confirmed",
                "A: confirmed 1-2",
                "A: confirmed 3-4",
                "B: alarm of 1 DEPTH_HIGH 4",
                "A: confirmed 5",
                "A: delivery '1'",
                "A: delivery '2'",
                "A: delivery '3'",
                "A: end of 3",
                "A: delivery '4'",
                "A: end of 1",
                "B: alarm of 1 DEPTH_LOW 1");
    }

    @Test
    void shouldNotTellOfWhatPassesWithinARecord() {
        final long queue = queues.create("orders", DEPTH);
        queues.watch(B, queue, true);
        scenario.consume(C, queue, 10, 1_000);
        scenario.forget();
        scenario.send(A, queue, "1", "2", "3");

        scenario.shouldTell("A: confirmed 1-3", "C: push '1'", "C: push '2'", "C: push '3'");
    }

    @Test
    void shouldTellAtOnceWhatStands() {
        final long queue = queues.create("orders", DEPTH.with("highAgeNs", SECOND));
        scenario.send(A, queue, "1", "2", "3");
        scenario.pass(1_500);
        scenario.forget();
        queues.watch(B, queue, true);
        queues.watch(B, queue, true);
        queues.watch(B, queue, false);
        queues.watch(B, queue, false);
        queues.purge(A, queue);

        scenario.shouldTell(
                "B: confirmed",
                "B: alarm of 1 DEPTH_HIGH 3",
                "B: alarm of 1 AGE_HIGH 1500000000",
                "B: confirmed",
                "B: confirmed",
                "B: confirmed",
                "A: confirmed");
    }

    @Test
    void shouldTellWhenTheAgePassesItsMarks() {
        final long queue = queues.create("orders", AGE);
        queues.watch(B, queue, true);
        scenario.send(A, queue, "old");
        scenario.pass(4_000);
        scenario.send(A, queue, "middle");
        scenario.pass(4_000);
        scenario.send(A, queue, "young");
        scenario.forget();
        scenario.pass(1_999);
        scenario.shouldTell();
        scenario.pass(1);
        scenario.receive(A, queue, 2);
        scenario.shouldTell(
                "B: alarm of 1 AGE_HIGH 10000000000", "A: delivery 'old'", "A: delivery 'middle'", "A: end of 2");
        scenario.acknowledge(A, queue, scenario.receipt("old"));
        scenario.acknowledge(A, queue, scenario.receipt("middle"));

        scenario.shouldTell("A: confirmed", "A: confirmed", "B: alarm of 1 AGE_LOW 2000000000");
    }

    @Test
    void shouldTakeTheTimerOfTheOldestThatIsStillThere() {
        final long queue = queues.create("orders", AGE);
        queues.watch(B, queue, true);
        scenario.send(A, queue, "gone");
        scenario.receive(A, queue, 1);
        scenario.pass(3_000);
        scenario.send(A, queue, "there");
        scenario.forget();
        scenario.acknowledge(A, queue, scenario.receipt("gone"));
        scenario.pass(9_999);
        scenario.shouldTell("A: confirmed");
        scenario.pass(1);

        scenario.shouldTell("B: alarm of 1 AGE_HIGH 10000000000");
    }

    @Test
    void shouldFollowChangedMarks() {
        final long queue = queues.create("orders", Settings.NONE);
        queues.watch(B, queue, true);
        scenario.send(A, queue, "1", "2");
        scenario.pass(2_000);
        scenario.forget();
        queues.set(A, queue, Settings.NONE.with("highDepth", 2L).with("highAgeNs", SECOND));
        scenario.workOff();
        queues.set(A, queue, Settings.NONE.with("highDepth", 0L).with("highAgeNs", 0L));
        queues.set(A, queue, Settings.NONE.with("highDepth", 1L));
        queues.set(A, queue, Settings.NONE.with("highDepth", 9L).with("lowDepth", 5L));

        scenario.shouldTell(
                "A: confirmed",
                "B: alarm of 1 DEPTH_HIGH 2",
                "B: alarm of 1 AGE_HIGH 2000000000",
                "A: confirmed",
                "A: confirmed",
                "B: alarm of 1 DEPTH_HIGH 2",
                "A: confirmed",
                "B: alarm of 1 DEPTH_LOW 2");
    }

    @Test
    void shouldLimitAndEndWatches() {
        final Scenario small = new Scenario(Limits.nativeProfile().with(LimitId.WATCHES, 1));
        final QueueSupport there = new QueueSupport(small);
        final long first = there.create("first", DEPTH);
        final long second = there.create("second", DEPTH);
        there.watch(B, first, true);
        there.watch(B, second, true);
        there.watch(B, 9, true);
        small.deleteQueue(A, first);
        there.watch(B, second, true);
        there.watch(C, second, true);
        small.close(B);
        small.send(A, second, "1", "2", "3");

        small.shouldTell(
                "B: confirmed",
                "B: refused LIMIT_EXCEEDED WATCHES limit=1 actual=2",
                "B: refused UNKNOWN_QUEUE",
                "A: confirmed",
                "B: confirmed",
                "C: confirmed",
                "A: confirmed 1-3",
                "C: alarm of 2 DEPTH_HIGH 3");
    }

    @Test
    void shouldGoOnFromASnapshot() {
        final long queue = queues.create("orders", AGE.with("highDepth", 2L).with("lowDepth", 2L));
        queues.watch(B, queue, true);
        scenario.send(A, queue, "1", "2");
        final RecordingEgress egress = new RecordingEgress();
        final Kernel copy = Snapshots.copy(scenario.kernel, egress);
        scenario.forget();
        scenario.passSilently(10_000);
        scenario.kernel.onClock(scenario.nowNs());
        copy.onClock(scenario.nowNs());

        assertEquals(scenario.kernel.stateHash(), copy.stateHash());
        assertEquals(egress.drain().toString(), scenario.egress.drain().toString());
    }
}
