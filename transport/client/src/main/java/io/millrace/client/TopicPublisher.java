package io.millrace.client;

import io.millrace.codecs.PublishMessagesEncoder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Publishes to topics. Like every request of the client, a publish never waits and allocates nothing: it returns a correlation id
 * or a negative code, and {@link ClientListener} hears what became of it. A publish that was not answered is sent again after a
 * reconnect and published once.
 *
 * <p>A message to a FIFO topic, and one that asks for it with {@code eachEntry}, is answered by {@link
 * ClientListener#onSendResult}, any other by {@link ClientListener#onConfirmed}. Either means that the message is stored: that
 * it reaches its subscribers does not depend on this client any more.
 */
public final class TopicPublisher {
    private final Requests requests;
    private final FrameWriter writer;
    private final PublishOptions plain = new PublishOptions();

    /** Where a message is put together that is too large for a frame. */
    private final ExpandableDirectByteBuffer large = new ExpandableDirectByteBuffer(0);

    TopicPublisher(final Requests requests, final FrameWriter writer) {
        this.requests = requests;
        this.writer = writer;
    }

    /**
     * Publishes a message.
     *
     * @param topicId topic to publish to
     * @param buffer holds the body
     * @param offset where it starts
     * @param length its bytes
     * @return a correlation id, or a negative code
     */
    public long publish(final long topicId, final DirectBuffer buffer, final int offset, final int length) {
        return publish(topicId, buffer, offset, length, plain);
    }

    /**
     * Publishes a message. One that does not fit a frame leaves in parts, up to the largest message of the server.
     *
     * @param topicId topic to publish to
     * @param buffer holds the body
     * @param offset where it starts
     * @param length its bytes
     * @param options group, ids, subject, bodies for protocols
     * @return a correlation id, or a negative code
     */
    public long publish(
            final long topicId,
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final PublishOptions options) {
        buffer.boundsCheck(offset, length);
        final int blockLength = options.blockLength();
        final int textsLength = options.textsLength();
        if (blockLength < 0 || textsLength < 0) {
            return MillraceClient.TOO_LARGE;
        }
        final long entryLength = (long) blockLength + Wire.PAYLOAD_BODY_OFFSET + length + textsLength;
        if (writer.gate() == 0 && Wire.PUBLISH_ENTRIES_OFFSET + entryLength > writer.maxFrameLength()) {
            if (entryLength > (long) writer.maxMessageLength() + MessageBatch.HEADROOM) {
                return MillraceClient.TOO_LARGE;
            }
            putEntry(large, 0, buffer, offset, length, options, blockLength);
            return requests.publishLarge(topicId, options.flags(), large, 0, (int) entryLength);
        }
        final long refusal = begin(topicId, options.flags(), 1, entryLength);
        if (refusal != 0) {
            return refusal;
        }
        final int entry = writer.offset() + Wire.PUBLISH_ENTRIES_OFFSET;
        putEntry(writer.buffer(), entry, buffer, offset, length, options, blockLength);
        return writer.end();
    }

    private static void putEntry(
            final MutableDirectBuffer target,
            final int entry,
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final PublishOptions options,
            final int blockLength) {
        final int payload = entry + blockLength;
        final int body = payload + Wire.PAYLOAD_BODY_OFFSET;
        options.putBlock(target, entry);
        Wire.putGroupHeader(target, payload, Wire.ATTRIBUTE_BLOCK_LENGTH, 0);
        target.putInt(payload + Wire.GROUP_HEADER_LENGTH, length, Wire.ORDER);
        target.putBytes(body, buffer, offset, length);
        options.putTexts(target, body + length);
    }

    /** @return a batch builder for many messages in a frame and attributes; to be kept and used again. */
    public PublishBatch newBatch() {
        return new PublishBatch(this, writer);
    }

    /** Publishes the entries that stand ready in a buffer. */
    long publishEntries(
            final long topicId,
            final byte flags,
            final DirectBuffer entries,
            final int offset,
            final int length,
            final int count) {
        if (writer.gate() == 0 && Wire.PUBLISH_ENTRIES_OFFSET + length > writer.maxFrameLength()) {
            return count > 1
                    ? MillraceClient.TOO_LARGE
                    : requests.publishLarge(topicId, flags, entries, offset, length);
        }
        final long refusal = begin(topicId, flags, count, length);
        if (refusal != 0) {
            return refusal;
        }
        writer.buffer().putBytes(writer.offset() + Wire.PUBLISH_ENTRIES_OFFSET, entries, offset, length);
        return writer.end();
    }

    /** Begins the frame and writes what stands in front of its entries. @return 0, or a negative code */
    private long begin(final long topicId, final byte flags, final int count, final long entriesLength) {
        final long frameLength = Wire.PUBLISH_ENTRIES_OFFSET + entriesLength;
        if (frameLength > Integer.MAX_VALUE) {
            return MillraceClient.TOO_LARGE;
        }
        final long refusal = writer.begin(
                PublishMessagesEncoder.TEMPLATE_ID,
                PublishMessagesEncoder.BLOCK_LENGTH,
                (int) frameLength,
                FrameWriter.MUTATING);
        if (refusal == 0) {
            final MutableDirectBuffer frame = writer.buffer();
            final int block = writer.offset() + Wire.HEADER_LENGTH;
            frame.putLong(block + PublishMessagesEncoder.topicIdEncodingOffset(), topicId, Wire.ORDER);
            frame.putByte(block + PublishMessagesEncoder.flagsEncodingOffset(), flags);
            Wire.putGroupHeader(frame, writer.offset() + Wire.PUBLISH_GROUP_OFFSET, Wire.PUBLISH_BLOCK_LENGTH, count);
        }
        return refusal;
    }
}
