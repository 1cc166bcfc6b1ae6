package io.millrace.client;

import io.millrace.codecs.AttributeType;
import io.millrace.codecs.SendFlagsEncoder;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Messages for one queue or topic that leave in one frame. Used again and again; allocates nothing.
 *
 * <p>A batch holds what fits one frame (64 KiB unless the server says otherwise); adding more returns false and changes
 * nothing.
 *
 * @param <B> the batch itself
 * @param <O> what its messages are sent with
 */
public abstract class MessageBatch<B extends MessageBatch<B, O>, O extends MessageOptions<O>> {
    private static final int MAX_ENTRIES = 0xFFFF;

    /** Room behind the largest body for attributes. */
    static final int HEADROOM = 64 * 1024;

    private final FrameWriter writer;
    private final int entriesOffset;
    private final boolean canBeLarge;
    private UnsafeBuffer entries = new UnsafeBuffer(ByteBuffer.allocateDirect(64 * 1024));
    private long targetId;
    private int count;
    private int length;
    private int payloadStart;
    private int at;
    private int attributeCount;
    private boolean isOpen;
    private boolean hasOverflown;
    private byte flags;

    /** What the message that was started last is sent with; its texts are written when its body is there. */
    private final O current;

    /** The same of the first message, which alone can be too large for a frame. */
    private final O first;

    /**
     * Makes an empty batch.
     *
     * @param writer        what a session takes
     * @param entriesOffset where the first entry starts in a frame
     * @param canBeLarge    whether a single message may be larger than a frame
     * @param options       makes options
     */
    MessageBatch(
            final FrameWriter writer, final int entriesOffset, final boolean canBeLarge, final Supplier<O> options) {
        this.writer = writer;
        this.entriesOffset = entriesOffset;
        this.canBeLarge = canBeLarge;
        current = options.get();
        first = options.get();
    }

    abstract B self();

    /**
     * Empties the batch; all or none of the messages to come will be stored, and their bodies are bytes.
     *
     * @param newTargetId queue or topic of the messages to come
     * @return this
     */
    public B begin(final long newTargetId) {
        targetId = newTargetId;
        flags = 0;
        empty();
        return self();
    }

    /**
     * Says after {@link #begin} whether the server is to refuse a body that is empty, not UTF-8, or has a character that XML
     * 1.0 does not allow.
     *
     * @param isText whether bodies are text
     * @return this
     */
    public B text(final boolean isText) {
        flags = SendFlagsEncoder.text(flags, isText);
        return self();
    }

    /**
     * Says after {@link #begin} whether messages that are right are stored even if others of the batch are wrong. {@link
     * ClientListener#onSendResult} then tells of each, as it always does for a FIFO queue or topic.
     *
     * @param isEach whether each message stands for itself
     * @return this
     */
    public B eachEntry(final boolean isEach) {
        flags = SendFlagsEncoder.eachEntry(flags, isEach);
        return self();
    }

    /**
     * Says after {@link #begin} whether bodies are {@link BlobReference}s.
     *
     * @param isClaim whether the contents are in blobs
     * @return this
     */
    public B claim(final boolean isClaim) {
        flags = SendFlagsEncoder.claim(flags, isClaim);
        return self();
    }

    private void empty() {
        count = 0;
        length = 0;
        isOpen = false;
    }

    /** @return messages in the batch. */
    public int count() {
        return count;
    }

    /**
     * Adds a message without attributes and options.
     *
     * @param buffer holds the body
     * @param offset where it starts
     * @param bodyLength its bytes
     * @return false if it does not fit
     */
    public boolean add(final DirectBuffer buffer, final int offset, final int bodyLength) {
        startMessage();
        return endMessage(buffer, offset, bodyLength);
    }

    /**
     * Adds a message without attributes.
     *
     * @param buffer holds the body
     * @param offset where it starts
     * @param bodyLength its bytes
     * @param options what the message is sent with; {@link #text} and {@link #eachEntry} say what concerns the whole batch
     * @return false if it does not fit
     */
    public boolean add(final DirectBuffer buffer, final int offset, final int bodyLength, final O options) {
        startMessage(options);
        return endMessage(buffer, offset, bodyLength);
    }

