package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.LimitId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tasks that move the messages of dead-letter queues back. */
class RedrivingTest {

    private final Scenario scenario = new Scenario();
    private final long dead = scenario.createQueue("dead");
    private final long orders =
            scenario.createQueue("orders", SettingsBuilder.standard().deadLetters(dead, 1));

    /** Brings messages into the dead-letter queue, through a queue that has it. */
    private void die(final long queue, final String... bodies) {
        scenario.send(A, queue, bodies);
        scenario.receive(B, queue, bodies.length);
        scenario.forget();
        for (final String body : bodies) {
            scenario.settle(B, queue, Disposition.REJECT, null, scenario.receipt(body));
        }
        scenario.forget();
    }

    private void shouldBeListed(final String task) {
        scenario.listRedrives(C, dead);
        scenario.shouldTell("C: redrives [" + task + "]");
    }

    @Test
    @Statement("Q6")
    void shouldTakeOnlyWhatIsADeadLetterQueueAndOneTaskAtATime() {
        die(orders, "one");
        final long plain = scenario.createQueue("plain");
        scenario.startRedrive(A, 99, 0, 0);
        scenario.startRedrive(A, plain, 0, 0);
        scenario.startRedrive(A, dead, 99, 0);
        scenario.startRedrive(A, dead, 0, 1);
        scenario.startRedrive(A, dead, 0, 1);
        scenario.cancelRedrive(A, 99);
        scenario.shouldTell(
                "A: refused UNKNOWN_QUEUE",
                "A: refused NOT_A_DEAD_LETTER_QUEUE",
                "A: refused UNKNOWN_QUEUE",
                "A: confirmed 1",
                "A: refused REDRIVE_RUNNING",
                "A: refused UNKNOWN_TASK");

        shouldBeListed("1 RUNNING 1 of 1");
        scenario.pass(1000);
        shouldBeListed("1 COMPLETED 1 of 1");
        scenario.cancelRedrive(A, 1);
        scenario.shouldTell("A: refused UNKNOWN_TASK");
    }

