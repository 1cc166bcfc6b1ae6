package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.ResultCode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One record pushes at most 256 messages; the rest follows with the records after it, in order and to the end. */
class SlicedDispatchTest {

    private static final int SLICE = 256;
    private static final int MESSAGES = 4 * SLICE;

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders", 100L, null, null, null);

    @BeforeEach
    void fill() {
        for (int i = 0; i < MESSAGES / SLICE; i++) {
            final int first = i * SLICE;
            scenario.send(
                    A,
                    queue,
                    IntStream.range(first, first + SLICE)
                            .mapToObj(Integer::toString)
                            .toArray(String[]::new));
        }
        scenario.forget();
    }

    @Test
    void shouldPushInOrderASliceAtATime() {
        scenario.consume(B, queue, MESSAGES, 1_000_000);
        int pushed = 0;
        for (int records = 1; scenario.kernel.workPending(); records++) {
            pushed += shouldBePushedInOrder(pushed);
            assertEquals(records * SLICE, pushed);
            scenario.kernel.onClock(scenario.nowNs());
        }
        pushed += shouldBePushedInOrder(pushed);

        assertEquals(MESSAGES, pushed);
    }

    @Test
    void shouldGoOnWithAnyRecord() {
        scenario.consume(B, queue, MESSAGES, 1_000_000);
        scenario.forget();
        scenario.receive(C, queue, 1);

        final List<RecordingEgress.Emitted> told = scenario.egress.drain();
        assertEquals(SLICE + 2, told.size());
        assertEquals("delivery '" + 2 * SLICE + "'", told.get(SLICE).event().toString());
    }

    @Test
    void shouldGoOnAfterASnapshotInTheMiddle() {
        scenario.consume(B, queue, 2 * SLICE, 1_000_000);
        scenario.consume(C, queue, 2 * SLICE, 1_000_000);
        assertTrue(scenario.kernel.workPending());
        final RecordingEgress egress = new RecordingEgress();
        final Kernel copy = Snapshots.copy(scenario.kernel, egress);
        scenario.forget();
        while (scenario.kernel.workPending()) {
            scenario.kernel.onClock(scenario.nowNs());
            copy.onClock(scenario.nowNs());
            assertEquals(scenario.egress.drain(), egress.drain());
            assertEquals(scenario.kernel.stateHash(), copy.stateHash());
        }

        assertFalse(copy.workPending());
        assertEquals(MESSAGES, scenario.kernel.counters().inFlightMessages());
    }

    @Test
    void shouldPushNothingOfAQueueThatIsDeletedMeanwhile() {
        scenario.consume(B, queue, MESSAGES, 1_000_000);
        scenario.forget();
        scenario.deleteQueue(A, queue);
        scenario.workOff();

        final List<String> told = scenario.egress.drain().stream()
                .map(line -> line.event().toString())
                .toList();
        assertEquals("confirmed", told.get(SLICE), "the slice that goes on with the record, then the deletion");
        assertEquals(List.of("confirmed", "consumer of 1 stopped QUEUE_DELETED"), told.subList(SLICE, told.size()));
        assertEquals(0, scenario.kernel.messageCount());
    }

    @Test
    void shouldReturnAllThatWasPushedWhenTheSessionEndsMeanwhile() {
        scenario.consume(B, queue, MESSAGES, 1_000_000);
        scenario.forget();
        scenario.kernel.closeSession(scenario.nowNs(), B, ResultCode.CLIENT_CLOSED);
        scenario.workOff();
        scenario.forget();

        assertEquals(MESSAGES, scenario.kernel.counters().availableMessages());
        scenario.receive(C, queue, 1);
        scenario.shouldTell("C: delivery '0' redelivered", "C: end of 1");
    }

    @Test
    void shouldHandOverAllThatAClosedSessionHeldInOrder() {
        scenario.consume(B, queue, MESSAGES, 1_000_000);
        scenario.workOff();
        scenario.forget();
        scenario.consume(C, queue, MESSAGES, 1_000_000);
        scenario.forget();
        scenario.kernel.closeSession(scenario.nowNs(), B, ResultCode.SLOW_CONSUMER);
        scenario.workOff();

        assertEquals(MESSAGES, shouldBePushedInOrder(0));
    }

    /** Checks that the pushes told since the last look go on where the ones before ended; returns their number. */
    private int shouldBePushedInOrder(final int from) {
        int next = from;
        for (final RecordingEgress.Emitted line : scenario.egress.drain()) {
            if (line.event() instanceof Event.Delivery delivery) {
                assertEquals(Integer.toString(next++), delivery.payload().body());
            }
        }
        return next - from;
    }
}
