package io.millrace.perf.jmh;

import io.millrace.codecs.DeliveryDecoder;
import io.millrace.codecs.DeliveryEncoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.SendMessagesDecoder;
import io.millrace.codecs.SendMessagesEncoder;
import io.millrace.kernel.FrameValidator;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Encoding and decoding of the two hot messages: SendMessages with some entries of 200 bytes, and a Delivery of 200 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    private static final int CAPACITY = 64 * 1024;
    private static final int BODY_LENGTH = 200;
    private static final byte[] NONE = {};

    /** Messages of a SendMessages. */
    @Param({"1", "16"})
    public int entries;

    private final UnsafeBuffer body = new UnsafeBuffer(ByteBuffer.allocateDirect(BODY_LENGTH));
    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY));
    private final UnsafeBuffer send = new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY));
    private final UnsafeBuffer delivery = new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY));
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final SendMessagesEncoder sendEncoder = new SendMessagesEncoder();
    private final SendMessagesDecoder sendDecoder = new SendMessagesDecoder();
    private final DeliveryEncoder deliveryEncoder = new DeliveryEncoder();
    private final DeliveryDecoder deliveryDecoder = new DeliveryDecoder();
    private final FrameValidator validator = new FrameValidator();
    private int sendLength;

    /** Encodes what is decoded. */
    @Setup
    public void encode() {
        sendLength = encodeSend(send);
        encodeDelivery(delivery);
    }

    /** {@return length of an encoded SendMessages} */
    @Benchmark
    public int encodeSendMessages() {
        return encodeSend(target);
    }

    /** {@return sum over what is read of a SendMessages} */
    @Benchmark
    public long decodeSendMessages() {
        sendDecoder.wrapAndApplyHeader(send, 0, headerDecoder);
        long sum = sendDecoder.command().correlationId() + sendDecoder.queueId();
        for (final SendMessagesDecoder.MessagesDecoder message : sendDecoder.messages()) {
            sum += message.delayNs() + message.attributes().count();
            sum += message.bodyLength();
            message.skipBody();
            sum += message.skipGroupId() + message.skipDeduplicationId() + message.skipTraceHeader();
        }
        return sum;
    }

    /** {@return the validator's verdict on a SendMessages} */
    @Benchmark
    public Object validateSendMessages() {
        return validator.validate(send, 0, sendLength);
    }

    /** {@return length of an encoded Delivery} */
    @Benchmark
    public int encodeDelivery() {
        return encodeDelivery(target);
    }

    /** {@return sum over what is read of a Delivery} */
    @Benchmark
    public long decodeDelivery() {
        deliveryDecoder.wrapAndApplyHeader(delivery, 0, headerDecoder);
        long sum = deliveryDecoder.messageId() + deliveryDecoder.sequenceNumber();
        sum += deliveryDecoder.receipt().tag() + deliveryDecoder.receiveCount();
        sum += deliveryDecoder.attributes().count();
        sum += deliveryDecoder.skipBody();
        return sum
                + deliveryDecoder.skipGroupId()
                + deliveryDecoder.skipDeduplicationId()
                + deliveryDecoder.skipTraceHeader();
    }

    private int encodeSend(final UnsafeBuffer buffer) {
        sendEncoder.wrapAndApplyHeader(buffer, 0, header);
        sendEncoder
                .command()
                .sessionId(1)
                .correlationId(2)
                .producerId(3)
                .producerSequence(4)
                .producerEpoch(5)
                .reserved(0);
        sendEncoder.queueId(6).flags().clear();
        final SendMessagesEncoder.MessagesEncoder messages = sendEncoder.messagesCount(entries);
        for (int i = 0; i < entries; i++) {
            messages.next()
                    .delayNs(SendMessagesEncoder.MessagesEncoder.delayNsNullValue())
                    .scheduledTimeNs(SendMessagesEncoder.MessagesEncoder.scheduledTimeNsNullValue())
                    .timeToLiveNs(SendMessagesEncoder.MessagesEncoder.timeToLiveNsNullValue())
                    .priority((short) 0);
            messages.attributesCount(0);
            messages.putBody(body, 0, BODY_LENGTH);
            messages.putGroupId(NONE, 0, 0).putDeduplicationId(NONE, 0, 0).putTraceHeader(NONE, 0, 0);
        }
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + sendEncoder.encodedLength();
        header.messageLength(length).frameSequence(0);
        return length;
    }

    private int encodeDelivery(final UnsafeBuffer buffer) {
        deliveryEncoder
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(1)
                .queueId(2)
                .messageId(3)
                .sequenceNumber(4)
                .sentTimeNs(5)
                .firstReceivedTimeNs(6);
        deliveryEncoder
                .receipt()
                .slot(7)
                .generation(8)
                .deliveryNumber(1)
                .reserved(0)
                .tag(9);
        deliveryEncoder
                .deadLetterSourceId(0)
                .receiveCount(1)
                .failedCount(0)
                .priority((short) 0)
                .flags()
                .clear()
                .pushed(true);
        deliveryEncoder.attributesCount(0);
        deliveryEncoder.putBody(body, 0, BODY_LENGTH);
        deliveryEncoder.putGroupId(NONE, 0, 0).putDeduplicationId(NONE, 0, 0).putTraceHeader(NONE, 0, 0);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + deliveryEncoder.encodedLength();
        header.messageLength(length).frameSequence(1);
        return length;
    }
}
