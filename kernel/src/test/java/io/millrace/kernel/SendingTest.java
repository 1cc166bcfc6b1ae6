package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.kernel.Payload.Attribute;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a send stores, and when it is refused entirely. */
class SendingTest {

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders");

    @Test
    void shouldConfirmTheFirstMessageIdAndTheirNumber() {
        scenario.send(A, queue, "one", "two", "three");
        scenario.send(A, queue, "four");

        scenario.shouldTell("A: confirmed 1-3", "A: confirmed 4");
    }

    @Test
    void shouldCountMessageIdsInTheServerAndSequenceNumbersInTheQueue() {
        final long other = scenario.createQueue("other");
        scenario.send(A, queue, "one");
        scenario.send(A, other, "two");
        scenario.send(A, queue, "three");
        scenario.receive(B, queue, 10);
        scenario.receive(B, other, 10);
        scenario.forget();

        assertEquals(3, scenario.delivery("three").messageId());
        assertEquals(2, scenario.delivery("three").sequenceNumber());
        assertEquals(2, scenario.delivery("two").messageId());
        assertEquals(1, scenario.delivery("two").sequenceNumber());
    }

    @Test
    void shouldDeliverTheBytesThatWereSent() {
        final Payload payload = Payload.of(
                "\u0000\u00FF body",
                Attribute.text("side", "buy"),
                new Attribute(2, "price", "int", "-12.50"),
                new Attribute(3, "raw", "", "\u0001\u0000"));
        scenario.sendPayloads(A, queue, null, payload);
        scenario.receive(B, queue, 1);
        scenario.forget();

        assertEquals(payload, scenario.delivery("\u0000\u00FF body").payload());
    }

    @Test
    void shouldDeliverEmptyBodies() {
        scenario.send(A, queue, "");
        scenario.receive(B, queue, 1);

        scenario.shouldTell("A: confirmed 1", "B: delivery ''", "B: end of 1");
    }

    @Test
    void shouldSayWhenAMessageWasSentAndFirstReceived() {
        scenario.send(A, queue, "one");
        final long sentNs = scenario.nowNs();
        scenario.pass(5);
        scenario.receive(B, queue, 1, 0L, 10L);
        final long firstReceivedNs = scenario.nowNs();
        scenario.pass(10);
        scenario.receive(B, queue, 1);
        scenario.forget();

        assertEquals(sentNs, scenario.delivery("one").sentTimeNs());
        assertEquals(firstReceivedNs, scenario.delivery("one").firstReceivedTimeNs());
    }

    @Test
    void shouldStoreNothingOfASendWithOneWrongEntry() {
        scenario.sendPayloads(
                A, queue, null, Payload.of("one"), Payload.of("two", Attribute.text("", "value")), Payload.of("three"));
        scenario.send(A, queue, "four");
        scenario.receive(B, queue, 10);

        scenario.shouldTell(
                "A: refused INVALID_ATTRIBUTE entry=1", "A: confirmed 1", "B: delivery 'four'", "B: end of 1");
    }

    @Test
    void shouldNameTheFirstWrongEntry() {
        final Payload wrong = Payload.of("wrong", Attribute.number("n", "x"));
        scenario.sendEntries(
                A,
                queue,
                List.of(
                        new Command.Entry(null, Payload.of("right")),
                        new Command.Entry(null, Payload.of("right")),
                        new Command.Entry(-1L, wrong),
                        new Command.Entry(null, wrong)));

        scenario.shouldTell("A: refused INVALID_ARGUMENT entry=2");
    }

    @Test
    void shouldRefuseEmptyBatchesAndUnknownQueues() {
        scenario.send(A, queue);
        scenario.send(A, queue + 1);
        scenario.send(A, 0, "one");

        scenario.shouldTell("A: refused EMPTY_BATCH", "A: refused UNKNOWN_QUEUE", "A: refused UNKNOWN_QUEUE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "-7", "+7", "12.5", "-0.001", "1e5", "1.5E-3", "123456789012345678901234567890"})
    @Statement("S8")
    void shouldAcceptDecimalNumbers(final String value) {
        scenario.sendPayloads(A, queue, null, Payload.of("one", Attribute.number("n", value)));

        scenario.shouldTell("A: confirmed 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1x", "--1", "1.2.3", ".", "-", "1e", " 1", "1 ", "0x10", "NaN", "1,5"})
    @Statement("S8")
    void shouldRefuseNumbersThatAreNone(final String value) {
        scenario.sendPayloads(A, queue, null, Payload.of("one", Attribute.number("n", value)));

        scenario.shouldTell("A: refused INVALID_ATTRIBUTE entry=0");
    }

    @Test
    @Statement("S8")
    void shouldRefuseAttributesWithoutNameOrValueOfUnknownTypeOrTwice() {
        final Attribute good = Attribute.text("good", "value");
        scenario.sendPayloads(A, queue, null, Payload.of("one", good, Attribute.text("", "value")));
        scenario.sendPayloads(A, queue, null, Payload.of("one", good, Attribute.text("name", "")));
        scenario.sendPayloads(A, queue, null, Payload.of("one", good, new Attribute(0, "name", "", "value")));
        scenario.sendPayloads(A, queue, null, Payload.of("one", good, new Attribute(4, "name", "", "value")));
        scenario.sendPayloads(A, queue, null, Payload.of("one", good, good));
        scenario.sendPayloads(A, queue, null, Payload.of("one", good, Attribute.text("Good", "value")));

        final String refused = "A: refused INVALID_ATTRIBUTE entry=0";
        scenario.shouldTell(refused, refused, refused, refused, refused, "A: confirmed 1");
    }

    @Test
    void shouldAnswerTheSenderBeforeAConsumerGetsTheMessage() {
        scenario.consume(A, queue, 10, 1000);
        scenario.send(A, queue, "one");

        scenario.shouldTell("A: confirmed", "A: confirmed 1", "A: push 'one'");
    }

    @Test
    void shouldCheckTheDelayOfAnEntryBeforeItsPayload() {
        final Payload wrong = Payload.of("wrong", Attribute.text("", ""));
        scenario.sendEntries(A, queue, List.of(new Command.Entry(-MS, wrong)));

        scenario.shouldTell("A: refused INVALID_ARGUMENT entry=0");
    }
}
