package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.AcknowledgeDecoder;
import io.millrace.codecs.AttributeType;
import io.millrace.codecs.ChangeVisibilityDecoder;
import io.millrace.codecs.CommandHeaderDecoder;
import io.millrace.codecs.ConsumeDecoder;
import io.millrace.codecs.DeleteMessagesDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReceiveDecoder;
import io.millrace.codecs.SendMessagesDecoder;
import io.millrace.codecs.StopConsumingDecoder;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that leaves is read back with the generated decoders. */
class RequestsTest {
    private static final long QUEUE = 5;

    private final Harness harness = new Harness();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256 * 1024]);
    private long lastSequence;

    RequestsTest() {
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.putByte(i, (byte) (i * 31 + (i >> 8)));
        }
    }

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private void connect(final boolean withProducer) {
        harness.connect(harness.context().producer(withProducer).closeTimeoutNs(0));
    }

    private SendMessagesDecoder awaitSend() {
        final FakeServer.Received received = harness.await(SendMessagesDecoder.TEMPLATE_ID);
        return new SendMessagesDecoder().wrapAndApplyHeader(received.frame(), 0, header);
    }

    private int awaitBodyLength() {
        final SendMessagesDecoder.MessagesDecoder message =
                awaitSend().messages().next();
        assertEquals(SendMessagesDecoder.MessagesDecoder.scheduledTimeNsNullValue(), message.scheduledTimeNs());
        assertEquals(SendMessagesDecoder.MessagesDecoder.timeToLiveNsNullValue(), message.timeToLiveNs());
        assertEquals(0, message.priority());
        assertEquals(0, message.attributes().count());
        return message.bodyLength();
    }

    private byte[] bytes(final int offset, final int length) {
        final byte[] result = new byte[length];
        buffer.getBytes(offset, result);
        return result;
    }

    private static byte[] body(final SendMessagesDecoder.MessagesDecoder message) {
        final byte[] result = new byte[message.bodyLength()];
        message.getBody(result, 0, result.length);
        assertEquals("", message.groupId());
        assertEquals("", message.deduplicationId());
        assertEquals("", message.traceHeader());
        return result;
    }

    private void assertHeader(final CommandHeaderDecoder command, final long correlationId, final boolean isProtected) {
        assertEquals(harness.client.sessionId(), command.sessionId());
        assertEquals(correlationId, command.correlationId());
        assertEquals(isProtected ? harness.server.producerId : 0, command.producerId());
        assertEquals(isProtected ? ++lastSequence : 0, command.producerSequence());
        assertEquals(isProtected ? 1 : 0, command.producerEpoch());
        assertEquals(0, command.reserved());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSendBodiesOfEverySizeInOneFrame(final boolean withProducer) {
        connect(withProducer);
        final int longest = harness.client.maxFrameBytes() - Wire.SEND_OVERHEAD;
        for (final int length : new int[] {0, 1, 200, 1292, 1293, 4096, longest}) {
            final long correlationId = harness.client.send(QUEUE, buffer, 3, length);

            final SendMessagesDecoder sent = awaitSend();
            assertHeader(sent.command(), correlationId, withProducer);
            assertEquals(QUEUE, sent.queueId());
            final SendMessagesDecoder.MessagesDecoder messages = sent.messages();
            assertEquals(1, messages.count());
            messages.next();
            assertEquals(SendBatch.QUEUE_DELAY, messages.delayNs());
            assertEquals(0, messages.attributes().count());
            assertArrayEquals(bytes(3, length), body(messages));
            harness.server.confirmed(correlationId).flush();
        }
    }

    @Test
    void shouldCountCorrelationIdsUpByOne() {
        connect(false);
        final long first = harness.client.send(QUEUE, buffer, 0, 8);

        assertEquals(first + 1, harness.client.send(QUEUE, buffer, 0, 8, 7_000));
        assertEquals(first + 2, harness.client.consume(QUEUE, 1, 1));
        assertEquals(first + 3, harness.client.receive(QUEUE, 1, 0, 0));
        assertEquals(first + 3, harness.client.lastCorrelationId());
        awaitSend();
        assertEquals(7_000, awaitSend().messages().next().delayNs());
    }

    @Test
    void shouldRefuseRangesOutsideTheBufferBeforeAnythingIsTaken() {
        connect(false);
        final UnsafeBuffer small = new UnsafeBuffer(new byte[16]);

        assertThrows(IndexOutOfBoundsException.class, () -> harness.client.send(QUEUE, small, 8, 9));
        assertThrows(IndexOutOfBoundsException.class, () -> harness.client.send(QUEUE, small, -1, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> harness.client.acknowledge(QUEUE, small, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> harness.client.changeVisibility(QUEUE, small, 0, 5));

        harness.client.send(QUEUE, small, 8, 8);
        assertEquals(8, awaitBodyLength());
    }

    @Test
    void shouldSendABatchWithDelaysAndAttributes() {
        connect(true);
        final SendBatch batch = harness.client.newSendBatch().begin(QUEUE);

        assertTrue(batch.add(buffer, 0, 10));
        batch.startMessage(9_000)
                .putString("süß \uD83D\uDE00", "Ünïcode \uD83D\uDE80")
                .putNumber("n", Long.MIN_VALUE)
                .putNumber("m", -120)
                .putNumber("o", 0)
                .putBinary("b", buffer, 5, 3);
        assertTrue(batch.endMessage(buffer, 10, 20));
        final int offset = batch.startMessage(SendBatch.QUEUE_DELAY).claimBody(4);
        batch.buffer().putInt(offset, 0x01020304);
        assertEquals(3, batch.count());
        final long correlationId = batch.send();

        assertEquals(0, batch.count());
        final SendMessagesDecoder sent = awaitSend();
        assertHeader(sent.command(), correlationId, true);
        final SendMessagesDecoder.MessagesDecoder messages = sent.messages();
        assertEquals(3, messages.count());
        messages.next();
        assertEquals(0, messages.attributes().count());
        assertArrayEquals(bytes(0, 10), body(messages));
        messages.next();
        assertEquals(9_000, messages.delayNs());
        final SendMessagesDecoder.MessagesDecoder.AttributesDecoder attributes = messages.attributes();
        assertEquals(5, attributes.count());
        assertAttribute(attributes, AttributeType.STRING, "süß \uD83D\uDE00", "Ünïcode \uD83D\uDE80");
        assertAttribute(attributes, AttributeType.NUMBER, "n", "-9223372036854775808");
        assertAttribute(attributes, AttributeType.NUMBER, "m", "-120");
        assertAttribute(attributes, AttributeType.NUMBER, "o", "0");
        attributes.next();
        assertEquals(AttributeType.BINARY, attributes.attributeType());
        assertEquals("b", attributes.name());
        attributes.skipCustomType();
        final byte[] value = new byte[attributes.valueLength()];
        attributes.getValue(value, 0, value.length);
        assertArrayEquals(bytes(5, 3), value);
        assertArrayEquals(bytes(10, 20), body(messages));
        messages.next();
        messages.attributes();
        assertEquals(4, messages.bodyLength());
    }

    private static void assertAttribute(
            final SendMessagesDecoder.MessagesDecoder.AttributesDecoder attributes,
            final AttributeType type,
            final String name,
            final String value) {
        attributes.next();
        assertEquals(type, attributes.attributeType());
        assertEquals(name, attributes.name());
        assertEquals("", attributes.customType());
        final byte[] bytes = new byte[attributes.valueLength()];
        attributes.getValue(bytes, 0, bytes.length);
        assertEquals(value, new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void shouldFillABatchToTheFrameAndLeaveItAsItWasWhenMoreDoesNotFit() {
        connect(true);
        final SendBatch batch = harness.client.newSendBatch().begin(QUEUE);
        int count = 0;
        while (batch.add(buffer, 0, 1000)) {
            count++;
        }
        batch.startMessage(0).putString("a", "b".repeat(1000));
        assertFalse(batch.endMessage(buffer, 0, 0));
        assertFalse(batch.add(buffer, 0, 200_000));
        assertEquals(count, batch.count());
        assertEquals(
                (64 * 1024 - Wire.SEND_ENTRIES_OFFSET) / (1000 + Wire.SEND_BLOCK_LENGTH + Wire.PAYLOAD_OVERHEAD),
                count);
        assertTrue(batch.send() > 0);

        final SendMessagesDecoder.MessagesDecoder messages = awaitSend().messages();
        assertEquals(count, messages.count());
        while (messages.hasNext()) {
            messages.next();
            assertEquals(0, messages.attributes().count());
            assertArrayEquals(bytes(0, 1000), body(messages));
        }
    }

    @Test
    void shouldSayWhatCannotBeSent() {
        connect(true);
        final SendBatch batch = harness.client.newSendBatch().begin(QUEUE);
        final UnsafeBuffer large = new UnsafeBuffer(new byte[1024 * 1024 + 1]);

        assertEquals(MillraceClient.EMPTY, batch.send());
        assertEquals(MillraceClient.EMPTY, harness.client.acknowledge(QUEUE, buffer, 0, 0));
        assertEquals(MillraceClient.TOO_LARGE, harness.client.acknowledge(QUEUE, buffer, 0, 2800));
        assertEquals(MillraceClient.TOO_LARGE, harness.client.send(QUEUE, large, 0, large.capacity()));
        assertThrows(IllegalStateException.class, () -> batch.claimBody(1));
        assertThrows(IllegalStateException.class, () -> batch.putNumber("n", 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldEncodeReceipts(final boolean withProducer) {
        connect(withProducer);
        final long acknowledged = harness.client.acknowledge(QUEUE, buffer, 8, 100);
        final long deleted = harness.client.deleteMessages(QUEUE, buffer, 0, 2);
        final long changed = harness.client.changeVisibility(QUEUE, buffer, 16, 3, 12_345);

        final AcknowledgeDecoder acknowledge = new AcknowledgeDecoder()
                .wrapAndApplyHeader(
                        harness.await(AcknowledgeDecoder.TEMPLATE_ID).frame(), 0, header);
        assertHeader(acknowledge.command(), acknowledged, withProducer);
        assertEquals(QUEUE, acknowledge.queueId());
        final AcknowledgeDecoder.ReceiptsDecoder receipts = acknowledge.receipts();
        assertEquals(100, receipts.count());
        for (int i = 0; i < 100; i++) {
            receipts.next();
            assertEquals(
                    buffer.getLong(8 + 24 * i + 16, Wire.ORDER),
                    receipts.receipt().tag());
        }
        final DeleteMessagesDecoder delete = new DeleteMessagesDecoder()
                .wrapAndApplyHeader(
                        harness.await(DeleteMessagesDecoder.TEMPLATE_ID).frame(), 0, header);
        assertHeader(delete.command(), deleted, withProducer);
        assertEquals(2, delete.receipts().count());
        final ChangeVisibilityDecoder change = new ChangeVisibilityDecoder()
                .wrapAndApplyHeader(
                        harness.await(ChangeVisibilityDecoder.TEMPLATE_ID).frame(), 0, header);
        assertHeader(change.command(), changed, withProducer);
        assertEquals(QUEUE, change.queueId());
        final ChangeVisibilityDecoder.ReceiptsDecoder changes = change.receipts();
        assertEquals(3, changes.count());
        for (int i = 0; i < 3; i++) {
            changes.next();
            assertEquals(
                    buffer.getLong(16 + 24 * i + 16, Wire.ORDER),
                    changes.receipt().tag());
            assertEquals(12_345, changes.visibilityTimeoutNs());
        }
    }

    @Test
    void shouldEncodeReceiveAndConsume() {
        connect(true);
        for (final int wrong : new int[] {-1, 0, 65_536, 65_546}) {
            assertThrows(IllegalArgumentException.class, () -> harness.client.receive(QUEUE, wrong, 20, 30));
        }
        final long received = harness.client.receive(QUEUE, 10, 20, 30);
        final long consumed = harness.client.consume(QUEUE, 256, 1 << 20);
        final long stopped = harness.client.stopConsuming(QUEUE);

        final ReceiveDecoder receive = new ReceiveDecoder()
                .wrapAndApplyHeader(harness.await(ReceiveDecoder.TEMPLATE_ID).frame(), 0, header);
        assertHeader(receive.command(), received, false);
        assertEquals(QUEUE, receive.queueId());
        assertEquals(10, receive.maxMessages());
        assertEquals(20, receive.waitNs());
        assertEquals(30, receive.visibilityTimeoutNs());
        assertEquals(0, receive.attributeNames().count());
        assertEquals("", receive.attemptId());
        final ConsumeDecoder consume = new ConsumeDecoder()
                .wrapAndApplyHeader(harness.await(ConsumeDecoder.TEMPLATE_ID).frame(), 0, header);
        assertHeader(consume.command(), consumed, false);
        assertEquals(QUEUE, consume.queueId());
        assertEquals(256, consume.creditMessages());
        assertEquals(1 << 20, consume.creditBytes());
        assertEquals(MillraceClient.QUEUE_DEFAULT, consume.visibilityTimeoutNs());
        final StopConsumingDecoder stop = new StopConsumingDecoder()
                .wrapAndApplyHeader(
                        harness.await(StopConsumingDecoder.TEMPLATE_ID).frame(), 0, header);
        assertHeader(stop.command(), stopped, false);
        assertEquals(QUEUE, stop.queueId());
    }

    @Test
    void shouldKeepAtMost64ProtectedCommandsAndAnyNumberOfOthers() {
        connect(true);
        for (int i = 0; i < 64; i++) {
            assertTrue(harness.client.send(QUEUE, buffer, 0, 8) > 0, "send " + i);
        }
        assertEquals(MillraceClient.WINDOW_FULL, harness.client.send(QUEUE, buffer, 0, 8));
        assertTrue(harness.client.consume(QUEUE, 1, 1) > 0);

        final long first = awaitSend().command().correlationId();
        harness.server.confirmed(first, first + 9, 100, 1).flush();
        harness.until("an answer", () -> harness.recorder.events.size() == 2);

        for (int i = 0; i < 10; i++) {
            assertTrue(harness.client.send(QUEUE, buffer, 0, 8) > 0, "send " + i);
        }
        assertEquals(MillraceClient.WINDOW_FULL, harness.client.send(QUEUE, buffer, 0, 8));
    }

    @Test
    void shouldReportBackPressureWithoutAWindow() {
        connect(false);
        long result = 1;
        int sent = 0;
        while (result > 0) {
            result = harness.client.send(QUEUE, buffer, 0, 60_000);
            sent++;
        }

        assertEquals(MillraceClient.BACK_PRESSURED, result);
        assertTrue(harness.client.counters().backPressured() > 0);
        for (int i = 1; i < sent; i++) {
            assertEquals(60_000, awaitBodyLength());
        }
    }

    @Test
    void shouldWriteUtf8LikeTheJdk() {
        final Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            final StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(8); k > 0; k--) {
                text.append((char) (random.nextInt() >> random.nextInt(20)));
            }
            final byte[] expected = text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            final UnsafeBuffer target = new UnsafeBuffer(new byte[64]);

            assertEquals(expected.length, Utf8.length(text));
            assertEquals(expected.length, Utf8.put(target, 0, text));
            final byte[] actual = new byte[expected.length];
            target.getBytes(0, actual);
            assertArrayEquals(expected, actual);
        }
    }
}
