package io.millrace.perf.bench;

import io.millrace.codecs.AcknowledgeEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ReceiptHandleDecoder;
import io.millrace.codecs.ReceiveEncoder;
import io.millrace.codecs.SendMessagesEncoder;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** A kernel without a server around it, and the frames of the commands that it is given: one message of 200 bytes each. */
final class ScaleKernel {
    static final int SIZE = 200;

    private final BareKernel kernel = new BareKernel();
    private final UnsafeBuffer send;
    private final UnsafeBuffer receive;
    private final UnsafeBuffer acknowledge;

    ScaleKernel() {
        send = kernel.frame(encodeSend());
        receive = kernel.frame(encodeReceive());
        acknowledge = kernel.frame(encodeAcknowledge());
    }

    /** {@return id of a new queue} */
    long createQueue(final String name) {
        return kernel.createQueue(name);
    }

    /** Sends a message, which can be delivered after a time. */
    void send(final long queueId, final long delayNs) {
        send.putLong(
                MessageHeaderEncoder.ENCODED_LENGTH + SendMessagesEncoder.queueIdEncodingOffset(),
                queueId,
                ByteOrder.LITTLE_ENDIAN);
        send.putLong(
                MessageHeaderEncoder.ENCODED_LENGTH
                        + SendMessagesEncoder.BLOCK_LENGTH
                        + SendMessagesEncoder.MessagesEncoder.HEADER_SIZE
                        + SendMessagesEncoder.MessagesEncoder.delayNsEncodingOffset(),
                delayNs,
                ByteOrder.LITTLE_ENDIAN);
        kernel.apply(send);
    }

    /** Receives one message. */
    void receive(final long queueId) {
        receive.putLong(
                MessageHeaderEncoder.ENCODED_LENGTH + ReceiveEncoder.queueIdEncodingOffset(),
                queueId,
                ByteOrder.LITTLE_ENDIAN);
        kernel.apply(receive);
    }

    /** Acknowledges the message that was received last. */
    void acknowledge(final long queueId) {
        acknowledge.putLong(
                MessageHeaderEncoder.ENCODED_LENGTH + AcknowledgeEncoder.queueIdEncodingOffset(),
                queueId,
                ByteOrder.LITTLE_ENDIAN);
        kernel.answers().copyReceipts(1, acknowledge, acknowledge.capacity() - ReceiptHandleDecoder.ENCODED_LENGTH);
        kernel.apply(acknowledge);
    }

    /** {@return messages that came out} */
    long deliveries() {
        return kernel.answers().deliveries();
    }

    private int encodeSend() {
        final SendMessagesEncoder encoder =
                new SendMessagesEncoder().wrapAndApplyHeader(kernel.room(), 0, kernel.header());
        BareKernel.command(encoder.command());
        encoder.flags().clear();
        final SendMessagesEncoder.MessagesEncoder message = encoder.messagesCount(1)
                .next()
                .scheduledTimeNs(SendMessagesEncoder.MessagesEncoder.scheduledTimeNsNullValue())
                .timeToLiveNs(SendMessagesEncoder.MessagesEncoder.timeToLiveNsNullValue())
                .priority((short) 0);
        message.attributesCount(0);
        message.putBody(new byte[SIZE], 0, SIZE);
        message.groupId("").deduplicationId("").traceHeader("");
        return encoder.encodedLength();
    }

    private int encodeReceive() {
        final ReceiveEncoder encoder = new ReceiveEncoder().wrapAndApplyHeader(kernel.room(), 0, kernel.header());
        BareKernel.command(encoder.command());
        encoder.waitNs(0)
                .visibilityTimeoutNs(ReceiveEncoder.visibilityTimeoutNsNullValue())
                .maxMessages(1);
        encoder.attributeNamesCount(0);
        encoder.attemptId("");
        return encoder.encodedLength();
    }

    private int encodeAcknowledge() {
        final AcknowledgeEncoder encoder =
                new AcknowledgeEncoder().wrapAndApplyHeader(kernel.room(), 0, kernel.header());
        BareKernel.command(encoder.command());
        encoder.receiptsCount(1).next();
        return encoder.encodedLength();
    }
}
