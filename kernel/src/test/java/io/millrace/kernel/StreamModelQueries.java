package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.ShardState;
import io.millrace.codecs.StreamStatus;
import io.millrace.kernel.StreamModelState.ModelShard;
import io.millrace.kernel.StreamModelState.ModelStream;
import java.util.Comparator;
import java.util.List;

/** What queries of the model of streams, and records that are begun, are answered with, as texts. */
final class StreamModelQueries {
    private static final int ENTRY_OVERHEAD =
            StreamCommandWriter.entry(new StreamCommand.Put("", "")).length();

    private StreamModelQueries() {}

    /** Null if the query is not modelled. */
    static String answer(final StreamModelState state, final Limits limits, final Command.OfStream query) {
        if (query instanceof StreamCommand.LookUpStream lookUp) {
            return describe(state.named(lookUp.name()));
        } else if (query instanceof StreamCommand.DescribeStream describe) {
            return describe(state.streams.get(describe.streamId()));
        } else if (query instanceof StreamCommand.GetShardIterator get) {
            return iterator(state, get);
        } else if (query instanceof StreamCommand.ListShards list) {
            final ModelStream stream = state.streams.get(list.streamId());
            return stream == null ? StreamModel.unknown() : list(state.nowNs, limits, stream, list);
        }
        return query instanceof StreamCommand.BeginRecord begin
                ? begin(limits, state.streams.get(begin.streamId()), begin.entryLength() - ENTRY_OVERHEAD)
                : null;
    }

    /** What the beginning of a record in parts is answered with: nothing, unless it is refused. */
    private static String begin(final Limits limits, final ModelStream stream, final long length) {
        if (stream == null) {
            return StreamModel.unknown();
        } else if (!stream.mayPut()) {
            return StreamModel.refused(ResultCode.NOT_AUTHORISED);
        } else if (stream.status == StreamStatus.CREATING) {
            return StreamModel.refused(ResultCode.RESOURCE_IN_USE);
        } else if (length > stream.maxBytes) {
            return StreamModel.refused(LimitId.RECORD_BYTES, stream.maxBytes, length) + " entry=0";
        }
        final long most = limits.get(LimitId.PUT_BYTES);
        return length > most ? StreamModel.refused(LimitId.PUT_BYTES, most, length) : "";
    }

    private static String describe(final ModelStream stream) {
        return stream == null
                ? StreamModel.unknown()
                : "stream " + stream.id + " '" + stream.name + "' " + stream.status + " shards="
                        + stream.in(ShardState.OPEN).size() + "/" + stream.shards.size() + " records="
                        + stream.recordCount + " bytes=" + stream.recordBytes;
    }

    private static String iterator(final StreamModelState state, final StreamCommand.GetShardIterator query) {
        final ModelShard shard = state.shard(query.shardId());
        final long position = query.position();
        if (shard == null) {
            return StreamModel.refused(ResultCode.UNKNOWN_SHARD);
        } else if (shard.state == ShardState.OPENING) {
            return StreamModel.refused(ResultCode.RESOURCE_IN_USE);
        }
        return switch (query.kind()) {
            case TRIM_HORIZON -> position == 0 ? issued(ShardPosition.AT_SEQUENCE_NUMBER, 0) : invalid();
            case LATEST -> position == 0 ? issued(ShardPosition.AFTER_SEQUENCE_NUMBER, shard.lastSequence) : invalid();
            case AT_TIMESTAMP ->
                position < 0 || position > state.nowNs
                        ? invalid()
                        : position <= shard.stream.horizon(state.nowNs)
                                ? issued(ShardPosition.AT_SEQUENCE_NUMBER, 0)
                                : issued(query.kind(), position);
            default -> position < 0 || position > shard.lastSequence ? invalid() : issued(query.kind(), position);
        };
    }

    private static String issued(final ShardPosition kind, final long position) {
        return "iterator " + kind + " " + StreamEvent.sequence(position);
    }

    private static String invalid() {
        return StreamModel.refused(ResultCode.INVALID_ARGUMENT);
    }

    private static String list(
            final long nowNs, final Limits limits, final ModelStream stream, final StreamCommand.ListShards query) {
        if (query.tokenTimeNs() != 0 && nowNs - query.tokenTimeNs() > limits.get(LimitId.ITERATOR_AGE)) {
            return StreamModel.refused(ResultCode.EXPIRED_ITERATOR);
        }
        final List<ModelShard> behind = stream.shards.stream()
                .filter(shard -> shard.id > query.afterShardId())
                .sorted(Comparator.comparing(shard -> shard.id))
                .toList();
        final List<ModelShard> shown = behind.stream()
                .filter(shard -> isShown(nowNs, stream, shard, query))
                .limit(query.maxEntries())
                .toList();
        final long lastShown = shown.isEmpty() ? 0 : shown.get(shown.size() - 1).id;
        final boolean isCut = shown.size() == query.maxEntries() && behind.get(behind.size() - 1).id > lastShown;
        return "shards " + shown.stream().map(ModelShard::shown).toList() + (isCut ? " next=" + lastShown : "");
    }

    private static boolean isShown(
            final long nowNs, final ModelStream stream, final ModelShard shard, final StreamCommand.ListShards query) {
        final long beginning = Math.max(stream.horizon(nowNs), stream.created);
        if (shard.isExpired(nowNs)) {
            return false;
        }
        return switch (query.filter()) {
            case FROM_TRIM_HORIZON -> true;
            case AT_TRIM_HORIZON -> wasOpen(shard, beginning);
            case AT_LATEST -> shard.state == ShardState.OPEN;
            case AT_TIMESTAMP -> wasOpen(shard, Math.max(beginning, query.timestampNs()));
            default -> shard.state != ShardState.CLOSED || shard.closed >= query.timestampNs();
        };
    }

    private static boolean wasOpen(final ModelShard shard, final long timeNs) {
        return shard.state != ShardState.OPENING
                && shard.opened <= timeNs
                && (shard.state == ShardState.OPEN || shard.closed > timeNs);
    }
}
