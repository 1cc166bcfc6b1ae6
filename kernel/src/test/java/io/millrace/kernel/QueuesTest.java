package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static io.millrace.kernel.Scenario.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.millrace.codecs.LimitId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues are created, found, described, listed and deleted. */
class QueuesTest {

    private final Scenario scenario = new Scenario();

    @Test
    void shouldNumberQueuesInTheOrderOfTheirCreation() {
        assertEquals(1, scenario.createQueue("orders"));
        assertEquals(2, scenario.createQueue("trades"));
    }

    @Test
    void shouldReturnTheQueueThatHasTheNameAndTheSettings() {
        scenario.createQueue("orders", 5L, 6L, 7L, 8L);
        assertEquals(1, scenario.createQueue("orders", 5L, 6L, 7L, 8L));
        assertEquals(2, scenario.createQueue("plain"));
        assertEquals(2, scenario.createQueue("plain", 30_000L, 0L, 0L, 1_048_576L));
    }

    @Test
    void shouldRefuseAnExistingNameWithOtherSettings() {
        scenario.createQueue("orders", 5L, 6L, 7L, 8L);
        scenario.askToCreate("orders", 5L, null, null, null);
        scenario.askToCreate("orders", 5_000_001L, 6_000_000L, 7_000_000L, 8L);
        scenario.askToCreate("orders", 5_000_000L, 6_000_001L, 7_000_000L, 8L);
        scenario.askToCreate("orders", 5_000_000L, 6_000_000L, 7_000_001L, 8L);
        scenario.askToCreate("orders", 5_000_000L, 6_000_000L, 7_000_000L, 9L);

        final String exists = "A: refused QUEUE_EXISTS";
        scenario.shouldTell(exists, exists, exists, exists, exists);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u00C3",
                "\u00C3\u0028",
                "\u00ED\u00A0\u0080",
                "\u00C0\u0080",
                "\u00FF",
                "a\u00F0\u009F\u0098"
            })
    void shouldRefuseNamesThatAreEmptyOrNotUtf8(final String name) {
        scenario.askToCreate(name, null, null, null, null);

        scenario.shouldTell("A: refused INVALID_NAME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a b", "\u00C3\u00A4", "\u00E2\u0082\u00AC", "\u00F0\u009F\u0098\u0080", "a/b.fifo"})
    void shouldAcceptAnyUtf8AsAName(final String name) {
        scenario.askToCreate(name, null, null, null, null);
        scenario.lookUp(B, name);

        scenario.shouldTell("A: confirmed 1", "B: queue 1 " + name + " available=0 delayed=0 inFlight=0");
    }

    @Test
    void shouldRefuseNegativeSettings() {
        scenario.askToCreate("orders", -1L, null, null, null);
        scenario.askToCreate("orders", null, -1L, null, null);
        scenario.askToCreate("orders", null, null, -1L, null);

        final String invalid = "A: refused INVALID_ARGUMENT";
        scenario.shouldTell(invalid, invalid, invalid);
    }

    @Test
    void shouldDescribeTheDefaults() {
        scenario.pass(5);
        scenario.createQueue("orders");
        scenario.describe(B, 1);

        assertEquals(
                List.of(new RecordingEgress.Emitted(
                        B,
                        new Event.QueueDescription(
                                scenario.lastCorrelationId(),
                                1,
                                "orders",
                                scenario.nowNs(),
                                30 * SECOND,
                                0,
                                0,
                                1_048_576,
                                0,
                                0,
                                0))),
                scenario.egress.drain().stream()
                        .map(line -> new RecordingEgress.Emitted(
                                line.sessionId(), line.event().inShort()))
                        .toList());
    }

    @Test
    void shouldFindQueuesByNameAndById() {
        scenario.createQueue("orders");
        scenario.lookUp(B, "orders");
        scenario.describe(B, 1);
        scenario.lookUp(B, "order");
        scenario.describe(B, 2);
        scenario.describe(B, 0);
        scenario.describe(B, -1);

        scenario.shouldTell(
                "B: queue 1 orders available=0 delayed=0 inFlight=0",
                "B: queue 1 orders available=0 delayed=0 inFlight=0",
                "B: refused UNKNOWN_QUEUE",
                "B: refused UNKNOWN_QUEUE",
                "B: refused UNKNOWN_QUEUE",
                "B: refused UNKNOWN_QUEUE");
    }

    @Test
    void shouldListInTheOrderOfCreationPageByPage() {
        for (final String name : List.of("b1", "a1", "b2", "a2", "b3")) {
            scenario.createQueue(name);
        }
        scenario.list(B, 0, 2, "");
        scenario.list(B, 2, 2, "");
        scenario.list(B, 4, 2, "");
        scenario.list(B, 0, 10, "a");
        scenario.list(B, 0, 10, "c");
        scenario.list(B, 5, 10, "");
        scenario.list(B, Long.MAX_VALUE, 10, "");
        scenario.list(B, -1, 10, "");

        scenario.shouldTell(
                "B: queues [1 b1, 2 a1] next=2",
                "B: queues [3 b2, 4 a2] next=4",
                "B: queues [5 b3]",
                "B: queues [2 a1, 4 a2]",
                "B: queues []",
                "B: queues []",
                "B: queues []",
                "B: refused INVALID_ARGUMENT");
    }

    @Test
    void shouldExamineABoundedNumberOfQueuesForOnePage() {
        final Scenario small = new Scenario(Limits.nativeProfile().with(LimitId.LIST_ENTRIES, 3));
        for (final String name : List.of("a1", "b1", "b2", "b3", "b4", "a2")) {
            small.createQueue(name);
        }
        small.list(B, 0, 3, "a");
        small.list(B, 3, 3, "a");

        small.shouldTell("B: queues [1 a1] next=3", "B: queues [6 a2]");
    }

    @Test
    void shouldChangeNothingByAQuery() {
        scenario.createQueue("orders");
        final long hash = scenario.kernel.stateHash();
        scenario.lookUp(B, "orders");
        scenario.describe(B, 1);
        scenario.list(B, 0, 10, "");

        assertEquals(hash, scenario.kernel.stateHash());
        scenario.forget();
        scenario.createQueue("trades");
        assertNotEquals(hash, scenario.kernel.stateHash());
    }

    @Test
    void shouldFreeTheNameOfADeletedQueueAtOnceAndNeverReuseTheId() {
        final long first = scenario.createQueue("orders");
        scenario.send(A, first, "one");
        scenario.deleteQueue(A, first);
        scenario.askToCreate("orders", null, null, null, null);
        scenario.receive(B, 2, 1);
        scenario.send(A, first, "two");
        scenario.describe(B, first);
        scenario.list(B, 0, 10, "");

        scenario.shouldTell(
                "A: confirmed 1",
                "A: confirmed",
                "A: confirmed 2",
                "B: end of 0",
                "A: refused UNKNOWN_QUEUE",
                "B: refused UNKNOWN_QUEUE",
                "B: queues [2 orders]");
    }

    @Test
    void shouldEndTheReceivesAndConsumersOfADeletedQueue() {
        final long queue = scenario.createQueue("orders");
        scenario.consume(C, queue, 10, 1000);
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1, 1000L, null);
        scenario.forget();
        scenario.deleteQueue(A, queue);
        scenario.deleteQueue(A, queue);

        scenario.shouldTell(
                "A: confirmed",
                "B: end of 0 QUEUE_DELETED",
                "C: consumer of 1 stopped QUEUE_DELETED",
                "A: refused UNKNOWN_QUEUE");
    }

    @Test
    void shouldNotTellAStoppedConsumerOfTheDeletion() {
        final long queue = scenario.createQueue("orders");
        scenario.consume(C, queue, 10, 1000);
        scenario.send(A, queue, "one");
        scenario.stopConsuming(C, queue);
        scenario.forget();
        scenario.deleteQueue(A, queue);
        scenario.close(C);

        scenario.shouldTell("A: confirmed");
    }

    @Test
    void shouldLeaveNothingOfADeletedQueueToBeDue() {
        final long queue = scenario.createQueue("orders");
        final long bytes = scenario.kernel.arenaBytes();
        scenario.send(A, queue, "one", "two");
        scenario.sendDelayed(A, queue, 50, "three");
        scenario.receive(B, queue, 1);
        scenario.receive(C, queue, 1);
        scenario.forget();
        scenario.deleteQueue(A, queue);
        scenario.workOff();
        scenario.pass(60_000);

        scenario.shouldTell("A: confirmed");
        assertEquals(Long.MAX_VALUE, scenario.kernel.nextDeadlineNs());
        assertEquals(0, scenario.kernel.messageCount());
        assertEquals(bytes - 16, scenario.kernel.arenaBytes(), "all but the queue's name");
    }
}
