package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.MS;
import static io.millrace.kernel.Scenario.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Settings of queues: defaults, ranges, what fits what, changes, and who has whom as a dead-letter queue. */
class QueueSettingsTest {

    private static final Settings NONE = Settings.NONE;
    private static final Settings FIFO = NONE.with("queueType", QueueType.FIFO);

    private final Scenario scenario = new Scenario();
    private final QueueSupport queues = new QueueSupport(scenario);

    @Test
    void shouldDescribeAllDefaults() {
        final long queue = queues.create("orders", NONE);

        final Settings expected = NONE.with("visibilityTimeoutNs", 30 * SECOND)
                .with("delayNs", 0L)
                .with("receiveWaitNs", 0L)
                .with("retentionNs", 4 * 24 * 3_600 * SECOND)
                .with("deadLetterQueueId", 0L)
                .with("backoffDelayNs", 0L)
                .with("backoffMaxNs", 12 * 3_600 * SECOND)
                .with("highDepth", 0L)
                .with("lowDepth", 0L)
                .with("highAgeNs", 0L)
                .with("lowAgeNs", 0L)
                .with("maxMessageBytes", 1_048_576L)
                .with("maxReceiveCount", 0L)
                .with("queueType", QueueType.STANDARD)
                .with("contentDeduplication", Switch.OFF)
                .with("deduplicationScope", QueueScope.QUEUE)
                .with("throughputScope", QueueScope.QUEUE)
                .with("redrivePermission", RedrivePermission.ALLOW_ALL)
                .with("backoff", Backoff.NONE)
                .with("priorities", 1);
        assertEquals(expected, queues.description(queue).settings());
    }

    @Test
    void shouldDescribeWhatWasSet() {
        final long dead = queues.create("dead", FIFO);
        final Settings all = NONE.with("visibilityTimeoutNs", 1L)
                .with("delayNs", 2L)
                .with("receiveWaitNs", 3L)
                .with("retentionNs", 4 * SECOND)
                .with("deadLetterQueueId", dead)
                .with("backoffDelayNs", 5L)
                .with("backoffMaxNs", 6L)
                .with("highDepth", 8L)
                .with("lowDepth", 7L)
                .with("highAgeNs", 10L)
                .with("lowAgeNs", 9L)
                .with("maxMessageBytes", 11L)
                .with("maxReceiveCount", 12L)
                .with("queueType", QueueType.FIFO)
                .with("contentDeduplication", Switch.ON)
                .with("deduplicationScope", QueueScope.MESSAGE_GROUP)
                .with("throughputScope", QueueScope.MESSAGE_GROUP)
                .with("redrivePermission", RedrivePermission.BY_QUEUE)
                .with("backoff", Backoff.LINEAR)
                .with("priorities", 1)
                .with("redriveSources", List.of(7L, 1L << 40));
        final long queue = queues.create("orders", all);

        assertEquals(all, queues.description(queue).settings());
    }

    @Test
    @Statement("S12")
    void shouldReturnAQueueOfTheSameSettingsAndNameTheFirstThatDiffers() {
        final long dead = queues.create("dead", NONE);
        final Settings set = NONE.with("retentionNs", 60 * SECOND)
                .with("deadLetterQueueId", dead)
                .with("maxReceiveCount", 3L)
                .with("redrivePermission", RedrivePermission.BY_QUEUE)
                .with("redriveSources", List.of(1L, 2L));
        final long queue = queues.create("orders", set);
        assertEquals(queue, queues.create("orders", set));

        final Map<Integer, Settings> others = new TreeMap<>();
        others.put(
                1,
                set.with("queueType", QueueType.FIFO)
                        .with("deadLetterQueueId", 0L)
                        .with("maxReceiveCount", 0L));
        others.put(2, set.with("visibilityTimeoutNs", 1L).with("highDepth", 1L));
        others.put(3, set.with("delayNs", 1L).with("retentionNs", 61 * SECOND));
        others.put(4, set.with("receiveWaitNs", 1L));
        others.put(5, set.with("retentionNs", 61 * SECOND).with("priorities", 2));
        others.put(6, set.with("maxMessageBytes", 1L));
        others.put(10, set.with("deadLetterQueueId", 0L).with("maxReceiveCount", 0L));
        others.put(11, set.with("maxReceiveCount", 4L));
        others.put(12, set.with("redriveSources", List.of(1L)));
        others.put(13, set.with("backoffDelayNs", 1L).with("priorities", 2));
        others.put(14, set.with("priorities", 2));
        others.put(15, set.with("highDepth", 1L).with("highAgeNs", 1L));
        others.put(16, set.with("highAgeNs", 1L));
        others.forEach((number, other) -> {
            queues.ask("orders", other);
            final Event.Refused answer = assertInstanceOf(
                    Event.Refused.class, scenario.egress.drain().get(0).event());
            assertEquals(ResultCode.QUEUE_EXISTS, answer.code(), other::toString);
            assertEquals(number.longValue(), answer.actual(), other::toString);
        });
    }

