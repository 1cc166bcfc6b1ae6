package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.AppendPayloadDecoder;
import io.millrace.codecs.AttributeType;
import io.millrace.codecs.BeginPayloadDecoder;
import io.millrace.codecs.CommitPayloadDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.SendMessagesDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message is sent with stands in the frame, in one message, in batches and in large ones. */
class SendOptionsTest {
    private static final long QUEUE = 5;
    private static final String ALL = "delay 1 at 2 ttl 3 priority 4 body group gr\u00fcn dedup id trace Root=1";
    private static final String NOTHING = "delay null at null ttl null priority 0 body group  dedup  trace ";

    private final Harness harness = new Harness();
    private final UnsafeBuffer buffer = new UnsafeBuffer("body".getBytes(StandardCharsets.UTF_8));
    private final SendOptions options = new SendOptions();

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private void connect(final boolean withProducer) {
        harness.connect(harness.context().producer(withProducer).closeTimeoutNs(0));
        harness.recorder.take();
    }

    private SendOptions all() {
        return options.delayNs(1)
                .scheduledTimeNs(2)
                .timeToLiveNs(3)
                .priority(4)
                .groupId("gr\u00fcn")
                .deduplicationId("id")
                .traceHeader("Root=1");
    }

    private SendMessagesDecoder awaitSend() {
        return new SendMessagesDecoder()
                .wrapAndApplyHeader(
                        harness.await(SendMessagesDecoder.TEMPLATE_ID).frame(), 0, new MessageHeaderDecoder());
    }

    private static String text(final SendMessagesDecoder.MessagesDecoder message) {
        final StringBuilder text = new StringBuilder("delay ")
                .append(orNull(message.delayNs()))
                .append(" at ")
                .append(orNull(message.scheduledTimeNs()))
                .append(" ttl ")
                .append(orNull(message.timeToLiveNs()))
                .append(" priority ")
                .append(message.priority());
        for (final SendMessagesDecoder.MessagesDecoder.AttributesDecoder attribute : message.attributes()) {
            text.append(' ').append(attribute.attributeType()).append(' ').append(attribute.name());
            text.append('.').append(attribute.customType()).append('=');
            final byte[] value = new byte[attribute.valueLength()];
            attribute.getValue(value, 0, value.length);
            text.append(new String(value, StandardCharsets.UTF_8));
        }
        final byte[] body = new byte[message.bodyLength()];
        message.getBody(body, 0, body.length);
        text.append(' ').append(new String(body, StandardCharsets.UTF_8));
        text.append(" group ").append(message.groupId());
        text.append(" dedup ").append(message.deduplicationId());
        return text.append(" trace ").append(message.traceHeader()).toString();
    }

