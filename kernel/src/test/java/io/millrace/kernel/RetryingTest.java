package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.Disposition;
import io.millrace.kernel.Tables.Message;
import org.junit.jupiter.api.Test;

/** What counts as a failure, and how long a message waits after it. */
class RetryingTest {

    private final Scenario scenario = new Scenario();

    private long queueWith(final Backoff backoff, final long delayMs, final long maxMs) {
        final long queue = scenario.createQueue(
                "orders", SettingsBuilder.standard().visibility(100).backoff(backoff, delayMs, maxMs));
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.forget();
        return queue;
    }

    private int failedCount() {
        return scenario.kernel.state().messages.getInt(0, Message.FAILED_COUNT);
    }

    @Test
    void shouldCountAnExpiryAsAFailure() {
        final long queue = queueWith(Backoff.NONE, 0, 0);
        scenario.pass(100);
        scenario.receive(C, queue, 1);
        scenario.forget();

        assertEquals(1, scenario.delivery("one").failedCount());
        assertEquals(2, scenario.delivery("one").receiveCount());
    }

    @Test
    void shouldCountVisibilityZeroAsAFailureAtOnce() {
        final long queue = queueWith(Backoff.FIXED, 50, 50);
        scenario.changeVisibility(B, queue, 0, scenario.receipt("one"));
        assertEquals(1, failedCount());
        scenario.receive(C, queue, 1);

        scenario.shouldTell("B: confirmed", "C: delivery 'one' count=2 redelivered", "C: end of 1");
    }

    @Test
    void shouldNotCountAgainWhenAnExpiredDeliveryIsGivenBack() {
        final long queue = queueWith(Backoff.FIXED, 500, 500);
        scenario.pass(100);
        scenario.changeVisibility(B, queue, 0, scenario.receipt("one"));
        scenario.receive(C, queue, 1);
        scenario.shouldTell("B: confirmed", "C: delivery 'one' count=2 redelivered", "C: end of 1");

        assertEquals(1, failedCount());
    }

    @Test
    void shouldCountRetriesButNotReleases() {
        final long queue = queueWith(Backoff.NONE, 0, 0);
        scenario.settle(B, queue, Disposition.RELEASE, null, scenario.receipt("one"));
        assertEquals(0, failedCount());
        scenario.receive(C, queue, 1);
        scenario.forget();
        scenario.settle(C, queue, Disposition.RETRY, null, scenario.receipt("one"));
        assertEquals(1, failedCount());
        scenario.receive(C, queue, 1);

        scenario.shouldTell("C: confirmed", "C: delivery 'one' count=3 redelivered", "C: end of 1");
    }

    @Test
    void shouldNotCountDeliveriesOfASessionThatEnded() {
        final long queue = scenario.createQueue("orders");
        scenario.consume(B, queue, 1, 1000);
        scenario.send(A, queue, "one");
        scenario.close(B);
        scenario.forget();
        scenario.receive(C, queue, 1);
        scenario.shouldTell("C: delivery 'one' redelivered", "C: end of 1");

        assertEquals(0, failedCount());
    }

    @Test
    void shouldWaitAFixedTimeAfterAnExpiry() {
        final long queue = queueWith(Backoff.FIXED, 50, 10);
        scenario.pass(100);
        scenario.describe(A, queue);
        scenario.pass(49);
        scenario.receive(C, queue, 1);
        scenario.pass(1);
        scenario.receive(C, queue, 1);

        scenario.shouldTell(
                "A: queue 1 orders available=0 delayed=1 inFlight=0",
                "C: end of 0",
                "C: delivery 'one' count=2 redelivered",
                "C: end of 1");
    }

    @Test
    void shouldWaitLongerWithEachFailureUpToTheCap() {
        shouldWait(Backoff.LINEAR, 40, 100, 40, 80, 100, 100);
        shouldWait(Backoff.EXPONENTIAL, 20, 100, 20, 40, 80, 100, 100);
        shouldWait(Backoff.EXPONENTIAL, 20, 0, 0, 0);
        shouldWait(Backoff.LINEAR, 0, 100, 0, 0);
    }

