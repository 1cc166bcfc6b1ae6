package io.millrace.client;

import io.millrace.codecs.SendFlagsDecoder;
import io.millrace.codecs.SendFlagsEncoder;
import org.agrona.MutableDirectBuffer;

/**
 * What a message to a queue or to a topic is sent with besides its body. Made once and used again; nothing here allocates. A call
 * takes what the options say while it runs, except that texts are kept as they are given: one that can change, a builder for
 * example, must not change between the start of a batch's message and its end.
 *
 * @param <O> the options themselves
 */
public abstract class MessageOptions<O extends MessageOptions<O>> {
    private byte flags;
    private CharSequence groupId = "";
    private CharSequence deduplicationId = "";
    private CharSequence traceHeader = "";

    MessageOptions() {}

    abstract O self();

    /** Asks for nothing again. @return this */
    public O reset() {
        flags = 0;
        groupId = "";
        deduplicationId = "";
        traceHeader = "";
        return self();
    }

    /** @param value message group: FIFO queues and topics need one, on other queues it takes its share of the turns. @return this */
    public O groupId(final CharSequence value) {
        groupId = value;
        return self();
    }

    /** @param value FIFO: a second message with this id is accepted and dropped. @return this */
    public O deduplicationId(final CharSequence value) {
        deduplicationId = value;
        return self();
    }

    /** @param value the system attribute AWSTraceHeader. @return this */
    public O traceHeader(final CharSequence value) {
        traceHeader = value;
        return self();
    }

    /**
     * @param value whether the server is to refuse a body that is empty, not UTF-8, or has a character that XML 1.0 does
     *     not allow; in a batch {@link MessageBatch#text} says so
     * @return this
     */
    public O text(final boolean value) {
        flags = SendFlagsEncoder.text(flags, value);
        return self();
    }

    /**
     * @param value whether the answer is to be a result per entry even if nothing is FIFO; in a batch {@link
     *     MessageBatch#eachEntry} says so
     * @return this
     */
    public O eachEntry(final boolean value) {
        flags = SendFlagsEncoder.eachEntry(flags, value);
        return self();
    }

    /**
     * @param value whether the body is a {@link BlobReference}: the content is in the blob, which was declared before. Everybody
     *     gets the reference as it is, and {@link Delivery#isClaim} says so; in a batch {@link MessageBatch#claim} says it
     * @return this
     */
    public O claim(final boolean value) {
        flags = SendFlagsEncoder.claim(flags, value);
        return self();
    }

    /** @return whether {@link #claim} was said. */
    public boolean isClaim() {
        return SendFlagsDecoder.claim(flags);
    }

    /** @return whether {@link #text} was said. */
    public boolean isText() {
        return SendFlagsDecoder.text(flags);
    }

    byte flags() {
        return flags;
    }

    void set(final O other) {
        final MessageOptions<O> source = other;
        flags = source.flags;
        groupId = source.groupId;
        deduplicationId = source.deduplicationId;
        traceHeader = source.traceHeader;
    }

    /** @return bytes of the texts behind the body with their lengths, or -1 if one is too long for its length. */
    int textsLength() {
        final int group = Utf8.length(groupId);
        final int deduplication = Utf8.length(deduplicationId);
        final int trace = Utf8.length(traceHeader);
        return group > Wire.MAX_TEXT_LENGTH || deduplication > Wire.MAX_TEXT_LENGTH || trace > Wire.MAX_TEXT_LENGTH
                ? -1
                : Wire.NO_IDS_LENGTH + group + deduplication + trace;
    }

    /** Writes the texts behind the body. @return where they end */
    int putTexts(final MutableDirectBuffer buffer, final int offset) {
        return putText(buffer, putText(buffer, putText(buffer, offset, groupId), deduplicationId), traceHeader);
    }

    /** @return bytes that stand in front of the payload of one entry, or -1 if they are too many for a frame. */
    abstract int blockLength();

    /** Writes what stands in front of the payload of one entry. */
    abstract void putBlock(MutableDirectBuffer buffer, int offset);

    static int putText(final MutableDirectBuffer buffer, final int offset, final CharSequence text) {
        final int start = offset + Wire.TEXT_HEADER_LENGTH;
        final int end = Utf8.put(buffer, start, text);
        buffer.putShort(offset, (short) (end - start), Wire.ORDER);
        return end;
    }
}
