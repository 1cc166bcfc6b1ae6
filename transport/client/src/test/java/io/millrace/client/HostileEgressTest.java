package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.logbuffer.FrameDescriptor;
import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.AttributeType;
import io.millrace.codecs.DeliveryEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.RedriveStatus;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RevokeReason;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.StreamStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged and hostile bytes. Each frame is read in a buffer of exactly its length, where a read outside throws, and again
 * in the middle of other bytes, where it would be seen in the result: both must come to the same, without an exception.
 */
class HostileEgressTest {
    private static final int POISON_LENGTH = 512;

    private static Stream<Map.Entry<String, byte[]>> frames() {
        final Map<String, byte[]> frames = new LinkedHashMap<>();
        frames.put("session", frame(encoder -> encoder.sessionEvent(ResultCode.OK)));
        frames.put("confirmed", frame(encoder -> encoder.confirmed(4, 9, 100, 2)));
        frames.put(
                "refused",
                frame(encoder -> encoder.refused(4, 2, ResultCode.LIMIT_EXCEEDED, LimitId.MESSAGE_BYTES, 5, 6)));
        frames.put("entries", frame(encoder -> encoder.entryResults(4, ResultCode.GONE, 1, 3)));
        frames.put("end", frame(encoder -> encoder.receiveEnd(4, 5, 6)));
        frames.put("producer", frame(encoder -> encoder.producerOpened(4, 5, 6, 7)));
        frames.put("description", frame(encoder -> encoder.description(4, 5, "orders")));
        frames.put("list", frame(encoder -> encoder.list(4, 5, "a", "", "orders")));
        frames.put("sent", frame(encoder -> encoder.sendResults(4)));
        frames.put("alarm", frame(encoder -> encoder.alarm(5, AlarmKind.AGE_HIGH, 6)));
        frames.put("tags", frame(encoder -> encoder.tags(4, "a", "", "colour")));
        frames.put("access", frame(encoder -> encoder.access(4, "", "trader")));
        frames.put("redrives", frame(encoder -> encoder.redrives(4, RedriveStatus.RUNNING, RedriveStatus.FAILED)));
        frames.put(
                "browsed", frame(encoder -> encoder.browsed(4, 6, 28, payload()).browseEnd(4, 7, 1)));
        frames.put("stopped", frame(encoder -> encoder.consumerStopped(4, 5)));
        frames.put("topic", frame(encoder -> encoder.topic(4, 5, "trades")));
        frames.put("topics", frame(encoder -> encoder.topics(4, 5, "a", "", "trades")));
        frames.put("subscription", frame(encoder -> encoder.subscription(4, 5, "")));
        frames.put("subscription of sessions", frame(encoder -> encoder.subscription(4, 5, "desk")));
        frames.put("subscriptions", frame(encoder -> encoder.subscriptions(4, 5, 6, 7)));
        frames.put("stream", frame(encoder -> StreamEgress.stream(encoder, 4, 5, StreamStatus.ACTIVE)));
        frames.put("record begin", frame(encoder -> StreamEgress.recordBegin(encoder, 4, 5, 6, "key", 70)));
        frames.put("record chunk", frame(encoder -> StreamEgress.recordChunk(encoder, 4, 5, "chunk")));
        frames.put("streams", frame(encoder -> StreamEgress.streams(encoder, 4, 5, "a", "", "tape")));
        frames.put("shards", frame(encoder -> StreamEgress.shards(encoder, 4, 5, 6, 7)));
        frames.put("iterator", frame(encoder -> StreamEgress.iterator(encoder, 4, StreamEgress.after(5, 6, 7))));
        frames.put("put", frame(encoder -> StreamEgress.putResults(encoder, 4, ResultCode.OK, ResultCode.NULL_VAL)));
        frames.put("records", frame(encoder -> StreamEgress.records(encoder, 4, 5, 6, "a", "", "gr\u00fcn")));
        frames.put(
                "records' end",
                frame(encoder -> StreamEgress.recordsEnd(encoder, 4, StreamEgress.after(5, 6, 7), 8, 9, 10, 11)));
        frames.put("assigned", frame(encoder -> GroupEgress.assigned(encoder, 4, 5, 6, 7)));
        frames.put("revoked", frame(encoder -> GroupEgress.revoked(encoder, 4, 5, 6, RevokeReason.TAKEN)));
        frames.put("membership", frame(encoder -> GroupEgress.ended(encoder, 4, MembershipEnd.LEASE_OVER)));
        frames.put("group", frame(encoder -> GroupEgress.group(encoder, 4, 5, "a", "", "desk")));
        frames.put("groups", frame(encoder -> GroupEgress.groups(encoder, 4, 5, "a", "", "bars")));
        frames.put("leases", frame(encoder -> GroupEgress.leases(encoder, 4, 5, 6, 7)));
        frames.put("delivery", frame(encoder -> encoder.delivery(4, 5, 6, new byte[21])));
        frames.put("attributes", frame(HostileEgressTest::withAttributes));
        frames.put(
                "large",
                frame(encoder -> encoder.deliveryBegin(4, 5, 6, 28)
                        .deliveryChunk(0, payload(), 0, 9)
                        .deliveryChunk(9, payload(), 9, 19)));
        frames.put(
                "many",
                frame(encoder -> encoder.confirmed(4).receiveEnd(4, 5, 6).delivery(4, 5, 6, new byte[3])));
        return frames.entrySet().stream();
    }

