package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A deletion takes effect at once; the memory follows in slices of at most 256 rows for each record. */
class DeletionInSlicesTest {

    private static final int SLICE = 256;
    private static final int MESSAGES = 4 * SLICE;

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders", 100L, null, null, null);

    @BeforeEach
    void fill() {
        final String[] bodies =
                IntStream.range(0, SLICE).mapToObj(Integer::toString).toArray(String[]::new);
        for (int i = 0; i < MESSAGES / SLICE; i++) {
            scenario.send(A, queue, bodies);
        }
        scenario.receive(B, queue, 10);
        scenario.forget();
    }

    @Test
    void shouldFreeAtMostASliceWithOneRecord() {
        scenario.deleteQueue(A, queue);
        int left = MESSAGES;
        int records = 1;
        while (scenario.kernel.workPending()) {
            final int now = scenario.kernel.messageCount();
            assertTrue(left - now <= SLICE, () -> "freed more than a slice down to " + now);
            left = now;
            scenario.kernel.onClock(scenario.nowNs());
            records++;
        }

        assertEquals(0, scenario.kernel.messageCount());
        assertTrue(records > MESSAGES / SLICE, "records: " + records);
        scenario.shouldTell("A: confirmed");
    }

    @Test
    void shouldBeInvisibleFromTheFirstRecordOn() {
        scenario.deleteQueue(A, queue);
        assertTrue(scenario.kernel.workPending());
        scenario.receive(B, queue, 1);
        scenario.describe(B, queue);
        scenario.lookUp(B, "orders");
        scenario.list(B, 0, 10, "");
        scenario.acknowledge(B, queue, scenario.receipt("5"));
        scenario.changeVisibility(B, queue, 0, scenario.receipt("6"));
        scenario.deleteMessages(B, queue, scenario.receipt("7"));

        scenario.shouldTell(
                "A: confirmed",
                "B: refused UNKNOWN_QUEUE",
                "B: refused UNKNOWN_QUEUE",
                "B: refused UNKNOWN_QUEUE",
                "B: queues []",
                "B: results [0 GONE]",
                "B: results [0 GONE]",
                "B: confirmed");
    }

    @Test
    void shouldLetANewQueueOfTheNameBeUsedMeanwhile() {
        scenario.deleteQueue(A, queue);
        scenario.forget();
        final long successor = scenario.createQueue("orders", 100L, null, null, null);
        assertTrue(scenario.kernel.workPending());
        scenario.send(A, successor, "new");
        scenario.receive(C, successor, 10);
        scenario.workOff();
        scenario.describe(C, successor);

        scenario.shouldTell(
                "A: confirmed 1025",
                "C: delivery 'new'",
                "C: end of 1",
                "C: queue 2 orders available=0 delayed=0 inFlight=1");
    }

    @Test
    void shouldNotDeliverWhatExpiresMeanwhile() {
        scenario.deleteQueue(A, queue);
        scenario.passSilently(100);
        scenario.kernel.onClock(scenario.nowNs());
        scenario.workOff();

        scenario.shouldTell("A: confirmed");
        assertFalse(scenario.kernel.workPending());
    }

    @Test
    void shouldGoOnAfterASnapshotInTheMiddle() {
        scenario.deleteQueue(A, queue);
        final RecordingEgress egress = new RecordingEgress();
        final Kernel copy = Snapshots.copy(scenario.kernel, egress);
        while (scenario.kernel.workPending()) {
            scenario.kernel.onClock(scenario.nowNs());
            copy.onClock(scenario.nowNs());
            assertEquals(scenario.kernel.stateHash(), copy.stateHash());
        }

        assertFalse(copy.workPending());
        assertEquals(0, copy.messageCount());
    }

    @Test
    void shouldSurviveTheEndOfASessionThatHoldsWhatWasDeleted() {
        scenario.consume(C, queue, 600, 1_000_000);
        scenario.workOff();
        scenario.forget();
        scenario.deleteQueue(A, queue);
        scenario.kernel.closeSession(scenario.nowNs(), C, io.millrace.codecs.ResultCode.CLIENT_CLOSED);
        scenario.workOff();

        scenario.shouldTell("A: confirmed", "C: consumer of 1 stopped QUEUE_DELETED");
        assertEquals(0, scenario.kernel.messageCount());
    }
}
