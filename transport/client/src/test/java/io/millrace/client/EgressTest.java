package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.AcknowledgeDecoder;
import io.millrace.codecs.AttributeType;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.DeleteMessagesDecoder;
import io.millrace.codecs.DeleteQueueDecoder;
import io.millrace.codecs.DeliveryEncoder;
import io.millrace.codecs.DescribeQueueDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ListQueuesDecoder;
import io.millrace.codecs.LookUpQueueDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendMessagesDecoder;
import io.millrace.codecs.Switch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the client makes of what the server says. */
class EgressTest {
    private final Harness harness = new Harness();
    private FakeServer server;
    private MillraceClient client;

    @BeforeEach
    void connect() {
        client = harness.connect(harness.context().closeTimeoutNs(0));
        server = harness.server;
        harness.recorder.take();
    }

    @AfterEach
    void tearDown() {
        harness.close();
    }

    @Test
    void shouldTellAnswersAsTheyAre() {
        server.confirmed(3, 9, 100, 2)
                .refused(10, 4, ResultCode.LIMIT_EXCEEDED, LimitId.MESSAGE_BYTES, 1_048_576, 1_048_700)
                .entryResults(11, ResultCode.STALE_RECEIPT, 0, 7)
                .receiveEnd(12, 5, 3)
                .consumerStopped(13, 5)
                .flush();

        assertEquals(
                List.of(
                        "confirmed 3-9 100x2",
                        "refused 10[4] LIMIT_EXCEEDED MESSAGE_BYTES 1048576 1048700",
                        "entry 11[0] STALE_RECEIPT NONE 5 6",
                        "entry 11[7] STALE_RECEIPT NONE 5 6",
                        "end 12 5 3 OK",
                        "stopped 13 5 QUEUE_DELETED"),
                harness.events(6));
    }

    @Test
    void shouldReadFramesOfEverySizeAndManyMessagesInOne() {
        final List<String> expected = new ArrayList<>();
        long sequence = 1;
        for (final int size : new int[] {0, 1, 7, 8, 200, 1375, 1376, 1377, 5000, 60_000}) {
            for (int i = 0; i < 3 && size < 20_000 || i < 1; i++) {
                final String body = "x".repeat(size);
                server.delivery(1, 5, sequence, body.getBytes());
                expected.add("message 5 #" + sequence++ + " " + body);
            }
            server.flush();
        }

        assertEquals(expected, harness.events(expected.size()));
    }

    @Test
    void shouldGiveAllOfADelivery() {
        final List<String> seen = new ArrayList<>();
        client.messageHandler(delivery -> {
            seen.add(delivery.correlationId() + " " + delivery.queueId() + " " + delivery.messageId() + " "
                    + delivery.sequenceNumber() + " " + delivery.sentTimeNs() + " " + delivery.firstReceivedTimeNs()
                    + " " + delivery.receiveCount() + " " + delivery.isRedelivered() + " " + delivery.isPushed() + " "
                    + delivery.isMoved() + " " + delivery.deadLetterSourceId() + " " + delivery.failedCount() + " "
                    + delivery.priority() + " " + delivery.bodyText() + " " + delivery.groupId() + " "
                    + delivery.deduplicationId() + " " + delivery.traceHeader());
            assertEquals(
                    "group/id/Root=1",
                    text(delivery, delivery.groupIdOffset(), delivery.groupIdLength()) + "/"
                            + text(delivery, delivery.deduplicationIdOffset(), delivery.deduplicationIdLength()) + "/"
                            + text(delivery, delivery.traceHeaderOffset(), delivery.traceHeaderLength()));
            final Attributes attributes = delivery.attributes();
            assertEquals(3, attributes.count());
            assertTrue(attributes.next());
            assertEquals("symbol", attributes.name());
            assertEquals(AttributeType.STRING, attributes.type());
            assertEquals("BTCUSD", attributes.valueText());
            assertTrue(attributes.find("price"));
            assertEquals("int", attributes.customType());
            assertEquals(-42, attributes.valueLong());
            assertTrue(attributes.next());
            assertEquals(AttributeType.BINARY, attributes.type());
            assertEquals(0, attributes.valueLength());
            assertFalse(attributes.next());
            assertFalse(attributes.find("pric"));
        });
        server.delivery(this::encodeWithAllFields).flush();

        harness.until("the message", () -> !seen.isEmpty());
        assertEquals(List.of("1 2 3 4 5 6 7 true false true 8 9 10 body group id Root=1"), seen);
    }

