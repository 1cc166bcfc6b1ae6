package io.millrace.kernel;

import io.millrace.codecs.DescribeStreamAccessDecoder;
import io.millrace.codecs.DescribeStreamConsumerDecoder;
import io.millrace.codecs.DescribeStreamDecoder;
import io.millrace.codecs.GetShardIteratorDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ListShardsDecoder;
import io.millrace.codecs.ListStreamConsumersDecoder;
import io.millrace.codecs.ListStreamTagsDecoder;
import io.millrace.codecs.ListStreamsDecoder;
import io.millrace.codecs.LookUpStreamDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardFilter;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Answers requests about streams and shards, which change nothing. */
final class StreamQueries {
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;

    private final State state;
    private final StreamState tables;
    private final SlotTable streams;
    private final SlotTable shards;
    private final Reply reply;
    private final Descriptions descriptions;
    private final StreamDescriptions streamDescriptions;
    private final GroupQueries groupQueries;
    private final StreamConsumerQueries consumerQueries;
    private final StartPosition start;
    private final LookUpStreamDecoder lookUpStream = new LookUpStreamDecoder();
    private final DescribeStreamDecoder describeStream = new DescribeStreamDecoder();
    private final ListStreamsDecoder listStreams = new ListStreamsDecoder();
    private final ListStreamTagsDecoder listTags = new ListStreamTagsDecoder();
    private final DescribeStreamAccessDecoder describeAccess = new DescribeStreamAccessDecoder();
    private final ListShardsDecoder listShards = new ListShardsDecoder();
    private final GetShardIteratorDecoder getShardIterator = new GetShardIteratorDecoder();
    private long sessionId;
    private long correlationId;
    private long nowNs;

    StreamQueries(final State state, final Egress egress, final Reply reply, final Descriptions descriptions) {
        this.state = state;
        this.tables = state.streams;
        this.streams = tables.streams;
        this.shards = tables.shards;
        this.reply = reply;
        this.descriptions = descriptions;
        this.streamDescriptions = new StreamDescriptions(state, egress);
        this.groupQueries = new GroupQueries(state, egress, reply);
        this.consumerQueries = new StreamConsumerQueries(state, egress, reply);
        this.start = new StartPosition(state.streams);
    }

    void execute(
            final int templateId,
            final long timeNs,
            final long toSessionId,
            final long forCorrelationId,
            final DirectBuffer buffer,
            final int body) {
        nowNs = Math.max(timeNs, state.nowNs);
        sessionId = toSessionId;
        correlationId = forCorrelationId;
        switch (templateId) {
            case GetShardIteratorDecoder.TEMPLATE_ID ->
                iterator(getShardIterator.wrap(
                        buffer, body, GetShardIteratorDecoder.BLOCK_LENGTH, GetShardIteratorDecoder.SCHEMA_VERSION));
            case ListShardsDecoder.TEMPLATE_ID ->
                list(listShards.wrap(buffer, body, ListShardsDecoder.BLOCK_LENGTH, ListShardsDecoder.SCHEMA_VERSION));
            case ListStreamsDecoder.TEMPLATE_ID ->
                list(listStreams.wrap(
                        buffer, body, ListStreamsDecoder.BLOCK_LENGTH, ListStreamsDecoder.SCHEMA_VERSION));
            case LookUpStreamDecoder.TEMPLATE_ID -> {
                lookUpStream.wrap(buffer, body, LookUpStreamDecoder.BLOCK_LENGTH, LookUpStreamDecoder.SCHEMA_VERSION);
                final int length = lookUpStream.nameLength();
                describe(tables.streamByName(buffer, lookUpStream.limit() + TEXT_LENGTH_SIZE, length));
            }
            default -> executeRare(templateId, buffer, body);
        }
    }

