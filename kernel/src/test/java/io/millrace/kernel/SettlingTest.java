package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;

import io.millrace.codecs.Disposition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SettleMessages: deliveries that end without an acknowledgement. */
class SettlingTest {

    private static final long HOUR = 3_600_000L;

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders", 100L, null, null, null);

    @BeforeEach
    void receiveTwo() {
        scenario.send(A, queue, "one", "two");
        scenario.receive(B, queue, 2);
        scenario.forget();
    }

    @Test
    void shouldMakeReleasedAndRetriedMessagesAvailableAtOnce() {
        scenario.settle(B, queue, Disposition.RELEASE, null, scenario.receipt("two"));
        scenario.settle(B, queue, Disposition.RETRY, 0L, scenario.receipt("one"));
        scenario.receive(C, queue, 5);

        scenario.shouldTell(
                "B: confirmed",
                "B: confirmed",
                "C: delivery 'one' count=2 redelivered",
                "C: delivery 'two' count=2 redelivered",
                "C: end of 2");
    }

    @Test
    void shouldServeAWaitingReceiveWithAReleasedMessage() {
        scenario.receive(C, queue, 5, 1000L, null);
        scenario.settle(B, queue, Disposition.RELEASE, null, scenario.receipt("two"));

        scenario.shouldTell("B: confirmed", "C: delivery 'two' count=2 redelivered", "C: end of 1");
    }

    @Test
    void shouldHoldMessagesBackForTheDelayGiven() {
        scenario.settle(B, queue, Disposition.RELEASE, 20L, scenario.receipt("one"));
        scenario.settle(B, queue, Disposition.RETRY, 30L, scenario.receipt("two"));
        scenario.pass(19);
        scenario.receive(C, queue, 5);
        scenario.pass(1);
        scenario.receive(C, queue, 5);
        scenario.pass(10);
        scenario.receive(C, queue, 5);

        scenario.shouldTell(
                "B: confirmed",
                "B: confirmed",
                "C: end of 0",
                "C: delivery 'one' count=2 redelivered",
                "C: end of 1",
                "C: delivery 'two' count=2 redelivered",
                "C: end of 1");
    }

    @Test
    void shouldCountWaitingMessagesAsDelayed() {
        scenario.settle(B, queue, Disposition.RETRY, 20L, scenario.receipt("one"));
        scenario.forget();
        scenario.describe(A, queue);

        scenario.shouldTell("A: queue 1 orders available=0 delayed=1 inFlight=1");
    }

    @Test
    void shouldSettleOnlyWhatIsInFlightUnderTheHandle() {
        final Receipt one = scenario.receipt("one");
        final Receipt two = scenario.receipt("two");
        scenario.acknowledge(B, queue, two);
        scenario.settle(B, queue, Disposition.RETRY, 20L, one);
        scenario.forget();
        scenario.settle(
                B, queue, Disposition.RELEASE, null, one, two, new Receipt(one.slot(), one.generation(), 1, 0, 7));
        scenario.pass(20);
        scenario.receive(C, queue, 1);
        scenario.settle(B, queue, Disposition.REJECT, null, one);

        scenario.shouldTell(
                "B: results [0 STALE_RECEIPT, 1 GONE, 2 INVALID_RECEIPT]",
                "C: delivery 'one' count=2 redelivered",
                "C: end of 1",
                "B: results [0 STALE_RECEIPT]");
    }

    @Test
    void shouldRefuseExpiredHandles() {
        scenario.pass(100);
        scenario.settle(B, queue, Disposition.RETRY, null, scenario.receipt("one"));

        scenario.shouldTell("B: results [0 STALE_RECEIPT]");
    }

    @Test
    void shouldRefuseDelaysOutOfRange() {
        scenario.settle(B, queue, Disposition.RETRY, -1L, scenario.receipt("one"));
        scenario.settle(B, queue, Disposition.RELEASE, 12 * HOUR + 1, scenario.receipt("one"));
        scenario.settle(B, queue, Disposition.RELEASE, 12 * HOUR, scenario.receipt("one"));

        final long limit = 12 * HOUR * Scenario.MS;
        scenario.shouldTell(
                "B: results [0 INVALID_ARGUMENT]",
                "B: results [0 LIMIT_EXCEEDED VISIBILITY limit=" + limit + " actual=" + (limit + Scenario.MS) + "]",
                "B: confirmed");
    }

    @Test
    void shouldRefuseUnknownDispositions() {
        scenario.settle(B, queue, Disposition.NULL_VAL, null, scenario.receipt("one"));
        scenario.acknowledge(B, queue, scenario.receipt("one"));

        scenario.shouldTell("B: results [0 INVALID_ARGUMENT]", "B: confirmed");
    }

    @Test
    void shouldLeaveADeliveryAsItIsIfThereIsNoDeadLetterQueue() {
        scenario.settle(B, queue, Disposition.REJECT, null, scenario.receipt("one"));
        scenario.acknowledge(B, queue, scenario.receipt("one"));

        scenario.shouldTell("B: results [0 NO_DEAD_LETTER_QUEUE]", "B: confirmed");
    }

    @Test
    void shouldRefuseEmptyBatchesAndQueuesThatNeverWere() {
        scenario.settle(B, queue, Disposition.RETRY, null);
        scenario.settle(B, 99, Disposition.RETRY, null, scenario.receipt("one"));

        scenario.shouldTell("B: refused EMPTY_BATCH", "B: refused UNKNOWN_QUEUE");
    }

    @Test
    void shouldSayGoneForADeletedQueue() {
        scenario.deleteQueue(A, queue);
        scenario.forget();
        scenario.settle(B, queue, Disposition.RETRY, null, scenario.receipt("one"));

        scenario.shouldTell("B: results [0 GONE]");
    }

    @Test
    void shouldSettleOnceHoweverOftenTheCommandIsSent() {
        scenario.openProducer(B, 0);
        scenario.as(1, 1, 1);
        scenario.settle(B, queue, Disposition.RELEASE, 20L, scenario.receipt("one"));
        scenario.settle(B, queue, Disposition.RELEASE, 20L, scenario.receipt("one"));

        scenario.shouldTell("B: producer 1 epoch=1 last=0", "B: confirmed", "B: confirmed");
    }
}