    private int encodeWithAllFields(final ExpandableArrayBuffer buffer) {
        final DeliveryEncoder encoder = new DeliveryEncoder().wrapAndApplyHeader(buffer, 0, server.header());
        encoder.correlationId(1)
                .queueId(2)
                .messageId(3)
                .sequenceNumber(4)
                .sentTimeNs(5)
                .firstReceivedTimeNs(6)
                .deadLetterSourceId(8)
                .receiveCount(7)
                .failedCount(9)
                .priority((short) 10);
        encoder.flags().clear().redelivered(true).moved(true);
        final DeliveryEncoder.AttributesEncoder attributes = encoder.attributesCount(3);
        attributes.next().attributeType(AttributeType.STRING).name("symbol").customType("");
        attributes.putValue("BTCUSD".getBytes(), 0, 6);
        attributes.next().attributeType(AttributeType.NUMBER).name("price").customType("int");
        attributes.putValue("-42".getBytes(), 0, 3);
        attributes.next().attributeType(AttributeType.BINARY).name("empty").customType("");
        attributes.putValue(new byte[0], 0, 0);
        encoder.putBody("body".getBytes(), 0, 4);
        encoder.groupId("group").deduplicationId("id").traceHeader("Root=1");
        return encoder.encodedLength();
    }

    private static String text(final Delivery delivery, final int offset, final int length) {
        return delivery.buffer().getStringWithoutLengthUtf8(offset, length);
    }

    @Test
    void shouldPutLargeDeliveriesTogether() {
        final byte[] payload = new byte[Wire.PAYLOAD_OVERHEAD + 1_048_576];
        new Random(3).nextBytes(payload);
        final UnsafeBuffer view = new UnsafeBuffer(payload);
        view.putInt(0, 1, Wire.ORDER);
        view.putInt(4, 1_048_576, Wire.ORDER);
        Wire.putNoIds(view, payload.length - Wire.NO_IDS_LENGTH);
        final List<byte[]> bodies = new ArrayList<>();
        client.messageHandler(delivery -> {
            final byte[] body = new byte[delivery.length()];
            delivery.buffer().getBytes(delivery.offset(), body);
            bodies.add(body);
            assertEquals(9, delivery.sequenceNumber());
            assertEquals(5009, delivery.deadLetterSourceId());
            assertEquals(2, delivery.receiveCount());
            assertEquals(3, delivery.failedCount());
            assertEquals(200, delivery.priority());
            assertTrue(delivery.isRedelivered());
            assertTrue(delivery.isMoved());
            assertFalse(delivery.isPushed());
            delivery.acknowledge();
        });

        for (int round = 1; round <= 2; round++) {
            server.deliveryBegin(1, 5, 9, payload.length).flush();
            for (int at = 0; at < payload.length; at += 60_000) {
                server.deliveryChunk(at, payload, at, Math.min(60_000, payload.length - at))
                        .flush();
            }
            final int expected = round;
            harness.until("the large message", () -> bodies.size() == expected);
        }

        assertArrayEquals(java.util.Arrays.copyOfRange(payload, 8, 8 + 1_048_576), bodies.get(1));
        assertEquals(4009, tags(harness.await(AcknowledgeDecoder.TEMPLATE_ID)).get(0));
    }

    private static List<Long> tags(final FakeServer.Received received) {
        final List<Long> result = new ArrayList<>();
        new AcknowledgeDecoder()
                .wrapAndApplyHeader(received.frame(), 0, new MessageHeaderDecoder())
                .receipts()
                .forEach(entry -> result.add(entry.receipt().tag()));
        return result;
    }

    @Test
    void shouldAcknowledgeWhatOnePollDeliveredInOneFramePerQueue() {
        client.messageHandler(Delivery::acknowledge);
        for (int i = 1; i <= 10; i++) {
            server.delivery(1, 5 + i % 2, i, new byte[4]);
        }
        server.flush();

        final FakeServer.Received first = harness.await(AcknowledgeDecoder.TEMPLATE_ID);
        final FakeServer.Received second = harness.await(AcknowledgeDecoder.TEMPLATE_ID);
        assertEquals(List.of(4001L, 4003L, 4005L, 4007L, 4009L), tags(first));
        assertEquals(List.of(4002L, 4004L, 4006L, 4008L, 4010L), tags(second));
        assertEquals(first.producerSequence() + 1, second.producerSequence());
    }

