package io.millrace.kernel;

import io.millrace.codecs.ShardState;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;
import java.util.concurrent.TimeUnit;

/** The life of shards: OPENING, OPEN, CLOSED, and gone when nothing in them is in reach any more. */
final class Shards {
    static final long TRIM_INTERVAL = TimeUnit.HOURS.toNanos(1);

    private final State state;
    private final StreamState tables;
    private final SlotTable streams;
    private final SlotTable shards;
    private final RecordLogs logs;
    private final ShardPushes pushes;
    private final Groups groups;

    Shards(final State state, final RecordLogs logs, final ShardPushes pushes, final Groups groups) {
        this.state = state;
        this.tables = state.streams;
        this.streams = tables.streams;
        this.shards = tables.shards;
        this.logs = logs;
        this.pushes = pushes;
        this.groups = groups;
    }

    /** Makes a shard that is OPENING, and asks for its log. Its last hash key is inclusive. */
    int make(
            final int stream,
            final long parentId,
            final long adjacentParentId,
            final HashKey first,
            final long lastHigh,
            final long lastLow) {
        final int shard = shards.allocate();
        final long shardId = state.next(Root.NEXT_SHARD_ID);
        shards.putLong(shard, Shard.ID, shardId);
        shards.putInt(shard, Shard.STREAM, stream);
        shards.putInt(shard, Shard.INDEX, streams.getInt(stream, Stream.NEXT_INDEX));
        streams.putInt(stream, Stream.NEXT_INDEX, streams.getInt(stream, Stream.NEXT_INDEX) + 1);
        shards.putLong(shard, Shard.FIRST_HIGH, first.high);
        shards.putLong(shard, Shard.FIRST_LOW, first.low);
        shards.putLong(shard, Shard.LAST_HIGH, lastHigh);
        shards.putLong(shard, Shard.LAST_LOW, lastLow);
        shards.putLong(shard, Shard.PARENT_ID, parentId);
        shards.putLong(shard, Shard.ADJACENT_PARENT_ID, adjacentParentId);
        shards.putInt(shard, Shard.STATE, ShardState.OPENING.value());
        shards.seal(shard);
        tables.link(shard);
        if (streams.getLong(stream, Stream.FIRST_MADE) == 0) {
            streams.putLong(stream, Stream.FIRST_MADE, shardId);
        }
        logs.open(streams.getLong(stream, Stream.ID), shardId);
        return shard;
    }

    /** Records go to a shard from now on. */
    void open(final int shard, final long timeNs) {
        final int stream = shards.getInt(shard, Shard.STREAM);
        shards.putInt(shard, Shard.STATE, ShardState.OPEN.value());
        shards.putLong(shard, Shard.OPENED_TIME, timeNs);
        shards.seal(shard);
        tables.open.add(stream, shard);
        tables.count(stream, Stream.OPEN_COUNT, 1);
        groups.onShardOpened(stream);
    }

    /** Records no longer go to an open shard, but to its children; without a second child its id is 0. */
    void close(final int shard, final long childId, final long secondChildId) {
        final int stream = shards.getInt(shard, Shard.STREAM);
        tables.open.remove(stream, shard);
        tables.count(stream, Stream.OPEN_COUNT, -1);
        shards.putInt(shard, Shard.STATE, ShardState.CLOSED.value());
        shards.putLong(shard, Shard.CLOSED_TIME, state.nowNs);
        shards.putLong(shard, Shard.CLOSED_TURN, state.next(Root.NEXT_TURN));
        shards.putLong(shard, Shard.CHILD_ID, childId);
        shards.putLong(shard, Shard.SECOND_CHILD_ID, secondChildId);
        shards.seal(shard);
        tables.linkClosed(shard);
        arm(stream);
        closeLog(stream, shard);
        pushes.onClosed(shard);
    }

    private void closeLog(final int stream, final int shard) {
        logs.close(
                streams.getLong(stream, Stream.ID),
                shards.getLong(shard, Shard.ID),
                shards.getLong(shard, Shard.LAST_SEQUENCE));
    }

    /** Nothing of a shard is left. */
    void free(final int shard) {
        final int stream = shards.getInt(shard, Shard.STREAM);
        final long shardId = shards.getLong(shard, Shard.ID);
        pushes.endAllTo(shard);
        groups.leases().onShardGone(shard);
        tables.unlink(shard);
        shards.free(shard);
        logs.delete(streams.getLong(stream, Stream.ID), shardId);
    }

    /** From now on the logs of a stream are told its horizon. */
    void begin(final int stream) {
        streams.putLong(stream, Stream.NEXT_TRIM_TIME, state.nowNs + TRIM_INTERVAL);
        arm(stream);
    }

    /** Sets the timer of a stream anew: the next trim, or the end of the shard that was closed first. */
    void arm(final int stream) {
        state.timers.remove(Timers.STREAM, stream);
        if (!tables.isDeleted(stream)) {
            final long deadline = Math.min(streams.getLong(stream, Stream.NEXT_TRIM_TIME), firstExpiry(stream));
            state.timers.add(Timers.STREAM, stream, deadline, Timers.ofStream(streams.getLong(stream, Stream.ID)));
        }
    }

    private long firstExpiry(final int stream) {
        final int shard = tables.closed.first(stream);
        if (shard < 0) {
            return Long.MAX_VALUE;
        }
        final long closed = shards.getLong(shard, Shard.CLOSED_TIME);
        return closed < streams.getLong(stream, Stream.TRIM_TIME)
                ? state.nowNs
                : closed + streams.getLong(stream, Stream.RETENTION) + 1;
    }

    void onTimer(final int stream) {
        int shard = tables.closed.first(stream);
        while (shard >= 0 && state.expiryBudget > 0 && tables.isExpired(shard, state.nowNs)) {
            free(shard);
            state.expiryBudget--;
            shard = tables.closed.first(stream);
        }
        if (streams.getLong(stream, Stream.NEXT_TRIM_TIME) <= state.nowNs) {
            trim(stream);
            streams.putSealed(stream, Stream.NEXT_TRIM_TIME, state.nowNs + TRIM_INTERVAL);
        }
        arm(stream);
    }

    /** Tells the logs what is out of reach. */
    void trim(final int stream) {
        logs.trim(streams.getLong(stream, Stream.ID), tables.horizon(stream, state.nowNs));
    }

    /** The server started: its logs are told of all shards again. */
    void boot() {
        for (int stream = 0; stream < streams.highWater(); stream++) {
            if (streams.isLive(stream) && !tables.isDeleted(stream)) {
                final long streamId = streams.getLong(stream, Stream.ID);
                int shard = tables.ofStream.first(stream);
                while (shard >= 0) {
                    if (tables.isClosed(shard)) {
                        closeLog(stream, shard);
                    } else {
                        logs.open(streamId, shards.getLong(shard, Shard.ID));
                    }
                    shard = tables.ofStream.next(shard);
                }
                final long awaited = streams.getLong(stream, Stream.AWAITED);
                if (awaited != 0) {
                    logs.awaitOpen(streamId, awaited);
                }
            }
        }
    }
}
