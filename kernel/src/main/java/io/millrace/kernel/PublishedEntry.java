package io.millrace.kernel;

import io.millrace.codecs.SubscriberProtocol;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Where the parts of a published message stand that is known to be well formed: bodies for protocols, payload and subject. A body is
 * {@code protocol (1), length (4), bytes}.
 */
final class PublishedEntry {
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int NUM_IN_GROUP = 2;
    private static final int PROTOCOL_LENGTH = 1;
    private static final int DATA_LENGTH_SIZE = Integer.BYTES;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final int NONE = -1;

    private final PayloadIds ids = new PayloadIds();
    private DirectBuffer buffer;
    private int bodyCount;
    private int firstBody;
    private int payload;
    private int payloadLength;
    private int subject;
    private int subjectLength;
    private int queueBody;
    private int sessionBody;
    private int streamBody;
    private boolean isSplit;
    private boolean isSplitForStreams;

    /** Looks at the entry that begins at an offset of a buffer. */
    void wrap(final DirectBuffer source, final int offset) {
        buffer = source;
        payload = wrapBodies(offset);
        payloadLength = FrameValidator.payloadLength(source, payload);
        subject = payload + payloadLength + TEXT_LENGTH_SIZE;
        subjectLength = buffer.getShort(subject - TEXT_LENGTH_SIZE, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        isSplit = false;
        isSplitForStreams = false;
        if (hasBodies()) {
            chooseBodies();
        }
    }

    private int wrapBodies(final int offset) {
        bodyCount = buffer.getShort(offset + NUM_IN_GROUP, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        firstBody = offset + GROUP_HEADER_LENGTH;
        queueBody = NONE;
        sessionBody = NONE;
        streamBody = NONE;
        int position = firstBody;
        for (int i = 0; i < bodyCount; i++) {
            final int protocol = protocol(position);
            if (protocol == SubscriberProtocol.QUEUE.value()) {
                queueBody = bodyOffset(position);
            } else if (protocol == SubscriberProtocol.SESSION.value()) {
                sessionBody = bodyOffset(position);
            } else if (protocol == SubscriberProtocol.STREAM.value()) {
                streamBody = bodyOffset(position);
            }
            position = nextBody(position);
        }
        return position;
    }

    private void chooseBodies() {
        ids.wrap(buffer, payload);
        queueBody = queueBody == NONE ? ids.bodyOffset() : queueBody;
        sessionBody = sessionBody == NONE ? ids.bodyOffset() : sessionBody;
        streamBody = streamBody == NONE ? ids.bodyOffset() : streamBody;
        isSplit = isOtherThanForQueues(sessionBody);
        isSplitForStreams = isOtherThanForQueues(streamBody);
    }

    private boolean isOtherThanForQueues(final int body) {
        final int length = data(queueBody);
        return data(body) != length || !Text.equal(buffer, queueBody, body, length);
    }

    /** Length of the body that begins at an offset. */
    private int data(final int body) {
        return buffer.getInt(body - DATA_LENGTH_SIZE, ByteOrder.LITTLE_ENDIAN);
    }

    DirectBuffer buffer() {
        return buffer;
    }

    /** Where the entry starts. */
    int start() {
        return firstBody - GROUP_HEADER_LENGTH;
    }

    boolean hasBodies() {
        return bodyCount > 0;
    }

    int bodyCount() {
        return bodyCount;
    }

    /** The first of the bodies for protocols. */
    int firstBody() {
        return firstBody;
    }

    int nextBody(final int position) {
        return bodyOffset(position) + bodyLength(position);
    }

    int protocol(final int position) {
        return buffer.getByte(position) & 0xFF;
    }

    int bodyOffset(final int position) {
        return position + PROTOCOL_LENGTH + DATA_LENGTH_SIZE;
    }

    int bodyLength(final int position) {
        return data(bodyOffset(position));
    }

    /** The payload without the bodies for protocols; of one that has such, the ids. */
    PayloadIds ids() {
        return ids;
    }

    /** Whether there are bodies for protocols and queues get another one than sessions. */
    boolean isSplit() {
        return isSplit;
    }

    /** Where the body for queues starts; only if there are bodies for protocols. */
    int queueBody() {
        return queueBody;
    }

    int queueBodyLength() {
        return data(queueBody);
    }

    /** Where the body for sessions starts; only if there are bodies for protocols. */
    int sessionBody() {
        return sessionBody;
    }

    int sessionBodyLength() {
        return data(sessionBody);
    }

    /** Whether there are bodies for protocols and queues get another one than streams. */
    boolean isSplitForStreams() {
        return isSplitForStreams;
    }

    /** Where the body for streams starts; only if there are bodies for protocols. */
    int streamBody() {
        return streamBody;
    }

    int streamBodyLength() {
        return data(streamBody);
    }

    int payload() {
        return payload;
    }

    int payloadLength() {
        return payloadLength;
    }

    int subject() {
        return subject;
    }

    int subjectLength() {
        return subjectLength;
    }

    /** Where the entry ends. */
    int end() {
        return subject + subjectLength;
    }
}
