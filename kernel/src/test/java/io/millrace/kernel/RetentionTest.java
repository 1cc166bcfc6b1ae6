package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static io.millrace.kernel.Scenario.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages end with the retention of their queue or with their own time to live, in flight or not. */
class RetentionTest {

    private final Scenario scenario = new Scenario();
    private final QueueSupport queues = new QueueSupport(scenario);
    private final long queue = queues.create("orders", Settings.NONE.with("retentionNs", 10 * SECOND));

    @Test
    void shouldRemoveAMessageWhenTheRetentionIsOver() {
        scenario.send(A, queue, "one");
        scenario.pass(9_999);
        scenario.send(A, queue, "two");
        scenario.describe(B, queue);
        scenario.pass(1);
        scenario.describe(B, queue);
        scenario.receive(B, queue, 10);

        scenario.shouldTell(
                "A: confirmed 1",
                "A: confirmed 2",
                "B: queue 1 orders available=2 delayed=0 inFlight=0",
                "B: queue 1 orders available=1 delayed=0 inFlight=0",
                "B: delivery 'two'",
                "B: end of 1");
        assertEquals(1, scenario.kernel.counters().expired());
    }

    @Test
    @Statement("V9")
    @Statement("V5")
    void shouldRemoveAMessageInFlight() {
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.forget();
        scenario.pass(10_000);
        scenario.describe(B, queue);
        scenario.acknowledge(B, queue, scenario.receipt("one"));
        scenario.deleteMessages(B, queue, scenario.receipt("one"));
        scenario.pass(60_000);
        scenario.receive(B, queue, 1);

        scenario.shouldTell(
                "B: queue 1 orders available=0 delayed=0 inFlight=0",
                "B: results [0 GONE]",
                "B: confirmed",
                "B: end of 0");
    }

    @Test
    void shouldRemoveDelayedMessagesAndGiveCreditBack() {
        scenario.sendDelayed(A, queue, 20_000, "late");
        scenario.consume(C, queue, 1, 100);
        scenario.send(A, queue, "one");
        scenario.forget();
        scenario.pass(10_000);
        scenario.send(A, queue, "two");

        scenario.shouldTell("A: confirmed 3", "C: push 'two'");
        assertEquals(2, scenario.kernel.counters().expired());
    }

    @Test
    @Statement("S15")
    void shouldFollowAChangedRetention() {
        scenario.send(A, queue, "one");
        scenario.pass(5_000);
        scenario.send(A, queue, "two");
        queues.set(A, queue, Settings.NONE.with("retentionNs", 5 * SECOND));
        scenario.receive(B, queue, 10, null, 1L);
        scenario.workOff();
        queues.set(A, queue, Settings.NONE.with("retentionNs", 20 * SECOND));
        scenario.pass(19_999);
        scenario.describe(B, queue);
        scenario.pass(1);
        scenario.describe(B, queue);

        scenario.shouldTell(
                "A: confirmed 1",
                "A: confirmed 2",
                "A: confirmed",
                "B: delivery 'two'",
                "B: end of 1",
                "A: confirmed",
                "B: queue 1 orders available=1 delayed=0 inFlight=0",
                "B: queue 1 orders available=0 delayed=0 inFlight=0");
    }

    @Test
    void shouldRemoveWhatHasLivedLongEnough() {
        queues.sendMortal(A, queue, 100, "one", "two");
        queues.sendMortal(A, queue, 200, "three");
        scenario.receive(B, queue, 1);
        scenario.forget();
        scenario.pass(100);
        scenario.acknowledge(B, queue, scenario.receipt("one"));
        scenario.receive(B, queue, 10);
        scenario.pass(100);
        scenario.describe(B, queue);

        scenario.shouldTell(
                "B: results [0 GONE]",
                "B: delivery 'three'",
                "B: end of 1",
                "B: queue 1 orders available=0 delayed=0 inFlight=0");
        assertEquals(3, scenario.kernel.counters().expired());
    }

    @Test
    void shouldNeverDeliverWhatIsOverBeforeItsTimerWasFired() {
        final String[] bodies =
                IntStream.range(0, 256).mapToObj(Integer::toString).toArray(String[]::new);
        scenario.send(A, queue, bodies);
        scenario.send(A, queue, bodies);
        scenario.send(A, queue, bodies);
        scenario.passSilently(9_000);
        scenario.send(A, queue, "young");
        scenario.forget();
        scenario.passSilently(1_000);
        scenario.receive(B, queue, 10, 5_000L, null);
        assertTrue(scenario.kernel.workPending());
        assertTrue(scenario.kernel.messageCount() >= 257, "at most a slice is removed with one record");
        scenario.workOff();

        scenario.shouldTell("B: delivery 'young'", "B: end of 1");
        assertEquals(768, scenario.kernel.counters().expired());
    }

    @Test
    void shouldKeepTheTimersThroughASnapshot() {
        scenario.send(A, queue, "one");
        queues.sendMortal(A, queue, 300, "two", "three");
        scenario.receive(B, queue, 1);
        queues.purge(A, queue);
        queues.sendMortal(A, queue, 400, "four");
        final Kernel copy = Snapshots.copy(scenario.kernel, new RecordingEgress());
        assertEquals(DerivedState.of(scenario.kernel), DerivedState.of(copy));
        for (int i = 0; i < 12; i++) {
            scenario.passSilently(100 * i);
            scenario.kernel.onClock(scenario.nowNs());
            copy.onClock(scenario.nowNs());
            assertEquals(scenario.kernel.stateHash(), copy.stateHash());
        }
        assertEquals(0, copy.messageCount());
    }
}
