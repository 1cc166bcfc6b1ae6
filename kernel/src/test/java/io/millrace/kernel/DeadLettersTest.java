package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.Disposition;
import io.millrace.kernel.Tables.Message;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages that were delivered in vain too often. */
class DeadLettersTest {

    private final Scenario scenario = new Scenario();
    private final long dead =
            scenario.createQueue("dead", SettingsBuilder.standard().visibility(100));

    private long source(final long receives) {
        return scenario.createQueue(
                "orders", SettingsBuilder.standard().visibility(100).deadLetters(dead, receives));
    }

    private void receiveInVain(final long queue, final int times) {
        for (int i = 0; i < times; i++) {
            scenario.receive(B, queue, 10);
            scenario.pass(100);
        }
        scenario.forget();
    }

    @Test
    @Statement("Q1")
    void shouldDeliverAMessageAsOftenAsAllowedAndMoveItInsteadOfTheNextDelivery() {
        final long queue = source(2);
        scenario.send(A, queue, "one", "two");
        receiveInVain(queue, 1);
        final long messageId = scenario.delivery("one").messageId();
        scenario.receive(B, queue, 1);
        scenario.pass(100);
        scenario.describe(A, dead);
        scenario.receive(B, queue, 10);
        scenario.describe(A, dead);
        scenario.receive(C, dead, 10);

        scenario.shouldTell(
                "B: delivery 'one' count=2 redelivered",
                "B: end of 1",
                "A: queue 1 dead available=0 delayed=0 inFlight=0",
                "B: delivery 'two' count=2 redelivered",
                "B: end of 1",
                "A: queue 1 dead available=1 delayed=0 inFlight=0",
                "C: delivery 'one' count=3 redelivered",
                "C: end of 1");
        assertEquals(messageId, scenario.delivery("one").messageId());
        assertEquals(queue, scenario.delivery("one").deadLetterSourceId());
        assertEquals(true, scenario.delivery("one").moved());
    }

