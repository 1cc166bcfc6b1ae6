package io.millrace.server;

import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardSubscriptionEndedEncoder;
import io.millrace.codecs.ShardSubscriptionEndedEncoder.ChildrenEncoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Encodes the end of a subscription to a shard. */
final class PushEnd {

    /** The group of children without an entry. */
    static final DirectBuffer NO_CHILDREN = noChildren();

    static final int NO_CHILDREN_LENGTH = ChildrenEncoder.HEADER_SIZE;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ShardSubscriptionEndedEncoder message = new ShardSubscriptionEndedEncoder();

    private static DirectBuffer noChildren() {
        final UnsafeBuffer group = new UnsafeBuffer(new byte[ChildrenEncoder.HEADER_SIZE]);
        group.putShort(0, (short) ChildrenEncoder.sbeBlockLength(), ByteOrder.LITTLE_ENDIAN);
        return group;
    }

    /**
     * Encodes one.
     *
     * @param continuation   number of the last record pushed, or of the one in front of the start.
     * @param children       the group of children, from its header on.
     * @param childrenLength of the group in bytes.
     * @return length of the frame in bytes.
     */
    int encode(
            final long correlationId,
            final long shardId,
            final long continuation,
            final ResultCode code,
            final DirectBuffer children,
            final int childrenLength) {
        message.wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .shardId(shardId)
                .continuationSequenceNumber(continuation)
                .code(code);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + message.encodedLength();
        buffer.putBytes(length, children, 0, childrenLength);
        header.messageLength(length + childrenLength).frameSequence(0);
        return length + childrenLength;
    }

    /** {@return the frame, from offset 0} */
    DirectBuffer buffer() {
        return buffer;
    }
}
