package io.millrace.kernel;

import static io.millrace.codecs.QueueScope.NULL_VAL;
import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static io.millrace.kernel.Scenario.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.Switch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is due happens in the order of (deadline, timer id), before the command, and in slices. */
class TimersTest {

    private static final int SLICE = 256;

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders", 100L, null, null, null);

    @Test
    void shouldFireByDeadlineThoughAllAreDueTogether() {
        scenario.sendDelayed(A, queue, 30, "third");
        scenario.sendDelayed(A, queue, 10, "first");
        scenario.sendDelayed(A, queue, 20, "second");
        scenario.consume(B, queue, 10, 1000);
        scenario.forget();
        scenario.pass(50);

        scenario.shouldTell("B: push 'first'", "B: push 'second'", "B: push 'third'");
    }

    @Test
    void shouldFireEqualDeadlinesInTheOrderInWhichTheyWereSet() {
        scenario.send(A, queue, "one", "two", "three");
        scenario.receive(B, queue, 3);
        scenario.forget();
        scenario.changeVisibility(B, queue, 50, scenario.receipt("three"));
        scenario.changeVisibility(B, queue, 50, scenario.receipt("one"), scenario.receipt("two"));
        scenario.consume(C, queue, 10, 1000);
        scenario.forget();
        scenario.pass(50);

        scenario.shouldTell(
                "C: push 'three' count=2 redelivered",
                "C: push 'one' count=2 redelivered",
                "C: push 'two' count=2 redelivered");
    }

    @Test
    void shouldFireWhatIsDueBeforeTheCommand() {
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.receive(C, queue, 1, 100L, null);
        scenario.forget();
        scenario.passSilently(100);
        scenario.acknowledge(B, queue, scenario.receipt("one"));

        scenario.shouldTell("C: delivery 'one' count=2 redelivered", "C: end of 1", "B: results [0 STALE_RECEIPT]");
    }

    @Test
    void shouldFireAtTheDeadlineAndNotBefore() {
        scenario.sendDelayed(A, queue, 10, "one");
        scenario.consume(B, queue, 10, 1000);
        scenario.forget();
        scenario.kernel.onClock(scenario.nowNs() + 10 * MS - 1);
        scenario.shouldTell();
        scenario.kernel.onClock(scenario.nowNs() + 10 * MS);
        scenario.shouldTell("B: push 'one'");
    }

    @Test
    void shouldNeverGoBackInTime() {
        scenario.pass(100);
        scenario.kernel.onClock(scenario.nowNs() - 50 * MS);

        assertEquals(scenario.nowNs(), scenario.kernel.timeNs());
    }

    @Test
    void shouldFireAtMostASliceWithOneRecord() {
        final String[] bodies =
                IntStream.range(0, SLICE).mapToObj(Integer::toString).toArray(String[]::new);
        scenario.sendDelayed(A, queue, 10, bodies);
        scenario.sendDelayed(A, queue, 10, bodies);
        scenario.sendDelayed(A, queue, 10, "last");
        scenario.forget();

        scenario.passSilently(10);
        scenario.kernel.onClock(scenario.nowNs());
        assertEquals(SLICE, scenario.kernel.counters().availableMessages());
        assertTrue(scenario.kernel.workPending());

        scenario.kernel.onClock(scenario.nowNs());
        assertEquals(2 * SLICE, scenario.kernel.counters().availableMessages());
        assertTrue(scenario.kernel.workPending());

        scenario.kernel.onClock(scenario.nowNs());
        assertEquals(2 * SLICE + 1, scenario.kernel.counters().availableMessages());
        assertFalse(scenario.kernel.workPending());
        scenario.shouldTell();
    }

    @Test
    void shouldEndTheDelaysOfAtMostASliceOverAllFifoQueuesWithOneRecord() {
        for (int i = 0; i < 3; i++) {
            final FifoSupport fifo =
                    new FifoSupport(scenario, FifoSupport.settings(10, Switch.NULL_VAL, NULL_VAL), "fifo-" + i);
            fifo.send("g", IntStream.range(0, 200).mapToObj(Integer::toString).toArray(String[]::new));
        }

        scenario.passSilently(10);
        for (int available = SLICE; available < 600; available += SLICE) {
            scenario.kernel.onClock(scenario.nowNs());
            assertEquals(available, scenario.kernel.counters().availableMessages());
            assertTrue(scenario.kernel.workPending());
        }
        scenario.kernel.onClock(scenario.nowNs());
        assertEquals(600, scenario.kernel.counters().availableMessages());
        assertFalse(scenario.kernel.workPending());
    }

    @Test
    void shouldCountHowLateTimersAre() {
        final KernelCounters counters = scenario.kernel.counters();
        scenario.sendDelayed(A, queue, 10, "one");
        scenario.sendDelayed(A, queue, 20, "two");
        scenario.sendDelayed(A, queue, 30, "three");
        scenario.pass(13);
        assertEquals(3 * MS, counters.timerLatenessNs());
        scenario.pass(8);
        assertEquals(1 * MS, counters.timerLatenessNs());
        assertEquals(3 * MS, counters.maxTimerLatenessNs());
        assertEquals(2, counters.timersFired());

        scenario.passSilently(100);
        scenario.kernel.boot(scenario.nowNs(), 2);
        assertEquals(3, counters.timersFired());
        assertEquals(0, counters.maxTimerLatenessNs(), "what came due while no server ran is not late");
    }

    @Test
    void shouldHaveNothingToDoWhenNothingIsDue() {
        scenario.sendDelayed(A, queue, 10, "one");
        assertFalse(scenario.kernel.workPending());

        scenario.pass(10);
        scenario.acknowledgeAllTold(B, queue);
        assertFalse(scenario.kernel.workPending());
        scenario.shouldHaveNothingDueSoon();
    }

    @Test
    void shouldForgetTheTimerOfWhatIsAcknowledged() {
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.forget();
        scenario.acknowledge(B, queue, scenario.receipt("one"));

        scenario.shouldHaveNothingDueSoon();
    }
}
