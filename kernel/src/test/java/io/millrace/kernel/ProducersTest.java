package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.LimitId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A command sent again is executed once and answered with its first result. */
class ProducersTest {

    private final Scenario scenario = new Scenario(Limits.nativeProfile().with(LimitId.PRODUCERS, 3));
    private final long queue = scenario.createQueue("orders", 100L, null, null, null);

    @Test
    void shouldOpenNewProducersAndTakeOverOldOnes() {
        scenario.openProducer(A, 0);
        scenario.openProducer(B, 0);
        scenario.openProducer(B, 1);
        scenario.openProducer(B, 3);

        scenario.shouldTell(
                "A: producer 1 epoch=1 last=0",
                "B: producer 2 epoch=1 last=0",
                "B: producer 1 epoch=2 last=0",
                "B: refused PRODUCER_UNKNOWN");
    }

    @Test
    void shouldGiveOneEpochToARequestThatComesAgain() {
        scenario.openProducer(A, 0, 5);
        scenario.openProducer(B, 1, 6);
        scenario.as(1, 1, 2);
        scenario.send(B, queue, "one");
        scenario.asNobody();
        scenario.openProducer(A, 1, 6);
        scenario.as(1, 2, 2);
        scenario.send(B, queue, "two");
        scenario.asNobody();
        scenario.openProducer(C, 1, 7);
        scenario.openProducer(C, 1, 6);
        scenario.openProducer(C, 1, 0);
        scenario.openProducer(C, 1, 0);

        scenario.shouldTell(
                "A: producer 1 epoch=1 last=0",
                "B: producer 1 epoch=2 last=0",
                "B: confirmed 1",
                "A: producer 1 epoch=2 last=1",
                "B: confirmed 2",
                "C: producer 1 epoch=3 last=2",
                "C: producer 1 epoch=4 last=2",
                "C: producer 1 epoch=5 last=2",
                "C: producer 1 epoch=6 last=2");
    }

    @Test
    void shouldPublishAResentMessageOnce() {
        final TopicSupport topics = new TopicSupport(scenario);
        final long topic = topics.create("trades");
        topics.subscribe(topic, queue, Command.SubscriptionSettings.RAW);
        scenario.forget();
        scenario.openProducer(A, 0);
        final List<Command.Published> entries =
                List.of(new Command.Published(Payload.of("one"), ""), new Command.Published(Payload.of("two"), ""));
        for (final boolean eachEntry : new boolean[] {false, true}) {
            final Command publish = new Command.PublishMessages(
                    7, new Command.Producer(1, eachEntry ? 2 : 1, 1), topic, false, eachEntry, entries);
            scenario.apply(A, publish);
            scenario.apply(A, publish);
        }

        final List<String> told = scenario.told().toList();
        assertEquals("A: producer 1 epoch=1 last=0", told.get(0));
        assertEquals(5, told.size());
        assertEquals(told.get(1), told.get(2));
        assertEquals(told.get(3), told.get(4));
        assertEquals(4, scenario.kernel.messageCount());
    }

    @Test
    void shouldStoreAResentMessageOnce() {
        scenario.openProducer(A, 0);
        scenario.as(1, 1, 1);
        scenario.send(A, queue, "one");
        scenario.send(A, queue, "one");
        scenario.asNobody();
        scenario.receive(B, queue, 10);

        scenario.shouldTell(
                "A: producer 1 epoch=1 last=0", "A: confirmed 1", "A: confirmed 1", "B: delivery 'one'", "B: end of 1");
    }

    @Test
    void shouldGoOnAfterAReconnect() {
        scenario.openProducer(A, 0);
        scenario.as(1, 1, 1);
        scenario.send(A, queue, "one", "two");
        scenario.close(A);
        scenario.open(4);
        scenario.asNobody();
        scenario.openProducer(4, 1);
        scenario.as(1, 1, 2);
        scenario.send(4, queue, "one", "two");
        scenario.as(1, 2, 2);
        scenario.send(4, queue, "three");

        scenario.shouldTell(
                "A: producer 1 epoch=1 last=0",
                "A: confirmed 1-2",
                "D: producer 1 epoch=2 last=1",
                "D: confirmed 1-2",
                "D: confirmed 3");
    }

    @Test
    void shouldFenceOlderEpochs() {
        scenario.openProducer(A, 0);
        scenario.openProducer(B, 1);
        scenario.forget();
        scenario.as(1, 1, 1);
        scenario.send(A, queue, "one");
        scenario.as(1, 1, 2);
        scenario.send(B, queue, "one");

        scenario.shouldTell("A: refused PRODUCER_FENCED", "B: confirmed 1");
    }

    @Test
    void shouldRefuseGapsAndUnknownProducers() {
        scenario.openProducer(A, 0);
        scenario.forget();
        scenario.as(1, 2, 1);
        scenario.send(A, queue, "one");
        scenario.as(2, 1, 1);
        scenario.send(A, queue, "one");
        scenario.as(1, 1, 1);
        scenario.send(A, queue, "one");

        scenario.shouldTell("A: refused SEQUENCE_GAP expected=1", "A: refused PRODUCER_UNKNOWN", "A: confirmed 1");
    }