    private static byte[] payload() {
        final byte[] payload = new byte[28];
        payload[0] = 1;
        payload[4] = 12;
        payload[20] = 2;
        return payload;
    }

    private static EgressEncoder withAttributes(final EgressEncoder encoder) {
        return encoder.delivery(buffer -> {
            final DeliveryEncoder delivery = new DeliveryEncoder().wrapAndApplyHeader(buffer, 0, encoder.header());
            delivery.correlationId(1).queueId(2).receiveCount(7).failedCount(2).priority((short) 3);
            delivery.flags().clear().moved(true);
            final DeliveryEncoder.AttributesEncoder attributes = delivery.attributesCount(2);
            attributes.next().attributeType(AttributeType.STRING).name("symbol").customType("");
            attributes.putValue("BTC".getBytes(), 0, 3);
            attributes.next().attributeType(AttributeType.NUMBER).name("n").customType("int");
            attributes.putValue(new byte[0], 0, 0);
            delivery.putBody("body".getBytes(), 0, 4);
            delivery.groupId("group").deduplicationId("id").traceHeader("Root=1");
            return delivery.encodedLength();
        });
    }

    private static byte[] frame(final java.util.function.Consumer<EgressEncoder> speech) {
        final byte[][] result = new byte[1][];
        final EgressEncoder encoder = new EgressEncoder() {
            @Override
            void flush() {
                result[0] = Arrays.copyOf(out.byteArray(), outLength);
            }
        };
        speech.accept(encoder);
        encoder.flush();
        return result[0];
    }