    /**
     * Starts a message without options: its attributes follow, then {@link #endMessage}. One that was started and not ended is
     * dropped.
     *
     * @return this
     */
    public B startMessage() {
        current.reset();
        return start();
    }

    /**
     * Starts a message: its attributes follow, then {@link #endMessage}. One that was started and not ended is dropped.
     *
     * @param options what the message is sent with; {@link #text} and {@link #eachEntry} say what concerns the whole batch
     * @return this
     */
    public B startMessage(final O options) {
        current.set(options);
        return start();
    }

    B start() {
        at = length;
        attributeCount = 0;
        isOpen = true;
        hasOverflown = false;
        final int blockLength = current.blockLength();
        if (blockLength < 0) {
            hasOverflown = true;
        } else if (hasRoom(blockLength + (long) Wire.GROUP_HEADER_LENGTH)) {
            current.putBlock(entries, at);
            payloadStart = at + blockLength;
            at = payloadStart + Wire.GROUP_HEADER_LENGTH;
        }
        if (count == 0) {
            first.set(current);
        }
        return self();
    }

    /**
     * Adds an attribute of text to the message.
     *
     * @param name unique in the message
     * @param value the text
     * @return this
     */
    public B putString(final CharSequence name, final CharSequence value) {
        final int valueLength = Utf8.length(value);
        final int valueOffset = putAttribute(AttributeType.STRING, name, valueLength);
        if (valueOffset >= 0) {
            Utf8.put(entries, valueOffset, value);
        }
        return self();
    }

    /**
     * Adds a whole number to the message's attributes.
     *
     * @param name unique in the message
     * @param value the number
     * @return this
     */
    public B putNumber(final CharSequence name, final long value) {
        final int valueOffset = putAttribute(AttributeType.NUMBER, name, decimalLength(value));
        if (valueOffset >= 0) {
            entries.putLongAscii(valueOffset, value);
        }
        return self();
    }

    /**
     * Adds bytes to the message's attributes.
     *
     * @param name unique in the message
     * @param buffer holds the value
     * @param offset where it starts
     * @param valueLength its bytes
     * @return this
     */
    public B putBinary(final CharSequence name, final DirectBuffer buffer, final int offset, final int valueLength) {
        buffer.boundsCheck(offset, valueLength);
        final int valueOffset = putAttribute(AttributeType.BINARY, name, valueLength);
        if (valueOffset >= 0) {
            entries.putBytes(valueOffset, buffer, offset, valueLength);
        }
        return self();
    }

    /**
     * Ends the message with its body.
     *
     * @param buffer holds the body
     * @param offset where it starts
     * @param bodyLength its bytes
     * @return false if the message did not fit; the batch is then as before {@link #startMessage}
     */
    public boolean endMessage(final DirectBuffer buffer, final int offset, final int bodyLength) {
        buffer.boundsCheck(offset, bodyLength);
        final int bodyOffset = claimBody(bodyLength);
        if (bodyOffset < 0) {
            return false;
        }
        entries.putBytes(bodyOffset, buffer, offset, bodyLength);
        return true;
    }

    /**
     * Ends the message with a body that the caller then encodes in place, in {@link #buffer()}, before the next call.
     *
     * @param bodyLength bytes of the body
     * @return where it starts, or -1 if the message did not fit; the batch is then as before {@link #startMessage}
     */
    public int claimBody(final int bodyLength) {
        if (!isOpen) {
            throw new IllegalStateException("No message was started: call startMessage first.");
        }
        isOpen = false;
        final int textsLength = current.textsLength();
        if (bodyLength < 0
                || textsLength < 0
                || hasOverflown
                || count == MAX_ENTRIES
                || !hasRoom(Wire.DATA_HEADER_LENGTH + (long) bodyLength + textsLength)) {
            return -1;
        }
        Wire.putGroupHeader(entries, payloadStart, Wire.ATTRIBUTE_BLOCK_LENGTH, attributeCount);
        entries.putInt(at, bodyLength, Wire.ORDER);
        final int bodyOffset = at + Wire.DATA_HEADER_LENGTH;
        current.putTexts(entries, bodyOffset + bodyLength);
        length = bodyOffset + bodyLength + textsLength;
        count++;
        return bodyOffset;
    }

