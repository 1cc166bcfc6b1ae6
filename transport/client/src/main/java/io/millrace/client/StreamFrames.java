package io.millrace.client;

import io.millrace.codecs.CreateStreamEncoder;
import io.millrace.codecs.DeleteStreamEncoder;
import io.millrace.codecs.DescribeStreamAccessEncoder;
import io.millrace.codecs.DescribeStreamEncoder;
import io.millrace.codecs.GetShardIteratorEncoder;
import io.millrace.codecs.ListShardsEncoder;
import io.millrace.codecs.ListStreamTagsEncoder;
import io.millrace.codecs.ListStreamsEncoder;
import io.millrace.codecs.LookUpStreamEncoder;
import io.millrace.codecs.MergeShardsEncoder;
import io.millrace.codecs.SetStreamAccessEncoder;
import io.millrace.codecs.SetStreamSettingsEncoder;
import io.millrace.codecs.SplitShardEncoder;
import io.millrace.codecs.TagStreamEncoder;
import io.millrace.codecs.UntagStreamEncoder;
import io.millrace.codecs.UpdateShardCountEncoder;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Encodes the requests about streams and shards. Each method returns a correlation id or a negative code. */
final class StreamFrames extends RequestFrames {
    StreamFrames(final FrameWriter writer) {
        super(writer);
    }

    long create(final StreamSettings settings, final int shardCount) {
        final byte[] name = bytes(settings.name());
        if (name.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final CreateStreamEncoder encoder = new CreateStreamEncoder().wrap(body, 0);
        settings.encode(encoder.settings());
        encoder.shardCount(shardCount).putName(name, 0, name.length);
        return command(CreateStreamEncoder.TEMPLATE_ID, CreateStreamEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long set(final long streamId, final StreamSettings settings) {
        final SetStreamSettingsEncoder encoder =
                new SetStreamSettingsEncoder().wrap(body, 0).streamId(streamId);
        settings.encode(encoder.settings());
        return command(SetStreamSettingsEncoder.TEMPLATE_ID, SetStreamSettingsEncoder.BLOCK_LENGTH);
    }

    long delete(final long streamId) {
        new DeleteStreamEncoder().wrap(body, 0).streamId(streamId);
        return command(DeleteStreamEncoder.TEMPLATE_ID, DeleteStreamEncoder.BLOCK_LENGTH);
    }

    long tag(final long streamId, final Map<String, String> tags) {
        if (isTooLong(tags.keySet()) || isTooLong(tags.values())) {
            return MillraceClient.TOO_LARGE;
        }
        final TagStreamEncoder encoder = new TagStreamEncoder().wrap(body, 0).streamId(streamId);
        final TagStreamEncoder.TagsEncoder group = encoder.tagsCount(tags.size());
        tags.forEach((key, value) -> group.next().key(key).value(value));
        return command(TagStreamEncoder.TEMPLATE_ID, TagStreamEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long untag(final long streamId, final Collection<String> keys) {
        if (isTooLong(keys)) {
            return MillraceClient.TOO_LARGE;
        }
        final UntagStreamEncoder encoder =
                new UntagStreamEncoder().wrap(body, 0).streamId(streamId);
        final UntagStreamEncoder.KeysEncoder group = encoder.keysCount(keys.size());
        keys.forEach(key -> group.next().key(key));
        return command(UntagStreamEncoder.TEMPLATE_ID, UntagStreamEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long setAccess(final long streamId, final List<AccessEntry> entries) {
        if (isListTooLong(entries)) {
            return MillraceClient.TOO_LARGE;
        }
        final SetStreamAccessEncoder encoder =
                new SetStreamAccessEncoder().wrap(body, 0).streamId(streamId);
        final SetStreamAccessEncoder.EntriesEncoder group = encoder.entriesCount(entries.size());
        for (final AccessEntry entry : entries) {
            group.next()
                    .permissions()
                    .clear()
                    .send(entry.maySend())
                    .receive(entry.mayReceive())
                    .manage(entry.mayManage());
            group.principal(entry.principal());
        }
        return command(
                SetStreamAccessEncoder.TEMPLATE_ID, SetStreamAccessEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long split(final long shardId, final HashKey startingHashKey) {
        final SplitShardEncoder encoder = new SplitShardEncoder().wrap(body, 0).shardId(shardId);
        startingHashKey.encode(encoder.startingHashKey());
        return command(SplitShardEncoder.TEMPLATE_ID, SplitShardEncoder.BLOCK_LENGTH);
    }

    long merge(final long shardId, final long adjacentShardId) {
        new MergeShardsEncoder().wrap(body, 0).shardId(shardId).adjacentShardId(adjacentShardId);
        return command(MergeShardsEncoder.TEMPLATE_ID, MergeShardsEncoder.BLOCK_LENGTH);
    }

    long updateShardCount(final long streamId, final int shardCount) {
        new UpdateShardCountEncoder().wrap(body, 0).streamId(streamId).shardCount(shardCount);
        return command(UpdateShardCountEncoder.TEMPLATE_ID, UpdateShardCountEncoder.BLOCK_LENGTH);
    }

    long lookUp(final String streamName) {
        final byte[] name = bytes(streamName);
        if (name.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final LookUpStreamEncoder encoder =
                new LookUpStreamEncoder().wrap(body, 0).putName(name, 0, name.length);
        return query(LookUpStreamEncoder.TEMPLATE_ID, LookUpStreamEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long describe(final long streamId) {
        new DescribeStreamEncoder().wrap(body, 0).streamId(streamId);
        return query(DescribeStreamEncoder.TEMPLATE_ID, DescribeStreamEncoder.BLOCK_LENGTH);
    }

    long list(final long afterStreamId, final int maxEntries, final String namePrefix) {
        final byte[] prefix = bytes(namePrefix);
        if (prefix.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final ListStreamsEncoder encoder = new ListStreamsEncoder()
                .wrap(body, 0)
                .afterStreamId(afterStreamId)
                .maxEntries(maxEntries)
                .putPrefix(prefix, 0, prefix.length);
        return query(ListStreamsEncoder.TEMPLATE_ID, ListStreamsEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long listTags(final long streamId) {
        new ListStreamTagsEncoder().wrap(body, 0).streamId(streamId);
        return query(ListStreamTagsEncoder.TEMPLATE_ID, ListStreamTagsEncoder.BLOCK_LENGTH);
    }

    long describeAccess(final long streamId) {
        new DescribeStreamAccessEncoder().wrap(body, 0).streamId(streamId);
        return query(DescribeStreamAccessEncoder.TEMPLATE_ID, DescribeStreamAccessEncoder.BLOCK_LENGTH);
    }

    long listShards(
            final long streamId,
            final ShardSelection selection,
            final long afterShardId,
            final long tokenTimeNs,
            final int maxEntries) {
        new ListShardsEncoder()
                .wrap(body, 0)
                .streamId(streamId)
                .afterShardId(afterShardId)
                .tokenTimeNs(tokenTimeNs)
                .timestampNs(selection.timestampNs())
                .maxEntries(maxEntries)
                .filter(selection.filter());
        return query(ListShardsEncoder.TEMPLATE_ID, ListShardsEncoder.BLOCK_LENGTH);
    }

    long iterator(final long shardId, final StreamPosition position) {
        new GetShardIteratorEncoder()
                .wrap(body, 0)
                .shardId(shardId)
                .position(position.value())
                .kind(position.kind());
        return query(GetShardIteratorEncoder.TEMPLATE_ID, GetShardIteratorEncoder.BLOCK_LENGTH);
    }
}