    @Test
    @Statement("Q6")
    void shouldFailWhenTheQueueThatAMessageCameFromIsGone() {
        die(orders, "one");
        scenario.createQueue("another", SettingsBuilder.standard().deadLetters(dead, 1));
        scenario.deleteQueue(A, orders);
        scenario.workOff();
        scenario.startRedrive(A, dead, 0, 0);
        scenario.workOff();
        scenario.forget();

        shouldBeListed("1 FAILED 0 of 1");
        scenario.receive(C, dead, 1);
        scenario.shouldTell("C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    void shouldRefuseDestinationsAndRatesThatDoNotFit() {
        final Scenario few = new Scenario(
                Limits.nativeProfile().with(LimitId.REDRIVE_TASKS, 0).with(LimitId.REDRIVE_RATE, 500));
        final long first = few.createQueue("first");
        final long second = few.createQueue("second");
        few.createQueue("a", SettingsBuilder.standard().deadLetters(first, 1));
        few.createQueue("b", SettingsBuilder.standard().deadLetters(second, 1));
        final long fifo = few.createQueue("c.fifo", SettingsBuilder.fifo());
        few.startRedrive(A, first, fifo, 0);
        few.startRedrive(A, first, first, 0);
        few.startRedrive(A, first, second, 501);
        few.startRedrive(A, first, second, 500);

        few.shouldTell(
                "A: refused NOT_FOR_QUEUE_TYPE",
                "A: refused INVALID_ARGUMENT",
                "A: refused LIMIT_EXCEEDED REDRIVE_RATE limit=500 actual=501",
                "A: refused LIMIT_EXCEEDED REDRIVE_TASKS limit=0 actual=1");
    }

    @Test
    @Statement("Q7")
    void shouldBringEachMessageBackToWhereItCameFrom() {
        final long trades =
                scenario.createQueue("trades", SettingsBuilder.standard().deadLetters(dead, 1));
        die(orders, "order 1");
        die(trades, "trade 1");
        scenario.send(A, dead, "sent here");
        die(orders, "order 2");
        scenario.startRedrive(A, dead, 0, 0);
        scenario.pass(1);
        scenario.forget();
        scenario.receive(B, orders, 5);
        scenario.receive(B, trades, 5);
        scenario.receive(B, dead, 5);

        scenario.shouldTell(
                "B: delivery 'order 1'",
                "B: delivery 'order 2'",
                "B: end of 2",
                "B: delivery 'trade 1'",
                "B: end of 1",
                "B: delivery 'sent here'",
                "B: end of 1");
        shouldBeListed("1 COMPLETED 3 of 4");
    }

    @Test
    @Statement("Q8")
    void shouldMakeNewMessages() {
        die(orders, "one");
        final long before = scenario.delivery("one").messageId();
        scenario.pass(500);
        scenario.consume(C, orders, 1, 1000);
        scenario.startRedrive(A, dead, 0, 0);
        scenario.workOff();
        scenario.shouldTell("C: confirmed", "A: confirmed 1", "C: push 'one'");

        final Event.Delivery delivery = scenario.delivery("one");
        assertNotEquals(before, delivery.messageId());
        assertEquals(scenario.nowNs(), delivery.sentTimeNs());
        assertEquals(1, delivery.receiveCount());
        assertEquals(0, delivery.failedCount());
        assertEquals(0, delivery.deadLetterSourceId());
        assertTrue(delivery.moved());
        assertEquals(1, scenario.kernel.counters().redriven());
        assertEquals(1, scenario.kernel.counters().sends());
    }

    @Test
    @Statement("Q9")
    void shouldMoveNoFasterThanAsked() {
        die(orders, "1", "2", "3", "4");
        scenario.consume(C, orders, 9, 1000);
        scenario.startRedrive(A, dead, 0, 1);
        scenario.workOff();
        scenario.shouldTell("C: confirmed", "A: confirmed 1", "C: push '1'");
        scenario.pass(999);
        scenario.shouldTell("");
        scenario.pass(1);
        scenario.shouldTell("C: push '2'");
        scenario.pass(1500);
        scenario.shouldTell("C: push '3'");
        scenario.pass(500);
        scenario.shouldTell("C: push '4'");
        shouldBeListed("1 RUNNING 4 of 4");
        scenario.pass(1000);
        shouldBeListed("1 COMPLETED 4 of 4");
    }

    @Test
    @Statement("Q9")
    void shouldNotUndoWhatACancelledTaskMoved() {
        die(orders, "1", "2", "3");
        scenario.startRedrive(A, dead, 0, 1);
        scenario.pass(1000);
        scenario.cancelRedrive(A, 1);
        scenario.pass(5000);
        scenario.describe(C, orders);
        scenario.describe(C, dead);

        scenario.shouldTell(
                "A: confirmed 1",
                "A: confirmed 2",
                "C: queue 2 orders available=2 delayed=0 inFlight=0",
                "C: queue 1 dead available=1 delayed=0 inFlight=0");
        shouldBeListed("1 CANCELLED 2 of 3");
        scenario.startRedrive(A, dead, orders, 0);
        scenario.pass(1);
        scenario.forget();
        shouldBeListed("2 COMPLETED 1 of 1");
    }

    @Test
    void shouldMoveWhatBecomesAvailableBehindIt() {
        die(orders, "1", "2", "3");
        scenario.receive(B, dead, 2);
        scenario.forget();
        scenario.consume(C, orders, 9, 1000);
        scenario.startRedrive(A, dead, 0, 1);
        scenario.workOff();
        scenario.shouldTell("C: confirmed", "A: confirmed 1", "C: push '3'");
        scenario.settle(B, dead, Disposition.RELEASE, null, scenario.receipt("2"));
        scenario.settle(B, dead, Disposition.RELEASE, null, scenario.receipt("1"));
        scenario.send(A, dead, "new");
        scenario.forget();
        scenario.pass(1000);
        scenario.pass(1000);

        scenario.shouldTell("C: push '1'", "C: push '2'");
        shouldBeListed("1 RUNNING 3 of 1");
        scenario.pass(1000);
        shouldBeListed("1 COMPLETED 3 of 1");
    }

    @Test
    void shouldForgetTheTaskOfAPurgedOrDeletedQueue() {
        die(orders, "1", "2", "3");
        scenario.startRedrive(A, dead, 0, 1);
        scenario.workOff();
        scenario.apply(A, new Command.PurgeQueue(900, Command.Producer.NONE, dead));
        scenario.pass(1000);
        scenario.forget();
        shouldBeListed("1 COMPLETED 1 of 3");

        scenario.receive(B, orders, 1);
        scenario.acknowledgeAllTold(B, orders);
        die(orders, "4", "5");
        scenario.startRedrive(A, dead, 0, 1);
        scenario.deleteQueue(A, dead);
        scenario.pass(1000);
        scenario.shouldTell("A: confirmed 2", "A: confirmed");
        assertEquals(0, scenario.kernel.state().redrives.liveCount());
    }

    @Test
    void shouldBeHalfWayInASnapshot() {
        die(orders, "1", "2", "3", "4");
        scenario.receive(B, dead, 2);
        scenario.forget();
        scenario.startRedrive(A, dead, 0, 1);
        scenario.pass(0);
        scenario.settle(B, dead, Disposition.RELEASE, null, scenario.receipt("2"));
        scenario.forget();
        final RecordingEgress egress = new RecordingEgress();
        final Kernel copy = Snapshots.copy(scenario.kernel, egress);
        for (int i = 0; i < 6; i++) {
            scenario.pass(700);
            do {
                copy.onClock(scenario.nowNs());
            } while (copy.workPending());
            assertEquals(scenario.kernel.stateHash(), copy.stateHash());
        }

        assertEquals(3, scenario.kernel.counters().redriven());
        assertEquals(2, copy.counters().redriven());
    }

    @Test
    void shouldMoveASliceInOneRecordAndLetOtherTimersGoFirst() {
        final String[] bodies =
                IntStream.range(0, 250).mapToObj(Integer::toString).toArray(String[]::new);
        for (int i = 0; i < 6; i++) {
            die(orders, bodies);
        }
        final long other =
                scenario.createQueue("other", SettingsBuilder.standard().visibility(2));
        scenario.send(A, other, "expires");
        scenario.startRedrive(A, dead, 0, 0);
        scenario.passSilently(1);
        scenario.kernel.onClock(scenario.nowNs());
        scenario.receive(B, other, 1);
        scenario.passSilently(2);
        final long before = scenario.kernel.counters().redriven();
        scenario.kernel.onClock(scenario.nowNs());
        scenario.kernel.onClock(scenario.nowNs());

        assertEquals(2 * Kernel.SLICE, before);
        assertEquals(4 * Kernel.SLICE - 1, scenario.kernel.counters().redriven());
        assertTrue(scenario.kernel.workPending());
        scenario.forget();
        scenario.describe(A, other);
        scenario.shouldTell("A: queue 3 other available=1 delayed=0 inFlight=0");
        scenario.workOff();
        assertEquals(1500, scenario.kernel.counters().redriven());
        assertFalse(scenario.kernel.workPending());
    }
}