    private static void shouldWait(
            final Backoff backoff, final long delayMs, final long maxMs, final long... expectedMs) {
        final RetryingTest test = new RetryingTest();
        final Scenario scenario = test.scenario;
        final long queue = test.queueWith(backoff, delayMs, maxMs);
        for (final long waitMs : expectedMs) {
            scenario.settle(B, queue, Disposition.RETRY, null, scenario.receipt("one"));
            scenario.pass(Math.max(0, waitMs - 1));
            scenario.receive(B, queue, waitMs == 0 ? 1 : 2);
            scenario.pass(waitMs == 0 ? 0 : 1);
            if (waitMs != 0) {
                assertEquals("end of 0", last(scenario), () -> backoff + " waits less than " + waitMs);
                scenario.receive(B, queue, 1);
            }
            assertEquals("end of 1", last(scenario), () -> backoff + " waits longer than " + waitMs);
        }
    }

    private static String last(final Scenario scenario) {
        final String[] line = {""};
        scenario.forgetAll(event -> line[0] = event.toString());
        return line[0];
    }

    @Test
    void shouldCapTheBackOffHoweverOftenAMessageFailed() {
        final long most = Long.MAX_VALUE;
        for (final int failedCount : new int[] {1, 2, 62, 63, 64, 65, 1_000_000, Integer.MAX_VALUE}) {
            assertEquals(7, RetryDelay.ns(Backoff.FIXED.value(), 7, 5, failedCount));
            assertEquals(Math.min(failedCount, 5_000), RetryDelay.ns(Backoff.LINEAR.value(), 1, 5_000, failedCount));
            assertEquals(
                    failedCount < 14 ? 1L << failedCount - 1 : 5_000,
                    RetryDelay.ns(Backoff.EXPONENTIAL.value(), 1, 5_000, failedCount));
            assertEquals(
                    failedCount < 64 ? 1L << failedCount - 1 : most,
                    RetryDelay.ns(Backoff.EXPONENTIAL.value(), 1, most, failedCount));
            assertEquals(0, RetryDelay.ns(Backoff.EXPONENTIAL.value(), 0, most, failedCount));
            assertEquals(most, RetryDelay.ns(Backoff.LINEAR.value(), most, most, failedCount));
            assertEquals(0, RetryDelay.ns(Backoff.NONE.value(), 7, 7, failedCount));
        }
    }

    @Test
    void shouldPushAMessageAgainWhenItsBackOffIsOver() {
        final long queue = scenario.createQueue(
                "orders", SettingsBuilder.standard().visibility(100).backoff(Backoff.FIXED, 50, 50));
        scenario.consume(B, queue, 5, 1000);
        scenario.send(A, queue, "one");
        scenario.settle(B, queue, Disposition.RETRY, null, scenarioReceipt("one"));
        scenario.pass(50);

        scenario.shouldTell("B: confirmed", "B: push 'one' count=2 redelivered");
    }

    private Receipt scenarioReceipt(final String body) {
        scenario.forget();
        return scenario.receipt(body);
    }

    @Test
    void shouldGiveTheCreditOfASettledDeliveryBack() {
        final long queue = scenario.createQueue("orders");
        scenario.consume(B, queue, 1, 1000);
        scenario.send(A, queue, "one", "two");
        scenario.settle(B, queue, Disposition.RETRY, 1000L, scenarioReceipt("one"));

        scenario.shouldTell("B: confirmed", "B: push 'two'");
    }

    @Test
    void shouldGoOnAfterASnapshotInTheMiddleOfABackOff() {
        final long queue = queueWith(Backoff.FIXED, 50, 50);
        scenario.pass(100);
        final RecordingEgress egress = new RecordingEgress();
        final Kernel copy = Snapshots.copy(scenario.kernel, egress);
        scenario.pass(50);
        copy.onClock(scenario.nowNs());
        scenario.forget();

        assertEquals(scenario.kernel.stateHash(), copy.stateHash());
        assertEquals(1, copy.counters().availableMessages());
        assertEquals(0, copy.counters().delayedMessages());
        assertEquals(queue, 1);
    }
}