    /** @return the buffer in which {@link #claimBody} gave a place; it changes when a message is added. */
    public MutableDirectBuffer buffer() {
        return entries;
    }

    /**
     * Sends the batch and, if it was taken, empties it for the same target, to be judged in the same way.
     *
     * @return a correlation id, or a negative code; the batch is then as before and can be sent again
     */
    public long send() {
        if (count == 0) {
            return MillraceClient.EMPTY;
        }
        final long result = send(targetId, flags, entries, length, count, first);
        if (result > 0) {
            empty();
        }
        return result;
    }

    /** Sends the entries; the options are those of the first. @return a correlation id, or a negative code */
    abstract long send(
            long batchTargetId, byte batchFlags, DirectBuffer batch, int batchLength, int batchCount, O firstOptions);

    /**
     * Adds an attribute of any type, as it is.
     *
     * @param type of the value
     * @param name unique in the message
     * @param customType what follows the dot in types such as Number.int; may be empty
     * @param buffer holds the value
     * @param offset where it starts
     * @param valueLength its bytes
     * @return this
     */
    public B putAttribute(
            final AttributeType type,
            final CharSequence name,
            final CharSequence customType,
            final DirectBuffer buffer,
            final int offset,
            final int valueLength) {
        buffer.boundsCheck(offset, valueLength);
        final int valueOffset = putAttribute(type, name, customType, valueLength);
        if (valueOffset >= 0) {
            entries.putBytes(valueOffset, buffer, offset, valueLength);
        }
        return self();
    }

    private int putAttribute(final AttributeType type, final CharSequence name, final int valueLength) {
        return putAttribute(type, name, "", valueLength);
    }

    /** @return where the value goes, or -1 if the attribute does not fit. */
    private int putAttribute(
            final AttributeType type, final CharSequence name, final CharSequence customType, final int valueLength) {
        if (!isOpen) {
            throw new IllegalStateException("No message was started: call startMessage first.");
        }
        final int nameLength = Utf8.length(name);
        final int customLength = Utf8.length(customType);
        final long needed = Wire.ATTRIBUTE_BLOCK_LENGTH
                + 2L * Wire.TEXT_HEADER_LENGTH
                + nameLength
                + customLength
                + Wire.DATA_HEADER_LENGTH
                + valueLength;
        if (nameLength > Wire.MAX_TEXT_LENGTH
                || customLength > Wire.MAX_TEXT_LENGTH
                || hasOverflown
                || !hasRoom(needed)) {
            hasOverflown = true;
            return -1;
        }
        entries.putByte(at, (byte) type.value());
        at += Wire.ATTRIBUTE_BLOCK_LENGTH;
        entries.putShort(at, (short) nameLength, Wire.ORDER);
        at = Utf8.put(entries, at + Wire.TEXT_HEADER_LENGTH, name);
        entries.putShort(at, (short) customLength, Wire.ORDER);
        at = Utf8.put(entries, at + Wire.TEXT_HEADER_LENGTH, customType);
        entries.putInt(at, valueLength, Wire.ORDER);
        final int valueOffset = at + Wire.DATA_HEADER_LENGTH;
        at = valueOffset + valueLength;
        attributeCount++;
        return valueOffset;
    }

    /** A frame is the limit, but for the first message, which alone may be larger. */
    private boolean hasRoom(final long needed) {
        final int frameRoom = Math.max(writer.maxFrameLength(), 64 * 1024) - entriesOffset;
        final long end = at + needed;
        if (end > frameRoom && (!canBeLarge || count > 0 || end > (long) writer.maxMessageLength() + HEADROOM)) {
            hasOverflown = true;
            return false;
        }
        if (end > entries.capacity()) {
            final UnsafeBuffer larger = new UnsafeBuffer(
                    ByteBuffer.allocateDirect((int) Math.max(end, (long) writer.maxMessageLength() + HEADROOM)));
            larger.putBytes(0, entries, 0, at);
            entries = larger;
        }
        return true;
    }

    private static int decimalLength(final long value) {
        if (value == Long.MIN_VALUE) {
            return 20;
        }
        int digits = value < 0 ? 2 : 1;
        for (long rest = Math.abs(value); rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
