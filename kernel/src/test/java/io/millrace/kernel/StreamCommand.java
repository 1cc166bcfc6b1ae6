package io.millrace.kernel;

import io.millrace.codecs.ShardFilter;
import io.millrace.codecs.ShardPosition;
import java.math.BigInteger;
import java.util.List;

/** Everything a client may ask of streams, as values; null settings are left out of the frame. */
interface StreamCommand {

    /** Settings of a stream. */
    record Settings(Long retentionNs, Long maxRecordBytes) {

        static final Settings NONE = new Settings(null, null);

        static Settings retaining(final long retentionNs) {
            return new Settings(retentionNs, null);
        }
    }

    /** One record; without a hash key the partition key says where it goes. */
    record Put(BigInteger hashKey, String partitionKey, String data) {

        Put(final String partitionKey, final String data) {
            this(null, partitionKey, data);
        }
    }

    /** Where reading goes on. */
    record Iterator(long shardId, ShardPosition kind, long position, long issuedTimeNs) {}

    /** A command that a producer may protect. */
    interface Protected extends Command.OfStream {
        @Override
        Command.Producer producer();
    }

    record CreateStream(long correlationId, Command.Producer producer, String name, long shardCount, Settings settings)
            implements Protected {}

    record DeleteStream(long correlationId, Command.Producer producer, long streamId) implements Protected {}

    record SetStreamSettings(long correlationId, Command.Producer producer, long streamId, Settings settings)
            implements Protected {}

    record TagStream(long correlationId, Command.Producer producer, long streamId, List<Command.Tag> tags)
            implements Protected {}

    record UntagStream(long correlationId, Command.Producer producer, long streamId, List<String> keys)
            implements Protected {}

    record SetStreamAccess(
            long correlationId, Command.Producer producer, long streamId, List<Command.AccessEntry> entries)
            implements Protected {}

    record PutRecords(long correlationId, Command.Producer producer, long streamId, List<Put> records)
            implements Protected {}

    /** The entry comes later. */
    record BeginRecord(long correlationId, Command.Producer producer, long streamId, long entryLength)
            implements Protected {}

    record GetRecords(long correlationId, Iterator iterator, long maxRecords, long maxBytes)
            implements Command.OfStream {}

    record SplitShard(long correlationId, Command.Producer producer, long shardId, BigInteger startingHashKey)
            implements Protected {}

    record MergeShards(long correlationId, Command.Producer producer, long shardId, long adjacentShardId)
            implements Protected {}

    record UpdateShardCount(long correlationId, Command.Producer producer, long streamId, long shardCount)
            implements Protected {}

    /** Without a key attribute this is the empty text. */
    record SubscribeStream(
            long correlationId,
            Command.Producer producer,
            long topicId,
            long streamId,
            Command.SubscriptionSettings settings,
            String keyAttribute)
            implements Protected {}

    record RegisterStreamConsumer(long correlationId, Command.Producer producer, long streamId, String name)
            implements Protected {}

    record DeregisterStreamConsumer(long correlationId, Command.Producer producer, long consumerId)
            implements Protected {}

    record SubscribeToShard(
            long correlationId, long consumerId, long shardId, ShardPosition kind, long position, long windowBytes)
            implements Command.OfStream {}

    record UnsubscribeFromShard(long correlationId, long consumerId, long shardId) implements Command.OfStream {}

    /** A query. */
    interface Query extends Command.OfStream {
        @Override
        default boolean isQuery() {
            return true;
        }
    }

    record LookUpStream(long correlationId, String name) implements Query {}

    record DescribeStream(long correlationId, long streamId) implements Query {}

    record ListStreams(long correlationId, long afterStreamId, int maxEntries, String prefix) implements Query {}

    record ListStreamTags(long correlationId, long streamId) implements Query {}

    record DescribeStreamAccess(long correlationId, long streamId) implements Query {}

    record ListShards(
            long correlationId,
            long streamId,
            long afterShardId,
            long tokenTimeNs,
            ShardFilter filter,
            long timestampNs,
            int maxEntries)
            implements Query {}

    record DescribeStreamConsumer(long correlationId, long consumerId) implements Query {}

    record ListStreamConsumers(long correlationId, long streamId, long afterConsumerId, int maxEntries)
            implements Query {}

    record GetShardIterator(long correlationId, long shardId, ShardPosition kind, long position) implements Query {}
}
