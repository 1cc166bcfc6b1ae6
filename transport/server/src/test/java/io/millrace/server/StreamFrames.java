package io.millrace.server;

import io.millrace.codecs.BeginRecordEncoder;
import io.millrace.codecs.CreateStreamEncoder;
import io.millrace.codecs.DeleteStreamEncoder;
import io.millrace.codecs.DeregisterStreamConsumerEncoder;
import io.millrace.codecs.DescribeStreamAccessEncoder;
import io.millrace.codecs.DescribeStreamConsumerEncoder;
import io.millrace.codecs.DescribeStreamEncoder;
import io.millrace.codecs.GetRecordsEncoder;
import io.millrace.codecs.GetShardIteratorEncoder;
import io.millrace.codecs.ListShardsEncoder;
import io.millrace.codecs.ListStreamConsumersEncoder;
import io.millrace.codecs.ListStreamTagsEncoder;
import io.millrace.codecs.ListStreamsEncoder;
import io.millrace.codecs.LookUpStreamEncoder;
import io.millrace.codecs.MergeShardsEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PutRecordsEncoder;
import io.millrace.codecs.RegisterStreamConsumerEncoder;
import io.millrace.codecs.SetStreamAccessEncoder;
import io.millrace.codecs.SetStreamSettingsEncoder;
import io.millrace.codecs.ShardFilter;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.SplitShardEncoder;
import io.millrace.codecs.StreamSettingsEncoder;
import io.millrace.codecs.SubscribeToShardEncoder;
import io.millrace.codecs.TagStreamEncoder;
import io.millrace.codecs.UnsubscribeFromShardEncoder;
import io.millrace.codecs.UntagStreamEncoder;
import io.millrace.codecs.UpdateShardCountEncoder;
import org.agrona.MutableDirectBuffer;

/** The valid frames that concern streams, among {@link ClientFrames}. */
final class StreamFrames {
    private static final long STREAM = 1;
    private static final long SHARD = 1;
    private static final long CONSUMER = 1;

    private final ClientFrames frames;
    private final MutableDirectBuffer buffer;
    private final MessageHeaderEncoder header;

    StreamFrames(final ClientFrames frames, final MutableDirectBuffer buffer, final MessageHeaderEncoder header) {
        this.frames = frames;
        this.buffer = buffer;
        this.header = header;
    }

    void addAll() {
        addStreams();
        addTags();
        addRecords();
        addShards();
        addQueries();
        addQueriesOfShards();
    }

    private void addStreams() {
        frames.add("CreateStream", () -> {
            final CreateStreamEncoder command = new CreateStreamEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            settings(command.shardCount(2).settings());
            return command.name("tape").encodedLength();
        });
        frames.add("DeleteStream", () -> {
            final DeleteStreamEncoder command = new DeleteStreamEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.streamId(STREAM).encodedLength();
        });
        frames.add("SetStreamSettings", () -> {
            final SetStreamSettingsEncoder command =
                    new SetStreamSettingsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            settings(command.streamId(STREAM).settings());
            return command.encodedLength();
        });
        frames.add("SetStreamAccess", () -> {
            final SetStreamAccessEncoder command = new SetStreamAccessEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            final SetStreamAccessEncoder.EntriesEncoder entry =
                    command.streamId(STREAM).entriesCount(1).next();
            entry.permissions().clear().send(true);
            entry.principal("alice");
            return command.encodedLength();
        });
    }

    private static void settings(final StreamSettingsEncoder settings) {
        settings.retentionNs(StreamSettingsEncoder.retentionNsNullValue())
                .maxRecordBytes(1_000)
                .reserved(0);
    }

    private void addTags() {
        frames.add("TagStream", () -> {
            final TagStreamEncoder command = new TagStreamEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            command.streamId(STREAM).tagsCount(1).next().key("team").value("a");
            return command.encodedLength();
        });
        frames.add("UntagStream", () -> {
            final UntagStreamEncoder command = new UntagStreamEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            command.streamId(STREAM).keysCount(1).next().key("team");
            return command.encodedLength();
        });
    }