    @Test
    void shouldRepeatARefusalThoughItWouldNowSucceed() {
        scenario.openProducer(A, 0);
        scenario.as(1, 1, 1);
        scenario.send(A, queue + 1, "one");
        scenario.asNobody();
        scenario.askToCreate("other", null, null, null, null);
        scenario.as(1, 1, 1);
        scenario.send(A, queue + 1, "one");
        scenario.as(1, 2, 1);
        scenario.send(A, queue + 1, "one");

        scenario.shouldTell(
                "A: producer 1 epoch=1 last=0",
                "A: refused UNKNOWN_QUEUE",
                "A: confirmed 2",
                "A: refused UNKNOWN_QUEUE",
                "A: confirmed 1");
    }

    @Test
    void shouldCheckTheProducerBeforeAnythingElse() {
        scenario.as(9, 1, 1);
        scenario.send(A, queue + 1);
        scenario.asNobody();
        scenario.openProducer(A, 0);
        scenario.as(1, 5, 1);
        scenario.send(A, queue + 1);

        scenario.shouldTell(
                "A: refused PRODUCER_UNKNOWN", "A: producer 1 epoch=1 last=0", "A: refused SEQUENCE_GAP expected=1");
    }

    @Test
    void shouldProtectEveryMutatingCommand() {
        scenario.openProducer(A, 0);
        scenario.forget();
        for (int twice = 0; twice < 2; twice++) {
            scenario.as(1, 1, 1);
            scenario.askToCreate("other", null, null, null, null);
            scenario.as(1, 2, 1);
            scenario.deleteQueue(A, 2);
            scenario.as(1, 3, 1);
            scenario.send(A, queue, "one", "two", "three");
        }
        scenario.shouldTell(
                "A: confirmed 2",
                "A: confirmed",
                "A: confirmed 1-3",
                "A: confirmed 2",
                "A: confirmed",
                "A: confirmed 1-3");

        scenario.receive(B, queue, 3);
        scenario.forget();
        for (int twice = 0; twice < 2; twice++) {
            scenario.as(1, 4, 1);
            scenario.acknowledge(B, queue, scenario.receipt("one"));
            scenario.as(1, 5, 1);
            scenario.deleteMessages(B, queue, scenario.receipt("two"));
            scenario.as(1, 6, 1);
            scenario.changeVisibility(B, queue, 0, scenario.receipt("three"), scenario.receipt("one"));
        }
        scenario.shouldTell(
                "B: confirmed",
                "B: confirmed",
                "B: results [1 GONE]",
                "B: confirmed",
                "B: confirmed",
                "B: results [1 GONE]");
    }

    @Test
    void shouldRepeatEntryResultsInFull() {
        scenario.openProducer(A, 0);
        scenario.send(A, queue, "one");
        scenario.receive(B, queue, 1);
        scenario.forget();
        final Receipt one = scenario.receipt("one");
        scenario.as(1, 1, 1);
        scenario.changeVisibility(B, queue, 50_000_000L, one);
        scenario.pass(10);
        scenario.changeVisibility(B, queue, 50_000_000L, one);

        final String result = "B: results [0 LIMIT_EXCEEDED VISIBILITY limit=43200000000000 actual=50000000000000]";
        scenario.shouldTell(result, result);
    }

    @Test
    void shouldKeepTheLastSixtyFourResults() {
        scenario.openProducer(A, 0);
        for (int sequence = 1; sequence <= 65; sequence++) {
            scenario.as(1, sequence, 1);
            scenario.send(A, queue, "body");
        }
        scenario.forget();
        scenario.as(1, 2, 1);
        scenario.send(A, queue, "body");
        scenario.as(1, 1, 1);
        scenario.send(A, queue, "body");

        scenario.shouldTell("A: confirmed 2", "A: refused TOO_OLD");
    }

    @Test
    void shouldLeaveOtherCommandsUnprotected() {
        scenario.as(7, 7, 7);
        scenario.receive(B, queue, 1);
        scenario.consume(B, queue, 1, 100);
        scenario.stopConsuming(B, queue);

        scenario.shouldTell("B: end of 0", "B: confirmed", "B: confirmed");
    }

    @Test
    void shouldEvictTheProducerThatIsIdleTheLongest() {
        scenario.openProducer(A, 0);
        scenario.openProducer(A, 0);
        scenario.openProducer(A, 0);
        scenario.as(1, 1, 1);
        scenario.send(A, queue, "one");
        scenario.asNobody();
        scenario.openProducer(B, 0);
        scenario.forget();
        scenario.as(2, 1, 1);
        scenario.send(A, queue, "two");
        scenario.as(1, 2, 1);
        scenario.send(A, queue, "three");
        scenario.asNobody();
        scenario.openProducer(C, 2);

        scenario.shouldTell("A: refused PRODUCER_UNKNOWN", "A: confirmed 2", "C: refused PRODUCER_UNKNOWN");
    }

    @Test
    void shouldNotLetAFencedOrGappedCommandUseUpASequence() {
        scenario.openProducer(A, 0);
        scenario.forget();
        scenario.as(1, 3, 1);
        scenario.send(A, queue, "three");
        scenario.as(1, 1, 1);
        scenario.send(A, queue);
        scenario.as(1, 2, 1);
        scenario.send(A, queue, "two");
        scenario.as(1, 1, 1);
        scenario.send(A, queue, "one");

        scenario.shouldTell(
                "A: refused SEQUENCE_GAP expected=1",
                "A: refused EMPTY_BATCH",
                "A: confirmed 1",
                "A: refused EMPTY_BATCH");
    }
}
