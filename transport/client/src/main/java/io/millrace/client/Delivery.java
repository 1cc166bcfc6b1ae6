package io.millrace.client;

import io.millrace.codecs.DeliveryDecoder;
import io.millrace.codecs.DeliveryFlagsDecoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One delivery of one message. A flyweight over the bytes that arrived: valid only inside
 * {@link MessageHandler#onMessage}, and it allocates nothing.
 */
public final class Delivery {
    /** Length of a receipt, the handle that names this delivery, in bytes. */
    public static final int RECEIPT_LENGTH = Wire.RECEIPT_LENGTH;

    private final MillraceClient client;
    private final Attributes attributes = new Attributes();
    private DirectBuffer head;
    private int block;
    private DirectBuffer payload;
    private int payloadLength;
    private int bodyOffset;
    private int bodyLength;
    private int groupIdOffset;
    private int groupIdLength;
    private int deduplicationIdOffset;
    private int deduplicationIdLength;
    private int traceHeaderOffset;
    private int traceHeaderLength;

    Delivery(final MillraceClient client) {
        this.client = client;
    }

    /**
     * Takes a delivery whose fixed fields and payload may lie in different buffers.
     *
     * @return whether the payload is well formed: its attributes, body and texts end exactly at its limit.
     */
    boolean wrap(
            final DirectBuffer headBuffer,
            final int blockOffset,
            final DirectBuffer payloadBuffer,
            final int payloadOffset,
            final int payloadLimit) {
        head = headBuffer;
        block = blockOffset;
        payload = payloadBuffer;
        payloadLength = payloadLimit - payloadOffset;
        final int lengthOffset = attributes.wrap(payloadBuffer, payloadOffset, payloadLimit);
        if (lengthOffset < 0 || payloadLimit - lengthOffset < Wire.DATA_HEADER_LENGTH) {
            return false;
        }
        bodyOffset = lengthOffset + Wire.DATA_HEADER_LENGTH;
        bodyLength = payloadBuffer.getInt(lengthOffset, Wire.ORDER);
        return bodyLength >= 0
                && bodyLength <= payloadLimit - bodyOffset
                && wrapTexts(payloadBuffer, bodyOffset + bodyLength, payloadLimit);
    }

    private boolean wrapTexts(final DirectBuffer buffer, final int offset, final int limit) {
        groupIdOffset = offset + Wire.TEXT_HEADER_LENGTH;
        groupIdLength = textLength(buffer, offset, limit);
        final int second = groupIdOffset + groupIdLength;
        deduplicationIdOffset = second + Wire.TEXT_HEADER_LENGTH;
        deduplicationIdLength = textLength(buffer, second, limit);
        final int third = deduplicationIdOffset + deduplicationIdLength;
        traceHeaderOffset = third + Wire.TEXT_HEADER_LENGTH;
        traceHeaderLength = textLength(buffer, third, limit);
        return traceHeaderOffset + traceHeaderLength == limit;
    }

    /** @return bytes of a text; if its length lies outside, 0, and what follows it then ends outside too. */
    private static int textLength(final DirectBuffer buffer, final int offset, final int limit) {
        return limit - offset < Wire.TEXT_HEADER_LENGTH ? 0 : buffer.getShort(offset, Wire.ORDER) & 0xFFFF;
    }

    /** @return the receive that this delivery answers, or the first {@code consume} of the consumer. */
    public long correlationId() {
        return head.getLong(block + DeliveryDecoder.correlationIdEncodingOffset(), Wire.ORDER);
    }

    /** @return the queue. */
    public long queueId() {
        return head.getLong(block + DeliveryDecoder.queueIdEncodingOffset(), Wire.ORDER);
    }

    /** @return id of the message, unique in the server. */
    public long messageId() {
        return head.getLong(block + DeliveryDecoder.messageIdEncodingOffset(), Wire.ORDER);
    }

    /** @return number of the message in its queue, from 1. */
    public long sequenceNumber() {
        return head.getLong(block + DeliveryDecoder.sequenceNumberEncodingOffset(), Wire.ORDER);
    }

    /** @return when the message was stored: nanoseconds since 1970. */
    public long sentTimeNs() {
        return head.getLong(block + DeliveryDecoder.sentTimeNsEncodingOffset(), Wire.ORDER);
    }

    /** @return when the message was first delivered: nanoseconds since 1970. */
    public long firstReceivedTimeNs() {
        return head.getLong(block + DeliveryDecoder.firstReceivedTimeNsEncodingOffset(), Wire.ORDER);
    }

    /** @return deliveries of the message that count, in this queue and those it came from, this one included. */
    public int receiveCount() {
        return head.getInt(block + DeliveryDecoder.receiveCountEncodingOffset(), Wire.ORDER);
    }

    /** @return deliveries of the message in this queue that failed. */
    public int failedCount() {
        return head.getInt(block + DeliveryDecoder.failedCountEncodingOffset(), Wire.ORDER);
    }

    /** @return priority of the message, 0 if it was sent without one. */
    public int priority() {
        return head.getByte(block + DeliveryDecoder.priorityEncodingOffset()) & 0xFF;
    }

    /** @return the queue that the message was moved from as a dead letter; 0 if it was not. */
    public long deadLetterSourceId() {
        return head.getLong(block + DeliveryDecoder.deadLetterSourceIdEncodingOffset(), Wire.ORDER);
    }

    /** @return whether an earlier delivery of the message may have been seen by somebody. */
    public boolean isRedelivered() {
        return DeliveryFlagsDecoder.redelivered(flags());
    }

    /** @return whether the message was pushed on a consumer's credit; false if a receive fetched it. */
    public boolean isPushed() {
        return DeliveryFlagsDecoder.pushed(flags());
    }

    /**
     * @return whether the delivery is over already, as those of a subscription that is at most once: there is nothing to acknowledge, and the
     *     credit is spent until {@link MillraceClient#consume} adds to it
     */
    public boolean isSettled() {
        return DeliveryFlagsDecoder.settled(flags());
    }

    /** @return whether the body is a {@link BlobReference}, at {@link #offset()} of {@link #buffer()}: the content is in the blob. */
    public boolean isClaim() {
        return DeliveryFlagsDecoder.claim(flags());
    }

    /** @return whether the message was published before and comes out of the archive of a topic now, as the subscription asked for. */
    public boolean isReplayed() {
        return DeliveryFlagsDecoder.replayed(flags());
    }

    /**
     * @return whether the message came from another queue; {@link #messageId()} is then its deduplication id here, whatever
     *     {@link #deduplicationId()} says.
     */
    public boolean isMoved() {
        return DeliveryFlagsDecoder.moved(flags());
    }

    /** @return bytes of attributes, body and texts together, which is what the delivery takes of a consumer's credit. */
    public int payloadLength() {
        return payloadLength;
    }

    /** @return the attributes, before the first one. */
    public Attributes attributes() {
        attributes.rewind();
        return attributes;
    }

    /** @return buffer that holds the body. */
    public DirectBuffer buffer() {
        return payload;
    }

    /** @return where the body starts. */
    public int offset() {
        return bodyOffset;
    }

    /** @return bytes of the body. */
    public int length() {
        return bodyLength;
    }

    /** @return the body as a new string, read as UTF-8. */
    public String bodyText() {
        return payload.getStringWithoutLengthUtf8(bodyOffset, bodyLength);
    }

    /** @return where the id of the message's group starts in {@link #buffer()}. */
    public int groupIdOffset() {
        return groupIdOffset;
    }

    /** @return bytes of the id of the message's group; 0 if it has none. */
    public int groupIdLength() {
        return groupIdLength;
    }

    /** @return id of the message's group as a new string; empty if it has none. */
    public String groupId() {
        return payload.getStringWithoutLengthUtf8(groupIdOffset, groupIdLength);
    }

    /** @return where the deduplication id starts in {@link #buffer()}. */
    public int deduplicationIdOffset() {
        return deduplicationIdOffset;
    }

    /** @return bytes of the deduplication id; 0 if the message was sent without one. */
    public int deduplicationIdLength() {
        return deduplicationIdLength;
    }

    /** @return the deduplication id that the message was sent with, as a new string; empty if there was none. */
    public String deduplicationId() {
        return payload.getStringWithoutLengthUtf8(deduplicationIdOffset, deduplicationIdLength);
    }

    /** @return where the trace header starts in {@link #buffer()}. */
    public int traceHeaderOffset() {
        return traceHeaderOffset;
    }

    /** @return bytes of the trace header; 0 if the message has none. */
    public int traceHeaderLength() {
        return traceHeaderLength;
    }

    /** @return the system attribute AWSTraceHeader as a new string; empty if the message has none. */
    public String traceHeader() {
        return payload.getStringWithoutLengthUtf8(traceHeaderOffset, traceHeaderLength);
    }

    /**
     * Keeps the receipt for an acknowledgement after this call.
     *
     * @param destination takes {@link #RECEIPT_LENGTH} bytes
     * @param offset where they go
     */
    public void copyReceiptTo(final MutableDirectBuffer destination, final int offset) {
        destination.putBytes(offset, head, receiptOffset(), RECEIPT_LENGTH);
    }

    /**
     * Removes the message from its queue: adds the receipt to the queue's {@link AckBatch}, which leaves at the end of
     * the {@link MillraceClient#poll()} that delivered, or with {@link MillraceClient#flush()}. Never fails for want of
     * room. What became of it is told to the listener.
     */
    public void acknowledge() {
        client.ackBatch(queueId()).add(head, receiptOffset());
    }

    /**
     * Acknowledges as SQS deletes: see {@link MillraceClient#deleteMessage}. Sent at once.
     *
     * @return a correlation id, or a negative code
     */
    public long delete() {
        return client.deleteMessage(queueId(), head, receiptOffset());
    }

    /**
     * Sets how long this delivery stays in flight from now. Sent at once.
     *
     * @param visibilityNs nanoseconds; 0 makes the message available again at once
     * @return a correlation id, or a negative code
     */
    public long changeVisibility(final long visibilityNs) {
        return client.changeVisibility(queueId(), head, receiptOffset(), visibilityNs);
    }

    /** Says that the message could not be processed: {@link #retry(long)} after the queue's back-off. */
    public void retry() {
        retry(MillraceClient.QUEUE_DEFAULT);
    }

    /**
     * Says that the message could not be processed: it is delivered again, and its failed count goes up. Like {@link
     * #acknowledge()} this leaves with the queue's {@link SettleBatch} at the end of the poll that delivered.
     *
     * @param delayNs how long it waits, nanoseconds, or {@link MillraceClient#QUEUE_DEFAULT}: the queue's back-off
     */
    public void retry(final long delayNs) {
        client.settleBatch(queueId()).retry(head, receiptOffset(), delayNs);
    }

    /** Gives the message back at once: {@link #release(long)} without a delay. */
    public void release() {
        release(MillraceClient.QUEUE_DEFAULT);
    }

    /**
     * Gives the message back, which is no failure. Leaves as {@link #retry(long)} does.
     *
     * @param delayNs how long it waits before it is delivered again, nanoseconds
     */
    public void release(final long delayNs) {
        client.settleBatch(queueId()).release(head, receiptOffset(), delayNs);
    }

    /** Sends the message straight to the dead-letter queue. Leaves as {@link #retry(long)} does. */
    public void reject() {
        client.settleBatch(queueId()).reject(head, receiptOffset());
    }

    private int receiptOffset() {
        return block + DeliveryDecoder.receiptEncodingOffset();
    }

    private byte flags() {
        return head.getByte(block + DeliveryDecoder.flagsEncodingOffset());
    }
}