    @Test
    @Statement("S12")
    void shouldEndTheLongPollsOfADeletedQueue() {
        final long queue = queues.create("orders", NONE);
        scenario.receive(B, queue, 1, 20_000L, null);
        scenario.deleteQueue(A, queue);

        scenario.shouldTell("A: confirmed", "B: end of 0 QUEUE_DELETED");
    }

    @Test
    void shouldRefuseWhatIsOutOfRange() {
        queues.ask("a", NONE.with("visibilityTimeoutNs", 43_200 * SECOND + 1));
        queues.ask("a", NONE.with("retentionNs", SECOND - 1));
        queues.ask("a", NONE.with("retentionNs", 366 * 24 * 3_600 * SECOND));
        queues.ask("a", NONE.with("maxMessageBytes", 1_048_577L));
        queues.ask("a", NONE.with("backoffDelayNs", 43_200 * SECOND + 1));
        queues.ask("a", NONE.with("backoffMaxNs", -1L));
        queues.ask("a", NONE.with("priorities", 9));
        queues.ask("a", NONE.with("highDepth", -1L));
        queues.ask("a", NONE.with("lowAgeNs", -1L));

        scenario.shouldTell(
                "A: refused LIMIT_EXCEEDED VISIBILITY limit=43200000000000 actual=43200000000001",
                "A: refused LIMIT_EXCEEDED RETENTION_LEAST limit=1000000000 actual=999999999",
                "A: refused LIMIT_EXCEEDED RETENTION limit=31536000000000000 actual=31622400000000000",
                "A: refused LIMIT_EXCEEDED MESSAGE_BYTES limit=1048576 actual=1048577",
                "A: refused LIMIT_EXCEEDED BACKOFF limit=43200000000000 actual=43200000000001",
                "A: refused INVALID_ARGUMENT",
                "A: refused LIMIT_EXCEEDED PRIORITIES limit=8 actual=9",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT");
    }

    @Test
    @Statement("D5")
    void shouldRefuseWhatDoesNotFit() {
        queues.ask("a", NONE.with("contentDeduplication", Switch.ON));
        queues.ask("a", NONE.with("deduplicationScope", QueueScope.MESSAGE_GROUP));
        queues.ask("a", NONE.with("throughputScope", QueueScope.MESSAGE_GROUP));
        queues.ask("a", FIFO.with("throughputScope", QueueScope.MESSAGE_GROUP));
        queues.ask("a", FIFO.with("priorities", 2));
        queues.ask("a", NONE.with("priorities", 0));
        queues.ask("a", NONE.with("highDepth", 1L).with("lowDepth", 2L));
        queues.ask("a", NONE.with("lowAgeNs", 1L));
        queues.ask("a", NONE.with("redriveSources", List.of(1L)));
        queues.ask("a", FIFO.with("deduplicationScope", QueueScope.MESSAGE_GROUP));

        scenario.shouldTell(
                "A: refused INVALID_SETTING CONTENT_DEDUPLICATION",
                "A: refused INVALID_SETTING DEDUPLICATION_SCOPE",
                "A: refused INVALID_SETTING THROUGHPUT_SCOPE",
                "A: refused INVALID_SETTING THROUGHPUT_SCOPE",
                "A: refused INVALID_SETTING PRIORITIES",
                "A: refused INVALID_SETTING PRIORITIES",
                "A: refused INVALID_SETTING DEPTH_ALARM",
                "A: refused INVALID_SETTING AGE_ALARM",
                "A: refused INVALID_SETTING REDRIVE_PERMISSION",
                "A: confirmed 1");
    }

    @Test
    @Statement("Q4")
    void shouldJudgeDeadLetterQueues() {
        final long standard = queues.create("standard", NONE);
        final long fifo = queues.create("fifo", FIFO);
        final long closed = queues.create("closed", NONE.with("redrivePermission", RedrivePermission.DENY_ALL));
        final long chosen = queues.create(
                "chosen",
                NONE.with("redrivePermission", RedrivePermission.BY_QUEUE)
                        .with("redriveSources", List.of(standard, 99L)));
        final Settings one = NONE.with("maxReceiveCount", 1L);

        queues.set(A, standard, one.with("deadLetterQueueId", 77L));
        queues.set(A, standard, one.with("deadLetterQueueId", standard));
        queues.set(A, standard, one.with("deadLetterQueueId", fifo));
        queues.set(A, standard, one.with("deadLetterQueueId", closed));
        queues.set(A, closed, one.with("deadLetterQueueId", chosen));
        queues.ask("new", one.with("deadLetterQueueId", chosen));
        queues.set(A, standard, one);
        queues.set(A, standard, NONE.with("deadLetterQueueId", chosen));
        queues.set(A, standard, one.with("deadLetterQueueId", chosen).with("maxReceiveCount", 1001L));
        queues.set(A, standard, one.with("deadLetterQueueId", chosen));
        queues.set(
                A,
                chosen,
                NONE.with("redriveSources", LongStream.range(0, 11).boxed().toList()));

        scenario.shouldTell(
                "A: refused UNKNOWN_QUEUE",
                "A: refused INVALID_SETTING DEAD_LETTER_QUEUE",
                "A: refused INVALID_SETTING DEAD_LETTER_QUEUE",
                "A: refused REDRIVE_NOT_ALLOWED",
                "A: refused REDRIVE_NOT_ALLOWED",
                "A: refused REDRIVE_NOT_ALLOWED",
                "A: refused INVALID_SETTING DEAD_LETTER_QUEUE",
                "A: refused INVALID_SETTING MAX_RECEIVE_COUNT",
                "A: refused LIMIT_EXCEEDED RECEIVE_COUNT limit=1000 actual=1001",
                "A: confirmed",
                "A: refused LIMIT_EXCEEDED REDRIVE_SOURCES limit=10 actual=11");
    }

    @Test
    void shouldChangeWhatIsNamedAndNothingElse() {
        final long queue = queues.create("orders", NONE.with("delayNs", 5L));
        scenario.pass(1);
        queues.set(A, queue, NONE.with("visibilityTimeoutNs", 7L));
        queues.set(A, queue, NONE.with("queueType", QueueType.FIFO));
        queues.set(A, 2, NONE);
        scenario.shouldTell("A: confirmed", "A: refused INVALID_SETTING TYPE", "A: refused UNKNOWN_QUEUE");

        final Event.QueueDescription description = queues.description(queue);
        assertEquals(7L, description.settings().visibilityTimeoutNs());
        assertEquals(5L, description.settings().delayNs());
        assertEquals(scenario.nowNs(), description.changedTimeNs());
        assertEquals(scenario.nowNs() - MS, description.createdTimeNs());
    }

    @Test
    void shouldListTheSourcesOfADeadLetterQueueInTheOrderInWhichTheyTookIt() {
        final long dead = queues.create("dead", NONE);
        final Settings source = NONE.with("deadLetterQueueId", dead).with("maxReceiveCount", 1L);
        final long first = queues.create("first", NONE);
        final long second = queues.create("second", source);
        final long third = queues.create("third", source);
        queues.set(A, first, source);
        scenario.forget();
        queues.listSources(B, dead, 0, 10);
        queues.listSources(B, dead, 0, 2);
        queues.listSources(B, dead, third, 2);
        queues.listSources(B, dead, dead, 2);
        queues.listSources(B, first, 0, 2);
        queues.set(A, second, NONE.with("deadLetterQueueId", 0L).with("maxReceiveCount", 0L));
        scenario.deleteQueue(A, third);
        queues.listSources(B, dead, 0, 10);
        scenario.deleteQueue(A, dead);
        queues.listSources(B, dead, 0, 10);

        scenario.shouldTell(
                "B: queues [3 second, 4 third, 2 first]",
                "B: queues [3 second, 4 third] next=4",
                "B: queues [2 first]",
                "B: refused INVALID_ARGUMENT",
                "B: queues []",
                "A: confirmed",
                "A: confirmed",
                "B: queues [2 first]",
                "A: confirmed",
                "B: refused UNKNOWN_QUEUE");
        assertEquals(dead, queues.description(first).settings().deadLetterQueueId());
    }

    @Test
    void shouldKeepTheOrderOfSourcesAndADeletedDeadLetterQueueThroughASnapshot() {
        final long dead = queues.create("dead", NONE);
        final Settings source = NONE.with("deadLetterQueueId", dead).with("maxReceiveCount", 1L);
        queues.create("first", NONE);
        queues.create("second", source);
        queues.set(A, 2, source);
        scenario.send(A, dead, "x");

        assertEquals(
                DerivedState.of(scenario.kernel),
                DerivedState.of(Snapshots.copy(scenario.kernel, new RecordingEgress())));
        scenario.deleteQueue(A, dead);
        assertEquals(
                DerivedState.of(scenario.kernel),
                DerivedState.of(Snapshots.copy(scenario.kernel, new RecordingEgress())));
    }
}
