package io.millrace.client;

import io.millrace.codecs.DeregisterStreamConsumerEncoder;
import io.millrace.codecs.DescribeStreamConsumerEncoder;
import io.millrace.codecs.ListStreamConsumersEncoder;
import io.millrace.codecs.RegisterStreamConsumerEncoder;

/** Encodes the requests about consumers of streams. Each method returns a correlation id or a negative code. */
final class StreamConsumerFrames extends RequestFrames {
    StreamConsumerFrames(final FrameWriter writer) {
        super(writer);
    }

    long register(final long streamId, final String consumerName) {
        final byte[] name = bytes(consumerName);
        if (name.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final RegisterStreamConsumerEncoder encoder =
                new RegisterStreamConsumerEncoder().wrap(body, 0).streamId(streamId);
        encoder.putName(name, 0, name.length);
        return command(
                RegisterStreamConsumerEncoder.TEMPLATE_ID,
                RegisterStreamConsumerEncoder.BLOCK_LENGTH,
                encoder.encodedLength());
    }

    long deregister(final long consumerId) {
        new DeregisterStreamConsumerEncoder().wrap(body, 0).consumerId(consumerId);
        return command(DeregisterStreamConsumerEncoder.TEMPLATE_ID, DeregisterStreamConsumerEncoder.BLOCK_LENGTH);
    }

    long describe(final long consumerId) {
        new DescribeStreamConsumerEncoder().wrap(body, 0).consumerId(consumerId);
        return query(DescribeStreamConsumerEncoder.TEMPLATE_ID, DescribeStreamConsumerEncoder.BLOCK_LENGTH);
    }

    long list(final long streamId, final long afterConsumerId, final int maxEntries) {
        new ListStreamConsumersEncoder()
                .wrap(body, 0)
                .streamId(streamId)
                .afterConsumerId(afterConsumerId)
                .maxEntries(maxEntries);
        return query(ListStreamConsumersEncoder.TEMPLATE_ID, ListStreamConsumersEncoder.BLOCK_LENGTH);
    }
}