    @Test
    @Statement("Q1")
    void shouldMoveWithTheSecondReceiveIfOneIsAllowed() {
        final long queue = source(1);
        scenario.send(A, queue, "one");
        receiveInVain(queue, 1);
        scenario.receive(B, queue, 10);
        scenario.receive(C, dead, 10);

        scenario.shouldTell("B: end of 0", "C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    @Statement("Q1")
    void shouldMoveWhenItWouldBePushedOnceTooOften() {
        final long queue = source(2);
        scenario.receive(C, dead, 10, 1000L, null);
        scenario.consume(B, queue, 5, 1000, 100L);
        scenario.send(A, queue, "one");
        scenario.pass(100);
        scenario.consume(B, queue, 0, 0, 100L);
        scenario.pass(100);
        scenario.shouldTell(
                "B: confirmed", "A: confirmed 1", "B: push 'one'", "B: confirmed", "B: push 'one' count=2 redelivered");

        scenario.consume(B, queue, 0, 0, 100L);
        scenario.shouldTell("B: confirmed", "C: delivery 'one' count=3 redelivered", "C: end of 1");
    }

    @Test
    @Statement("Q1")
    void shouldLeaveMessagesWhereTheyAreUntilSomebodyAsks() {
        final long queue = source(1);
        scenario.send(A, queue, "one");
        receiveInVain(queue, 1);
        scenario.pass(1000);
        scenario.describe(A, queue);

        scenario.shouldTell("A: queue 2 orders available=1 delayed=0 inFlight=0");
    }

    @Test
    @Statement("Q2")
    void shouldReportReceivesInAllQueuesButCountFailuresInEach() {
        final long last =
                scenario.createQueue("last", SettingsBuilder.standard().visibility(100));
        final long middle = scenario.createQueue(
                "middle", SettingsBuilder.standard().visibility(100).deadLetters(last, 2));
        final long queue = scenario.createQueue(
                "orders", SettingsBuilder.standard().visibility(100).deadLetters(middle, 2));
        scenario.send(A, queue, "one");
        receiveInVain(queue, 3);
        scenario.receive(B, middle, 1);
        scenario.pass(100);
        scenario.receive(B, middle, 1);

        scenario.shouldTell(
                "B: delivery 'one' count=3 redelivered",
                "B: end of 1",
                "B: delivery 'one' count=4 redelivered",
                "B: end of 1");
        assertEquals(1, scenario.delivery("one").failedCount());
        scenario.pass(100);
        scenario.receive(B, middle, 1);
        scenario.receive(C, last, 1);
        scenario.shouldTell("B: end of 0", "C: delivery 'one' count=5 redelivered", "C: end of 1");
    }

    @Test
    @Statement("Q3")
    void shouldKeepTheTimeOfTheSendOnAStandardQueue() {
        final long queue = source(1);
        scenario.send(A, queue, "one");
        final long sentNs = scenario.nowNs();
        receiveInVain(queue, 2);
        scenario.receive(C, dead, 1);
        scenario.forget();

        assertEquals(sentNs, scenario.delivery("one").sentTimeNs());
        assertEquals(sentNs + 100 * Scenario.MS, arrivedNs());
    }

    private long arrivedNs() {
        return scenario.kernel.state().messages.getLong(0, Message.ARRIVED_TIME);
    }

    @Test
    @Statement("Q3")
    @Statement("D10")
    void shouldBeginTheRetentionAnewOnAFifoQueueAndNotDeduplicateThere() {
        final long fifoDead = scenario.createQueue("dead.fifo", SettingsBuilder.fifo());
        final long queue = scenario.createQueue(
                "orders.fifo", SettingsBuilder.fifo().visibility(100).deadLetters(fifoDead, 1));
        scenario.sendTo(A, fifoDead, "g1", "one");
        scenario.sendTo(A, queue, "g1", "one");
        scenario.forget();
        final long sentNs = scenario.nowNs();
        receiveInVain(queue, 2);
        scenario.receive(C, fifoDead, 10);

        scenario.shouldTell("C: delivery 'one'", "C: delivery 'one' count=2 redelivered", "C: end of 2");
        assertEquals(sentNs + 100 * Scenario.MS, scenario.delivery("one").sentTimeNs());
    }

    @Test
    @Statement("Q5")
    void shouldNotCountMovesAsSends() {
        final long queue = source(1);
        scenario.send(A, queue, "one");
        receiveInVain(queue, 2);

        assertEquals(1, scenario.kernel.counters().sends());
        assertEquals(1, scenario.kernel.counters().deadLetters());
    }

    @Test
    @Statement("F12")
    void shouldGoOnWithAGroupWhoseFirstMessageDied() {
        final long fifoDead = scenario.createQueue("dead.fifo", SettingsBuilder.fifo());
        final long queue = scenario.createQueue(
                "orders.fifo", SettingsBuilder.fifo().visibility(100).deadLetters(fifoDead, 1));
        scenario.sendTo(A, queue, "g1", "one");
        receiveInVain(queue, 2);
        scenario.sendTo(A, queue, "g1", "two");
        scenario.receive(B, queue, 1);

        scenario.shouldTell("A: sent [2]", "B: delivery 'two'", "B: end of 1");
    }

    @Test
    void shouldDeliverInTheGroupWhatIsBehindADeadMessage() {
        final long fifoDead = scenario.createQueue("dead.fifo", SettingsBuilder.fifo());
        final long queue = scenario.createQueue(
                "orders.fifo", SettingsBuilder.fifo().visibility(100).deadLetters(fifoDead, 1));
        scenario.sendTo(A, queue, "g1", "one", "two", "three");
        scenario.receive(B, queue, 2);
        scenario.forget();
        scenario.settle(B, queue, Disposition.RELEASE, null, scenario.receipt("one"));
        scenario.pass(100);
        scenario.receive(B, queue, 10);
        scenario.receive(C, fifoDead, 10);

        scenario.shouldTell(
                "B: confirmed",
                "B: delivery 'one' count=2 redelivered",
                "B: delivery 'three'",
                "B: end of 2",
                "C: delivery 'two' count=2 redelivered",
                "C: end of 1");
    }

    @Test
    void shouldRejectStraightToTheDeadLetterQueue() {
        final long queue = source(5);
        scenario.consume(C, dead, 5, 1000);
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.forget();
        final Receipt one = scenario.receipt("one");
        scenario.settle(B, queue, Disposition.REJECT, null, one);
        scenario.acknowledge(B, queue, one);
        scenario.deleteMessages(B, queue, one);

        scenario.shouldTell("B: confirmed", "C: push 'one' count=2 redelivered", "B: results [0 GONE]", "B: confirmed");
    }

    @Test
    void shouldDeliverAsIfThereWereNoPolicyWhenTheDeadLetterQueueIsGone() {
        final long queue = source(1);
        scenario.send(A, queue, "one");
        receiveInVain(queue, 1);
        scenario.deleteQueue(A, dead);
        scenario.forget();
        scenario.receive(B, queue, 1);
        scenario.forget();
        scenario.settle(B, queue, Disposition.REJECT, null, scenario.receipt("one"));

        scenario.shouldTell("B: results [0 NO_DEAD_LETTER_QUEUE]");
    }

    @Test
    void shouldKeepAWaitingReceiveWaitingIfEverythingIsDead() {
        final long queue = source(1);
        scenario.send(A, queue, "one");
        receiveInVain(queue, 1);
        scenario.receive(B, queue, 1, 1000L, null);
        scenario.shouldTell("");
        scenario.send(A, queue, "two");

        scenario.shouldTell("A: confirmed 2", "B: delivery 'two'", "B: end of 1");
    }

    @Test
    void shouldMoveASliceInOneRecordAndGoOnWithTheNext() {
        final long queue = source(1);
        for (int i = 0; i < 3; i++) {
            scenario.send(
                    A,
                    queue,
                    IntStream.range(0, 250).mapToObj(Integer::toString).toArray(String[]::new));
        }
        for (int i = 0; i < 3; i++) {
            scenario.receive(B, queue, 250);
        }
        scenario.pass(100);
        scenario.send(A, queue, "last");
        scenario.forget();
        scenario.receive(B, queue, 1, 1000L, null);
        assertEquals(Kernel.SLICE, scenario.kernel.counters().deadLetters());
        scenario.kernel.onClock(scenario.nowNs());
        assertEquals(2 * Kernel.SLICE, scenario.kernel.counters().deadLetters());
        scenario.workOff();

        scenario.shouldTell("B: delivery 'last'", "B: end of 1");
        assertEquals(750, scenario.kernel.counters().deadLetters());
    }

    @Test
    void shouldRestoreMovedMessagesWithTheirOlderClocks() {
        final long queue = source(1);
        scenario.send(A, queue, "one", "two");
        receiveInVain(queue, 1);
        scenario.send(A, dead, "direct");
        receiveInVain(queue, 1);
        final RecordingEgress egress = new RecordingEgress();
        final Kernel copy = Snapshots.copy(scenario.kernel, egress);
        scenario.pass(4L * 24 * 3_600_000 - 200);
        copy.onClock(scenario.nowNs());

        assertEquals(1, scenario.kernel.messageCount());
        assertEquals(scenario.kernel.stateHash(), copy.stateHash());
    }
}
