package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.millrace.codecs.LimitId;
import org.junit.jupiter.api.Test;

/** Receiving what is there, and the order of it. */
class ReceivingTest {

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders", 100L, null, null, null);

    @Test
    void shouldDeliverInTheOrderOfSending() {
        scenario.send(A, queue, "one", "two");
        scenario.send(B, queue, "three");
        scenario.forget();
        scenario.receive(C, queue, 10);

        scenario.shouldTell("C: delivery 'one'", "C: delivery 'two'", "C: delivery 'three'", "C: end of 3");
    }

    @Test
    void shouldTakeNoMoreThanAskedFor() {
        scenario.send(A, queue, "one", "two", "three");
        scenario.forget();
        scenario.receive(B, queue, 2);
        scenario.receive(C, queue, 2);

        scenario.shouldTell(
                "B: delivery 'one'", "B: delivery 'two'", "B: end of 2", "C: delivery 'three'", "C: end of 1");
    }

    @Test
    void shouldEndAtOnceWithNothingIfNothingIsThere() {
        scenario.receive(B, queue, 10);

        scenario.shouldTell("B: end of 0");
    }

    @Test
    @Statement("V8")
    void shouldHideADeliveryForTheQueuesVisibilityTimeout() {
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.forget();
        scenario.pass(99);
        scenario.receive(C, queue, 1);
        scenario.shouldTell("C: end of 0");

        scenario.pass(1);
        scenario.receive(C, queue, 1);
        scenario.shouldTell("C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    @Statement("V8")
    void shouldUseTheReceivesVisibilityTimeoutForItsOwnDeliveriesOnly() {
        scenario.send(A, queue, "one", "two");
        scenario.forget();
        scenario.receive(B, queue, 1, 0L, 20L);
        scenario.receive(B, queue, 1);
        scenario.pass(20);
        scenario.receive(C, queue, 2);
        scenario.shouldTell(
                "B: delivery 'one'",
                "B: end of 1",
                "B: delivery 'two'",
                "B: end of 1",
                "C: delivery 'one' count=2 redelivered",
                "C: end of 1");

        scenario.pass(80);
        scenario.receive(C, queue, 2);
        scenario.shouldTell("C: delivery 'two' count=2 redelivered", "C: end of 1");
    }

    @Test
    @Statement("V10")
    void shouldNeverDeliverAMessageTwiceInOneResponse() {
        scenario.send(A, queue, "one", "two");
        scenario.forget();
        scenario.receive(B, queue, 10, 0L, 0L);
        scenario.receive(B, queue, 10, 0L, 0L);

        scenario.shouldTell(
                "B: delivery 'one'",
                "B: delivery 'two'",
                "B: end of 2",
                "B: delivery 'one' count=2 redelivered",
                "B: delivery 'two' count=2 redelivered",
                "B: end of 2");
    }

    @Test
    @Statement("V11")
    void shouldRefuseAShortPollAboveTheLimitInFlightAndLetALongOneWait() {
        final Scenario small = new Scenario(Limits.nativeProfile().with(LimitId.IN_FLIGHT_STANDARD, 2));
        final long few = small.createQueue("few");
        small.send(A, few, "one", "two", "three");
        small.receive(B, few, 10);
        small.receive(B, few, 10, 0L, null);
        small.receive(C, few, 10, 1_000L, null);
        small.shouldTell(
                "A: confirmed 1-3",
                "B: delivery 'one'",
                "B: delivery 'two'",
                "B: end of 2",
                "B: refused LIMIT_EXCEEDED IN_FLIGHT_STANDARD limit=2 actual=3");

        small.acknowledge(B, few, small.receipt("two"));
        small.receive(B, few, 10, 1_000L, null);
        small.shouldTell("B: confirmed", "C: delivery 'three'", "C: end of 1");
        small.pass(1_000);
        small.shouldTell("B: end of 0");
    }

    @Test
    void shouldDeliverReturnedMessagesInTheirOriginalPlace() {
        scenario.send(A, queue, "one", "two", "three", "four");
        scenario.receive(B, queue, 3);
        scenario.forget();
        scenario.changeVisibility(B, queue, 0, scenario.receipt("three"), scenario.receipt("one"));
        scenario.receive(C, queue, 10);

        scenario.shouldTell(
                "B: confirmed",
                "C: delivery 'one' count=2 redelivered",
                "C: delivery 'three' count=2 redelivered",
                "C: delivery 'four'",
                "C: end of 3");
    }

    @Test
    @Statement("V1")
    void shouldGiveEveryDeliveryAReceiptOfItsOwn() {
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.forget();
        final Receipt first = scenario.receipt("one");
        scenario.pass(100);
        scenario.receive(B, queue, 1);
        scenario.forget();
        final Receipt second = scenario.receipt("one");

        assertNotEquals(first, second);
        assertNotEquals(first.tag(), second.tag());
        assertEquals(1, first.deliveryNumber());
        assertEquals(2, second.deliveryNumber());
    }

    @Test
    void shouldLetTheCommandBringTheTime() {
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.forget();
        scenario.passSilently(100);
        scenario.receive(C, queue, 1);

        scenario.shouldTell("C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    void shouldRefuseUnknownQueuesAndValuesOutOfRange() {
        scenario.receive(B, queue + 1, 1);
        scenario.receive(B, queue, 1, -1L, null);
        scenario.receive(B, queue, 1, null, -1L);

        scenario.shouldTell("B: refused UNKNOWN_QUEUE", "B: refused INVALID_ARGUMENT", "B: refused INVALID_ARGUMENT");
    }
}
