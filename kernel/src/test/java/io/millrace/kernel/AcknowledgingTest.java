package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Acknowledge: removes what is in flight under the handle, and says exactly what became of the rest. */
class AcknowledgingTest {

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders", 100L, null, null, null);

    @BeforeEach
    void receiveThree() {
        scenario.send(A, queue, "one", "two", "three");
        scenario.receive(B, queue, 3);
        scenario.forget();
    }

    @Test
    void shouldRemoveMessagesForGood() {
        scenario.acknowledge(B, queue, scenario.receipt("one"), scenario.receipt("three"));
        scenario.pass(100);
        scenario.receive(C, queue, 10);

        scenario.shouldTell("B: confirmed", "C: delivery 'two' count=2 redelivered", "C: end of 1");
    }

    @Test
    void shouldNameOnlyTheEntriesThatFailed() {
        final Receipt one = scenario.receipt("one");
        scenario.acknowledge(B, queue, one);
        scenario.acknowledge(B, queue, scenario.receipt("two"), one, scenario.receipt("three"));

        scenario.shouldTell("B: confirmed", "B: results [1 GONE]");
    }

    @Test
    void shouldRemoveAMessageOnceThoughItIsNamedTwice() {
        final Receipt one = scenario.receipt("one");
        scenario.acknowledge(B, queue, one, one);

        scenario.shouldTell("B: results [1 GONE]");
    }

    @Test
    void shouldRefuseAnExpiredHandle() {
        final Receipt one = scenario.receipt("one");
        scenario.pass(100);
        scenario.acknowledge(B, queue, one);
        scenario.receive(C, queue, 1);

        scenario.shouldTell("B: results [0 STALE_RECEIPT]", "C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    void shouldRefuseTheHandleOfAnEarlierDelivery() {
        final Receipt first = scenario.receipt("one");
        scenario.pass(100);
        scenario.receive(C, queue, 1);
        scenario.forget();
        scenario.acknowledge(B, queue, first);
        scenario.acknowledge(C, queue, scenario.receipt("one"));

        scenario.shouldTell("B: results [0 STALE_RECEIPT]", "C: confirmed");
    }

    @Test
    void shouldAcceptAHandleFromAnotherSessionOfThePrincipal() {
        scenario.acknowledge(C, queue, scenario.receipt("one"));

        scenario.shouldTell("C: confirmed");
    }

    @Test
    void shouldRefuseAHandleFromAnotherPrincipal() {
        scenario.open(4, "mallory");
        scenario.acknowledge(4, queue, scenario.receipt("one"));

        scenario.shouldTell("D: results [0 INVALID_RECEIPT]");
    }

    @Test
    void shouldRefuseAHandleForAnotherQueue() {
        final long other = scenario.createQueue("other");
        scenario.acknowledge(B, other, scenario.receipt("one"));

        scenario.shouldTell("B: results [0 INVALID_RECEIPT]");
    }

    @Test
    void shouldRefuseForgedHandles() {
        final Receipt real = scenario.receipt("one");
        final long slot = real.slot();
        final long generation = real.generation();
        scenario.acknowledge(
                B,
                queue,
                new Receipt(slot + 1, generation, 1, 0, real.tag()),
                new Receipt(slot, generation + 1, 1, 0, real.tag()),
                new Receipt(slot, generation, 2, 0, real.tag()),
                new Receipt(slot, generation, 1, 1, real.tag()),
                new Receipt(slot, generation, 1, 0, real.tag() ^ 1),
                new Receipt(0xFFFF_FFFFL, 0xFFFF_FFFFL, 0xFFFF_FFFFL, 0, 0),
                real);

        scenario.shouldTell("B: results [0 INVALID_RECEIPT, 1 INVALID_RECEIPT, 2 INVALID_RECEIPT, 3 INVALID_RECEIPT,"
                + " 4 INVALID_RECEIPT, 5 INVALID_RECEIPT]");
    }

    @Test
    void shouldNotMistakeANewMessageInTheSamePlaceForTheOldOne() {
        final Receipt one = scenario.receipt("one");
        scenario.acknowledge(B, queue, one, scenario.receipt("two"), scenario.receipt("three"));
        scenario.send(A, queue, "four", "five", "six");
        scenario.receive(B, queue, 3);
        scenario.forget();
        scenario.acknowledge(B, queue, one);

        scenario.shouldTell("B: results [0 GONE]");
    }

    @Test
    void shouldSayGoneForAQueueThatWasDeleted() {
        scenario.deleteQueue(A, queue);
        scenario.acknowledge(B, queue, scenario.receipt("one"));

        scenario.shouldTell("A: confirmed", "B: results [0 GONE]");
    }

    @Test
    void shouldRefuseUnknownQueuesAndEmptyLists() {
        scenario.acknowledge(B, queue + 1, scenario.receipt("one"));
        scenario.acknowledge(B, queue);

        scenario.shouldTell("B: refused UNKNOWN_QUEUE", "B: refused EMPTY_BATCH");
    }
}
