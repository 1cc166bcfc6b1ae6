package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.Disposition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Redrive of FIFO queues: groups stay groups, and nothing goes past a message that blocks its group. */
class FifoRedrivingTest {

    private final Scenario scenario = new Scenario();
    private final long dead = scenario.createQueue("dead.fifo", SettingsBuilder.fifo());
    private final long orders =
            scenario.createQueue("orders.fifo", SettingsBuilder.fifo().deadLetters(dead, 1));

    private void die(final String groupId, final String... bodies) {
        scenario.sendTo(A, orders, groupId, bodies);
        scenario.receive(B, orders, bodies.length);
        scenario.forget();
        for (final String body : bodies) {
            scenario.settle(B, orders, Disposition.REJECT, null, scenario.receipt(body));
        }
        scenario.forget();
    }

    @Test
    @Statement("Q10")
    void shouldKeepTheGroupAndDeduplicateNothing() {
        die("g1", "one", "two");
        scenario.startRedrive(A, dead, 0, 0);
        scenario.pass(1);
        scenario.forget();
        scenario.receive(C, orders, 1);
        scenario.receive(C, orders, 5);
        scenario.listRedrives(A, dead);

        scenario.shouldTell("C: delivery 'one'", "C: end of 1", "C: end of 0", "A: redrives [1 COMPLETED 2 of 2]");
        assertEquals("g1", scenario.delivery("one").payload().groupId());
        assertTrue(scenario.delivery("one").moved());
    }

    @Test
    void shouldTakeNoRoomToMoveThoughTheGroupIsInBothQueues() {
        scenario.sendTo(A, orders, "the-group-of-all-orders", "one", "two", "three");
        final long bytes = scenario.kernel.arenaBytes();
        scenario.receive(B, orders, 2);
        scenario.forget();
        scenario.settle(B, orders, Disposition.REJECT, null, scenario.receipt("one"), scenario.receipt("two"));

        assertEquals(bytes, scenario.kernel.arenaBytes());
        scenario.startRedrive(A, dead, 0, 1);
        scenario.workOff();
        assertEquals(bytes, scenario.kernel.arenaBytes());
        scenario.pass(1000);
        assertEquals(bytes, scenario.kernel.arenaBytes());
        scenario.forget();
        scenario.listRedrives(A, dead);
        scenario.shouldTell("A: redrives [1 RUNNING 2 of 2]");
    }

    @Test
    void shouldMoveOnlyWhatAReceiveCouldTake() {
        die("g1", "one", "two", "three");
        die("g2", "other");
        scenario.receive(B, dead, 2);
        scenario.forget();
        scenario.settle(B, dead, Disposition.RELEASE, null, scenario.receipt("one"));
        scenario.consume(C, orders, 9, 1000);
        scenario.startRedrive(A, dead, 0, 1);
        scenario.workOff();
        scenario.pass(1000);
        scenario.forget();
        scenario.listRedrives(A, dead);
        scenario.settle(B, dead, Disposition.RELEASE, null, scenario.receipt("two"));
        scenario.pass(1000);
        scenario.acknowledge(C, orders, scenario.receipt("one"));
        scenario.pass(1000);
        scenario.pass(1000);

        scenario.shouldTell("A: redrives [1 RUNNING 2 of 3]", "B: confirmed", "C: confirmed", "C: push 'two'");
        scenario.listRedrives(A, dead);
        scenario.shouldTell("A: redrives [1 COMPLETED 4 of 3]");
    }

    @Test
    void shouldLeaveInPlaceWhatCameFromNowhereAndMoveWhatIsBehindIt() {
        scenario.sendTo(A, dead, "g1", "sent here", "and here");
        die("g1", "one", "two");
        scenario.startRedrive(A, dead, 0, 1);
        scenario.workOff();
        scenario.receive(B, dead, 1);
        scenario.pass(1000);
        scenario.forget();
        scenario.listRedrives(A, dead);
        scenario.describe(A, dead);
        scenario.shouldTell(
                "A: redrives [1 COMPLETED 1 of 4]", "A: queue 1 dead.fifo available=2 delayed=0 inFlight=1");

        scenario.acknowledge(B, dead, scenario.receipt("sent here"));
        scenario.startRedrive(A, dead, 0, 1);
        scenario.pass(1000);
        scenario.forget();
        scenario.receive(B, dead, 5);
        scenario.shouldTell("B: delivery 'and here'", "B: end of 1");
    }

    @Test
    void shouldGoOnBehindWhatItLeftWhenThatWasTakenAndCameBack() {
        scenario.sendTo(A, dead, "g1", "sent here", "and here");
        die("g1", "one", "two");
        die("g2", "a", "b", "c");
        scenario.startRedrive(A, dead, 0, 1);
        scenario.workOff();
        scenario.receive(B, dead, 1);
        scenario.pass(1000);
        scenario.forget();
        scenario.settle(B, dead, Disposition.RELEASE, null, scenario.receipt("sent here"));
        scenario.pass(1000);
        scenario.pass(1000);
        scenario.forget();
        scenario.receive(C, dead, 1);
        scenario.forget();

        scenario.listRedrives(A, dead);
        scenario.receive(C, orders, 9);
        scenario.shouldTell(
                "A: redrives [1 RUNNING 4 of 7]",
                "C: delivery 'one'",
                "C: delivery 'two'",
                "C: delivery 'a'",
                "C: delivery 'b'",
                "C: end of 4");
    }

    @Test
    void shouldGoOnBehindWhatItLeftWhenOneInTheMiddleOfThatIsGone() {
        final Payload second = Payload.of("second").inGroup("g1");
        scenario.sendTo(A, dead, "g1", "first");
        scenario.sendEntries(A, dead, List.of(new Command.Entry(null, null, 500 * Scenario.MS, 0, second)));
        scenario.sendTo(A, dead, "g1", "third");
        die("g1", "one", "two");
        scenario.startRedrive(A, dead, 0, 1);
        scenario.pass(0);
        scenario.pass(1000);
        scenario.pass(1000);
        scenario.forget();
        scenario.listRedrives(A, dead);

        scenario.shouldTell("A: redrives [1 COMPLETED 2 of 5]");
    }
}
