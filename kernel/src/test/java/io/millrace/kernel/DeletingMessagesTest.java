package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** DeleteMessages: the results of SQS DeleteMessage on a standard queue (statements V1, V2 and V5). */
class DeletingMessagesTest {

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders", 100L, null, null, null);

    @BeforeEach
    void receiveOne() {
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.forget();
    }

    @Test
    void shouldDeleteWhatIsInFlight() {
        scenario.deleteMessages(B, queue, scenario.receipt("one"));
        scenario.pass(100);
        scenario.receive(C, queue, 1);

        scenario.shouldTell("B: confirmed", "C: end of 0");
    }

    @Test
    @Statement("V1")
    void shouldSucceedWithAnOldHandleButDeleteNothing() {
        final Receipt first = scenario.receipt("one");
        scenario.pass(100);
        scenario.receive(C, queue, 1);
        scenario.forget();
        scenario.deleteMessages(B, queue, first);
        scenario.pass(100);
        scenario.receive(C, queue, 1);

        scenario.shouldTell("B: confirmed", "C: delivery 'one' count=3 redelivered", "C: end of 1");
    }

    @Test
    @Statement("V2")
    void shouldDeleteByAnExpiredHandleWhatWasNotDeliveredAgain() {
        scenario.pass(100);
        scenario.deleteMessages(B, queue, scenario.receipt("one"));
        scenario.receive(C, queue, 1);

        scenario.shouldTell("B: confirmed", "C: end of 0");
    }

    @Test
    @Statement("V5")
    void shouldSucceedForADeletedMessage() {
        final Receipt one = scenario.receipt("one");
        scenario.deleteMessages(B, queue, one);
        scenario.deleteMessages(B, queue, one);
        scenario.deleteMessages(C, queue, one);

        scenario.shouldTell("B: confirmed", "B: confirmed", "C: confirmed");
    }

    @Test
    void shouldSucceedForAMessageOfADeletedQueue() {
        scenario.deleteQueue(A, queue);
        scenario.deleteMessages(B, queue, scenario.receipt("one"));

        scenario.shouldTell("A: confirmed", "B: confirmed");
    }

    @Test
    void shouldRefuseForgedHandlesAndDeleteTheOthers() {
        final Receipt one = scenario.receipt("one");
        final Receipt forged = new Receipt(one.slot(), one.generation(), 1, 0, ~one.tag());
        scenario.deleteMessages(B, queue, forged, one);
        scenario.acknowledge(B, queue, one);

        scenario.shouldTell("B: results [0 INVALID_RECEIPT]", "B: results [0 GONE]");
    }
}
