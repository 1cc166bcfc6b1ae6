package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Receives that are asked for again under their attempt id. */
class ReceiveAttemptsTest {
    private static final long MINUTE = 60_000;
    private static final long VISIBILITY = 30_000;

    private final Scenario scenario = new Scenario();
    private final FifoSupport fifo = new FifoSupport(scenario);

    @Test
    @Statement("A2")
    void shouldDeliverTheSameAgainUnderTheSameHandles() {
        fifo.send("g1", "1", "2", "3");
        fifo.receive(2, "try");
        fifo.shouldHaveReceived("1", "2");
        final Receipt first = scenario.receipt("1");

        scenario.pass(VISIBILITY - 1_000);
        fifo.receive(10, "try");
        fifo.shouldHaveReceived("1", "2");
        assertEquals(first, scenario.receipt("1"));
        assertEquals(1, scenario.delivery("1").receiveCount());

        scenario.pass(VISIBILITY - 1_000);
        fifo.shouldReceive(10);
        scenario.pass(1_000);
        fifo.shouldReceive(10, "1", "2", "3");
    }

    @Test
    @Statement("A1")
    void shouldForgetAnAttemptAfterItsWindow() {
        fifo.send("g1", "1");
        scenario.apply(
                Scenario.B, new Command.Receive(1, fifo.queue, 10, 0L, 20 * MINUTE * Scenario.MS, List.of(), "try"));
        fifo.shouldHaveReceived("1");
        scenario.pass(5 * MINUTE - 1);
        fifo.receive(10, "try");
        fifo.shouldHaveReceived("1");
        fifo.changeVisibility(20 * MINUTE, "1");

        scenario.pass(1);
        fifo.receive(10, "try");
        scenario.shouldTell("B: end of 0");
    }

    @Test
    @Statement("A1")
    void shouldRefuseAnIdThatIsTooLongOrNone() {
        fifo.receive(1, "x".repeat(129));
        fifo.receive(1, "a b");

        scenario.shouldTell(
                "B: refused LIMIT_EXCEEDED ATTEMPT_ID_BYTES limit=128 actual=129", "B: refused INVALID_ARGUMENT");
    }

    @Test
    @Statement("A3")
    void shouldFailOnceAMessageWasDeleted() {
        fifo.send("g1", "1", "2");
        fifo.receive(10, "try");
        fifo.shouldHaveReceived("1", "2");
        fifo.delete("1");

        fifo.receive(10, "try");
        scenario.shouldTell("B: refused ATTEMPT_CHANGED");
    }

    @Test
    @Statement("A3")
    void shouldFailOnceAVisibilityWasChanged() {
        fifo.send("g1", "1", "2");
        fifo.receive(10, "try");
        fifo.shouldHaveReceived("1", "2");
        fifo.changeVisibility(60_000, "2");

        fifo.receive(10, "try");
        scenario.shouldTell("B: refused ATTEMPT_CHANGED");
    }

    @Test
    @Statement("A2")
    void shouldReceiveAnewWhenTheVisibilityTimeoutIsOver() {
        fifo.send("g1", "1");
        fifo.receive(10, "try");
        fifo.shouldHaveReceived("1");
        scenario.pass(VISIBILITY);

        fifo.receive(10, "try");
        fifo.shouldHaveReceived("1");
        assertEquals(2, scenario.delivery("1").receiveCount());
    }

    @Test
    void shouldFailOnceTheQueueWasPurged() {
        fifo.send("g1", "1");
        fifo.receive(10, "try");
        fifo.shouldHaveReceived("1");
        fifo.purge();

        fifo.receive(10, "try");
        scenario.shouldTell("B: refused ATTEMPT_CHANGED");
    }

    @Test
    void shouldNotMindAPurgeAfterTheVisibilityTimeout() {
        fifo.send("g1", "1");
        fifo.receive(10, "try");
        fifo.shouldHaveReceived("1");
        scenario.pass(VISIBILITY);
        fifo.purge();

        fifo.receive(10, "try");
        scenario.shouldTell("B: end of 0");
    }

    @Test
    void shouldNotMindWhatBecomesOfAMessageAfterTheVisibilityTimeout() {
        fifo.send("g1", "1");
        fifo.receive(10, "try");
        fifo.shouldHaveReceived("1");
        scenario.pass(VISIBILITY);
        fifo.changeVisibility(VISIBILITY, "1");
        fifo.changeVisibility(2 * VISIBILITY, "1");

        fifo.receive(10, "try");
        scenario.shouldTell("B: end of 0");
    }

    @Test
    @Statement("A4")
    void shouldLeaveOtherGroupsToOthers() {
        fifo.send("g1", "1");
        fifo.send("g2", "x");
        fifo.receive(1, "try");
        fifo.shouldHaveReceived("1");
        fifo.shouldReceive(10, "x");

        fifo.receive(10, "try");
        fifo.shouldHaveReceived("1");
    }
}
