package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageStatus;
import io.millrace.kernel.RecordingEgress.Emitted;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages are shown in the order of their arrival, wherever they stand, and nothing is changed by it. */
class BrowsingTest {

    private final Scenario scenario = new Scenario();
    private final QueueSupport queues = new QueueSupport(scenario);
    private final long queue = queues.create("orders", Settings.NONE);

    @Test
    void shouldShowEveryMessageWithItsStandingAndChangeNothing() {
        scenario.send(A, queue, "one");
        scenario.consume(C, queue, 1, 100, 40L);
        scenario.pass(1);
        scenario.sendDelayed(A, queue, 50, "two");
        scenario.send(A, queue, "three");
        scenario.forget();
        final long hash = scenario.kernel.stateHash();
        queues.browse(B, queue, 0, 10);
        final List<Emitted> told = scenario.egress.drain();

        assertEquals(hash, scenario.kernel.stateHash());
        assertEquals(4, told.size());
        final Event.BrowsedMessage one = (Event.BrowsedMessage) told.get(0).event();
        final Event.BrowsedMessage two = (Event.BrowsedMessage) told.get(1).event();
        final long startNs = scenario.nowNs() - Scenario.MS;
        assertEquals(MessageStatus.IN_FLIGHT, one.status());
        assertEquals(C, one.holderSessionId());
        assertEquals(startNs + 40 * Scenario.MS, one.visibleTimeNs());
        assertEquals(startNs, one.arrivedTimeNs());
        assertEquals(1, one.receiveCount());
        assertEquals(new String(Payload.of("one").bytes(), ISO_8859_1), one.content());
        assertEquals(MessageStatus.DELAYED, two.status());
        assertEquals(scenario.nowNs() + 50 * Scenario.MS, two.visibleTimeNs());
        assertEquals("browsed 3 AVAILABLE count=0 failed=0", told.get(2).event().toString());
        assertEquals("end of 3 browsed", told.get(3).event().toString());
    }

    @Test
    void shouldShowOnlyTheStatusesAskedFor() {
        scenario.send(A, queue, "one", "two");
        scenario.sendDelayed(A, queue, 50, "three");
        scenario.receive(C, queue, 1);
        scenario.forget();
        scenario.apply(B, new Command.BrowseMessages(1, queue, 0, 10, true, false, false));
        scenario.apply(B, new Command.BrowseMessages(2, queue, 0, 10, false, true, false));
        scenario.apply(B, new Command.BrowseMessages(3, queue, 0, 10, false, false, true));

        scenario.shouldTell(
                "B: browsed 2 AVAILABLE count=0 failed=0",
                "B: end of 1 browsed",
                "B: browsed 3 DELAYED count=0 failed=0",
                "B: end of 1 browsed",
                "B: browsed 1 IN_FLIGHT count=1 failed=0",
                "B: end of 1 browsed");
    }

    @Test
    void shouldGoOnPageByPageWhateverLeavesMeanwhile() {
        scenario.send(A, queue, "1", "2", "3", "4", "5", "6", "7");
        scenario.forget();
        final long second = page(0, 2, 1, 2);
        final long third = page(second, 2, 3, 4);
        scenario.receive(A, queue, 4, 0L, 10_000L);
        scenario.acknowledgeAllTold(A, queue);
        scenario.send(A, queue, "8", "9");
        scenario.forget();
        final long fourth = page(third, 2, 5, 6);
        assertEquals(0, page(fourth, 10, 7, 8, 9));
        assertEquals(0, page(third, 10, 5, 6, 7, 8, 9));
    }

    private long page(final long cursor, final int max, final long... sequences) {
        queues.browse(B, queue, cursor, max);
        final List<Emitted> told = scenario.egress.drain();
        for (int i = 0; i < sequences.length; i++) {
            assertEquals(sequences[i], ((Event.BrowsedMessage) told.get(i).event()).sequenceNumber());
        }
        assertEquals(sequences.length + 1, told.size());
        return ((Event.BrowseEnd) told.get(sequences.length).event()).nextCursor();
    }

    @Test
    void shouldExamineABoundedNumberForOnePage() {
        final Scenario small = new Scenario(Limits.nativeProfile().with(LimitId.LIST_ENTRIES, 3));
        final QueueSupport there = new QueueSupport(small);
        final long orders = there.create("orders", Settings.NONE);
        small.send(A, orders, "1", "2", "3", "4");
        small.forget();
        small.apply(B, new Command.BrowseMessages(1, orders, 0, 10, false, false, true));

        small.shouldTell("B: end of 0 browsed, more");
    }

    @Test
    void shouldShowTheBeginningOfWhatIsTooLong() {
        scenario.sendInChunks(A, queue, Payload.of("x".repeat(100_000)), 30_000);
        scenario.forget();
        queues.browse(B, queue, 0, 1);
        final Event.BrowsedMessage shown =
                (Event.BrowsedMessage) scenario.egress.drain().get(0).event();

        assertEquals(Payload.of("x".repeat(100_000)).length(), shown.payloadLength());
        assertTrue(shown.content().length() > 65_000 && shown.content().length() < 65_536);
    }

    @Test
    void shouldRefuseWrongRequests() {
        queues.browse(B, 9, 0, 1);
        queues.browse(B, queue, 0, 0);
        queues.browse(B, queue, 0, 257);
        queues.browse(B, queue, -1, 1);
        queues.browse(B, queue, Long.MAX_VALUE, 1);

        scenario.shouldTell(
                "B: refused UNKNOWN_QUEUE",
                "B: refused LIMIT_EXCEEDED RECEIVE_MESSAGES limit=256 actual=0",
                "B: refused LIMIT_EXCEEDED RECEIVE_MESSAGES limit=256 actual=257",
                "B: refused INVALID_ARGUMENT",
                "B: end of 0 browsed");
    }
}
