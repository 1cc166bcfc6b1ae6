package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

/** What remains of a session that ends, whatever the reason. */
class SessionsTest {

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders", 100L, null, null, null);

    @Test
    void shouldReturnPushedMessagesAsIfTheyHadNotBeenReceived() {
        scenario.consume(B, queue, 10, 1000);
        scenario.send(A, queue, "one", "two");
        scenario.forget();
        scenario.pass(10);
        scenario.close(B);
        scenario.receive(C, queue, 10);

        scenario.shouldTell("C: delivery 'one' redelivered", "C: delivery 'two' redelivered", "C: end of 2");
        assertEquals(scenario.nowNs(), scenario.delivery("one").firstReceivedTimeNs());
    }

    @Test
    void shouldKeepTheTimeOfAFirstReceiveBeforeThePush() {
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        final long firstNs = scenario.nowNs();
        scenario.pass(100);
        scenario.consume(B, queue, 10, 1000);
        scenario.pass(10);
        scenario.close(B);
        scenario.forget();
        scenario.receive(C, queue, 1);

        scenario.shouldTell("C: delivery 'one' count=2 redelivered", "C: end of 1");
        assertEquals(firstNs, scenario.delivery("one").firstReceivedTimeNs());
    }

    @Test
    void shouldLeaveReceivedMessagesInFlightToTheirDeadline() {
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.forget();
        scenario.close(B);
        scenario.receive(C, queue, 1);
        scenario.acknowledge(C, queue, scenario.receipt("one"));

        scenario.shouldTell("C: end of 0", "C: confirmed");
    }

    @Test
    void shouldReturnPushedMessagesToTheirOriginalPlace() {
        scenario.consume(B, queue, 2, 1000);
        scenario.send(A, queue, "one", "two", "three");
        scenario.forget();
        scenario.close(B);
        scenario.receive(C, queue, 10);

        scenario.shouldTell(
                "C: delivery 'one' redelivered", "C: delivery 'two' redelivered", "C: delivery 'three'", "C: end of 3");
    }

    @Test
    void shouldHandOutTheLowestOfAllThatReturns() {
        scenario.consume(B, queue, 3, 1000);
        scenario.send(A, queue, "one", "two", "three");
        scenario.forget();
        scenario.changeVisibility(B, queue, 0, scenario.receipt("one"));
        scenario.consume(C, queue, 1, 1000);
        scenario.shouldTell("B: confirmed", "B: push 'one' count=2 redelivered", "C: confirmed");

        scenario.close(B);
        scenario.shouldTell("C: push 'one' count=2 redelivered");
    }

    @Test
    void shouldReturnWhatAStoppedConsumerHolds() {
        scenario.consume(B, queue, 3, 1000);
        scenario.send(A, queue, "one");
        scenario.stopConsuming(B, queue);
        scenario.close(B);
        scenario.forget();
        scenario.receive(C, queue, 1);

        scenario.shouldTell("C: delivery 'one' redelivered", "C: end of 1");
    }

    @Test
    void shouldDropTheReceivesThatWait() {
        scenario.receive(B, queue, 1, 1000L, null);
        scenario.close(B);
        scenario.send(A, queue, "one");
        scenario.receive(C, queue, 1);

        scenario.shouldTell("A: confirmed 1", "C: delivery 'one'", "C: end of 1");
    }

    @Test
    void shouldDropTheConsumersAndTellNobody() {
        scenario.consume(B, queue, 10, 1000);
        scenario.forget();
        scenario.close(B);
        scenario.send(A, queue, "one");

        scenario.shouldTell("A: confirmed 1");
    }

    @Test
    void shouldDropThePayloadsThatWereBegun() {
        final long bytes = scenario.kernel.arenaBytes();
        scenario.open(4);
        scenario.begin(4, queue, null, 1000);
        scenario.append(4, 0, "abc");
        scenario.close(4);

        scenario.shouldTell();
        assertEquals(bytes, scenario.kernel.arenaBytes());
    }

    @Test
    void shouldRefuseAHandleOfAPushThatWasReturned() {
        scenario.consume(B, queue, 10, 1000);
        scenario.send(A, queue, "one");
        scenario.forget();
        scenario.close(B);
        scenario.acknowledge(C, queue, scenario.receipt("one"));

        scenario.shouldTell("C: results [0 STALE_RECEIPT]");
    }

    @Test
    void shouldCloseAllSessionsAtBoot() {
        scenario.consume(A, queue, 1, 1000);
        scenario.consume(B, queue, 1, 1000);
        scenario.send(C, queue, "one", "two");
        scenario.receive(C, queue, 1, 50L, null);
        scenario.forget();
        scenario.kernel.boot(scenario.nowNs(), 2);
        scenario.workOff();
        scenario.pass(50);
        scenario.open(4);
        scenario.receive(4, queue, 10);

        scenario.shouldTell("D: delivery 'one' redelivered", "D: delivery 'two' redelivered", "D: end of 2");
    }

    @Test
    void shouldTellAClosedSessionNothing() {
        scenario.close(B);
        scenario.send(B, queue, "one");
        scenario.receive(C, queue, 1);

        scenario.shouldTell("C: end of 0");
        assertFalse(scenario.kernel.workPending());
    }

    @Test
    void shouldReturnAThousandPushedMessagesInSlices() {
        final String[] bodies = new String[250];
        java.util.Arrays.fill(bodies, "x");
        scenario.consume(B, queue, 1000, 100_000);
        for (int i = 0; i < 4; i++) {
            scenario.send(A, queue, bodies);
        }
        scenario.workOff();
        scenario.forget();
        assertEquals(1000, scenario.kernel.counters().inFlightMessages());

        scenario.kernel.closeSession(scenario.nowNs(), B, io.millrace.codecs.ResultCode.SLOW_CONSUMER);
        assertEquals(256, scenario.kernel.counters().availableMessages());
        scenario.kernel.onClock(scenario.nowNs());
        assertEquals(512, scenario.kernel.counters().availableMessages());
        scenario.workOff();
        assertEquals(1000, scenario.kernel.counters().availableMessages());
        scenario.shouldTell();
    }
}
