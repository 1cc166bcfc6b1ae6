package io.millrace.client;

import io.millrace.codecs.BeginPayloadEncoder;
import io.millrace.codecs.SendFlagsDecoder;
import io.millrace.codecs.SendFlagsEncoder;
import io.millrace.codecs.SendMessagesEncoder.MessagesEncoder;
import org.agrona.MutableDirectBuffer;

/**
 * What a message is sent with besides its body. Made once and used again; nothing here allocates. A call takes what the
 * options say while it runs, except that texts are kept as they are given: one that can change, a builder for example, must
 * not change between {@link SendBatch#startMessage(SendOptions)} and the end of that message.
 */
public final class SendOptions {
    private static final int MAX_TEXT_LENGTH = 0xFFFF;

    private long delayNs;
    private long scheduledTimeNs;
    private long timeToLiveNs;
    private int priority;
    private byte flags;
    private CharSequence groupId;
    private CharSequence deduplicationId;
    private CharSequence traceHeader;

    /** Makes options that ask for nothing. */
    public SendOptions() {
        reset();
    }

    /** Asks for nothing again. @return this */
    public SendOptions reset() {
        delayNs = MessagesEncoder.delayNsNullValue();
        scheduledTimeNs = MessagesEncoder.scheduledTimeNsNullValue();
        timeToLiveNs = MessagesEncoder.timeToLiveNsNullValue();
        priority = 0;
        flags = 0;
        groupId = "";
        deduplicationId = "";
        traceHeader = "";
        return this;
    }

    /** @param value how long the message waits before it can be delivered, nanoseconds, or {@link SendBatch#QUEUE_DELAY}. @return this */
    public SendOptions delayNs(final long value) {
        delayNs = value;
        return this;
    }

    /**
     * @param value when the message can be delivered first, instead of a delay: nanoseconds since 1970; standard queues only
     * @return this
     */
    public SendOptions scheduledTimeNs(final long value) {
        scheduledTimeNs = value;
        return this;
    }

    /** @param value after this the message is discarded, nanoseconds. @return this */
    public SendOptions timeToLiveNs(final long value) {
        timeToLiveNs = value;
        return this;
    }

    /**
     * @param value 0 to the queue's priorities - 1; higher ones are delivered first; standard queues only
     * @return this
     * @throws IllegalArgumentException if it is not from 0 to 255
     */
    public SendOptions priority(final int value) {
        if (value < 0 || value > 0xFF) {
            throw new IllegalArgumentException("The priority must be from 0 to 255, not " + value + ".");
        }
        priority = value;
        return this;
    }

    /** @param value message group: FIFO queues need one, on others it takes its share of the turns. @return this */
    public SendOptions groupId(final CharSequence value) {
        groupId = value;
        return this;
    }

    /** @param value FIFO queues: a second message with this id is accepted and dropped. @return this */
    public SendOptions deduplicationId(final CharSequence value) {
        deduplicationId = value;
        return this;
    }

    /** @param value the system attribute AWSTraceHeader. @return this */
    public SendOptions traceHeader(final CharSequence value) {
        traceHeader = value;
        return this;
    }

    /**
     * @param value whether the server is to refuse a body that is empty, not UTF-8, or has a character that XML 1.0 does
     *     not allow; in a batch {@link SendBatch#text} says so
     * @return this
     */
    public SendOptions text(final boolean value) {
        flags = SendFlagsEncoder.text(flags, value);
        return this;
    }

    /**
     * @param value whether the answer is to be a result per entry even from a standard queue; in a batch {@link
     *     SendBatch#eachEntry} says so
     * @return this
     */
    public SendOptions eachEntry(final boolean value) {
        flags = SendFlagsEncoder.eachEntry(flags, value);
        return this;
    }

    /** @return whether {@link #text} was said. */
    public boolean isText() {
        return SendFlagsDecoder.text(flags);
    }

    byte flags() {
        return flags;
    }

    void set(final SendOptions other) {
        delayNs = other.delayNs;
        scheduledTimeNs = other.scheduledTimeNs;
        timeToLiveNs = other.timeToLiveNs;
        priority = other.priority;
        flags = other.flags;
        groupId = other.groupId;
        deduplicationId = other.deduplicationId;
        traceHeader = other.traceHeader;
    }

    /** @return bytes of the texts behind the body with their lengths, or -1 if one is too long for its length. */
    int textsLength() {
        final int group = Utf8.length(groupId);
        final int deduplication = Utf8.length(deduplicationId);
        final int trace = Utf8.length(traceHeader);
        return group > MAX_TEXT_LENGTH || deduplication > MAX_TEXT_LENGTH || trace > MAX_TEXT_LENGTH
                ? -1
                : Wire.NO_IDS_LENGTH + group + deduplication + trace;
    }

    /** Writes the texts that end a payload. */
    void putTexts(final MutableDirectBuffer buffer, final int offset) {
        putText(buffer, putText(buffer, putText(buffer, offset, groupId), deduplicationId), traceHeader);
    }

    /** Writes the block of one message in SendMessages. */
    void putBlock(final MutableDirectBuffer buffer, final int offset) {
        buffer.putLong(offset + MessagesEncoder.delayNsEncodingOffset(), delayNs, Wire.ORDER);
        buffer.putLong(offset + MessagesEncoder.scheduledTimeNsEncodingOffset(), scheduledTimeNs, Wire.ORDER);
        buffer.putLong(offset + MessagesEncoder.timeToLiveNsEncodingOffset(), timeToLiveNs, Wire.ORDER);
        buffer.putByte(offset + MessagesEncoder.priorityEncodingOffset(), (byte) priority);
    }

    /** Writes the same into the block of BeginPayload. */
    void putBegin(final MutableDirectBuffer buffer, final int block, final byte commandFlags) {
        buffer.putLong(block + BeginPayloadEncoder.delayNsEncodingOffset(), delayNs, Wire.ORDER);
        buffer.putLong(block + BeginPayloadEncoder.scheduledTimeNsEncodingOffset(), scheduledTimeNs, Wire.ORDER);
        buffer.putLong(block + BeginPayloadEncoder.timeToLiveNsEncodingOffset(), timeToLiveNs, Wire.ORDER);
        buffer.putByte(block + BeginPayloadEncoder.flagsEncodingOffset(), commandFlags);
        buffer.putByte(block + BeginPayloadEncoder.priorityEncodingOffset(), (byte) priority);
    }

    private static int putText(final MutableDirectBuffer buffer, final int offset, final CharSequence text) {
        final int start = offset + Wire.TEXT_HEADER_LENGTH;
        final int end = Utf8.put(buffer, start, text);
        buffer.putShort(offset, (short) (end - start), Wire.ORDER);
        return end;
    }
}
