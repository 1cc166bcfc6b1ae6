package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Message groups and priorities of standard queues: no group keeps the others from their turn. */
class FairQueuesTest {

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue(
            "orders", SettingsBuilder.standard().visibility(100).priorities(3));

    private void sendWithPriority(final int priority, final String group, final String... bodies) {
        scenario.sendEntries(
                A,
                queue,
                List.of(bodies).stream()
                        .map(body -> new Command.Entry(
                                null, null, null, priority, Payload.of(body).inGroup(group)))
                        .toList());
    }

    private void shouldReceive(final String... bodies) {
        scenario.forget();
        scenario.receive(B, queue, 10);
        assertEquals(List.of(bodies), scenario.bodies());
    }

    @Test
    @Statement("S14")
    void shouldReturnTheMessageGroup() {
        scenario.sendTo(A, queue, "tenant-7", "one");
        scenario.shouldTell("A: confirmed 1");

        shouldReceive("one");
        assertEquals("tenant-7", scenario.delivery("one").payload().groupId());
    }

    @Test
    @Statement("S14")
    void shouldLetGroupsTakeTurnsHoweverMuchOneOfThemSends() {
        scenario.sendTo(A, queue, "noisy", "n1", "n2", "n3", "n4");
        scenario.sendTo(A, queue, "quiet", "q1");
        scenario.send(A, queue, "none 1", "none 2");

        shouldReceive("n1", "q1", "none 1", "n2", "none 2", "n3", "n4");
    }

    @Test
    void shouldNotLockAGroupWhileItsMessagesAreInFlight() {
        scenario.sendTo(A, queue, "g", "one", "two");
        scenario.receive(C, queue, 1);

        shouldReceive("two");
    }

    @Test
    void shouldDeliverTheHighestPriorityFirst() {
        sendWithPriority(0, "g1", "low 1", "low 2");
        sendWithPriority(2, "g1", "high 1", "high 2");
        sendWithPriority(1, "g2", "middle");
        sendWithPriority(2, "g2", "high 3");

        shouldReceive("high 1", "high 3", "high 2", "middle", "low 1", "low 2");
        scenario.pass(100);
        sendWithPriority(1, "g1", "more");
        shouldReceive("high 1", "high 3", "high 2", "middle", "more", "low 1", "low 2");
    }
}
