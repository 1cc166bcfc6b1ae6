package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.ResultCode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A purge empties a queue at once, whatever it holds; the memory follows in slices. */
class PurgingTest {

    private static final int SLICE = 256;

    private final Scenario scenario = new Scenario();
    private final QueueSupport queues = new QueueSupport(scenario);
    private final long queue = queues.create("orders", Settings.NONE.with("visibilityTimeoutNs", 100 * Scenario.MS));

    private void fill(final int slices) {
        final String[] bodies =
                IntStream.range(0, SLICE).mapToObj(Integer::toString).toArray(String[]::new);
        for (int i = 0; i < slices; i++) {
            scenario.send(A, queue, bodies);
        }
        scenario.forget();
    }

    @Test
    @Statement("S11")
    void shouldRemoveDelayedAndInFlightMessagesToo() {
        scenario.send(A, queue, "one", "two");
        scenario.sendDelayed(A, queue, 50, "three");
        scenario.receive(B, queue, 1);
        scenario.forget();
        queues.purge(A, queue);
        scenario.pass(1_000);
        scenario.receive(B, queue, 10);
        scenario.describe(B, queue);
        scenario.acknowledge(B, queue, scenario.receipt("one"));
        scenario.changeVisibility(B, queue, 5, scenario.receipt("one"));
        scenario.deleteMessages(B, queue, scenario.receipt("one"));

        scenario.shouldTell(
                "A: confirmed",
                "B: end of 0",
                "B: queue 1 orders available=0 delayed=0 inFlight=0",
                "B: results [0 GONE]",
                "B: results [0 GONE]",
                "B: confirmed");
        assertEquals(3, scenario.kernel.counters().buried());
        assertEquals(Long.MAX_VALUE, scenario.kernel.nextDeadlineNs());
    }

    @Test
    @Statement("S11")
    void shouldRefuseASecondPurgeAndADeletedNameForAMinute() {
        final Scenario aws = new Scenario(Limits.awsProfile());
        final QueueSupport there = new QueueSupport(aws);
        final long first = there.create("orders", Settings.NONE);
        there.purge(A, first);
        aws.pass(59_999);
        there.purge(A, first);
        aws.pass(1);
        there.purge(A, first);
        aws.deleteQueue(A, first);
        aws.pass(59_999);
        there.ask("orders", Settings.NONE);
        there.ask("other", Settings.NONE);
        aws.pass(1);
        there.ask("orders", Settings.NONE);

        aws.shouldTell(
                "A: confirmed",
                "A: refused PURGE_IN_PROGRESS limit=60000000000 actual=59999000000",
                "A: confirmed",
                "A: confirmed",
                "A: refused QUEUE_DELETED_RECENTLY limit=60000000000 actual=59999000000",
                "A: confirmed 2",
                "A: confirmed 3");
    }

    @Test
    void shouldFreeAtMostASliceWithOneRecordAndCountWhatIsLeft() {
        fill(4);
        queues.purge(A, queue);
        scenario.describe(B, queue);
        scenario.shouldTell("A: confirmed", "B: queue 1 orders available=0 delayed=0 inFlight=0 reclaiming=768");

        for (int left = 768; scenario.kernel.workPending(); ) {
            scenario.kernel.onClock(scenario.nowNs());
            final int now = scenario.kernel.messageCount();
            assertTrue(left - now <= SLICE, () -> "freed more than a slice down to " + now);
            left = now;
        }
        assertEquals(0, scenario.kernel.messageCount());
        assertEquals(0, queues.description(queue).reclaimingCount());
    }

    @Test
    void shouldServeNewMessagesBeforeTheOldOnesAreFree() {
        fill(4);
        scenario.receive(B, queue, 10);
        scenario.forget();
        queues.purge(A, queue);
        scenario.send(A, queue, "new");
        scenario.receive(C, queue, 10);

        scenario.shouldTell("A: confirmed", "A: confirmed 1025", "C: delivery 'new'", "C: end of 1");
        assertTrue(scenario.kernel.workPending());
    }

    @Test
    void shouldLetWaitingReceivesWait() {
        scenario.receive(B, queue, 1, 1_000L, null);
        queues.purge(A, queue);
        scenario.send(A, queue, "one");

        scenario.shouldTell("A: confirmed", "A: confirmed 1", "B: delivery 'one'", "B: end of 1");
    }

    @Test
    void shouldGiveConsumersTheirCreditBack() {
        scenario.consume(C, queue, 1, 1_000);
        scenario.send(A, queue, "one", "two");
        scenario.forget();
        queues.purge(A, queue);
        scenario.send(A, queue, "three");

        scenario.shouldTell("A: confirmed", "A: confirmed 3", "C: push 'three'");
    }

    @Test
    void shouldLetWhatClosedSessionsHeldSimplyEnd() {
        fill(4);
        scenario.consume(C, queue, 600, 1_000_000);
        scenario.workOff();
        scenario.forget();
        queues.purge(A, queue);
        scenario.kernel.closeSession(scenario.nowNs(), C, ResultCode.CLIENT_CLOSED);
        scenario.workOff();
        scenario.describe(B, queue);

        scenario.shouldTell("A: confirmed", "B: queue 1 orders available=0 delayed=0 inFlight=0");
        assertEquals(0, scenario.kernel.messageCount());
    }

    @Test
    void shouldGoOnAfterASnapshotInTheMiddle() {
        fill(3);
        scenario.receive(B, queue, 200);
        scenario.consume(C, queue, 100, 100_000);
        scenario.workOff();
        queues.purge(A, queue);
        fill(1);
        queues.purge(A, queue);
        scenario.send(A, queue, "last");
        final Kernel copy = Snapshots.copy(scenario.kernel, new RecordingEgress());
        assertEquals(DerivedState.of(scenario.kernel), DerivedState.of(copy));
        for (int i = 0; i < 10; i++) {
            scenario.passSilently(50);
            scenario.kernel.onClock(scenario.nowNs());
            copy.onClock(scenario.nowNs());
            assertEquals(scenario.kernel.stateHash(), copy.stateHash());
        }
        assertEquals(1, copy.messageCount());
    }
}
