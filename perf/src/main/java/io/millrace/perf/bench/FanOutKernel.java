package io.millrace.perf.bench;

import io.millrace.codecs.AcknowledgeEncoder;
import io.millrace.codecs.CreateTopicEncoder;
import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PublishMessagesEncoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReceiptHandleDecoder;
import io.millrace.codecs.ReceiveEncoder;
import io.millrace.codecs.SubscribeQueueEncoder;
import io.millrace.codecs.SubscriptionSettingsEncoder;
import io.millrace.codecs.Switch;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** A kernel with a topic and the queues that are subscribed to it; its messages have a body of 200 bytes. */
final class FanOutKernel {
    static final int SIZE = 200;

    /** Messages that are received and acknowledged with one command each. */
    static final int BATCH = ScaleAnswers.MOST_RECEIPTS;

    private final BareKernel kernel = new BareKernel();
    private final UnsafeBuffer publish;
    private final UnsafeBuffer receive;
    private final UnsafeBuffer acknowledge;
    private final Filters filters;
    private final double subscriptionBytes;

    FanOutKernel(final int queues, final Filters filters) {
        this.filters = filters;
        final long topicId = createTopic();
        final long[] queueIds = new long[queues];
        for (int i = 0; i < queues; i++) {
            queueIds[i] = kernel.createQueue("queue-" + i);
        }
        final long before = kernel.reservedBytes();
        for (int i = 0; i < queues; i++) {
            subscribe(topicId, queueIds[i], filters.policy(i));
        }
        subscriptionBytes = (double) (kernel.reservedBytes() - before) / queues;
        publish = kernel.frame(encodePublish(topicId));
        receive = kernel.frame(encodeReceive());
        acknowledge = kernel.frame(encodeAcknowledge());
    }

    /** Publishes a message to all queues. */
    void publish() {
        kernel.apply(publish);
    }

    /** Receives and acknowledges {@link #BATCH} messages of a queue. */
    void drain(final long queueId) {
        receive.putLong(
                MessageHeaderEncoder.ENCODED_LENGTH + ReceiveEncoder.queueIdEncodingOffset(),
                queueId,
                ByteOrder.LITTLE_ENDIAN);
        kernel.apply(receive);
        acknowledge.putLong(
                MessageHeaderEncoder.ENCODED_LENGTH + AcknowledgeEncoder.queueIdEncodingOffset(),
                queueId,
                ByteOrder.LITTLE_ENDIAN);
        kernel.answers()
                .copyReceipts(BATCH, acknowledge, acknowledge.capacity() - BATCH * ReceiptHandleDecoder.ENCODED_LENGTH);
        kernel.apply(acknowledge);
    }

    /** {@return messages that came out} */
    long deliveries() {
        return kernel.answers().deliveries();
    }

    /** {@return accounted bytes of all payloads} */
    long arenaBytes() {
        return kernel.arenaBytes();
    }

    private long createTopic() {
        final CreateTopicEncoder encoder =
                new CreateTopicEncoder().wrapAndApplyHeader(kernel.room(), 0, kernel.header());
        BareKernel.command(encoder.command());
        encoder.settings()
                .archivePeriodNs(0)
                .topicType(QueueType.NULL_VAL)
                .contentDeduplication(Switch.NULL_VAL)
                .deduplicationScope(QueueScope.NULL_VAL)
                .reserved((short) 0);
        encoder.name("topic");
        return kernel.create(encoder.encodedLength());
    }

    /** {@return bytes reserved for each subscription with its policy and its places in the index, the queue not counted} */
    double subscriptionBytes() {
        return subscriptionBytes;
    }

    private void subscribe(final long topicId, final long queueId, final String policy) {
        final SubscribeQueueEncoder encoder =
                new SubscribeQueueEncoder().wrapAndApplyHeader(kernel.room(), 0, kernel.header());
        BareKernel.command(encoder.command());
        encoder.topicId(topicId).queueId(queueId);
        encoder.settings()
                .replayFromNs(0)
                .deadLetterQueueId(SubscriptionSettingsEncoder.deadLetterQueueIdNullValue())
                .rawDelivery(Switch.ON)
                .filterScope(FilterPolicyScope.NULL_VAL)
                .reserved2(0)
                .reserved4(0);
        encoder.filterPolicy(policy);
        kernel.create(encoder.encodedLength());
    }

    private int encodePublish(final long topicId) {
        final PublishMessagesEncoder encoder =
                new PublishMessagesEncoder().wrapAndApplyHeader(kernel.room(), 0, kernel.header());
        BareKernel.command(encoder.command());
        encoder.topicId(topicId).flags().clear();
        final PublishMessagesEncoder.MessagesEncoder message =
                encoder.messagesCount(1).next();
        message.bodiesCount(0);
        filters.putAttributes(message);
        message.putBody(new byte[SIZE], 0, SIZE);
        message.groupId("").deduplicationId("").traceHeader("").subject("");
        return encoder.encodedLength();
    }

    private int encodeReceive() {
        final ReceiveEncoder encoder = new ReceiveEncoder().wrapAndApplyHeader(kernel.room(), 0, kernel.header());
        BareKernel.command(encoder.command());
        encoder.waitNs(0)
                .visibilityTimeoutNs(ReceiveEncoder.visibilityTimeoutNsNullValue())
                .maxMessages(BATCH);
        encoder.attributeNamesCount(0);
        encoder.attemptId("");
        return encoder.encodedLength();
    }

    private int encodeAcknowledge() {
        final AcknowledgeEncoder encoder =
                new AcknowledgeEncoder().wrapAndApplyHeader(kernel.room(), 0, kernel.header());
        BareKernel.command(encoder.command());
        final AcknowledgeEncoder.ReceiptsEncoder receipts = encoder.receiptsCount(BATCH);
        for (int i = 0; i < BATCH; i++) {
            receipts.next();
        }
        return encoder.encodedLength();
    }
}
