package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.MergeShardsDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SplitShardDecoder;
import io.millrace.codecs.StreamStatus;
import io.millrace.codecs.UpdateShardCountDecoder;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;
import java.util.concurrent.TimeUnit;

/**
 * Makes the first shards of streams, and makes new ones of them by splitting and merging. First all new shards are made, OPENING, then the
 * stream waits for their logs, then each takes the place of its parents; both passes are worked off in slices. Whoever splits
 * evenly splits every shard in halves if the number is to be doubled, else as many as are wanted, spread over the hash keys.
 */
final class Resharding {
    private static final int NONE = 0;
    private static final int CREATE = 1;
    private static final int SPLIT = 2;
    private static final int MERGE = 3;
    private static final int OPEN = 4;

    private static final int SETTING_SHARD_COUNT = 3;
    private static final long CHANGES_PERIOD = TimeUnit.HOURS.toNanos(24);

    private final State state;
    private final StreamState tables;
    private final SlotTable streams;
    private final SlotTable rows;
    private final Shards shards;
    private final RecordLogs logs;
    private final HashKey start = new HashKey();
    private final HashKey next = new HashKey();

    Resharding(final State state, final Shards shards, final RecordLogs logs) {
        this.state = state;
        this.tables = state.streams;
        this.streams = tables.streams;
        this.rows = tables.shards;
        this.shards = shards;
        this.logs = logs;
    }

    boolean hasWork() {
        return tables.pending.first(State.ONLY) >= 0;
    }

    /** Begins to make the shards of a new stream. */
    void create(final int stream, final int shardCount) {
        begin(stream, StreamStatus.CREATING, CREATE, shardCount, shardCount);
        work();
    }

    void split(final Request request, final SplitShardDecoder command) {
        final long high = command.startingHashKey().high();
        final long low = command.startingHashKey().low();
        final int shard = changeable(request, command.shardId());
        if (shard < 0) {
            return;
        }
        final int stream = rows.getInt(shard, Shard.STREAM);
        final int count = streams.getInt(stream, Stream.OPEN_COUNT) + 1;
        if (!HashKey.isLess(rows.getLong(shard, Shard.FIRST_HIGH), rows.getLong(shard, Shard.FIRST_LOW), high, low)
                || HashKey.isLess(
                        rows.getLong(shard, Shard.LAST_HIGH), rows.getLong(shard, Shard.LAST_LOW), high, low)) {
            request.refuse(ResultCode.INVALID_ARGUMENT);
        } else if (count > state.limit(LimitId.SHARDS)) {
            request.refuseLimit(LimitId.SHARDS, state.limit(LimitId.SHARDS), count);
        } else {
            begin(stream, StreamStatus.UPDATING, NONE, 0, count);
            next.set(high, low);
            split(stream, shard);
            await(stream);
            request.confirm(0, 0);
        }
    }

    void merge(final Request request, final MergeShardsDecoder command) {
        final int shard = changeable(request, command.shardId());
        if (shard < 0) {
            return;
        }
        final int adjacent = changeable(request, command.adjacentShardId());
        if (adjacent < 0) {
            return;
        }
        final int stream = rows.getInt(shard, Shard.STREAM);
        next.set(rows.getLong(adjacent, Shard.FIRST_HIGH), rows.getLong(adjacent, Shard.FIRST_LOW));
        final boolean isFirst = next.high == 0 && next.low == 0;
        next.decrement();
        if (rows.getInt(adjacent, Shard.STREAM) != stream
                || isFirst
                || next.high != rows.getLong(shard, Shard.LAST_HIGH)
                || next.low != rows.getLong(shard, Shard.LAST_LOW)) {
            request.refuse(ResultCode.SHARDS_NOT_ADJACENT);
        } else {
            begin(stream, StreamStatus.UPDATING, NONE, 0, streams.getInt(stream, Stream.OPEN_COUNT) - 1);
            merge(stream, shard, adjacent);
            await(stream);
            request.confirm(0, 0);
        }
    }

    /** The open shard of a stream whose shards may be changed, -1 if there is none: then the command is refused. */
    private int changeable(final Request request, final long shardId) {
        final int shard = request.shard(shardId, Access.MANAGE);
        if (shard < 0) {
            return -1;
        }
        if (tables.isClosed(shard)) {
            request.refuse(ResultCode.SHARD_CLOSED);
        } else if (isActive(rows.getInt(shard, Shard.STREAM))) {
            return shard;
        } else {
            request.refuse(ResultCode.RESOURCE_IN_USE);
        }
        return -1;
    }

    private boolean isActive(final int stream) {
        return streams.getInt(stream, Stream.STATUS) == StreamStatus.ACTIVE.value();
    }

