package io.millrace.kernel;

import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.Switch;
import org.junit.jupiter.api.Test;

/** Message groups: their order, what locks them and what unlocks them. */
class FifoGroupsTest {
    private static final long VISIBILITY = 30_000;

    private final Scenario scenario = new Scenario();
    private final FifoSupport fifo = new FifoSupport(scenario);

    @Test
    @Statement("F1")
    @Statement("F2")
    void shouldTakeFromOneGroupFirstThenFromTheNext() {
        fifo.send("g1", "1");
        fifo.send("g2", "x");
        fifo.send("g1", "2", "3");

        fifo.shouldReceive(10, "1", "2", "3", "x");
    }

    @Test
    @Statement("F3")
    void shouldReturnOtherGroupsOnlyWhileMessagesAreInFlight() {
        fifo.send("g1", "1", "2", "3", "4");
        fifo.send("g2", "x");

        fifo.shouldReceive(2, "1", "2");
        fifo.shouldReceive(10, "x");
        fifo.shouldReceive(10);
    }

    @Test
    @Statement("F4")
    @Statement("F5")
    void shouldUnlockAGroupWhenAllInFlightAreDeleted() {
        fifo.send("g1", "1", "2", "3");
        fifo.shouldReceive(2, "1", "2");

        fifo.delete("1");
        fifo.shouldReceive(10);
        fifo.delete("2");
        fifo.shouldReceive(10, "3");
    }

    @Test
    @Statement("F5")
    void shouldNotUnlockAGroupWhenTheSecondInFlightIsDeleted() {
        fifo.send("g1", "1", "2", "3");
        fifo.shouldReceive(2, "1", "2");

        fifo.delete("2");
        fifo.shouldReceive(10);
    }

    @Test
    @Statement("F6")
    void shouldReturnAFirstMessageWhoseVisibilityEndedAlone() {
        fifo.send("g1", "1", "2");
        fifo.send("g2", "x");
        fifo.shouldReceive(2, "1", "2");

        fifo.changeVisibility(1_000, "1");
        scenario.pass(2_000);
        fifo.shouldReceive(10, "1", "x");
    }

    @Test
    @Statement("F7")
    @Statement("F1")
    void shouldReturnOnlyWhatIsInFrontOfAnExtendedMessage() {
        fifo.send("g1", "1", "2", "3");
        fifo.shouldReceive(10, "1", "2", "3");

        fifo.changeVisibility(VISIBILITY + 10_000, "2");
        scenario.pass(VISIBILITY + 1_000);
        fifo.shouldReceive(10, "1");
    }

    @Test
    @Statement("F8")
    void shouldKeepTheOrderWhenDeliveringAgain() {
        fifo.send("g1", "1", "2", "3");
        fifo.shouldReceive(10, "1", "2", "3");

        scenario.pass(VISIBILITY);
        fifo.shouldReceive(10, "1", "2", "3");
    }

    @Test
    @Statement("F9")
    @Statement("V10")
    void shouldLeaveGroupsAvailableAfterAReceiveWithoutVisibility() {
        fifo.send("g2", "x");
        fifo.send("g1", "1", "2");
        scenario.receive(B, fifo.queue, 10, 0L, 0L);
        fifo.shouldHaveReceived("x", "1", "2");

        fifo.shouldReceive(10, "x", "1", "2");
    }

    @Test
    @Statement("F10")
    void shouldNotUnlockAGroupBySendingToIt() {
        fifo.send("g1", "1", "2");
        fifo.shouldReceive(1, "1");

        fifo.send("g1", "3");
        fifo.shouldReceive(10);
    }

    @Test
    @Statement("F11")
    void shouldNotLetADelayedMessageBlockThoseInFrontOfIt() {
        fifo.send("g1", "1");
        fifo.setDelay(10_000);
        fifo.send("g1", "2");
        fifo.shouldReceive(10, "1");
        fifo.delete("1");
        scenario.pass(9_999);
        fifo.shouldReceive(10);
        scenario.pass(1);
        fifo.shouldReceive(10, "2");
    }

