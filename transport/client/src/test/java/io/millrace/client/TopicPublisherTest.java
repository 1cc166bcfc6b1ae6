package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.AppendPayloadDecoder;
import io.millrace.codecs.AttributeType;
import io.millrace.codecs.BeginPublicationDecoder;
import io.millrace.codecs.CommitPayloadDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.PublishMessagesDecoder;
import io.millrace.codecs.SubscriberProtocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published stands in the frame, alone and in batches, and goes again after a reconnect under its sequence. */
class TopicPublisherTest {
    private static final long TOPIC = 7;

    private final Harness harness = new Harness();
    private final UnsafeBuffer buffer = new UnsafeBuffer("body".getBytes(StandardCharsets.UTF_8));
    private final PublishOptions options = new PublishOptions();

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private TopicPublisher connect(final boolean withProducer) {
        harness.connect(harness.context().producer(withProducer).closeTimeoutNs(0));
        harness.recorder.take();
        return harness.client.topicPublisher();
    }

    private PublishOptions all() {
        return options.groupId("gr\u00fcn")
                .deduplicationId("id")
                .traceHeader("Root=1")
                .subject("\u00fcber")
                .text(true)
                .eachEntry(true);
    }

    /** The next publish, a line for what concerns all messages and one for each. */
    private List<String> published() {
        return text(harness.await(PublishMessagesDecoder.TEMPLATE_ID));
    }