    void update(final Request request, final UpdateShardCountDecoder command) {
        final int stream = request.stream(command.streamId(), Access.MANAGE);
        if (stream < 0) {
            return;
        }
        final long wanted = command.shardCount();
        final int present = streams.getInt(stream, Stream.OPEN_COUNT);
        if (!isActive(stream)) {
            request.refuse(ResultCode.RESOURCE_IN_USE);
        } else if (wanted > state.limit(LimitId.SHARDS)) {
            request.refuseLimit(LimitId.SHARDS, state.limit(LimitId.SHARDS), wanted);
        } else if (wanted == 0 || wanted > 2L * present || 2 * wanted < present) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_SETTING, LimitId.NONE, 0, SETTING_SHARD_COUNT);
        } else if (mayChange(request, stream)) {
            if (wanted != present) {
                begin(
                        stream,
                        StreamStatus.UPDATING,
                        wanted > present ? SPLIT : MERGE,
                        wanted > present ? present : present / 2,
                        (int) wanted);
            }
            request.confirm(0, 0);
            work();
        }
    }

    /** Counts a change of the number of shards, or refuses it if there were too many in the last 24 hours. */
    private boolean mayChange(final Request request, final int stream) {
        final int limit = (int) Math.min(state.limit(LimitId.SHARD_COUNT_CHANGES), Stream.KEPT_CHANGES);
        final int place = streams.getInt(stream, Stream.NEXT_CHANGE);
        if (limit > 0) {
            final int oldest = (place + Stream.KEPT_CHANGES - limit) % Stream.KEPT_CHANGES;
            final long time = streams.getLong(stream, Stream.CHANGE_TIMES + oldest * Long.BYTES);
            if (time != 0 && state.nowNs - time < CHANGES_PERIOD) {
                request.refuseLimit(LimitId.SHARD_COUNT_CHANGES, limit, limit + 1L);
                return false;
            }
        }
        streams.putLong(stream, Stream.CHANGE_TIMES + place * Long.BYTES, state.nowNs);
        streams.putInt(stream, Stream.NEXT_CHANGE, (place + 1) % Stream.KEPT_CHANGES);
        streams.seal(stream);
        return true;
    }

    private void begin(
            final int stream, final StreamStatus status, final int work, final int steps, final int shardCount) {
        streams.putInt(stream, Stream.STATUS, status.value());
        streams.putInt(stream, Stream.SHARD_COUNT, shardCount);
        streams.putLong(stream, Stream.FIRST_MADE, 0);
        streams.putLong(stream, Stream.CURSOR, 0);
        streams.putInt(stream, Stream.DONE, 0);
        streams.putInt(stream, Stream.STEPS, steps);
        if (work == NONE) {
            streams.seal(stream);
        } else {
            enqueue(stream, work);
        }
    }

    private void enqueue(final int stream, final int work) {
        streams.putInt(stream, Stream.WORK, work);
        streams.putLong(stream, Stream.PENDING_TURN, state.next(Root.NEXT_TURN));
        streams.seal(stream);
        tables.pending.addLast(State.ONLY, stream);
    }

    /** The stream has no work left, or waits for logs. */
    void dequeue(final int stream) {
        if (streams.getLong(stream, Stream.PENDING_TURN) != 0) {
            tables.pending.remove(State.ONLY, stream);
            streams.putLong(stream, Stream.PENDING_TURN, 0);
            streams.putInt(stream, Stream.WORK, NONE);
            streams.seal(stream);
        }
    }

    /** Goes on with what is left to do, as far as the record may. */
    void work() {
        while (state.shardBudget > 0 && hasWork()) {
            final int stream = tables.pending.first(State.ONLY);
            final int done = streams.getInt(stream, Stream.DONE);
            final int work = streams.getInt(stream, Stream.WORK);
            if (work == OPEN) {
                openNext(stream);
            } else if (done == streams.getInt(stream, Stream.STEPS)) {
                dequeue(stream);
                await(stream);
            } else {
                streams.putInt(stream, Stream.DONE, done + 1);
                make(stream, work, done);
                streams.seal(stream);
            }
            state.shardBudget--;
        }
    }

    private void make(final int stream, final int work, final int step) {
        final int steps = streams.getInt(stream, Stream.STEPS);
        if (work == CREATE) {
            next.set(0, 0);
            if (step + 1 < steps) {
                next.divide(step + 1, steps);
            }
            next.decrement();
            start.divide(step, steps);
            shards.make(stream, 0, 0, start, next.high, next.low);
            return;
        }
        final int shard = nextOpen(stream);
        final int wanted = Math.abs(streams.getInt(stream, Stream.SHARD_COUNT) - presentCount(stream));
        final boolean isChosen = (step + 1L) * wanted / steps > (long) step * wanted / steps;
        if (work == SPLIT) {
            if (isChosen && isDivisible(shard)) {
                next.middle(
                        rows.getLong(shard, Shard.FIRST_HIGH),
                        rows.getLong(shard, Shard.FIRST_LOW),
                        rows.getLong(shard, Shard.LAST_HIGH),
                        rows.getLong(shard, Shard.LAST_LOW));
                split(stream, shard);
            }
        } else {
            final int adjacent = nextOpen(stream);
            if (isChosen) {
                merge(stream, shard, adjacent);
            }
        }
    }

    /** Open shards stay as they are while new ones are made. */
    private int presentCount(final int stream) {
        return streams.getInt(stream, Stream.OPEN_COUNT);
    }

    private int nextOpen(final int stream) {
        final long cursor = streams.getLong(stream, Stream.CURSOR);
        final int shard = cursor == 0 ? tables.open.first(stream) : tables.open.next(tables.anyShardById(cursor));
        streams.putLong(stream, Stream.CURSOR, rows.getLong(shard, Shard.ID));
        return shard;
    }

    private boolean isDivisible(final int shard) {
        return rows.getLong(shard, Shard.FIRST_HIGH) != rows.getLong(shard, Shard.LAST_HIGH)
                || rows.getLong(shard, Shard.FIRST_LOW) != rows.getLong(shard, Shard.LAST_LOW);
    }

    /** Makes two shards that divide one, the second of which begins where {@link #next} stands. */
    private void split(final int stream, final int shard) {
        final long parentId = rows.getLong(shard, Shard.ID);
        final long lastHigh = rows.getLong(shard, Shard.LAST_HIGH);
        final long lastLow = rows.getLong(shard, Shard.LAST_LOW);
        start.set(next.high, next.low);
        next.decrement();
        final long endHigh = next.high;
        final long endLow = next.low;
        next.set(rows.getLong(shard, Shard.FIRST_HIGH), rows.getLong(shard, Shard.FIRST_LOW));
        shards.make(stream, parentId, 0, next, endHigh, endLow);
        shards.make(stream, parentId, 0, start, lastHigh, lastLow);
    }

    private void merge(final int stream, final int shard, final int adjacent) {
        start.set(rows.getLong(shard, Shard.FIRST_HIGH), rows.getLong(shard, Shard.FIRST_LOW));
        shards.make(
                stream,
                rows.getLong(shard, Shard.ID),
                rows.getLong(adjacent, Shard.ID),
                start,
                rows.getLong(adjacent, Shard.LAST_HIGH),
                rows.getLong(adjacent, Shard.LAST_LOW));
    }

    /** All new shards are made: the stream waits for their logs. */
    private void await(final int stream) {
        if (streams.getLong(stream, Stream.FIRST_MADE) == 0) {
            finish(stream);
        } else {
            // Shards get their ids one by one, and those of a stream are made by nothing else.
            final long last = rows.getLong(tables.ofStream.last(stream), Shard.ID);
            streams.putLong(stream, Stream.AWAITED, last);
            streams.seal(stream);
            logs.awaitOpen(streams.getLong(stream, Stream.ID), last);
        }
    }

    private void finish(final int stream) {
        streams.putInt(stream, Stream.STATUS, StreamStatus.ACTIVE.value());
        streams.putInt(stream, Stream.SHARD_COUNT, streams.getInt(stream, Stream.OPEN_COUNT));
        streams.putLong(stream, Stream.FIRST_MADE, 0);
        streams.putLong(stream, Stream.CURSOR, 0);
        streams.seal(stream);
    }

    /** The logs that a stream waits for are open; without effect if it waits for others, or for none. */
    void ready(final long streamId, final long lastShardId) {
        final int stream = tables.streamById(streamId);
        if (stream >= 0 && lastShardId != 0 && streams.getLong(stream, Stream.AWAITED) == lastShardId) {
            streams.putLong(stream, Stream.AWAITED, 0);
            streams.putLong(stream, Stream.CURSOR, streams.getLong(stream, Stream.FIRST_MADE));
            enqueue(stream, OPEN);
            work();
        }
    }

    /** Opens the next shard in the place of its parents; the two of a split come together. */
    private void openNext(final int stream) {
        final int shard = tables.anyShardById(streams.getLong(stream, Stream.CURSOR));
        final long parentId = rows.getLong(shard, Shard.PARENT_ID);
        final long adjacentId = rows.getLong(shard, Shard.ADJACENT_PARENT_ID);
        int following = tables.ofStream.next(shard);
        final long shardId = rows.getLong(shard, Shard.ID);
        if (parentId == 0) {
            // Who lists the shards of the beginning finds the first ones, however long their logs took.
            shards.open(shard, streams.getLong(stream, Stream.CREATED_TIME));
        } else if (adjacentId != 0) {
            shards.close(tables.anyShardById(parentId), shardId, 0);
            shards.close(tables.anyShardById(adjacentId), shardId, 0);
            shards.open(shard, state.nowNs);
        } else {
            shards.close(tables.anyShardById(parentId), shardId, rows.getLong(following, Shard.ID));
            shards.open(shard, state.nowNs);
            shards.open(following, state.nowNs);
            following = tables.ofStream.next(following);
        }
        if (following < 0) {
            dequeue(stream);
            finish(stream);
        } else {
            streams.putLong(stream, Stream.CURSOR, rows.getLong(following, Shard.ID));
            streams.seal(stream);
        }
    }
}
