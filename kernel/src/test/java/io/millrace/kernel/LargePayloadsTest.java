package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.kernel.Payload.Attribute;
import org.junit.jupiter.api.Test;

/** Payloads that do not fit a frame, in and out. */
class LargePayloadsTest {

    /** The longest body that is delivered whole: a Delivery without attributes is 101 bytes longer. */
    private static final int LONGEST_WHOLE_BODY = 65_536 - 120;

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders");

    @Test
    void shouldStoreAPayloadSentInChunks() {
        final Payload payload = Payload.of("x".repeat(200_000), Attribute.text("side", "buy"));
        scenario.sendInChunks(A, queue, payload, 32_768);
        scenario.shouldTell("A: confirmed 1");

        scenario.receive(B, queue, 1);
        scenario.forget();
        assertEquals(payload, scenario.delivery(payload.body()).payload());
    }

    @Test
    void shouldDeliverInChunksOnlyWhatDoesNotFitAFrame() {
        final String fits = "x".repeat(LONGEST_WHOLE_BODY);
        final String doesNot = "y".repeat(LONGEST_WHOLE_BODY + 1);
        scenario.sendInChunks(A, queue, Payload.of(fits), 32_000);
        scenario.sendInChunks(A, queue, Payload.of(doesNot), 32_000);
        scenario.receive(B, queue, 1);
        scenario.consume(C, queue, 1, 100);
        scenario.forget();

        assertEquals(false, scenario.delivery(fits).chunked());
        assertEquals(true, scenario.delivery(doesNot).chunked());
    }

    @Test
    void shouldDeliverSmallPayloadsSentInChunksWhole() {
        scenario.sendInChunks(A, queue, Payload.of("small"), 5);
        scenario.receive(B, queue, 1);

        scenario.shouldTell("A: confirmed 1", "B: delivery 'small'", "B: end of 1");
    }

    @Test
    void shouldNumberTheMessageWhenItIsCommitted() {
        final Payload payload = Payload.of("large");
        scenario.begin(A, queue, null, payload.length());
        scenario.append(A, 0, chars(payload));
        scenario.apply(B, new Command.SendMessages(99, Command.Producer.NONE, queue, entry("small")));
        scenario.commit(A);

        scenario.shouldTell("B: confirmed 1", "A: confirmed 2");
    }

    @Test
    void shouldDelayAPayloadSentInChunks() {
        final Payload payload = Payload.of("large");
        scenario.begin(A, queue, 50 * Scenario.MS, payload.length());
        scenario.append(A, 0, chars(payload));
        scenario.pass(50);
        scenario.commit(A);
        scenario.forget();
        scenario.receive(B, queue, 1);
        scenario.pass(50);
        scenario.receive(B, queue, 1);

        scenario.shouldTell("B: end of 0", "B: delivery 'large'", "B: end of 1");
    }

    @Test
    void shouldRefuseChunksOutOfOrder() {
        scenario.begin(A, queue, null, 20);
        scenario.append(A, 1, "x");
        scenario.append(A, 0, "0123456789");
        scenario.append(A, 0, "0123456789");
        scenario.append(A, 10, "01234567890");
        scenario.append(A, 0xFFFF_FFFFL, "x");

        final String refused = "A: refused OUT_OF_ORDER_CHUNK";
        scenario.shouldTell(refused, refused, refused, refused);
    }

    @Test
    void shouldRefuseToCommitWhatIsIncompleteAndForgetIt() {
        scenario.begin(A, queue, null, 20);
        scenario.append(A, 0, "0123456789");
        scenario.commit(A);
        scenario.commit(A);

        scenario.shouldTell("A: refused OUT_OF_ORDER_CHUNK", "A: refused UNKNOWN_TRANSFER");
    }

    @Test
    void shouldRefuseToCommitWhatIsNoPayload() {
        scenario.begin(A, queue, null, 20);
        scenario.append(A, 0, "\u00FF".repeat(20));
        scenario.commit(A);
        scenario.begin(A, queue, null, 0);
        scenario.commit(A);

        scenario.shouldTell("A: refused MALFORMED_FRAME", "A: refused MALFORMED_FRAME");
    }

