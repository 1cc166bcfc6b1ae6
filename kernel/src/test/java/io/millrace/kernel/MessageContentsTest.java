package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Payload.Attribute;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How large messages and batches may be, and what text may hold, with the quotas of SQS. */
class MessageContentsTest {
    private static final int MIB = 1_048_576;

    private final Scenario scenario = new Scenario(Limits.awsProfile());
    private final long queue = scenario.createQueue("orders");

    private void sendText(final boolean eachEntry, final String... bodies) {
        scenario.apply(
                A,
                new Command.SendMessages(
                        1_000_000,
                        Producer.NONE,
                        queue,
                        true,
                        eachEntry,
                        Arrays.stream(bodies)
                                .map(body -> new Command.Entry(null, Payload.of(body)))
                                .toList()));
    }

    private static String exceeded(final LimitId id, final long limit, final long actual) {
        return "refused LIMIT_EXCEEDED " + id + " limit=" + limit + " actual=" + actual;
    }

    private static String[] bodies(final int count) {
        return Collections.nCopies(count, "x").toArray(String[]::new);
    }

    @Test
    @Statement("S1")
    void shouldRefuseTextWithoutABodyAndTakeBytesWithoutOne() {
        sendText(false, "x", "");
        sendText(true, "", "x");
        scenario.send(A, queue, "");

        scenario.shouldTell("A: refused EMPTY_BODY entry=1", "A: sent [EMPTY_BODY, 1]", "A: confirmed 2");
    }

    @Test
    @Statement("S1")
    void shouldTakeAMessageOfAMebibyteWithItsAttributesAndNoByteMore() {
        final Attribute attribute = new Attribute(1, "name", "custom", "value");
        final int attributeBytes = "name".length() + "String.custom".length() + "value".length();
        scenario.sendPayloads(A, queue, null, Payload.of("x".repeat(MIB - attributeBytes), attribute));
        scenario.sendPayloads(A, queue, null, Payload.of("x".repeat(MIB - attributeBytes + 1), attribute));

        scenario.shouldTell("A: confirmed 1", "A: " + exceeded(LimitId.MESSAGE_BYTES, MIB, MIB + 1) + " entry=0");
    }

    @Test
    @Statement("S1")
    void shouldTakeABatchOfAMebibyteAndNoByteMore() {
        scenario.send(A, queue, "x".repeat(MIB / 2), "x".repeat(MIB / 2));
        scenario.send(A, queue, "x".repeat(MIB / 2), "x".repeat(MIB / 2 + 1));

        scenario.shouldTell("A: confirmed 1-2", "A: " + exceeded(LimitId.BATCH_BYTES, MIB, MIB + 1));
    }

    @ParameterizedTest
    @Statement("S2")
    @ValueSource(
            strings = {
                "a\u0000",
                "\u0008",
                "\u000B",
                "\u001Fb",
                "\u00EF\u00BF\u00BE",
                "\u00EF\u00BF\u00BF",
                "\u00FF",
                "\u00ED\u00A0\u0080"
            })
    void shouldRefuseTextWithCharactersThatXmlDoesNotAllow(final String body) {
        sendText(false, "right", body);
        scenario.send(A, queue, body);

        scenario.shouldTell("A: refused INVALID_CHARACTERS entry=1", "A: confirmed 1");
    }

    @ParameterizedTest
    @Statement("S2")
    @ValueSource(
            strings = {
                "\t\n\r ~\u007F",
                "\u00C3\u00BC",
                "\u00EE\u0080\u0080",
                "\u00EF\u00BF\u00BD",
                "\u00F0\u0090\u0080\u0080",
                "\u00F4\u008F\u00BF\u00BF"
            })
    void shouldTakeTextWithCharactersThatXmlAllows(final String body) {
        sendText(false, body);

        scenario.shouldTell("A: confirmed 1");
    }

    @Test
    @Statement("S2")
    void shouldRefuseOnlyTheWrongEntryIfEntriesStandForThemselves() {
        sendText(true, "one", "\u0001", "three");
        scenario.receive(B, queue, 10);

        scenario.shouldTell(
                "A: sent [1, INVALID_CHARACTERS, 2]", "B: delivery 'one'", "B: delivery 'three'", "B: end of 2");
    }

    @Test
    @Statement("S3")
    void shouldTakeTenEntriesButNotElevenNorNone() {
        scenario.send(A, queue, bodies(10));
        scenario.send(A, queue, bodies(11));
        scenario.send(A, queue);
        sendText(true, bodies(11));
        sendText(true);

        scenario.shouldTell(
                "A: confirmed 1-10",
                "A: " + exceeded(LimitId.BATCH_ENTRIES, 10, 11),
                "A: refused EMPTY_BATCH",
                "A: " + exceeded(LimitId.BATCH_ENTRIES, 10, 11),
                "A: refused EMPTY_BATCH");
    }

    @Test
    @Statement("S6")
    void shouldReceiveOneToTenMessages() {
        scenario.send(A, queue, bodies(10));
        scenario.forget();
        scenario.receive(B, queue, 0);
        scenario.receive(B, queue, 11);
        scenario.shouldTell(
                "B: " + exceeded(LimitId.RECEIVE_MESSAGES, 10, 0), "B: " + exceeded(LimitId.RECEIVE_MESSAGES, 10, 11));

        scenario.receive(B, queue, 1);
        scenario.forget();
        scenario.receive(B, queue, 10);
        scenario.forgetAll(event -> {});
        scenario.describe(B, queue);
        scenario.shouldTell("B: queue 1 orders available=0 delayed=0 inFlight=10");
    }
}
