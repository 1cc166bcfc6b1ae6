package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Command.AccessEntry;
import io.millrace.kernel.RecordingEgress.Emitted;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** However many are taken the permission to receive, one record tells at most 256 of them, and none of them gets a message. */
class ExclusionInSlicesTest {
    private static final int SLICE = 256;
    private static final int EXCLUDED = 4 * SLICE;
    private static final long FIRST_EXCLUDED = 100;
    private static final long NAMED = 50;

    private final Scenario scenario =
            new Scenario(Limits.nativeProfile().with(LimitId.WAITERS, EXCLUDED).with(LimitId.SESSIONS, 2 * EXCLUDED));
    private final QueueSupport queues = new QueueSupport(scenario);
    private final long queue = queues.create("orders", Settings.NONE);

    private void exclude() {
        scenario.forget();
        queues.protect(A, queue, new AccessEntry(true, false, true, ""), new AccessEntry(false, true, false, "bob"));
    }

    /** Sends two messages; returns what the last of the records told that it took until all was quiet. */
    private List<Emitted> sendAndWorkOff(final int excludedBefore) {
        int excluded = excludedBefore;
        scenario.send(A, queue, "one", "two");
        List<Emitted> told = scenario.egress.drain();
        while (scenario.kernel.workPending()) {
            excluded += shouldBeNoMoreThanASlice(told);
            scenario.kernel.onClock(scenario.nowNs());
            told = scenario.egress.drain();
        }
        final List<Emitted> last = new ArrayList<>(told);
        excluded += shouldBeNoMoreThanASlice(told);
        last.removeIf(line -> codeOf(line.event()) == ResultCode.NOT_AUTHORISED);
        assertEquals(EXCLUDED, excluded, "told that they may no longer receive");
        return last;
    }

    private static int shouldBeNoMoreThanASlice(final List<Emitted> told) {
        final int excluded = (int) told.stream()
                .filter(line -> codeOf(line.event()) == ResultCode.NOT_AUTHORISED)
                .count();
        assertTrue(excluded <= SLICE, () -> "told with one record: " + excluded);
        return excluded;
    }

    private static ResultCode codeOf(final Event event) {
        if (event instanceof Event.ReceiveEnd end) {
            return end.code();
        }
        return event instanceof Event.ConsumerStopped stopped ? stopped.code() : ResultCode.OK;
    }

    @Test
    void shouldEndWaitingReceivesASliceAtATime() {
        scenario.open(FIRST_EXCLUDED, "alice");
        scenario.open(NAMED, "bob");
        for (int i = 0; i < EXCLUDED; i++) {
            scenario.receive(FIRST_EXCLUDED, queue, 1, 60_000L, null);
        }
        scenario.receive(NAMED, queue, 2, 60_000L, null);
        exclude();
        final int atOnce = shouldBeNoMoreThanASlice(scenario.egress.drain());
        final List<Emitted> last = sendAndWorkOff(atOnce);

        assertEquals(SLICE, atOnce);
        assertEquals(
                List.of(NAMED, NAMED, NAMED),
                last.stream().map(Emitted::sessionId).toList(),
                "two deliveries, an end");
    }

    @Test
    void shouldStopConsumersASliceAtATime() {
        for (int i = 0; i < EXCLUDED; i++) {
            scenario.open(FIRST_EXCLUDED + i, "alice");
            scenario.consume(FIRST_EXCLUDED + i, queue, 9, 1_000);
        }
        scenario.open(NAMED, "bob");
        scenario.consume(NAMED, queue, 9, 1_000);
        exclude();
        final int atOnce = shouldBeNoMoreThanASlice(scenario.egress.drain());
        final List<Emitted> last = sendAndWorkOff(atOnce);

        assertEquals(SLICE, atOnce);
        assertEquals(
                List.of(NAMED, NAMED), last.stream().map(Emitted::sessionId).toList(), "two pushes");
    }
}
