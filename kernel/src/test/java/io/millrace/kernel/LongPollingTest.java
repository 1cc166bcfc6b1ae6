package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Receives that wait for a message. */
class LongPollingTest {

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders");

    @Test
    @Statement("S10")
    void shouldAnswerAsSoonAsOneMessageIsThere() {
        scenario.receive(B, queue, 10, 1000L, null);
        scenario.shouldTell();

        scenario.send(A, queue, "one");
        scenario.send(A, queue, "two");
        scenario.shouldTell("A: confirmed 1", "B: delivery 'one'", "B: end of 1", "A: confirmed 2");
    }

    @Test
    void shouldTakeAllOfASendThatItWaitedFor() {
        scenario.receive(B, queue, 2, 1000L, null);
        scenario.send(A, queue, "one", "two", "three");

        scenario.shouldTell("A: confirmed 1-3", "B: delivery 'one'", "B: delivery 'two'", "B: end of 2");
    }

    @Test
    void shouldEndWithNothingAtItsDeadline() {
        scenario.receive(B, queue, 10, 1000L, null);
        scenario.pass(999);
        scenario.shouldTell();

        scenario.pass(1);
        scenario.shouldTell("B: end of 0");

        scenario.send(A, queue, "one");
        scenario.shouldTell("A: confirmed 1");
    }

    @Test
    void shouldServeWaitersInTheOrderOfTheirArrival() {
        scenario.receive(B, queue, 1, 3000L, null);
        scenario.receive(C, queue, 1, 1000L, null);
        scenario.receive(B, queue, 5, 2000L, null);
        scenario.send(A, queue, "one", "two", "three");

        scenario.shouldTell(
                "A: confirmed 1-3",
                "B: delivery 'one'",
                "B: end of 1",
                "C: delivery 'two'",
                "C: end of 1",
                "B: delivery 'three'",
                "B: end of 1");
    }

    @Test
    void shouldServeWaitersBeforeConsumers() {
        scenario.consume(C, queue, 10, 1000);
        scenario.receive(B, queue, 1, 1000L, null);
        scenario.send(A, queue, "one", "two");

        scenario.shouldTell("C: confirmed", "A: confirmed 1-2", "B: delivery 'one'", "B: end of 1", "C: push 'two'");
    }

    @Test
    @Statement("S10")
    void shouldWaitAsLongAsTheQueueSaysUnlessTheReceiveSaysOtherwise() {
        final long patient = scenario.createQueue("patient", null, null, 500L, null);
        scenario.receive(B, patient, 1, 0L, null);
        scenario.shouldTell("B: end of 0");

        scenario.receive(B, patient, 1, null, null);
        scenario.receive(C, patient, 1, 700L, null);
        scenario.pass(500);
        scenario.shouldTell("B: end of 0");
        scenario.pass(200);
        scenario.shouldTell("C: end of 0");
    }

    @Test
    void shouldGetWhatBecomesAvailableByExpiry() {
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1, null, 50L);
        scenario.receive(C, queue, 1, 1000L, null);
        scenario.forget();
        scenario.pass(50);

        scenario.shouldTell("C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    void shouldUseItsVisibilityTimeoutFromTheDeliveryOn() {
        scenario.receive(B, queue, 1, 1000L, 50L);
        scenario.pass(900);
        scenario.send(A, queue, "one");
        scenario.forget();
        scenario.pass(49);
        scenario.receive(C, queue, 1);
        scenario.shouldTell("C: end of 0");

        scenario.pass(1);
        scenario.receive(C, queue, 1);
        scenario.shouldTell("C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    void shouldLetAMessageThatIsDueWithTheDeadlineGoByTimerOrder() {
        scenario.sendDelayed(A, queue, 100, "one");
        scenario.receive(B, queue, 1, 100L, null);
        scenario.forget();
        scenario.pass(100);

        scenario.shouldTell("B: delivery 'one'", "B: end of 1");
    }

    @Test
    void shouldTellTheHostWhenTheNextWaiterGivesUp() {
        assertEquals(Long.MAX_VALUE, scenario.kernel.nextDeadlineNs());
        scenario.receive(B, queue, 1, 100L, null);
        assertEquals(scenario.nowNs() + 100 * Scenario.MS, scenario.kernel.nextDeadlineNs());

        scenario.send(A, queue, "one");
        scenario.acknowledgeAllTold(B, queue);
        scenario.shouldHaveNothingDueSoon();
    }
}
