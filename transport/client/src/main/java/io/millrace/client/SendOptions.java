package io.millrace.client;

import io.millrace.codecs.BeginPayloadEncoder;
import io.millrace.codecs.SendMessagesEncoder.MessagesEncoder;
import org.agrona.MutableDirectBuffer;

/** What a message to a queue is sent with besides its body. */
public final class SendOptions extends MessageOptions<SendOptions> {
    private long delayNs;
    private long scheduledTimeNs;
    private long timeToLiveNs;
    private int priority;

    /** Makes options that ask for nothing. */
    public SendOptions() {
        reset();
    }

    @Override
    SendOptions self() {
        return this;
    }

    @Override
    public SendOptions reset() {
        delayNs = MessagesEncoder.delayNsNullValue();
        scheduledTimeNs = MessagesEncoder.scheduledTimeNsNullValue();
        timeToLiveNs = MessagesEncoder.timeToLiveNsNullValue();
        priority = 0;
        return super.reset();
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

    @Override
    void set(final SendOptions other) {
        super.set(other);
        delayNs = other.delayNs;
        scheduledTimeNs = other.scheduledTimeNs;
        timeToLiveNs = other.timeToLiveNs;
        priority = other.priority;
    }

    @Override
    int blockLength() {
        return Wire.SEND_BLOCK_LENGTH;
    }

    @Override
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
}
