package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Consumers that get messages pushed within their credit. A body of n bytes is a payload of n + 8. */
class PushingTest {

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders", 100L, null, null, null);

    @Test
    void shouldPushWhatIsThereAndWhatComes() {
        scenario.send(A, queue, "one");
        scenario.consume(B, queue, 10, 1000);
        scenario.send(A, queue, "two");

        scenario.shouldTell("A: confirmed 1", "B: confirmed", "B: push 'one'", "A: confirmed 2", "B: push 'two'");
    }

    @Test
    void shouldStopAtTheCreditInMessages() {
        scenario.send(A, queue, "one", "two", "three");
        scenario.forget();
        scenario.consume(B, queue, 2, 1000);
        scenario.shouldTell("B: confirmed", "B: push 'one'", "B: push 'two'");

        scenario.consume(B, queue, 1, 0);
        scenario.shouldTell("B: confirmed", "B: push 'three'");
    }

    @Test
    void shouldPassTheCreditInBytesByAtMostOneMessage() {
        scenario.send(A, queue, "one", "two", "three");
        scenario.forget();
        scenario.consume(B, queue, 10, 18);
        scenario.shouldTell("B: confirmed", "B: push 'one'", "B: push 'two'");

        scenario.consume(B, queue, 0, 16);
        scenario.shouldTell("B: confirmed");
        scenario.consume(B, queue, 0, 1);
        scenario.shouldTell("B: confirmed", "B: push 'three'");
    }

    @Test
    void shouldReturnTheCreditWithTheAcknowledgement() {
        scenario.send(A, queue, "one", "two", "three");
        scenario.consume(B, queue, 1, 100);
        scenario.forget();
        scenario.acknowledge(B, queue, scenario.receipt("one"));
        scenario.shouldTell("B: confirmed", "B: push 'two'");

        scenario.deleteMessages(B, queue, scenario.receipt("two"));
        scenario.shouldTell("B: confirmed", "B: push 'three'");
    }

    @Test
    void shouldReturnTheCreditWithVisibilityZero() {
        scenario.send(A, queue, "one");
        scenario.consume(B, queue, 1, 100);
        scenario.consume(C, queue, 1, 100);
        scenario.forget();
        scenario.changeVisibility(B, queue, 0, scenario.receipt("one"));
        scenario.send(A, queue, "two");

        scenario.shouldTell("B: confirmed", "C: push 'one' count=2 redelivered", "A: confirmed 2", "B: push 'two'");
    }

    @Test
    void shouldLetConsumersTakeTurns() {
        scenario.consume(B, queue, 2, 1000);
        scenario.consume(C, queue, 3, 1000);
        scenario.forget();
        scenario.send(A, queue, "one", "two", "three", "four", "five", "six");

        scenario.shouldTell(
                "A: confirmed 1-6",
                "B: push 'one'",
                "C: push 'two'",
                "B: push 'three'",
                "C: push 'four'",
                "C: push 'five'");
    }

    @Test
    void shouldPutAConsumerThatBecomesReadyBehindTheOthers() {
        scenario.consume(B, queue, 1, 1000);
        scenario.consume(C, queue, 5, 1000);
        scenario.send(A, queue, "one");
        scenario.forget();
        scenario.acknowledge(B, queue, scenario.receipt("one"));
        scenario.send(A, queue, "two", "three");

        scenario.shouldTell("B: confirmed", "A: confirmed 2-3", "C: push 'two'", "B: push 'three'");
    }

    @Test
    void shouldCarryTheCorrelationIdOfTheFirstConsume() {
        scenario.consume(B, queue, 1, 1000);
        final long first = scenario.lastCorrelationId();
        scenario.consume(B, queue, 1, 1000);
        scenario.send(A, queue, "one");
        scenario.forget();

        assertEquals(first, scenario.delivery("one").correlationId());
    }

