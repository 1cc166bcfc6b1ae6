package io.millrace.client;

import io.millrace.codecs.SubscriberProtocol;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What a message to a topic is published with besides its body. */
public final class PublishOptions extends MessageOptions<PublishOptions> {
    private static final int PROTOCOLS = SubscriberProtocol.STREAM.value();
    private static final int BODY_HEADER_LENGTH = Wire.PROTOCOL_BODY_BLOCK_LENGTH + Wire.DATA_HEADER_LENGTH;

    private final DirectBuffer[] bodies = new DirectBuffer[PROTOCOLS];
    private final int[] bodyOffsets = new int[PROTOCOLS];
    private final int[] bodyLengths = new int[PROTOCOLS];
    private CharSequence subject = "";

    /** Makes options that ask for nothing. */
    public PublishOptions() {
        reset();
    }

    @Override
    PublishOptions self() {
        return this;
    }

    @Override
    public PublishOptions reset() {
        subject = "";
        Arrays.fill(bodies, null);
        return super.reset();
    }

    /** @param value shown to subscribers that get the message in an envelope. @return this */
    public PublishOptions subject(final CharSequence value) {
        subject = value;
        return this;
    }

    /**
     * Gives the subscribers of a protocol a body of their own; those of the others get the message's, which must not be empty then.
     * Nobody gets the attributes of such a message.
     *
     * @param protocol of the subscribers
     * @param buffer   holds the body, which must not change before the message is published or added to a batch
     * @param offset   where it starts
     * @param length   its bytes
     * @return this
     * @throws IllegalArgumentException if the protocol is none
     */
    public PublishOptions body(
            final SubscriberProtocol protocol, final DirectBuffer buffer, final int offset, final int length) {
        if (protocol == SubscriberProtocol.NULL_VAL) {
            throw new IllegalArgumentException("NULL_VAL is no protocol of subscribers.");
        }
        buffer.boundsCheck(offset, length);
        final int index = protocol.value() - 1;
        bodies[index] = buffer;
        bodyOffsets[index] = offset;
        bodyLengths[index] = length;
        return this;
    }

    @Override
    void set(final PublishOptions other) {
        super.set(other);
        subject = other.subject;
        System.arraycopy(other.bodies, 0, bodies, 0, PROTOCOLS);
        System.arraycopy(other.bodyOffsets, 0, bodyOffsets, 0, PROTOCOLS);
        System.arraycopy(other.bodyLengths, 0, bodyLengths, 0, PROTOCOLS);
    }

    @Override
    int textsLength() {
        final int ids = super.textsLength();
        final int length = Utf8.length(subject);
        return ids < 0 || length > Wire.MAX_TEXT_LENGTH ? -1 : ids + Wire.TEXT_HEADER_LENGTH + length;
    }

    @Override
    int putTexts(final MutableDirectBuffer buffer, final int offset) {
        return putText(buffer, super.putTexts(buffer, offset), subject);
    }

    /** An entry of PublishMessages begins with the bodies for protocols. */
    @Override
    int blockLength() {
        long length = Wire.GROUP_HEADER_LENGTH;
        for (int i = 0; i < PROTOCOLS; i++) {
            length += bodies[i] == null ? 0 : BODY_HEADER_LENGTH + (long) bodyLengths[i];
        }
        return length > Integer.MAX_VALUE ? -1 : (int) length;
    }

    @Override
    void putBlock(final MutableDirectBuffer buffer, final int offset) {
        int count = 0;
        int at = offset + Wire.GROUP_HEADER_LENGTH;
        for (int i = 0; i < PROTOCOLS; i++) {
            if (bodies[i] != null) {
                buffer.putByte(at, (byte) (i + 1));
                buffer.putInt(at + Wire.PROTOCOL_BODY_BLOCK_LENGTH, bodyLengths[i], Wire.ORDER);
                buffer.putBytes(at + BODY_HEADER_LENGTH, bodies[i], bodyOffsets[i], bodyLengths[i]);
                at += BODY_HEADER_LENGTH + bodyLengths[i];
                count++;
            }
        }
        Wire.putGroupHeader(buffer, offset, Wire.PROTOCOL_BODY_BLOCK_LENGTH, count);
    }
}
