package io.millrace.client;

import io.aeron.Image;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.millrace.codecs.MessageHeaderDecoder;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns the fragments of one session's egress into messages: puts together what Aeron split, takes apart what the server
 * joined, and checks that every message lies inside its frame and has the next number.
 *
 * <p>After the first fault nothing more is read: the session is to be given up.
 */
final class EgressReader {
    /** What a message is handed to; it looks no further than the given length. */
    interface MessageSink {
        /** @return false if the bytes are no message of the protocol. */
        boolean onMessage(DirectBuffer buffer, int offset, int length);
    }

    private final MessageSink sink;
    private final ClientCounters counters;
    private final FragmentHandler fragmentHandler = this::onFragment;
    private UnsafeBuffer assembly = new UnsafeBuffer(0, 0);
    private int assembledLength;
    private boolean isAssembling;
    private boolean hasSequence;
    private int nextSequence;
    private DisconnectReason fault;

    EgressReader(final MessageSink sink, final ClientCounters counters) {
        this.sink = sink;
        this.counters = counters;
    }

    /** Starts with a new session's image, whose largest Aeron message bounds what is put together. */
    void onImage(final int maxMessageLength) {
        if (assembly.capacity() < maxMessageLength) {
            assembly = new UnsafeBuffer(ByteBuffer.allocateDirect(maxMessageLength));
        }
        isAssembling = false;
        hasSequence = false;
        fault = null;
    }

    int poll(final Image image, final int fragmentLimit) {
        return image.poll(fragmentHandler, fragmentLimit);
    }

    /** @return why no more can be read, or null. */
    DisconnectReason fault() {
        return fault;
    }

    private void onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        if (fault == null) {
            onFragment(buffer, offset, length, header.flags());
        }
    }

    void onFragment(final DirectBuffer buffer, final int offset, final int length, final byte flags) {
        if ((flags & FrameDescriptor.UNFRAGMENTED) == FrameDescriptor.UNFRAGMENTED) {
            isAssembling = false;
            onFrame(buffer, offset, length);
            return;
        }
        if ((flags & FrameDescriptor.BEGIN_FRAG_FLAG) != 0) {
            isAssembling = true;
            assembledLength = 0;
        }
        if (!isAssembling || assembledLength + length > assembly.capacity()) {
            onMalformed();
            return;
        }
        assembly.putBytes(assembledLength, buffer, offset, length);
        assembledLength += length;
        if ((flags & FrameDescriptor.END_FRAG_FLAG) != 0) {
            isAssembling = false;
            onFrame(assembly, 0, assembledLength);
        }
    }

    private void onFrame(final DirectBuffer buffer, final int offset, final int length) {
        int at = 0;
        while (at < length && fault == null) {
            final int remaining = length - at;
            if (remaining < Wire.HEADER_LENGTH) {
                onMalformed();
                return;
            }
            final long messageLength =
                    buffer.getInt(offset + at + Wire.MESSAGE_LENGTH_OFFSET, Wire.ORDER) & 0xFFFF_FFFFL;
            final int schemaId =
                    buffer.getShort(offset + at + MessageHeaderDecoder.schemaIdEncodingOffset(), Wire.ORDER) & 0xFFFF;
            if (messageLength < Wire.HEADER_LENGTH
                    || messageLength > remaining
                    || schemaId != MessageHeaderDecoder.SCHEMA_ID) {
                onMalformed();
                return;
            }
            if (hasNextSequence(buffer, offset + at) && !sink.onMessage(buffer, offset + at, (int) messageLength)) {
                onMalformed();
            }
            at += BitUtil.align((int) messageLength, Wire.ALIGNMENT);
        }
    }

    /** The first message sets the count, so that an answer that has no session yet may carry number 0. */
    private boolean hasNextSequence(final DirectBuffer buffer, final int offset) {
        final int sequence = buffer.getInt(offset + MessageHeaderDecoder.frameSequenceEncodingOffset(), Wire.ORDER);
        if (hasSequence ? sequence != nextSequence : sequence >>> 1 != 0) {
            counters.gaps++;
            fault = DisconnectReason.EGRESS_GAP;
            return false;
        }
        hasSequence = true;
        nextSequence = sequence + 1;
        return true;
    }

    private void onMalformed() {
        counters.malformed++;
        fault = DisconnectReason.MALFORMED_EGRESS;
    }
}