    private static List<String> text(final FakeServer.Received received) {
        final PublishMessagesDecoder publish =
                new PublishMessagesDecoder().wrapAndApplyHeader(received.frame(), 0, new MessageHeaderDecoder());
        final List<String> lines = new ArrayList<>();
        lines.add("topic " + publish.topicId() + " text " + publish.flags().text() + " each "
                + publish.flags().eachEntry());
        for (final PublishMessagesDecoder.MessagesDecoder message : publish.messages()) {
            final StringBuilder line = new StringBuilder();
            for (final PublishMessagesDecoder.MessagesDecoder.BodiesDecoder each : message.bodies()) {
                final byte[] body = new byte[each.protocolBodyLength()];
                final SubscriberProtocol protocol = each.protocol();
                each.getProtocolBody(body, 0, body.length);
                line.append(protocol).append(':').append(new String(body, StandardCharsets.UTF_8));
                line.append(' ');
            }
            for (final PublishMessagesDecoder.MessagesDecoder.AttributesDecoder each : message.attributes()) {
                line.append(each.attributeType()).append(' ').append(each.name());
                line.append('.').append(each.customType()).append('=');
                final byte[] value = new byte[each.valueLength()];
                each.getValue(value, 0, value.length);
                line.append(new String(value, StandardCharsets.UTF_8)).append(", ");
            }
            final byte[] body = new byte[message.bodyLength()];
            message.getBody(body, 0, body.length);
            line.append(new String(body, StandardCharsets.UTF_8))
                    .append(" group ")
                    .append(message.groupId());
            line.append(" dedup ").append(message.deduplicationId()).append(" trace ");
            line.append(message.traceHeader()).append(" subject ").append(message.subject());
            lines.add(line.toString());
        }
        assertEquals(received.length(), Wire.HEADER_LENGTH + publish.encodedLength());
        return lines;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPublishWithAndWithoutOptions(final boolean withProducer) {
        final TopicPublisher publisher = connect(withProducer);

        assertTrue(publisher.publish(TOPIC, buffer, 0, 4, all()) > 0);
        assertEquals(
                List.of("topic 7 text true each true", "body group gr\u00fcn dedup id trace Root=1 subject \u00fcber"),
                published());
        assertTrue(publisher.publish(TOPIC, buffer, 1, 2) > 0);
        assertEquals(List.of("topic 7 text false each false", "od group  dedup  trace  subject "), published());
        options.reset();
        assertTrue(publisher.publish(TOPIC, buffer, 0, 0, options) > 0);
        assertEquals(List.of("topic 7 text false each false", " group  dedup  trace  subject "), published());
    }

    @Test
    void shouldPublishABatchInOneFrame() {
        final PublishBatch batch = connect(true).newBatch();

        batch.begin(TOPIC).text(true).eachEntry(true);
        assertTrue(batch.add(buffer, 0, 4));
        batch.startMessage(all()).putString("symbol", "BTC").putNumber("price", -7);
        batch.putAttribute(AttributeType.BINARY, "blob", "png", buffer, 0, 2);
        assertTrue(batch.endMessage(buffer, 0, 4));
        batch.startMessage().putString("dropped", "because it is not ended");
        assertTrue(batch.add(buffer, 2, 1, new PublishOptions().subject("s")));

        assertEquals(3, batch.count());
        assertTrue(batch.send() > 0);
        assertEquals(
                List.of(
                        "topic 7 text true each true",
                        "body group  dedup  trace  subject ",
                        "STRING symbol.=BTC, NUMBER price.=-7, BINARY blob.png=bo, body group gr\u00fcn dedup id trace "
                                + "Root=1 subject \u00fcber",
                        "d group  dedup  trace  subject s"),
                published());
        assertEquals(0, batch.count());
        assertEquals(MillraceClient.EMPTY, batch.send());
    }

    @Test
    void shouldPublishBodiesForProtocols() {
        final TopicPublisher publisher = connect(true);
        options.body(SubscriberProtocol.STREAM, buffer, 3, 1).body(SubscriberProtocol.QUEUE, buffer, 0, 2);
        assertTrue(publisher.publish(TOPIC, buffer, 0, 4, options) > 0);
        final String structured = "QUEUE:bo STREAM:y body group  dedup  trace  subject ";
        assertEquals(List.of("topic 7 text false each false", structured), published());

        final PublishBatch batch = publisher.newBatch().begin(TOPIC);
        batch.startMessage(options).putString("symbol", "BTC");
        assertTrue(batch.endMessage(buffer, 0, 4));
        assertTrue(batch.add(buffer, 0, 4, options.reset()));
        assertTrue(batch.send() > 0);
        assertEquals(
                List.of(
                        "topic 7 text false each false",
                        structured.replace(" body", " STRING symbol.=BTC, body"),
                        "body group  dedup  trace  subject "),
                published());
    }

    @Test
    void shouldRefuseWhatDoesNotFitAFrame() {
        final TopicPublisher publisher = connect(true);
        final UnsafeBuffer large = new UnsafeBuffer(new byte[64 * 1024]);
        final int most = 64 * 1024
                - Wire.PUBLISH_ENTRIES_OFFSET
                - Wire.PAYLOAD_OVERHEAD
                - Wire.TEXT_HEADER_LENGTH
                - Wire.GROUP_HEADER_LENGTH;

        assertTrue(publisher.publish(TOPIC, large, 0, most) > 0);
        assertEquals(
                MillraceClient.TOO_LARGE, publisher.publish(TOPIC, buffer, 0, 4, options.subject("x".repeat(0x10000))));

        final PublishBatch batch = publisher.newBatch().begin(TOPIC);
        assertTrue(batch.add(large, 0, most));
        assertFalse(batch.add(large, 0, 0));
        assertEquals(1, batch.count());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPublishInPartsWhatDoesNotFitAFrame(final boolean withProducer) {
        final TopicPublisher publisher = connect(withProducer);
        final UnsafeBuffer large = new UnsafeBuffer(new byte[200_000]);
        large.setMemory(0, large.capacity(), (byte) 'x');
        options.subject("s").body(SubscriberProtocol.QUEUE, large, 0, 100_000).text(true);
        assertTrue(publisher.publish(TOPIC, large, 0, large.capacity(), options) > 0);
        final byte[] entry = entryInParts(true);
        final PublishBatch batch = publisher.newBatch().begin(TOPIC);
        assertTrue(batch.add(large, 0, large.capacity(), options));
        assertFalse(batch.add(buffer, 0, 4));
        harness.until("room", () -> batch.send() > 0);
        assertArrayEquals(entry, entryInParts(false));

        final UnsafeBuffer tooLarge = new UnsafeBuffer(new byte[2 * 1024 * 1024]);
        assertEquals(MillraceClient.TOO_LARGE, publisher.publish(TOPIC, tooLarge, 0, tooLarge.capacity()));
        assertFalse(batch.add(tooLarge, 0, tooLarge.capacity()));
    }

    /** The entry that comes next in parts, which must be that of the test above. */
    private byte[] entryInParts(final boolean isText) {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final BeginPublicationDecoder begin = new BeginPublicationDecoder()
                .wrapAndApplyHeader(
                        harness.await(BeginPublicationDecoder.TEMPLATE_ID).frame(), 0, header);
        harness.await(CommitPayloadDecoder.TEMPLATE_ID);
        final byte[] entry = new byte[(int) begin.entryLength()];
        int filled = 0;
        for (final FakeServer.Received received : harness.server.take(AppendPayloadDecoder.TEMPLATE_ID)) {
            final AppendPayloadDecoder append =
                    new AppendPayloadDecoder().wrapAndApplyHeader(received.frame(), 0, header);
            assertEquals(filled, append.payloadOffset());
            filled += append.getChunk(entry, filled, append.chunkLength());
        }
        assertEquals(TOPIC, begin.topicId());
        assertEquals(isText, begin.flags().text());
        assertEquals(entry.length, filled);
        final int bodyOffset = Wire.GROUP_HEADER_LENGTH + 5 + 100_000 + Wire.PAYLOAD_BODY_OFFSET;
        assertEquals(bodyOffset + 200_000 + Wire.NO_IDS_LENGTH + Wire.TEXT_HEADER_LENGTH + 1, entry.length);
        assertEquals('x', entry[bodyOffset]);
        assertEquals('s', entry[entry.length - 1]);
        return entry;
    }

    @Test
    void shouldPublishAgainAfterAReconnect() {
        final TopicPublisher publisher = connect(true);
        final long correlationId = publisher.publish(TOPIC, buffer, 0, 4);
        final FakeServer.Received first = harness.await(PublishMessagesDecoder.TEMPLATE_ID);

        harness.server.disconnect();
        harness.until("the loss", () -> !harness.client.isConnected());
        harness.until("a new session", harness.client::isConnected);
        final FakeServer.Received again = harness.await(PublishMessagesDecoder.TEMPLATE_ID);

        assertEquals(text(first), text(again));
        assertEquals(correlationId, again.correlationId());
        assertEquals(first.producerSequence(), again.producerSequence());
        assertEquals(first.producerEpoch() + 1, again.producerEpoch());
        assertEquals(harness.client.sessionId(), again.sessionId());
    }
}