    private void executeRare(final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case DescribeStreamDecoder.TEMPLATE_ID -> {
                describeStream.wrap(
                        buffer, body, DescribeStreamDecoder.BLOCK_LENGTH, DescribeStreamDecoder.SCHEMA_VERSION);
                describe(tables.streamById(describeStream.streamId()));
            }
            case ListStreamTagsDecoder.TEMPLATE_ID -> {
                listTags.wrap(buffer, body, ListStreamTagsDecoder.BLOCK_LENGTH, ListStreamTagsDecoder.SCHEMA_VERSION);
                final long streamId = listTags.streamId();
                final int stream = find(streamId);
                if (stream >= 0) {
                    descriptions.listTags(
                            sessionId, correlationId, streamId, streams.getInt(stream, Stream.TAGS_PAYLOAD_LINK));
                }
            }
            case DescribeStreamAccessDecoder.TEMPLATE_ID -> {
                describeAccess.wrap(
                        buffer,
                        body,
                        DescribeStreamAccessDecoder.BLOCK_LENGTH,
                        DescribeStreamAccessDecoder.SCHEMA_VERSION);
                final long streamId = describeAccess.streamId();
                final int stream = find(streamId);
                if (stream >= 0) {
                    descriptions.describeAccess(
                            sessionId, correlationId, streamId, streams.getInt(stream, Stream.ACCESS_PAYLOAD_LINK));
                }
            }
            default -> executeOfReaders(templateId, buffer, body);
        }
    }

    private void executeOfReaders(final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case DescribeStreamConsumerDecoder.TEMPLATE_ID, ListStreamConsumersDecoder.TEMPLATE_ID ->
                consumerQueries.execute(templateId, sessionId, correlationId, buffer, body);
            default -> groupQueries.execute(templateId, sessionId, correlationId, buffer, body);
        }
    }

    /** The stream asked for, -1 if there is none: then the query is refused. */
    private int find(final long streamId) {
        final int stream = tables.streamById(streamId);
        if (stream < 0) {
            refuse(ResultCode.UNKNOWN_STREAM, LimitId.NONE, 0, 0);
        }
        return stream;
    }

    private void describe(final int stream) {
        if (stream < 0) {
            refuse(ResultCode.UNKNOWN_STREAM, LimitId.NONE, 0, 0);
        } else {
            streamDescriptions.describe(sessionId, correlationId, stream, nowNs);
        }
    }

    /** Examines stream ids in order, deleted ones included, at most as many as the limit says. */
    private void list(final ListStreamsDecoder query) {
        final int max = query.maxEntries();
        final long after = query.afterStreamId();
        final int prefixLength = query.prefixLength();
        final int prefix = query.limit() + TEXT_LENGTH_SIZE;
        if (isPageRefused(max, after)) {
            return;
        }
        final long end = state.root.getLong(State.ONLY, Root.NEXT_STREAM_ID);
        long streamId = Math.min(after, end) + 1;
        streamDescriptions.beginPage();
        for (long examined = 0;
                streamId < end && examined < state.limit(LimitId.LIST_ENTRIES) && streamDescriptions.entries() < max;
                examined++, streamId++) {
            final int stream = tables.streamById(streamId);
            if (stream >= 0
                    && hasPrefix(stream, query.buffer(), prefix, prefixLength)
                    && !streamDescriptions.add(stream)) {
                break;
            }
        }
        streamDescriptions.sendStreams(sessionId, correlationId, streamId < end ? streamId - 1 : 0);
    }

    private boolean hasPrefix(final int stream, final DirectBuffer buffer, final int prefix, final int prefixLength) {
        final int name = streams.getInt(stream, Stream.NAME_PAYLOAD);
        return Text.startsWith(
                state.payloads.buffer(name),
                state.payloads.offset(name),
                state.payloads.length(name),
                buffer,
                prefix,
                prefixLength);
    }

    /** Examines shards in the order of their ids, at most as many as the limit says. */
    private void list(final ListShardsDecoder query) {
        final int max = query.maxEntries();
        final long after = query.afterShardId();
        final int filter = query.filterRaw();
        final long timestamp = query.timestampNs();
        final int stream = find(query.streamId());
        if (stream < 0 || isPageRefused(max, after) || isTokenExpired(query.tokenTimeNs())) {
            return;
        }
        if (filter < ShardFilter.FROM_TRIM_HORIZON.value() || filter > ShardFilter.FROM_TIMESTAMP.value()) {
            refuse(ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, filter);
            return;
        }
        if (timestamp < 0 || timestamp > nowNs) {
            refuse(ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, timestamp);
            return;
        }
        int shard = tables.ofStream.floor(stream, after, after);
        shard = shard < 0 ? tables.ofStream.first(stream) : tables.ofStream.next(shard);
        long lastId = after;
        streamDescriptions.beginPage();
        for (long examined = 0;
                shard >= 0 && examined < state.limit(LimitId.LIST_ENTRIES) && !streamDescriptions.isFull(max);
                examined++) {
            if (isShown(stream, shard, query.filter(), timestamp)) {
                streamDescriptions.addShard(shard);
            }
            lastId = shards.getLong(shard, Shard.ID);
            shard = tables.ofStream.next(shard);
        }
        streamDescriptions.sendShards(sessionId, correlationId, shard < 0 ? 0 : lastId, nowNs);
    }

    private boolean isTokenExpired(final long tokenTimeNs) {
        final long limit = state.limit(LimitId.ITERATOR_AGE);
        final boolean isExpired = tokenTimeNs != 0 && nowNs - tokenTimeNs > limit;
        if (isExpired) {
            refuse(ResultCode.EXPIRED_ITERATOR, LimitId.ITERATOR_AGE, limit, nowNs - tokenTimeNs);
        }
        return isExpired;
    }

    private boolean isShown(final int stream, final int shard, final ShardFilter filter, final long timestamp) {
        if (tables.isExpired(shard, nowNs)) {
            return false;
        }
        return switch (filter) {
            case FROM_TRIM_HORIZON -> true;
            case AT_TRIM_HORIZON -> wasOpen(shard, beginning(stream));
            case AT_LATEST -> tables.isOpen(shard);
            case AT_TIMESTAMP -> wasOpen(shard, Math.max(timestamp, beginning(stream)));
            default -> !tables.isClosed(shard) || shards.getLong(shard, Shard.CLOSED_TIME) >= timestamp;
        };
    }

    private long beginning(final int stream) {
        return Math.max(tables.horizon(stream, nowNs), streams.getLong(stream, Stream.CREATED_TIME));
    }

    private boolean wasOpen(final int shard, final long timeNs) {
        return !tables.isOpening(shard)
                && shards.getLong(shard, Shard.OPENED_TIME) <= timeNs
                && (tables.isOpen(shard) || shards.getLong(shard, Shard.CLOSED_TIME) > timeNs);
    }

    private void iterator(final GetShardIteratorDecoder query) {
        final int shard = tables.shardById(query.shardId(), nowNs);
        final int kind = query.kindRaw();
        final long position = query.position();
        if (shard < 0) {
            refuse(ResultCode.UNKNOWN_SHARD, LimitId.NONE, 0, 0);
        } else if (tables.isOpening(shard)) {
            refuse(ResultCode.RESOURCE_IN_USE, LimitId.NONE, 0, 0);
        } else if (!StartPosition.isKind(kind)) {
            refuse(ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, kind);
        } else if (start.take(shard, query.kind(), position, nowNs)) {
            streamDescriptions.iterator(
                    sessionId, correlationId, query.shardId(), start.kind(), start.position(), nowNs);
        } else {
            refuse(ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, position);
        }
    }

    private boolean isPageRefused(final int max, final long after) {
        final long limit = state.limit(LimitId.LIST_ENTRIES);
        if (max == 0 || max > limit) {
            refuse(ResultCode.LIMIT_EXCEEDED, LimitId.LIST_ENTRIES, limit, max);
        } else if (after < 0) {
            refuse(ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, after);
        } else {
            return false;
        }
        return true;
    }

    private void refuse(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        reply.refused(sessionId, correlationId, Request.WHOLE, code, limitId, limit, actual);
    }
}