    @ParameterizedTest
    @MethodSource("frames")
    void shouldReadWholeFrames(final Map.Entry<String, byte[]> frame) {
        final List<String> events = readBoth(frame.getValue());

        assertTrue(events.size() >= 2, "read " + events);
        assertEquals("fault null", events.get(events.size() - 1));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void shouldStopAtEveryTruncation(final Map.Entry<String, byte[]> frame) {
        for (int length = 0; length < frame.getValue().length; length++) {
            final byte[] cut = Arrays.copyOf(frame.getValue(), length);
            readBoth(cut);
            if (length >= Wire.HEADER_LENGTH) {
                new UnsafeBuffer(cut).putInt(Wire.MESSAGE_LENGTH_OFFSET, length, Wire.ORDER);
                readBoth(cut);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void shouldStayInsideWithAnyByteOrLengthChanged(final Map.Entry<String, byte[]> frame) {
        for (int at = 0; at < frame.getValue().length; at++) {
            for (final int value : new int[] {0, 1, 2, 0x10, 0x7F, 0x80, 0xFE, 0xFF}) {
                final byte[] changed = frame.getValue().clone();
                changed[at] = (byte) value;
                readBoth(changed);
            }
            for (final int value : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xFFFF}) {
                final byte[] changed = Arrays.copyOf(frame.getValue(), frame.getValue().length + 4);
                new UnsafeBuffer(changed).putInt(at, value, Wire.ORDER);
                readBoth(Arrays.copyOf(changed, frame.getValue().length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void shouldStayInsideWithManyBytesChanged(final Map.Entry<String, byte[]> frame) {
        final long seed = 11;
        final Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            final byte[] changed = frame.getValue().clone();
            for (int k = 1 + random.nextInt(4); k > 0; k--) {
                changed[random.nextInt(changed.length)] = (byte) (random.nextInt() >> random.nextInt(8));
            }
            readBoth(changed);
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void shouldRefuseFragmentsThatDoNotFitTogether(final Map.Entry<String, byte[]> frame) {
        final UnsafeBuffer buffer = new UnsafeBuffer(frame.getValue());
        final int half = frame.getValue().length / 2;
        final Reading lost = new Reading();
        lost.reader.onImage(4 * 1024);
        lost.reader.onFragment(buffer, 0, half, FrameDescriptor.END_FRAG_FLAG);
        assertEquals(DisconnectReason.MALFORMED_EGRESS, lost.reader.fault());

        final Reading endless = new Reading();
        endless.reader.onImage(128 * 1024);
        final UnsafeBuffer large = new UnsafeBuffer(new byte[100 * 1024]);
        endless.reader.onFragment(large, 0, large.capacity(), FrameDescriptor.BEGIN_FRAG_FLAG);
        endless.reader.onFragment(large, 0, large.capacity(), (byte) 0);
        assertEquals(DisconnectReason.MALFORMED_EGRESS, endless.reader.fault());

        final Reading split = new Reading();
        split.reader.onImage(4 * 1024);
        split.reader.onFragment(buffer, 0, half, FrameDescriptor.BEGIN_FRAG_FLAG);
        split.reader.onFragment(buffer, half, frame.getValue().length - half, FrameDescriptor.END_FRAG_FLAG);
        assertEquals(read(buffer, 0, frame.getValue().length), split.result());
    }

    private static List<String> readBoth(final byte[] bytes) {
        final List<String> exact = read(new UnsafeBuffer(bytes), 0, bytes.length);
        for (final byte poison : new byte[] {0, 1, -1}) {
            final byte[] surrounded = new byte[bytes.length + 2 * POISON_LENGTH];
            Arrays.fill(surrounded, poison);
            System.arraycopy(bytes, 0, surrounded, POISON_LENGTH, bytes.length);
            assertEquals(exact, read(new UnsafeBuffer(surrounded), POISON_LENGTH, bytes.length));
        }
        return exact;
    }

    private static List<String> read(final UnsafeBuffer buffer, final int offset, final int length) {
        final Reading reading = new Reading();
        reading.reader.onFragment(buffer, offset, length, FrameDescriptor.UNFRAGMENTED);
        return reading.result();
    }

    /** One session's reading, and all that came of it. */
    private static final class Reading implements EgressEvents {
        private final List<String> events = new ArrayList<>();
        private final EgressReader reader;

        Reading() {
            final ClientCounters counters = new ClientCounters();
            final EgressAdapter adapter = new EgressAdapter(this, new Delivery(null), counters, exception -> {
                throw new AssertionError("A decoder threw", exception);
            });
            adapter.onSession(64);
            reader = new EgressReader(adapter, counters);
        }

        List<String> result() {
            events.add("fault " + reader.fault());
            return events;
        }

        @Override
        public void onSessionEvent(
                final long sessionId,
                final long bootEpoch,
                final long sessionTimeoutNs,
                final int maxFrameBytes,
                final int maxMessageBytes,
                final ResultCode code,
                final LimitId limitId,
                final long limit,
                final long actual) {
            events.add("session " + sessionId + " " + bootEpoch + " " + sessionTimeoutNs + " " + maxFrameBytes + " "
                    + maxMessageBytes + " " + code + " " + limitId + " " + limit + " " + actual);
        }

        @Override
        public void onConfirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
            events.add("confirmed " + from + " " + to + " " + firstValue + " " + valuesPerCommand);
        }

        @Override
        public void onRefused(
                final long correlationId,
                final int entryIndex,
                final ResultCode code,
                final LimitId limitId,
                final long limit,
                final long actual) {
            events.add("refused " + correlationId + " " + entryIndex + " " + code + limitId + limit + " " + actual);
        }

        @Override
        public void onEntryResults(final long correlationId) {
            events.add("entries " + correlationId);
        }

        @Override
        public void onEntryResult(
                final long correlationId,
                final int entryIndex,
                final ResultCode code,
                final LimitId limitId,
                final long limit,
                final long actual) {
            events.add("entry " + correlationId + " " + entryIndex + " " + code + limitId + limit + " " + actual);
        }

        @Override
        public void onReceiveEnd(
                final long correlationId, final long queueId, final int messageCount, final ResultCode code) {
            events.add("end " + correlationId + " " + queueId + " " + messageCount + " " + code);
        }

        @Override
        public void onProducerOpened(
                final long correlationId, final long producerId, final int producerEpoch, final long lastSequence) {
            events.add("producer " + correlationId + " " + producerId + " " + producerEpoch + " " + lastSequence);
        }

        @Override
        public void onConsumerStopped(final long correlationId, final long queueId, final ResultCode code) {
            events.add("stopped " + correlationId + " " + queueId + " " + code);
        }

        @Override
        public void onSendResults(final long correlationId) {
            events.add("sent " + correlationId);
        }

        @Override
        public void onSendResult(
                final long correlationId,
                final int entryIndex,
                final long messageId,
                final long sequenceNumber,
                final boolean isDuplicate,
                final ResultCode code,
                final LimitId limitId,
                final long limit,
                final long actual) {
            events.add("sent " + correlationId + " " + entryIndex + " " + messageId + " " + sequenceNumber + isDuplicate
                    + code + limitId + limit + " " + actual);
        }

        @Override
        public void onQueueAlarm(final long queueId, final AlarmKind kind, final long value, final long timeNs) {
            events.add("alarm " + queueId + " " + kind + " " + value + " " + timeNs);
        }

        @Override
        public void onQueryAnswer(final long correlationId, final Object answer) {
            events.add(correlationId + " " + answer);
        }

        @Override
        public void onBrowsed(final long correlationId, final BrowsedMessage message) {
            events.add("browsed " + correlationId + " " + message.messageId() + " " + message.sequenceNumber() + " "
                    + message.status() + message.isComplete() + message.bodyLength() + new String(message.body())
                    + message.groupId() + message.deduplicationId() + message.traceHeader());
            final Attributes attributes = message.attributes();
            while (attributes.next()) {
                events.add(attributes.type() + " " + attributes.name() + " " + attributes.valueText());
            }
        }

        @Override
        public void onDelivery(final Delivery delivery) {
            final UnsafeBuffer receipt = new UnsafeBuffer(new byte[Delivery.RECEIPT_LENGTH]);
            delivery.copyReceiptTo(receipt, 0);
            events.add("delivery " + delivery.correlationId() + " " + delivery.queueId() + " " + delivery.messageId()
                    + " " + delivery.sequenceNumber() + " " + delivery.sentTimeNs() + " "
                    + delivery.firstReceivedTimeNs() + " " + delivery.receiveCount() + delivery.isPushed()
                    + delivery.isRedelivered() + delivery.isMoved() + delivery.failedCount() + " " + delivery.priority()
                    + " " + delivery.deadLetterSourceId() + " " + delivery.groupId() + " " + delivery.deduplicationId()
                    + " " + delivery.traceHeader() + Arrays.toString(receipt.byteArray()) + delivery.bodyText());
            final Attributes attributes = delivery.attributes();
            while (attributes.next()) {
                events.add(attributes.type() + " " + attributes.name() + " " + attributes.customType() + " "
                        + attributes.valueText());
            }
        }

        @Override
        public void onPutResult(
                final long correlationId,
                final int entryIndex,
                final long shardId,
                final long sequenceNumber,
                final ResultCode code,
                final LimitId limitId,
                final long limit,
                final long actual) {
            events.add("put " + correlationId + " " + entryIndex + " " + shardId + " " + sequenceNumber + code + limitId
                    + limit + " " + actual);
        }

        @Override
        public void onPutResultsEnd(final long correlationId, final int count) {
            events.add("puts " + correlationId + " " + count);
        }

        @Override
        public void onShardRecord(
                final long correlationId,
                final long sequenceNumber,
                final long arrivalTimeNs,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            events.add("record " + correlationId + " " + sequenceNumber + " " + arrivalTimeNs + " "
                    + buffer.getStringWithoutLengthUtf8(keyOffset, keyLength) + " "
                    + buffer.getStringWithoutLengthUtf8(dataOffset, dataLength));
        }

        @Override
        public void onRecordBegin(
                final long correlationId,
                final long sequenceNumber,
                final long arrivalTimeNs,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataLength) {
            events.add("record begins " + correlationId + " " + sequenceNumber + " " + arrivalTimeNs + " "
                    + buffer.getStringWithoutLengthUtf8(keyOffset, keyLength) + " " + dataLength);
        }

        @Override
        public boolean onRecordChunk(
                final long correlationId,
                final long dataOffset,
                final DirectBuffer buffer,
                final int offset,
                final int length) {
            return events.add("record chunk " + correlationId + " " + dataOffset + " "
                    + buffer.getStringWithoutLengthUtf8(offset, length));
        }

        @Override
        public void onRecordsEnd(
                final long correlationId,
                final long nextShardId,
                final ShardPosition nextKind,
                final long nextPosition,
                final long nextIssuedTimeNs,
                final long behindNs,
                final long recordCount,
                final ResultCode code,
                final List<ChildShard> children) {
            events.add("records " + correlationId + " " + nextShardId + " " + nextKind + nextPosition + " "
                    + nextIssuedTimeNs + " " + behindNs + " " + recordCount + code + children);
        }

        @Override
        public void onPushedRecordsEnd(final long correlationId, final long behindNs) {
            events.add("pushed " + correlationId + " " + behindNs);
        }

        @Override
        public void onShardSubscriptionEnded(
                final long correlationId, final ResultCode code, final List<ChildShard> children) {
            events.add("subscription ended " + correlationId + " " + code + " " + children);
        }

        @Override
        public void onShardAssigned(
                final long groupId,
                final long memberId,
                final long shardId,
                final long sequenceNumber,
                final long leaseEpoch) {
            events.add(
                    "assigned " + groupId + " " + memberId + " " + shardId + " " + sequenceNumber + " " + leaseEpoch);
        }

        @Override
        public void onShardRevoked(
                final long groupId,
                final long memberId,
                final long shardId,
                final long leaseEpoch,
                final RevokeReason reason) {
            events.add("revoked " + groupId + " " + memberId + " " + shardId + " " + leaseEpoch + reason);
        }

        @Override
        public void onMembershipEnded(final long groupId, final long memberId, final MembershipEnd reason) {
            events.add("ended " + groupId + " " + memberId + " " + reason);
        }
    }
}
