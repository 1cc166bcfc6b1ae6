package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;

import io.millrace.codecs.Disposition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handles of FIFO queues, and what a message that waits to be retried does to its group. */
class FifoReceiptsTest {

    private final Scenario scenario = new Scenario();
    private final long queue =
            scenario.createQueue("orders", SettingsBuilder.fifo().visibility(100));

    @BeforeEach
    void receiveTwo() {
        scenario.sendTo(A, queue, "g1", "one", "two", "three");
        scenario.sendTo(A, queue, "g2", "other");
        scenario.receive(B, queue, 2);
        scenario.forget();
    }

    @Test
    @Statement("V3")
    void shouldNotDeleteWithAnExpiredHandle() {
        final Receipt one = scenario.receipt("one");
        scenario.pass(100);
        scenario.deleteMessages(B, queue, one);
        scenario.changeVisibility(B, queue, 50, one);
        scenario.deleteMessages(B, queue, one);
        scenario.receive(C, queue, 1);

        scenario.shouldTell(
                "B: results [0 RECEIPT_EXPIRED]",
                "B: confirmed",
                "B: confirmed",
                "C: delivery 'two' count=2 redelivered",
                "C: end of 1");
    }

    @Test
    @Statement("V1")
    @Statement("V5")
    void shouldDeleteNothingWithAnOldHandleAndSayOk() {
        final Receipt one = scenario.receipt("one");
        scenario.pass(100);
        scenario.receive(C, queue, 1);
        scenario.forget();
        scenario.deleteMessages(B, queue, one);
        scenario.acknowledge(C, queue, scenario.receipt("one"));
        scenario.deleteMessages(C, queue, scenario.receipt("one"));
        scenario.receive(C, queue, 1);

        scenario.shouldTell(
                "B: confirmed", "C: confirmed", "C: confirmed", "C: delivery 'two' count=2 redelivered", "C: end of 1");
    }

    @Test
    @Statement("F11")
    @Statement("F13")
    void shouldKeepThePlaceOfAMessageThatWaitsToBeRetriedAndBlockItsGroup() {
        scenario.settle(B, queue, Disposition.RETRY, 50L, scenario.receipt("one"));
        scenario.settle(B, queue, Disposition.RELEASE, null, scenario.receipt("two"));
        scenario.receive(C, queue, 5);
        scenario.shouldTell("B: confirmed", "B: confirmed", "C: delivery 'other'", "C: end of 1");

        scenario.pass(50);
        scenario.receive(C, queue, 5);
        scenario.shouldTell(
                "C: delivery 'one' count=2 redelivered",
                "C: delivery 'two' count=2 redelivered",
                "C: delivery 'three'",
                "C: end of 3");
    }

    @Test
    @Statement("F13")
    void shouldNotDeliverWhatIsBehindAMessageThatWaitsToBeRetried() {
        scenario.settle(B, queue, Disposition.RELEASE, null, scenario.receipt("one"));
        scenario.settle(B, queue, Disposition.RELEASE, 50L, scenario.receipt("two"));
        scenario.receive(C, queue, 5);

        scenario.shouldTell(
                "B: confirmed",
                "B: confirmed",
                "C: delivery 'one' count=2 redelivered",
                "C: delivery 'other'",
                "C: end of 2");
    }

    @Test
    @Statement("F11")
    void shouldBlockTheGroupDuringTheBackOff() {
        scenario.setSettings(A, queue, SettingsBuilder.standard().backoff(io.millrace.codecs.Backoff.FIXED, 50, 50));
        scenario.changeVisibility(B, queue, 500, scenario.receipt("two"));
        scenario.pass(100);
        scenario.receive(C, queue, 5);
        scenario.pass(50);
        scenario.receive(C, queue, 5);

        scenario.shouldTell(
                "A: confirmed",
                "B: confirmed",
                "C: delivery 'other'",
                "C: end of 1",
                "C: delivery 'one' count=2 redelivered",
                "C: end of 1");
    }
}
