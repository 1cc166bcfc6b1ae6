package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import org.junit.jupiter.api.Test;

/** The quota of SQS on the requests to a FIFO queue in a second: counted by the kernel's time, kept with its state. */
class RequestRatesTest {

    private static final Limits LIMITS =
            Limits.awsProfile().with(LimitId.FIFO_REQUESTS, 2).with(LimitId.FIFO_GROUP_REQUESTS, 3);

    private final Scenario scenario = new Scenario(LIMITS);

    @Test
    void shouldHaveTheQuotasOfSqsUnderAwsAlone() {
        assertEquals(300, Limits.awsProfile().get(LimitId.FIFO_REQUESTS));
        assertEquals(70_000, Limits.awsProfile().get(LimitId.FIFO_GROUP_REQUESTS));
        assertEquals(0, Limits.nativeProfile().get(LimitId.FIFO_REQUESTS));
        assertEquals(0, Limits.nativeProfile().get(LimitId.FIFO_GROUP_REQUESTS));
    }

    @Test
    void shouldRefuseTheRequestAfterTheLastOfASecondAndTakeItInTheNext() {
        final long queue = scenario.createQueue("orders", fifo(QueueScope.QUEUE));
        scenario.sendTo(A, queue, "g", "1", "2");
        scenario.sendTo(B, queue, "g", "3");
        scenario.forget();
        scenario.sendTo(A, queue, "g", "4");
        scenario.shouldTell("A: refused LIMIT_EXCEEDED FIFO_REQUESTS limit=2 actual=3");

        scenario.pass(999);
        scenario.sendTo(A, queue, "g", "4");
        scenario.shouldTell("A: refused LIMIT_EXCEEDED FIFO_REQUESTS limit=2 actual=3");

        scenario.pass(1);
        scenario.sendTo(A, queue, "g", "4");
        scenario.forget();
        scenario.receive(B, queue, 10);
        scenario.shouldTell("B: delivery '1'", "B: delivery '2'", "B: delivery '3'", "B: delivery '4'", "B: end of 4");
    }

    @Test
    void shouldCountEachKindOfRequestAndEachQueueApart() {
        final long queue = scenario.createQueue("orders", fifo(QueueScope.QUEUE));
        final long other = scenario.createQueueQuietly("other");
        scenario.sendTo(A, queue, "g", "1", "2", "3", "4");
        scenario.sendTo(A, queue, "h", "5");
        scenario.receive(B, queue, 1);
        scenario.receive(B, queue, 1);
        scenario.forget();
        scenario.deleteMessages(B, queue, scenario.receipt("1"));
        scenario.acknowledge(B, queue, scenario.receipt("5"));
        scenario.forget();

        scenario.receive(B, queue, 1);
        scenario.deleteMessages(B, queue, scenario.receipt("1"));
        scenario.acknowledge(B, queue, scenario.receipt("1"));
        scenario.changeVisibility(B, queue, 1, scenario.receipt("1"));
        for (int i = 0; i < 4; i++) {
            scenario.send(A, other, "standard");
        }
        scenario.shouldTell(
                "B: refused LIMIT_EXCEEDED FIFO_REQUESTS limit=2 actual=3",
                "B: refused LIMIT_EXCEEDED FIFO_REQUESTS limit=2 actual=3",
                "B: refused LIMIT_EXCEEDED FIFO_REQUESTS limit=2 actual=3",
                "B: results [0 GONE]",
                "A: confirmed 6",
                "A: confirmed 7",
                "A: confirmed 8",
                "A: confirmed 9");
    }

    @Test
    void shouldHaveAQuotaOfItsOwnForThroughputByGroup() {
        final long queue = scenario.createQueue("orders", fifo(QueueScope.MESSAGE_GROUP));
        for (int i = 0; i < 3; i++) {
            scenario.sendTo(A, queue, "g" + i, "body");
        }
        scenario.forget();
        scenario.sendTo(A, queue, "g", "body");

        scenario.shouldTell("A: refused LIMIT_EXCEEDED FIFO_GROUP_REQUESTS limit=3 actual=4");
    }

    @Test
    void shouldKeepTheCountsInStateHashAndSnapshot() {
        final long queue = scenario.createQueue("orders", fifo(QueueScope.QUEUE));
        final long hash = scenario.kernel.stateHash();
        scenario.receive(B, queue, 1);

        scenario.shouldTell("B: end of 0");
        assertNotEquals(hash, scenario.kernel.stateHash());
        final State copy =
                Snapshots.copy(scenario.kernel, new RecordingEgress()).state();
        final int slot = copy.queueById(queue);
        assertEquals(1, copy.queues.getInt(slot, Tables.Queue.REQUESTS + Integer.BYTES));
        assertEquals(
                (int) (Scenario.START_NS / Scenario.SECOND), copy.queues.getInt(slot, Tables.Queue.REQUESTS_SECOND));
    }

    private static SettingsBuilder fifo(final QueueScope throughput) {
        return SettingsBuilder.fifo()
                .deduplicationScope(QueueScope.MESSAGE_GROUP)
                .throughputScope(throughput);
    }
}