    @Test
    void shouldKeepAcknowledgementsWhileTheWindowIsFull() {
        client.messageHandler(Delivery::acknowledge);
        final UnsafeBuffer body = new UnsafeBuffer(new byte[8]);
        long first = 0;
        for (int i = 0; i < 64; i++) {
            final long id = client.send(5, body, 0, 8);
            first = i == 0 ? id : first;
        }
        final int deliveries = 3000;
        for (int i = 1; i <= deliveries; i++) {
            server.delivery(1, 5, i, new byte[4]);
            if (i % 100 == 0) {
                server.flush();
            }
        }
        harness.until("all deliveries", () -> client.ackBatch(5).size() == deliveries);
        assertEquals(0, server.take(AcknowledgeDecoder.TEMPLATE_ID).size());

        server.confirmed(first, first + 63, 1, 1).flush();
        final List<Long> tags = new ArrayList<>();
        while (tags.size() < deliveries) {
            final List<Long> frame = tags(harness.await(AcknowledgeDecoder.TEMPLATE_ID));
            assertTrue(frame.size() <= 256, "receipts " + frame.size());
            tags.addAll(frame);
        }
        assertEquals(
                IntStream.rangeClosed(4001, 4000 + deliveries)
                        .mapToObj(Long::valueOf)
                        .toList(),
                tags);
    }

    @Test
    void shouldLetAReceiptBeKeptAndUsedLater() {
        final UnsafeBuffer receipt = new UnsafeBuffer(new byte[Delivery.RECEIPT_LENGTH]);
        client.messageHandler(delivery -> {
            delivery.copyReceiptTo(receipt, 0);
            assertTrue(delivery.changeVisibility(0) > 0);
            assertTrue(delivery.delete() > 0);
        });
        server.delivery(1, 5, 1, new byte[4]).flush();
        harness.await(DeleteMessagesDecoder.TEMPLATE_ID);

        client.ackBatch(5).add(receipt, 0);
        assertEquals(1, client.flush());
        assertEquals(List.of(4001L), tags(harness.await(AcknowledgeDecoder.TEMPLATE_ID)));
    }

    @Test
    void shouldReportWhatAHandlerThrowsAndGoOn() {
        final List<Long> seen = new ArrayList<>();
        client.messageHandler(delivery -> {
            seen.add(delivery.sequenceNumber());
            if (delivery.sequenceNumber() == 1) {
                throw new IllegalArgumentException("of the application");
            }
        });
        server.delivery(1, 5, 1, new byte[4]).delivery(1, 5, 2, new byte[4]).flush();

        harness.until("both messages", () -> seen.size() == 2);
        assertEquals(1, harness.errors.size());
        assertEquals("of the application", harness.errors.get(0).getMessage());
        harness.errors.clear();
        assertTrue(client.isConnected());
    }

    @Test
    void shouldAnswerBlockingCalls() {
        final Queues queues = client.queues();
        server.ingressHandler = (buffer, offset, length, aeronHeader) -> {
            final int templateId =
                    new MessageHeaderDecoder().wrap(buffer, offset).templateId();
            final long id = buffer.getLong(offset + Wire.CORRELATION_ID_OFFSET, Wire.ORDER);
            answer(templateId, id, buffer.getLong(offset + Wire.CORRELATION_ID_OFFSET + 8, Wire.ORDER));
        };

        assertEquals(41, queues.create("orders"));
        assertEquals(
                new QueueInfo(
                        7,
                        "orders",
                        1,
                        9,
                        2,
                        3,
                        4,
                        12,
                        13,
                        14,
                        15,
                        16,
                        17,
                        18,
                        19,
                        8,
                        20,
                        QueueType.FIFO,
                        Switch.ON,
                        QueueScope.MESSAGE_GROUP,
                        QueueScope.QUEUE,
                        RedrivePermission.BY_QUEUE,
                        Backoff.LINEAR,
                        1,
                        List.of(21L, 22L),
                        5,
                        6,
                        7,
                        10,
                        11),
                queues.lookUp("orders"));
        assertEquals("trades", queues.describe(8).name());
        queues.delete(8);
        assertEquals(List.of(new QueueName(2, "a"), new QueueName(3, "b"), new QueueName(0, "c")), queues.list("x"));
        assertEquals(List.of("message 9 #1 "), harness.recorder.take());
    }

