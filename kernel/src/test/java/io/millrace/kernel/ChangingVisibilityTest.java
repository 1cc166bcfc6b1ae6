package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ChangeVisibility, with statements V4, V6 and V7. */
class ChangingVisibilityTest {

    private static final long HOUR = 3_600_000L;

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders", 100L, null, null, null);

    @BeforeEach
    void receiveOne() {
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.forget();
    }

    @Test
    @Statement("V7")
    void shouldCountTheNewTimeFromTheCall() {
        scenario.pass(60);
        scenario.changeVisibility(B, queue, 100, scenario.receipt("one"));
        scenario.pass(99);
        scenario.receive(C, queue, 1);
        scenario.shouldTell("B: confirmed", "C: end of 0");

        scenario.pass(1);
        scenario.receive(C, queue, 1);
        scenario.shouldTell("C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    void shouldShortenTheTimeToo() {
        scenario.changeVisibility(B, queue, 10, scenario.receipt("one"));
        scenario.pass(10);
        scenario.receive(C, queue, 1);

        scenario.shouldTell("B: confirmed", "C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    @Statement("V6")
    void shouldChangeThisDeliveryOnly() {
        scenario.changeVisibility(B, queue, 10, scenario.receipt("one"));
        scenario.pass(10);
        scenario.receive(C, queue, 1);
        scenario.forget();
        scenario.pass(99);
        scenario.receive(C, queue, 1);

        scenario.shouldTell("C: end of 0");
    }

    @Test
    void shouldMakeAMessageAvailableAtOnceWithZero() {
        scenario.receive(C, queue, 1, 1000L, null);
        scenario.changeVisibility(B, queue, 0, scenario.receipt("one"));

        scenario.shouldTell("B: confirmed", "C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    @Statement("V4")
    void shouldPutAnExpiredDeliveryInFlightAgain() {
        final Receipt one = scenario.receipt("one");
        scenario.pass(150);
        scenario.changeVisibility(B, queue, 50, one);
        scenario.receive(C, queue, 1);
        scenario.acknowledge(B, queue, one);

        scenario.shouldTell("B: confirmed", "C: end of 0", "B: confirmed");
    }

    @Test
    void shouldSucceedWithZeroForAnExpiredDelivery() {
        scenario.pass(13 * HOUR);
        scenario.changeVisibility(B, queue, 0, scenario.receipt("one"));
        scenario.receive(C, queue, 1);

        scenario.shouldTell("B: confirmed", "C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    @Statement("V4")
    void shouldSayGoneForADeletedMessage() {
        final Receipt one = scenario.receipt("one");
        scenario.acknowledge(B, queue, one);
        scenario.changeVisibility(B, queue, 50, one);

        scenario.shouldTell("B: confirmed", "B: results [0 GONE]");
    }

    @Test
    void shouldSayStaleForAMessageDeliveredAgain() {
        final Receipt one = scenario.receipt("one");
        scenario.pass(100);
        scenario.receive(C, queue, 1);
        scenario.forget();
        scenario.changeVisibility(B, queue, 0, one);
        scenario.receive(B, queue, 1);

        scenario.shouldTell("B: results [0 STALE_RECEIPT]", "B: end of 0");
    }

    @Test
    @Statement("V7")
    void shouldAllowTwelveHoursInAllFromTheReceive() {
        final Receipt one = scenario.receipt("one");
        scenario.changeVisibility(B, queue, 12 * HOUR, one);
        scenario.pass(HOUR);
        scenario.changeVisibility(B, queue, 11 * HOUR, one);
        scenario.changeVisibility(B, queue, 11 * HOUR + 1, one);

        final long limitNs = 11 * HOUR * Scenario.MS;
        scenario.shouldTell(
                "B: confirmed",
                "B: confirmed",
                "B: results [0 LIMIT_EXCEEDED VISIBILITY limit=" + limitNs + " actual=" + (limitNs + Scenario.MS)
                        + "]");
    }

    @Test
    void shouldLeaveTheDeliveryAsItWasIfTheTimeIsTooLong() {
        scenario.changeVisibility(B, queue, 12 * HOUR + 1, scenario.receipt("one"));
        scenario.forget();
        scenario.pass(100);
        scenario.receive(C, queue, 1);

        scenario.shouldTell("C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    void shouldRefuseNegativeTimesAndForgedHandles() {
        final Receipt one = scenario.receipt("one");
        scenario.changeVisibility(B, queue, -1, one);
        scenario.changeVisibility(B, queue, 1, new Receipt(one.slot(), one.generation(), 1, 0, 7), one);

        scenario.shouldTell("B: results [0 INVALID_ARGUMENT]", "B: results [0 INVALID_RECEIPT]");
    }
}