    private void addRecords() {
        frames.add("PutRecords", () -> {
            final PutRecordsEncoder command = new PutRecordsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            final PutRecordsEncoder.RecordsEncoder records =
                    command.streamId(STREAM).recordsCount(2);
            records.next().hashKey().high(0).low(0);
            records.flags().clear();
            records.partitionKey("IBM").putData(new byte[] {1, 2, 3}, 0, 3);
            records.next().hashKey().high(-1).low(-1);
            records.flags().clear().explicitHashKey(true);
            records.partitionKey("k").putData(new byte[0], 0, 0);
            return command.encodedLength();
        });
        frames.add("BeginRecord", () -> {
            final BeginRecordEncoder command = new BeginRecordEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.streamId(STREAM).entryLength(100_000).encodedLength();
        });
        frames.add("GetRecords", () -> {
            final GetRecordsEncoder command = new GetRecordsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            command.iterator()
                    .shardId(SHARD)
                    .position(0)
                    .issuedTimeNs(0)
                    .kind(ShardPosition.AT_SEQUENCE_NUMBER)
                    .reserved1((short) 0)
                    .reserved2(0)
                    .reserved4(0);
            return command.maxRecords(10).maxBytes(1_000).encodedLength();
        });
    }

    private void addShards() {
        frames.add("SplitShard", () -> {
            final SplitShardEncoder command = new SplitShardEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            command.shardId(SHARD).startingHashKey().high(1).low(2);
            return command.encodedLength();
        });
        frames.add("MergeShards", () -> {
            final MergeShardsEncoder command = new MergeShardsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.shardId(SHARD).adjacentShardId(SHARD + 1).encodedLength();
        });
        frames.add("UpdateShardCount", () -> {
            final UpdateShardCountEncoder command = new UpdateShardCountEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.streamId(STREAM).shardCount(2).encodedLength();
        });
    }

    private void addQueries() {
        frames.add("LookUpStream", () -> {
            final LookUpStreamEncoder query = new LookUpStreamEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.name("tape").encodedLength();
        });
        frames.add("DescribeStream", () -> {
            final DescribeStreamEncoder query = new DescribeStreamEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.streamId(STREAM).encodedLength();
        });
        frames.add("ListStreams", () -> {
            final ListStreamsEncoder query = new ListStreamsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.afterStreamId(0).maxEntries(10).prefix("t").encodedLength();
        });
        frames.add("ListStreamTags", () -> {
            final ListStreamTagsEncoder query = new ListStreamTagsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.streamId(STREAM).encodedLength();
        });
        frames.add("DescribeStreamAccess", () -> {
            final DescribeStreamAccessEncoder query =
                    new DescribeStreamAccessEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.streamId(STREAM).encodedLength();
        });
    }

    private void addQueriesOfShards() {
        frames.add("ListShards", () -> {
            final ListShardsEncoder query = new ListShardsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.streamId(STREAM)
                    .afterShardId(0)
                    .tokenTimeNs(0)
                    .timestampNs(0)
                    .maxEntries(10)
                    .filter(ShardFilter.AT_LATEST)
                    .encodedLength();
        });
        addConsumers();
        frames.add("GetShardIterator", () -> {
            final GetShardIteratorEncoder query = new GetShardIteratorEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.shardId(SHARD).position(0).kind(ShardPosition.LATEST).encodedLength();
        });
    }

    private void addConsumers() {
        frames.add("RegisterStreamConsumer", () -> {
            final RegisterStreamConsumerEncoder command =
                    new RegisterStreamConsumerEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.streamId(STREAM).name("bars").encodedLength();
        });
        frames.add("DeregisterStreamConsumer", () -> {
            final DeregisterStreamConsumerEncoder command =
                    new DeregisterStreamConsumerEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.consumerId(CONSUMER).encodedLength();
        });
        frames.add("SubscribeToShard", () -> {
            final SubscribeToShardEncoder command = new SubscribeToShardEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.consumerId(CONSUMER)
                    .shardId(SHARD)
                    .position(0)
                    .windowBytes(1_000)
                    .kind(ShardPosition.LATEST)
                    .encodedLength();
        });
        frames.add("UnsubscribeFromShard", () -> {
            final UnsubscribeFromShardEncoder command =
                    new UnsubscribeFromShardEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.consumerId(CONSUMER).shardId(SHARD).encodedLength();
        });
        frames.add("DescribeStreamConsumer", () -> {
            final DescribeStreamConsumerEncoder query =
                    new DescribeStreamConsumerEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.consumerId(CONSUMER).encodedLength();
        });
        frames.add("ListStreamConsumers", () -> {
            final ListStreamConsumersEncoder query =
                    new ListStreamConsumersEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.streamId(STREAM).afterConsumerId(0).maxEntries(10).encodedLength();
        });
    }
}