    private void answer(final int templateId, final long id, final long argument) {
        switch (templateId) {
            case CreateQueueDecoder.TEMPLATE_ID:
                server.delivery(1, 9, 1, new byte[0]).confirmed(id, id, 41, 1).flush();
                break;
            case DeleteQueueDecoder.TEMPLATE_ID:
                server.confirmed(id).flush();
                break;
            case LookUpQueueDecoder.TEMPLATE_ID:
                server.description(id, 7, "orders").flush();
                break;
            case DescribeQueueDecoder.TEMPLATE_ID:
                server.description(id, argument, "trades").flush();
                break;
            case ListQueuesDecoder.TEMPLATE_ID:
                if (argument == 0) {
                    server.list(id, 2, "a", "b").flush();
                } else {
                    server.list(id, 0, "c").flush();
                }
                break;
            default:
                throw new AssertionError("Template " + templateId);
        }
    }

    @Test
    void shouldThrowWhatABlockingCallIsRefusedFor() {
        server.ingressHandler = (buffer, offset, length, aeronHeader) -> server.refused(
                        buffer.getLong(offset + Wire.CORRELATION_ID_OFFSET, Wire.ORDER), ResultCode.QUEUE_EXISTS)
                .flush();

        final MillraceException refusal =
                assertThrows(MillraceException.class, () -> client.queues().create("orders"));

        assertEquals(ResultCode.QUEUE_EXISTS, refusal.code());
        assertEquals(List.of(), harness.recorder.take());
    }

    @Test
    void shouldGiveUpABlockingCallWithoutAnAnswer() {
        harness.close();
        final Harness other = new Harness();
        try (other) {
            other.connect(other.context().requestTimeoutNs(50_000_000L).closeTimeoutNs(0));
            final MillraceTimeoutException timeout = assertThrows(
                    MillraceTimeoutException.class, () -> other.client.queues().describe(5));
            assertEquals(
                    "Could not describe the queue 5: no answer within 50 ms, although a session is open.",
                    timeout.getMessage());
        }
        harness.startServer();
    }

    @Test
    void shouldSendALargeMessageInPartsAndNothingElseMeanwhile() {
        final UnsafeBuffer body = new UnsafeBuffer(new byte[1_048_576]);
        new Random(4).nextBytes(body.byteArray());

        final long correlationId = client.send(5, body, 0, body.capacity(), 77);
        assertTrue(correlationId > 0);
        assertEquals(MillraceClient.BACK_PRESSURED, client.send(5, body, 0, 8));
        final LargePayload payload = LargePayload.await(harness);
        assertEquals(correlationId, payload.correlationId());
        assertEquals(77, payload.delayNs());
        assertEquals(5, payload.queueId());
        assertArrayEquals(body.byteArray(), payload.body());
        assertEquals(correlationId + 1, client.send(5, body, 0, 8));
        final FakeServer.Received next = harness.await(SendMessagesDecoder.TEMPLATE_ID);
        assertEquals(payload.producerSequence() + 1, next.producerSequence());
    }

    @Test
    void shouldSendALargeMessageWithAttributes() {
        final byte[] body = new byte[100_000];
        new Random(4).nextBytes(body);
        final SendBatch batch = client.newSendBatch().begin(5);
        batch.startMessage(9).putString("a", "b");
        assertTrue(batch.endMessage(new UnsafeBuffer(body), 0, body.length));
        assertFalse(batch.add(new UnsafeBuffer(body), 0, 1));
        final long correlationId = batch.send();

        final LargePayload payload = LargePayload.await(harness);
        assertEquals(correlationId, payload.correlationId());
        assertEquals(9, payload.delayNs());
        assertEquals(4 + 1 + 2 + 1 + 2 + 4 + 1 + 4 + body.length + Wire.NO_IDS_LENGTH, payload.payload().length);
    }

    @Test
    void shouldReportARefusedLargeMessageOnceAndStillTakeItsSequence() {
        final UnsafeBuffer body = new UnsafeBuffer(new byte[1_048_576]);
        final long correlationId = client.send(5, body, 0, body.capacity());
        server.refused(correlationId, ResultCode.OVERLOADED)
                .refused(correlationId, ResultCode.UNKNOWN_TRANSFER)
                .flush();

        assertEquals(List.of("refused " + correlationId + "[-1] OVERLOADED NONE 0 0"), harness.events(1));
        final LargePayload payload = LargePayload.await(harness);
        server.refused(correlationId, ResultCode.UNKNOWN_TRANSFER).flush();
        harness.turn();
        assertEquals(List.of(), harness.recorder.take());
        client.send(5, body, 0, 8);
        assertEquals(
                payload.producerSequence() + 1,
                harness.await(SendMessagesDecoder.TEMPLATE_ID).producerSequence());
    }
}
