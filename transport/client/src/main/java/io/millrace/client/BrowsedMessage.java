package io.millrace.client;

import io.millrace.codecs.BrowsedMessageDecoder;
import io.millrace.codecs.MessageStatus;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A copy of one message as {@link Queues#browse} found it: showing it changed nothing. Of a message that does not fit a frame
 * only the first bytes of the payload are there.
 */
public final class BrowsedMessage {
    private final long messageId;
    private final long sequenceNumber;
    private final long sentTimeNs;
    private final long arrivedTimeNs;
    private final long visibleTimeNs;
    private final long holderSessionId;
    private final long deadLetterSourceId;
    private final long receiveCount;
    private final long failedCount;
    private final long payloadLength;
    private final MessageStatus status;
    private final int priority;
    private final UnsafeBuffer content;
    private final Attributes attributes = new Attributes();
    private final int bodyOffset;
    private final int bodyLength;
    private final int bodyBytes;
    private final String[] texts = {"", "", ""};

    BrowsedMessage(final BrowsedMessageDecoder decoder) {
        messageId = decoder.messageId();
        sequenceNumber = decoder.sequenceNumber();
        sentTimeNs = decoder.sentTimeNs();
        arrivedTimeNs = decoder.arrivedTimeNs();
        visibleTimeNs = decoder.visibleTimeNs();
        holderSessionId = decoder.holderSessionId();
        deadLetterSourceId = decoder.deadLetterSourceId();
        receiveCount = decoder.receiveCount();
        failedCount = decoder.failedCount();
        payloadLength = decoder.payloadLength();
        status = Codes.messageStatus(decoder.statusRaw());
        priority = decoder.priority();
        final byte[] bytes = new byte[decoder.contentLength()];
        decoder.getContent(bytes, 0, bytes.length);
        content = new UnsafeBuffer(bytes);
        final int lengthOffset = attributes.wrap(content, 0, bytes.length);
        if (lengthOffset < 0 || bytes.length - lengthOffset < Wire.DATA_HEADER_LENGTH) {
            bodyOffset = 0;
            bodyLength = 0;
            bodyBytes = 0;
        } else {
            bodyOffset = lengthOffset + Wire.DATA_HEADER_LENGTH;
            bodyLength = Math.max(0, content.getInt(lengthOffset, Wire.ORDER));
            bodyBytes = Math.min(bodyLength, bytes.length - bodyOffset);
            readTexts(bodyOffset + (long) bodyLength);
        }
    }

    private void readTexts(final long offset) {
        long at = offset;
        for (int i = 0; i < texts.length && at + Wire.TEXT_HEADER_LENGTH <= content.capacity(); i++) {
            final int length = content.getShort((int) at, Wire.ORDER) & 0xFFFF;
            at += Wire.TEXT_HEADER_LENGTH;
            if (at + length > content.capacity()) {
                return;
            }
            texts[i] = content.getStringWithoutLengthUtf8((int) at, length);
            at += length;
        }
    }

    /** @return id of the message. */
    public long messageId() {
        return messageId;
    }

    /** @return number of the message in its queue, from 1. */
    public long sequenceNumber() {
        return sequenceNumber;
    }

    /** @return when it was stored, as the retention counts it: nanoseconds since 1970. */
    public long sentTimeNs() {
        return sentTimeNs;
    }

    /** @return when it came into this queue: nanoseconds since 1970. */
    public long arrivedTimeNs() {
        return arrivedTimeNs;
    }

    /** @return when it can be delivered next, if it waits or is in flight: nanoseconds since 1970; else 0. */
    public long visibleTimeNs() {
        return visibleTimeNs;
    }

    /** @return session that it was pushed to, if it is in flight; else 0. */
    public long holderSessionId() {
        return holderSessionId;
    }

    /** @return queue that it was moved from as a dead letter; 0 if it was not. */
    public long deadLetterSourceId() {
        return deadLetterSourceId;
    }

    /** @return deliveries in all queues that count. */
    public long receiveCount() {
        return receiveCount;
    }

    /** @return deliveries in this queue that failed. */
    public long failedCount() {
        return failedCount;
    }

    /** @return where it stands; {@code NULL_VAL} if this client does not know it. */
    public MessageStatus status() {
        return status;
    }

    /** @return its priority. */
    public int priority() {
        return priority;
    }

    /** @return whether the whole payload is here; else body, attributes and ids may be cut off. */
    public boolean isComplete() {
        return content.capacity() == payloadLength;
    }

    /** @return its attributes, before the first one; none if they were cut off. */
    public Attributes attributes() {
        attributes.rewind();
        return attributes;
    }

    /** @return bytes of the whole body, as far as the length is here. */
    public int bodyLength() {
        return bodyLength;
    }

    /** @return the body, or its first bytes if {@link #isComplete()} says no. */
    public byte[] body() {
        final byte[] result = new byte[bodyBytes];
        content.getBytes(bodyOffset, result);
        return result;
    }

    /** @return the first bytes of the payload, all of them if {@link #isComplete()} says so. */
    public DirectBuffer content() {
        return content;
    }

    /** @return id of its group; empty if it has none or it was cut off. */
    public String groupId() {
        return texts[0];
    }

    /** @return deduplication id as it was sent; empty if it has none or it was cut off. */
    public String deduplicationId() {
        return texts[1];
    }

    /** @return the system attribute AWSTraceHeader; empty if it has none or it was cut off. */
    public String traceHeader() {
        return texts[2];
    }
}
