package io.millrace.client;

import io.millrace.codecs.ShardIteratorDecoder;
import io.millrace.codecs.ShardIteratorEncoder;
import io.millrace.codecs.ShardPosition;

/**
 * Says where reading a shard goes on. The server keeps nothing of it; it is good for as long as the server's limit ITERATOR_AGE says.
 *
 * @param shardId the shard; 0: this is the end of a closed shard
 * @param kind AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER or AT_TIMESTAMP
 * @param position a sequence number, or a time in nanoseconds since 1970
 * @param issuedTimeNs when it was made: nanoseconds since 1970
 */
public record ShardIterator(long shardId, ShardPosition kind, long position, long issuedTimeNs) {

    static ShardIterator of(final ShardIteratorDecoder decoder) {
        return new ShardIterator(
                decoder.shardId(), Codes.shardPosition(decoder.kindRaw()), decoder.position(), decoder.issuedTimeNs());
    }

    static void encode(
            final ShardIteratorEncoder encoder,
            final long shardId,
            final ShardPosition kind,
            final long position,
            final long issuedTimeNs) {
        encoder.shardId(shardId)
                .position(position)
                .issuedTimeNs(issuedTimeNs)
                .kind(kind)
                .reserved1((short) 0)
                .reserved2(0)
                .reserved4(0);
    }
}