    @Test
    @Statement("F11")
    @Statement("F13")
    void shouldBlockAGroupWhileItsFirstMessageWaitsToBeRetried() {
        fifo.send("g1", "1", "2");
        fifo.shouldReceive(1, "1");

        fifo.settle(Disposition.RETRY, 5_000L, "1");
        fifo.shouldReceive(10);
        scenario.pass(5_000);
        fifo.shouldReceive(10, "1", "2");
    }

    @Test
    @Statement("F11")
    void shouldBlockAGroupWhileItsFirstMessageWaitsAfterARelease() {
        fifo.send("g1", "1", "2");
        fifo.shouldReceive(1, "1");

        fifo.settle(Disposition.RELEASE, 5_000L, "1");
        fifo.shouldReceive(10);
        scenario.pass(5_000);
        fifo.shouldReceive(10, "1", "2");
    }

    @Test
    @Statement("F12")
    void shouldUseAGroupAgainThatWasEmptied() {
        fifo.send("g1", "1");
        fifo.shouldReceive(10, "1");
        fifo.delete("1");

        fifo.send("g1", "2");
        fifo.shouldReceive(10, "2");
    }

    @Test
    @Statement("F13")
    void shouldNotReturnWhatIsBehindAMessageInFlight() {
        fifo.send("g1", "1", "2");
        fifo.shouldReceive(1, "1");
        scenario.receive(C, fifo.queue, 10, 0L, null);

        fifo.shouldHaveReceived();
    }

    @Test
    @Statement("F14")
    void shouldFindAGroupBehindAnyNumberOfLockedMessages() {
        final Scenario deep = new Scenario();
        final FifoSupport many = new FifoSupport(deep);
        many.send("locked", "first");
        many.shouldReceive(1, "first");
        for (int i = 0; i < 30_000; i++) {
            many.send("locked", "l" + i);
        }
        many.send("free", "found");

        many.shouldReceive(10, "found");
    }

    @Test
    @Statement("F15")
    void shouldBeEmptyAboveTheLimitOfMessagesInFlight() {
        final Scenario small = new Scenario(Limits.nativeProfile().with(LimitId.IN_FLIGHT_FIFO, 2));
        final FifoSupport few = new FifoSupport(small);
        few.send("g1", "1", "2", "3");
        few.send("g2", "x");
        few.shouldReceive(10, "1", "2");
        few.receive(10);

        small.shouldTell("B: end of 0");
    }

    @Test
    @Statement("L5")
    void shouldKeepTheOrderOfDelayedMessages() {
        final FifoSupport delayed =
                new FifoSupport(new Scenario(), FifoSupport.settings(10_000, Switch.NULL_VAL, QueueScope.NULL_VAL));
        delayed.send("g1", "1", "2");
        delayed.scenario.pass(5_000);
        delayed.send("g1", "3");
        delayed.send("g2", "x");
        delayed.scenario.pass(5_000);
        delayed.shouldReceive(1, "1");
        delayed.delete("1");

        delayed.scenario.pass(5_000);
        delayed.shouldReceive(10, "2", "3", "x");
    }

    @Test
    @Statement("L3")
    void shouldApplyAChangedDelayToMessagesAlreadySent() {
        final FifoSupport delayed =
                new FifoSupport(new Scenario(), FifoSupport.settings(10_000, Switch.NULL_VAL, QueueScope.NULL_VAL));
        delayed.send("g1", "1");
        delayed.scenario.pass(2_000);
        delayed.shouldReceive(10);

        delayed.setDelay(1_000);
        delayed.scenario.pass(0);
        delayed.shouldReceive(10, "1");
    }

    @Test
    @Statement("L1")
    @Statement("L2")
    void shouldRefuseADelayOfAMessageButTakeZeroForTheQueues() {
        final FifoSupport delayed =
                new FifoSupport(new Scenario(), FifoSupport.settings(10_000, Switch.NULL_VAL, QueueScope.NULL_VAL));
        final Payload payload = Payload.of("1").inGroup("g1").withDeduplicationId("1");
        delayed.askDelayed(2, payload);
        delayed.scenario.shouldTell("A: refused NOT_FOR_QUEUE_TYPE entry=0");

        delayed.askDelayed(0, payload);
        delayed.shouldReceive(10);
        delayed.scenario.pass(10_000);
        delayed.shouldReceive(10, "1");
    }
}
