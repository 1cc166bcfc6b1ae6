package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Messages that wait for their time, with statements L2 and L4 for standard queues. */
class DelaysTest {

    private final Scenario scenario = new Scenario();

    @Test
    void shouldHideAMessageUntilItsDelayIsOver() {
        final long queue = scenario.createQueue("orders");
        scenario.sendDelayed(A, queue, 100, "one");
        scenario.pass(99);
        scenario.receive(B, queue, 1);
        scenario.shouldTell("A: confirmed 1", "B: end of 0");

        scenario.pass(1);
        scenario.receive(B, queue, 1);
        scenario.shouldTell("B: delivery 'one'", "B: end of 1");
    }

    @Test
    @Statement("L2")
    void shouldUseTheQueuesDelayUnlessTheMessageHasItsOwn() {
        final long queue = scenario.createQueue("orders", null, 50L, null, null);
        scenario.send(A, queue, "queue's");
        scenario.sendDelayed(A, queue, 0, "none");
        scenario.sendDelayed(A, queue, 100, "own");
        scenario.forget();
        scenario.receive(B, queue, 10);
        scenario.shouldTell("B: delivery 'none'", "B: end of 1");

        scenario.pass(50);
        scenario.receive(B, queue, 10);
        scenario.shouldTell("B: delivery 'queue's'", "B: end of 1");

        scenario.pass(50);
        scenario.receive(B, queue, 10);
        scenario.shouldTell("B: delivery 'own'", "B: end of 1");
    }

    @Test
    @Statement("L3")
    void shouldKeepTheDelayOfMessagesAlreadySentWhenTheQueuesChanges() {
        final long queue = scenario.createQueue("orders", null, 100L, null, null);
        scenario.send(A, queue, "before");
        scenario.setSettings(A, queue, SettingsBuilder.change().delay(10));
        scenario.send(A, queue, "after");
        scenario.forget();
        scenario.pass(10);
        scenario.receive(B, queue, 10);
        scenario.shouldTell("B: delivery 'after'", "B: end of 1");

        scenario.pass(89);
        scenario.receive(B, queue, 10);
        scenario.shouldTell("B: end of 0");
        scenario.pass(1);
        scenario.receive(B, queue, 10);
        scenario.shouldTell("B: delivery 'before'", "B: end of 1");
    }

    @Test
    void shouldPutAMessageBackInItsPlaceWhenItsDelayIsOver() {
        final long queue = scenario.createQueue("orders");
        scenario.sendDelayed(A, queue, 50, "one");
        scenario.send(A, queue, "two", "three");
        scenario.forget();
        scenario.receive(B, queue, 1);
        scenario.pass(50);
        scenario.receive(B, queue, 10);

        scenario.shouldTell(
                "B: delivery 'two'", "B: end of 1", "B: delivery 'one'", "B: delivery 'three'", "B: end of 2");
    }

    @Test
    void shouldNotCallTheFirstDeliveryOfADelayedMessageARedelivery() {
        final long queue = scenario.createQueue("orders");
        scenario.sendDelayed(A, queue, 50, "one");
        scenario.consume(B, queue, 10, 1000);
        scenario.forget();
        scenario.pass(50);

        scenario.shouldTell("B: push 'one'");
    }

    @Test
    @Statement("L4")
    void shouldCountDelayedMessagesApart() {
        final long queue = scenario.createQueue("orders");
        scenario.sendDelayed(A, queue, 50, "one");
        scenario.send(A, queue, "two", "three");
        scenario.receive(B, queue, 1);
        scenario.forget();
        scenario.describe(B, queue);
        scenario.shouldTell("B: queue 1 orders available=1 delayed=1 inFlight=1");

        scenario.pass(50);
        scenario.describe(B, queue);
        scenario.shouldTell("B: queue 1 orders available=2 delayed=0 inFlight=1");
    }

    @Test
    void shouldTellTheHostWhenTheNextMessageIsDue() {
        final long queue = scenario.createQueue("orders");
        scenario.sendDelayed(A, queue, 70, "later");
        scenario.sendDelayed(A, queue, 50, "sooner");

        assertEquals(scenario.nowNs() + 50 * Scenario.MS, scenario.kernel.nextDeadlineNs());
    }
}