    @Test
    void shouldPassOverAConsumerWhoseDeliveryExpiredUntilItsSessionSpeaks() {
        scenario.consume(B, queue, 5, 1000);
        scenario.send(A, queue, "one");
        scenario.forget();
        final Receipt expired = scenario.receipt("one");
        scenario.pass(100);
        scenario.send(A, queue, "two");
        scenario.shouldTell("A: confirmed 2");

        scenario.acknowledge(B, queue, expired);
        scenario.shouldTell("B: results [0 STALE_RECEIPT]", "B: push 'one' count=2 redelivered", "B: push 'two'");
    }

    @Test
    void shouldGiveAnExpiredDeliveryToTheNextConsumer() {
        scenario.consume(B, queue, 5, 1000);
        scenario.send(A, queue, "one");
        scenario.consume(C, queue, 5, 1000);
        scenario.forget();
        scenario.pass(100);

        scenario.shouldTell("C: push 'one' count=2 redelivered");
    }

    @Test
    void shouldWakeAStalledConsumerAlsoByACommandThatIsRefused() {
        scenario.consume(B, queue, 1, 1000);
        scenario.send(A, queue, "one");
        scenario.pass(100);
        scenario.forget();
        scenario.acknowledge(B, queue);
        scenario.shouldTell("B: refused EMPTY_BATCH", "B: push 'one' count=2 redelivered");

        scenario.pass(100);
        scenario.consume(B, queue, 0, 0, -1L);
        scenario.shouldTell("B: refused INVALID_ARGUMENT", "B: push 'one' count=3 redelivered");

        scenario.pass(100);
        scenario.consume(B, queue, 100_000, 0);
        scenario.shouldTell(
                "B: refused LIMIT_EXCEEDED CREDIT_MESSAGES limit=65536 actual=100001",
                "B: push 'one' count=4 redelivered");
    }

    @Test
    void shouldReturnTheCreditOfAnExpiredDelivery() {
        scenario.consume(B, queue, 1, 1000);
        scenario.send(A, queue, "one");
        scenario.pass(100);
        scenario.receive(C, queue, 1);
        scenario.send(A, queue, "two", "three");
        scenario.forget();
        scenario.consume(B, queue, 1, 0);

        scenario.shouldTell("B: confirmed", "B: push 'two'", "B: push 'three'");
    }

    @Test
    void shouldNotWakeAStalledConsumerFromAnotherQueue() {
        final long other = scenario.createQueue("other");
        scenario.consume(B, queue, 5, 1000);
        scenario.send(A, queue, "one");
        scenario.forget();
        scenario.pass(100);
        scenario.consume(B, other, 5, 1000);
        scenario.shouldTell("B: confirmed");

        scenario.consume(B, queue, 0, 0);
        scenario.shouldTell("B: confirmed", "B: push 'one' count=2 redelivered");
    }

    @Test
    void shouldUseTheConsumersVisibilityTimeout() {
        scenario.consume(B, queue, 5, 1000, 30L);
        scenario.send(A, queue, "one");
        scenario.forget();
        scenario.pass(30);
        scenario.receive(C, queue, 1);

        scenario.shouldTell("C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    void shouldKeepInFlightWhatAStoppedConsumerHolds() {
        scenario.consume(B, queue, 5, 1000);
        scenario.send(A, queue, "one");
        scenario.stopConsuming(B, queue);
        scenario.forget();
        scenario.send(A, queue, "two");
        scenario.acknowledge(B, queue, scenario.receipt("one"));
        scenario.stopConsuming(B, queue);

        scenario.shouldTell("A: confirmed 2", "B: confirmed", "B: refused NOT_CONSUMING");
    }

    @Test
    void shouldStartANewConsumerAfterAStop() {
        scenario.consume(B, queue, 5, 1000);
        scenario.send(A, queue, "one");
        scenario.stopConsuming(B, queue);
        scenario.consume(B, queue, 1, 1000);
        final long second = scenario.lastCorrelationId();
        scenario.send(A, queue, "two", "three");
        scenario.forget();
        scenario.acknowledge(B, queue, scenario.receipt("one"));

        scenario.shouldTell("B: confirmed");
        assertEquals(second, scenario.delivery("two").correlationId());
    }
}
