package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.AttributeType;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.CreateQueueEncoder;
import io.millrace.codecs.GenesisEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsEncoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.SendMessagesEncoder;
import io.millrace.codecs.SessionClosedEncoder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {
    private static final int FIRST_OFFSET = 8;

    private final RecordDecoder decoder = new RecordDecoder();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    @Test
    void shouldDecodeGroupsVarDataAndMissingValues() {
        final int length = encodeSend();

        final Map<String, Object> fields = json(length);

        assertEquals("SendMessages", decoder.name(buffer, FIRST_OFFSET, length));
        assertEquals(7L, fields.get("queueId"));
        assertEquals(
                Map.of(
                        "sessionId", 3L,
                        "correlationId", 4L,
                        "producerId", 5L,
                        "producerSequence", 6L,
                        "producerEpoch", 1L,
                        "reserved", 0L),
                fields.get("command"));
        assertEquals(List.of("eachEntry"), fields.get("flags"));
        final List<?> entries = (List<?>) fields.get("messages");
        final Map<?, ?> first = (Map<?, ?>) entries.get(0);
        assertTrue(first.containsKey("delayNs"));
        assertEquals(null, first.get("delayNs"));
        assertEquals("buy \"now\"", first.get("body"));
        assertEquals("alpha", first.get("groupId"));
        assertEquals("d1", first.get("deduplicationId"));
        assertEquals("Root=1", first.get("traceHeader"));
        assertEquals(
                List.of(Map.of("attributeType", "NUMBER", "name", "price", "customType", "", "value", "42")),
                first.get("attributes"));
        final Map<?, ?> second = (Map<?, ?>) entries.get(1);
        assertEquals(9L, second.get("delayNs"));
        assertEquals(List.of(), second.get("attributes"));
        assertEquals("/wA=", second.get("bodyBase64"));
        assertEquals(
                "command={sessionId=3 correlationId=4 producerId=5 producerSequence=6 producerEpoch=1 reserved=0} queueId=7 "
                        + "flags=[eachEntry] messages=[{delayNs=- scheduledTimeNs=- timeToLiveNs=20 priority=3 "
                        + "attributes=[{attributeType=NUMBER name=\"price\" customType=\"\" value=\"42\"}] "
                        + "body=\"buy \"now\"\" groupId=\"alpha\" deduplicationId=\"d1\" traceHeader=\"Root=1\"} "
                        + "{delayNs=9 scheduledTimeNs=10 timeToLiveNs=- priority=0 attributes=[] body=0xff00 "
                        + "groupId=\"\" deduplicationId=\"\" traceHeader=\"\"}]",
                text(length));
    }

    @Test
    void shouldNotShowSecrets() {
        final GenesisEncoder genesis = new GenesisEncoder();
        genesis.wrapAndApplyHeader(buffer, FIRST_OFFSET, header)
                .secret0(0x1234_5678_9abc_def0L)
                .secret1(1_311_768_467L)
                .directoryId(5);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + genesis.encodedLength();

        assertEquals(Map.of("secret0", "redacted", "secret1", "redacted", "directoryId", 5L), json(length));
        assertEquals("secret0=redacted secret1=redacted directoryId=5", text(length));
    }

    @Test
    void shouldNameEnumValues() {
        final SessionClosedEncoder closed = new SessionClosedEncoder();
        closed.wrapAndApplyHeader(buffer, FIRST_OFFSET, header)
                .sessionId(8)
                .reason(io.millrace.codecs.ResultCode.SLOW_CONSUMER);
        assertEquals(
                "sessionId=8 reason=SLOW_CONSUMER", text(MessageHeaderEncoder.ENCODED_LENGTH + closed.encodedLength()));
    }

    @Test
    void shouldNameCodesInsideComposites() {
        final CreateQueueEncoder create = new CreateQueueEncoder();
        create.wrapAndApplyHeader(buffer, FIRST_OFFSET, header)
                .settings()
                .delayNs(3)
                .receiveWaitNs(QueueSettingsEncoder.receiveWaitNsNullValue())
                .queueType(QueueType.FIFO)
                .deduplicationScope(QueueScope.MESSAGE_GROUP)
                .throughputScope(QueueScope.QUEUE)
                .backoff(Backoff.NULL_VAL)
                .priorities(QueueSettingsEncoder.prioritiesNullValue());
        create.redriveSourcesCount(1).next().queueId(12);
        create.name("orders");
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + create.encodedLength();

        final Map<String, Object> fields = json(length);
        final Map<?, ?> settings = (Map<?, ?>) fields.get("settings");
        assertEquals(3L, settings.get("delayNs"));
        assertEquals("FIFO", settings.get("queueType"));
        assertEquals("MESSAGE_GROUP", settings.get("deduplicationScope"));
        assertEquals("QUEUE", settings.get("throughputScope"));
        for (final String missing : List.of("receiveWaitNs", "backoff", "priorities")) {
            assertTrue(settings.containsKey(missing), missing);
            assertEquals(null, settings.get(missing));
        }
        assertEquals(List.of(Map.of("queueId", 12L)), fields.get("redriveSources"));
        assertEquals("orders", fields.get("name"));
    }

    @Test
    void shouldPrintUnknownRecordsAsBytes() {
        header.wrap(buffer, FIRST_OFFSET)
                .blockLength(0)
                .templateId(9_999)
                .schemaId(MessageHeaderEncoder.SCHEMA_ID)
                .version(1);
        assertEquals("template 9999", decoder.name(buffer, FIRST_OFFSET, 16));
        final String text = text(16);
        assertTrue(text.startsWith("frame=0x00000f27"), text);
    }

    @Test
    void shouldCutLongValuesForPeopleOnly() {
        final byte[] longText = "x".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
        final String readable = TextSink.readable(longText);
        assertTrue(readable.endsWith("...(1000 bytes)"), readable);
        assertFalse(readable.length() > 100, readable);
    }

    /** Two messages: one with everything, one with as little as there may be. */
    private int encodeSend() {
        final SendMessagesEncoder send = new SendMessagesEncoder();
        send.wrapAndApplyHeader(buffer, FIRST_OFFSET, header)
                .queueId(7)
                .flags()
                .clear()
                .eachEntry(true);
        send.command()
                .sessionId(3)
                .correlationId(4)
                .producerId(5)
                .producerSequence(6)
                .producerEpoch(1)
                .reserved(0);
        final SendMessagesEncoder.MessagesEncoder messages = send.messagesCount(2);
        messages.next()
                .delayNs(SendMessagesEncoder.MessagesEncoder.delayNsNullValue())
                .scheduledTimeNs(SendMessagesEncoder.MessagesEncoder.scheduledTimeNsNullValue())
                .timeToLiveNs(20)
                .priority((short) 3);
        messages.attributesCount(1)
                .next()
                .attributeType(AttributeType.NUMBER)
                .name("price")
                .customType("")
                .putValue(new byte[] {52, 50}, 0, 2);
        messages.putBody("buy \"now\"".getBytes(StandardCharsets.UTF_8), 0, 9);
        messages.groupId("alpha").deduplicationId("d1").traceHeader("Root=1");
        messages.next()
                .delayNs(9)
                .scheduledTimeNs(10)
                .timeToLiveNs(SendMessagesEncoder.MessagesEncoder.timeToLiveNsNullValue())
                .priority((short) 0);
        messages.attributesCount(0);
        messages.putBody(new byte[] {(byte) 0xff, 0}, 0, 2);
        messages.groupId("").deduplicationId("").traceHeader("");
        return MessageHeaderEncoder.ENCODED_LENGTH + send.encodedLength();
    }

    private Map<String, Object> json(final int length) {
        final StringWriter out = new StringWriter();
        JsonLines.print(new PrintWriter(out), json -> decoder.decode(buffer, FIRST_OFFSET, length, new JsonSink(json)));
        return Json.object(out.toString());
    }

    private String text(final int length) {
        final StringBuilder line = new StringBuilder();
        decoder.decode(new UnsafeBuffer(buffer), FIRST_OFFSET, length, new TextSink(line));
        return line.toString();
    }
}
