package io.millrace.perf.bench;

import io.millrace.codecs.AcknowledgeEncoder;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.CommandHeaderEncoder;
import io.millrace.codecs.CreateQueueEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsEncoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReceiptHandleDecoder;
import io.millrace.codecs.ReceiveEncoder;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.SendMessagesEncoder;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Kernel;
import io.millrace.kernel.Limits;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** A kernel without a server around it, and the frames of the commands that it is given: one message of 200 bytes each. */
final class ScaleKernel {
    static final int SIZE = 200;

    private static final long SESSION = 1;
    private static final long START_NS = 1_700_000_000_000_000_000L;

    /** Time that passes with each command. */
    private static final long COMMAND_NS = 1_000;

    private final ScaleAnswers answers = new ScaleAnswers();
    private final Kernel kernel = new Kernel(answers);
    private final UnsafeBuffer room = new UnsafeBuffer(new byte[4_096]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final UnsafeBuffer send;
    private final UnsafeBuffer receive;
    private final UnsafeBuffer acknowledge;
    private long nowNs = START_NS;

    ScaleKernel() {
        kernel.genesis(nowNs, 1, 2, 3);
        kernel.configure(nowNs, Limits.nativeProfile());
        kernel.boot(nowNs, 1);
        kernel.openSession(nowNs, SESSION, new UnsafeBuffer(new byte[0]), 0, 0);
        send = frame(encodeSend());
        receive = frame(encodeReceive());
        acknowledge = frame(encodeAcknowledge());
    }

    /** {@return id of a new queue} */
    long createQueue(final String name) {
        final CreateQueueEncoder encoder = new CreateQueueEncoder().wrapAndApplyHeader(room, 0, header);
        command(encoder.command());
        defaults(encoder.settings());
        encoder.redriveSourcesCount(0);
        encoder.name(name);
        apply(frame(encoder.encodedLength()));
        return answers.confirmedValue();
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
        apply(send);
    }

    /** Receives one message. */
    void receive(final long queueId) {
        receive.putLong(
                MessageHeaderEncoder.ENCODED_LENGTH + ReceiveEncoder.queueIdEncodingOffset(),
                queueId,
                ByteOrder.LITTLE_ENDIAN);
        apply(receive);
    }

    /** Acknowledges the message that was received last. */
    void acknowledge(final long queueId) {
        acknowledge.putLong(
                MessageHeaderEncoder.ENCODED_LENGTH + AcknowledgeEncoder.queueIdEncodingOffset(),
                queueId,
                ByteOrder.LITTLE_ENDIAN);
        answers.copyReceipt(acknowledge, acknowledge.capacity() - ReceiptHandleDecoder.ENCODED_LENGTH);
        apply(acknowledge);
    }

    /** {@return messages that came out} */
    long deliveries() {
        return answers.deliveries();
    }

    private void apply(final UnsafeBuffer frame) {
        nowNs += COMMAND_NS;
        kernel.apply(nowNs, SESSION, frame, 0, frame.capacity());
    }

    private int encodeSend() {
        final SendMessagesEncoder encoder = new SendMessagesEncoder().wrapAndApplyHeader(room, 0, header);
        command(encoder.command());
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
        final ReceiveEncoder encoder = new ReceiveEncoder().wrapAndApplyHeader(room, 0, header);
        command(encoder.command());
        encoder.waitNs(0)
                .visibilityTimeoutNs(ReceiveEncoder.visibilityTimeoutNsNullValue())
                .maxMessages(1);
        encoder.attributeNamesCount(0);
        encoder.attemptId("");
        return encoder.encodedLength();
    }

    private int encodeAcknowledge() {
        final AcknowledgeEncoder encoder = new AcknowledgeEncoder().wrapAndApplyHeader(room, 0, header);
        command(encoder.command());
        encoder.receiptsCount(1).next();
        return encoder.encodedLength();
    }

    private static void command(final CommandHeaderEncoder command) {
        command.sessionId(SESSION)
                .correlationId(1)
                .producerId(0)
                .producerSequence(0)
                .producerEpoch(0)
                .reserved(0);
    }

    private UnsafeBuffer frame(final int encodedLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
        header.wrap(room, 0).messageLength(length).frameSequence(0);
        return new UnsafeBuffer(Arrays.copyOf(room.byteArray(), length));
    }

    private static void defaults(final QueueSettingsEncoder settings) {
        settings.visibilityTimeoutNs(QueueSettingsEncoder.visibilityTimeoutNsNullValue())
                .delayNs(QueueSettingsEncoder.delayNsNullValue())
                .receiveWaitNs(QueueSettingsEncoder.receiveWaitNsNullValue())
                .retentionNs(QueueSettingsEncoder.retentionNsNullValue())
                .deadLetterQueueId(QueueSettingsEncoder.deadLetterQueueIdNullValue())
                .backoffDelayNs(QueueSettingsEncoder.backoffDelayNsNullValue())
                .backoffMaxNs(QueueSettingsEncoder.backoffMaxNsNullValue())
                .highDepth(QueueSettingsEncoder.highDepthNullValue())
                .lowDepth(QueueSettingsEncoder.lowDepthNullValue())
                .highAgeNs(QueueSettingsEncoder.highAgeNsNullValue())
                .lowAgeNs(QueueSettingsEncoder.lowAgeNsNullValue())
                .maxMessageBytes(QueueSettingsEncoder.maxMessageBytesNullValue())
                .maxReceiveCount(QueueSettingsEncoder.maxReceiveCountNullValue())
                .queueType(QueueType.NULL_VAL)
                .contentDeduplication(Switch.NULL_VAL)
                .deduplicationScope(QueueScope.NULL_VAL)
                .throughputScope(QueueScope.NULL_VAL)
                .redrivePermission(RedrivePermission.NULL_VAL)
                .backoff(Backoff.NULL_VAL)
                .priorities(QueueSettingsEncoder.prioritiesNullValue())
                .reserved((short) 0);
    }
}