    @Test
    void shouldRefuseWhatWasNeverBegunOrByAnotherSession() {
        scenario.append(A, 0, "x");
        scenario.commit(A);
        scenario.begin(A, queue, null, 20);
        scenario.append(B, 0, "x");
        scenario.commit(B);

        final String refused = ": refused UNKNOWN_TRANSFER";
        scenario.shouldTell("A" + refused, "A" + refused, "B" + refused, "B" + refused);
    }

    @Test
    void shouldJudgeThePayloadAtTheCommit() {
        scenario.sendInChunks(A, queue, Payload.of("x", Attribute.number("n", "y")), 100);
        final long small = scenario.createQueueQuietly("small", 10L);
        scenario.sendInChunks(A, small, Payload.of("x".repeat(11)), 100);
        scenario.sendInChunks(A, small, Payload.of("x".repeat(10)), 100);

        scenario.shouldTell(
                "A: refused INVALID_ATTRIBUTE",
                "A: confirmed 2",
                "A: refused LIMIT_EXCEEDED MESSAGE_BYTES limit=10 actual=11",
                "A: confirmed 1");
    }

    @Test
    void shouldRefuseAQueueThatIsUnknownOrDeletedMeanwhile() {
        scenario.begin(A, queue + 1, null, 20);
        final Payload payload = Payload.of("large");
        scenario.begin(A, queue, null, payload.length());
        scenario.append(A, 0, chars(payload));
        scenario.apply(B, new Command.DeleteQueue(99, Command.Producer.NONE, queue));
        scenario.commit(A);

        scenario.shouldTell("A: refused UNKNOWN_QUEUE", "B: confirmed", "A: refused UNKNOWN_QUEUE");
    }

    @Test
    void shouldStoreAResentPayloadOnce() {
        scenario.openProducer(A, 0);
        scenario.forget();
        for (int i = 0; i < 10; i++) {
            scenario.as(1, 1, 1);
            scenario.sendInChunks(A, queue, Payload.of("large"), 3);
        }
        scenario.as(1, 2, 1);
        scenario.sendInChunks(A, queue, Payload.of("next"), 3);
        scenario.asNobody();
        scenario.describe(B, queue);

        final String first = "A: confirmed 1";
        scenario.shouldTell(
                first,
                first,
                first,
                first,
                first,
                first,
                first,
                first,
                first,
                first,
                "A: confirmed 2",
                "B: queue 1 orders available=2 delayed=0 inFlight=0");
    }

    @Test
    void shouldUseUpTheSequenceWithTheCommitOnly() {
        final Payload payload = Payload.of("large");
        scenario.openProducer(A, 0);
        scenario.forget();
        scenario.as(1, 1, 1);
        scenario.begin(A, queue, null, payload.length());
        scenario.append(A, 0, chars(payload));
        final long correlationId = scenario.lastCorrelationId();
        scenario.apply(B, new Command.CommitPayload(correlationId, new Command.Producer(1, 2, 1)));
        scenario.commit(A);
        scenario.commit(A);

        scenario.shouldTell("B: refused SEQUENCE_GAP expected=1", "A: confirmed 1", "A: confirmed 1");
    }

    @Test
    void shouldPushLargePayloadsOnCredit() {
        scenario.consume(B, queue, 10, 1);
        final String large = "x".repeat(100_000);
        scenario.sendInChunks(A, queue, Payload.of(large), 32_768);
        scenario.sendInChunks(A, queue, Payload.of("next"), 100);
        scenario.shouldTell(
                "B: confirmed", "A: confirmed 1", "B: push " + Payload.of(large) + " in chunks", "A: confirmed 2");

        scenario.acknowledge(B, queue, scenario.receipt(large));
        scenario.shouldTell("B: confirmed", "B: push 'next'");
    }

    private static java.util.List<Command.Entry> entry(final String body) {
        return java.util.List.of(new Command.Entry(null, Payload.of(body)));
    }

    private static String chars(final Payload payload) {
        return new String(payload.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