    private static String orNull(final long value) {
        return value == Long.MIN_VALUE ? "null" : Long.toString(value);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSendAMessageWithEverything(final boolean withProducer) {
        connect(withProducer);
        harness.client.send(QUEUE, buffer, 0, 4, all().text(true).eachEntry(true));
        harness.client.send(QUEUE, buffer, 0, 4, options.reset());
        harness.client.send(QUEUE, buffer, 0, 4);
        harness.client.send(QUEUE, buffer, 0, 4, 9);

        final SendMessagesDecoder sent = awaitSend();
        assertTrue(sent.flags().text());
        assertTrue(sent.flags().eachEntry());
        assertEquals(ALL, text(sent.messages().next()));
        for (final String expected : List.of(NOTHING, NOTHING, NOTHING.replaceFirst("null", "9"))) {
            final SendMessagesDecoder plain = awaitSend();
            assertTrue(plain.flags().isEmpty());
            assertEquals(expected, text(plain.messages().next()));
        }
    }

    @Test
    void shouldGiveEachMessageOfABatchItsOwn() {
        connect(true);
        final SendBatch batch = harness.client.newSendBatch().begin(QUEUE).eachEntry(true);
        assertTrue(batch.add(buffer, 0, 4, all()));
        options.reset().groupId("second");
        batch.startMessage(options)
                .putAttribute(AttributeType.NUMBER, "price", "int", new UnsafeBuffer("42".getBytes()), 0, 2);
        options.reset();
        assertTrue(batch.endMessage(buffer, 0, 4));
        assertTrue(batch.add(buffer, 0, 4));
        assertTrue(batch.send() > 0);
        batch.add(buffer, 0, 4);
        batch.send();
        batch.begin(QUEUE).text(true).add(buffer, 0, 4);
        batch.send();

        final SendMessagesDecoder sent = awaitSend();
        assertFalse(sent.flags().text());
        assertTrue(sent.flags().eachEntry());
        final SendMessagesDecoder.MessagesDecoder messages = sent.messages();
        assertEquals(3, messages.count());
        assertEquals(ALL, text(messages.next()));
        assertEquals(NOTHING.replace("body group ", "NUMBER price.int=42 body group second"), text(messages.next()));
        assertEquals(NOTHING, text(messages.next()));
        assertTrue(awaitSend().flags().eachEntry());
        final SendMessagesDecoder last = awaitSend();
        assertTrue(last.flags().text());
        assertFalse(last.flags().eachEntry());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSendLargeMessagesWithEverything(final boolean asBatch) {
        connect(true);
        final UnsafeBuffer large = new UnsafeBuffer(new byte[100_000]);
        all().text(true);
        if (asBatch) {
            final SendBatch batch = harness.client.newSendBatch().begin(QUEUE).text(true);
            assertTrue(batch.add(large, 0, large.capacity(), options));
            assertTrue(batch.send() > 0);
        } else {
            assertTrue(harness.client.send(QUEUE, large, 0, large.capacity(), options) > 0);
        }

        final BeginPayloadDecoder begin = new BeginPayloadDecoder()
                .wrapAndApplyHeader(
                        harness.await(BeginPayloadDecoder.TEMPLATE_ID).frame(), 0, new MessageHeaderDecoder());
        assertEquals(QUEUE, begin.queueId());
        assertEquals(1, begin.delayNs());
        assertEquals(2, begin.scheduledTimeNs());
        assertEquals(3, begin.timeToLiveNs());
        assertEquals(4, begin.priority());
        assertTrue(begin.flags().text());
        assertFalse(begin.flags().eachEntry());
        final long committed = harness.await(CommitPayloadDecoder.TEMPLATE_ID).correlationId();
        final StringBuilder tail = new StringBuilder();
        long length = 0;
        for (final FakeServer.Received part : harness.server.take(AppendPayloadDecoder.TEMPLATE_ID)) {
            final AppendPayloadDecoder append =
                    new AppendPayloadDecoder().wrapAndApplyHeader(part.frame(), 0, new MessageHeaderDecoder());
            final byte[] chunk = new byte[append.chunkLength()];
            append.getChunk(chunk, 0, chunk.length);
            length += chunk.length;
            tail.append(new String(chunk, StandardCharsets.UTF_8));
        }
        assertEquals(begin.payloadLength(), length);
        assertEquals(8 + 100_000 + 6 + 5 + 2 + 6, length);
        assertTrue(tail.toString().endsWith("\5\0gr\u00fcn\2\0id\6\0Root=1"));

        harness.server.sendResults(committed).flush();
        assertEquals(
                "sent " + committed + "[0] 100 #10 OK NONE 0 0",
                harness.events(3).get(0));
    }

    @Test
    void shouldTellResultsOfEachEntryAndForgetTheCommand() {
        connect(true);
        for (int i = 0; i < ResendRing.WINDOW; i++) {
            assertTrue(harness.client.send(QUEUE, buffer, 0, 4, options.groupId("g")) > 0);
        }
        assertEquals(MillraceClient.WINDOW_FULL, harness.client.send(QUEUE, buffer, 0, 4));
        final long first = awaitSend().command().correlationId();

        harness.server.sendResults(first).flush();

        assertEquals(
                List.of(
                        "sent " + first + "[0] 100 #10 OK NONE 0 0",
                        "sent " + first + "[1] 90 #9 duplicate OK NONE 0 0",
                        "sent " + first + "[2] 0 #0 LIMIT_EXCEEDED MESSAGE_BYTES 5 6"),
                harness.events(3));
        assertTrue(harness.client.send(QUEUE, buffer, 0, 4) > 0);
    }

    @Test
    void shouldRefuseWhatNoFrameCanSay() {
        connect(true);
        final String tooLong = "x".repeat(65_536);
        assertEquals(MillraceClient.TOO_LARGE, harness.client.send(QUEUE, buffer, 0, 4, options.groupId(tooLong)));
        assertFalse(harness.client.newSendBatch().begin(QUEUE).add(buffer, 0, 4, options));
        assertThrows(IllegalArgumentException.class, () -> options.priority(-1));
        assertThrows(IllegalArgumentException.class, () -> options.priority(256));
    }
}
