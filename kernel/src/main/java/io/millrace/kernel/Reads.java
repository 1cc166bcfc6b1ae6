package io.millrace.kernel;

import io.millrace.codecs.GetRecordsDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardIteratorDecoder;
import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.memory.SlotTable;

/** Judges GetRecords and grants the read to the host, which has the records. */
final class Reads {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final State state;
    private final StreamState tables;
    private final SlotTable shards;
    private final RecordLogs logs;
    private final ReadGrant grant = new ReadGrant();

    Reads(final State state, final RecordLogs logs) {
        this.state = state;
        this.tables = state.streams;
        this.shards = tables.shards;
        this.logs = logs;
    }

    void get(final Request request, final GetRecordsDecoder command) {
        final ShardIteratorDecoder iterator = command.iterator();
        final int shard = request.shard(iterator.shardId(), Access.RECEIVE);
        if (shard < 0) {
            return;
        }
        final int kind = iterator.kindRaw();
        final long maxRecords = command.maxRecords();
        final long maxBytes = command.maxBytes();
        final long age = state.nowNs - iterator.issuedTimeNs();
        if (tables.isOpening(shard)) {
            request.refuse(ResultCode.RESOURCE_IN_USE);
        } else if (!isKind(kind)) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, kind);
        } else if (iterator.position() < 0) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, iterator.position());
        } else if (maxRecords == 0 || maxRecords > state.limit(LimitId.READ_RECORDS)) {
            request.refuseLimit(LimitId.READ_RECORDS, state.limit(LimitId.READ_RECORDS), maxRecords);
        } else if (maxBytes == 0 || maxBytes > state.limit(LimitId.READ_BYTES)) {
            request.refuseLimit(LimitId.READ_BYTES, state.limit(LimitId.READ_BYTES), maxBytes);
        } else if (age > state.limit(LimitId.ITERATOR_AGE)) {
            request.refuse(
                    Request.WHOLE,
                    ResultCode.EXPIRED_ITERATOR,
                    LimitId.ITERATOR_AGE,
                    state.limit(LimitId.ITERATOR_AGE),
                    age);
        } else if (isWithinQuotas(request, shard)) {
            grant.kind = iterator.kind();
            grant.position = iterator.position();
            grant.maxRecords = (int) maxRecords;
            grant.maxBytes = (int) maxBytes;
            grant(request, shard);
        }
    }

    private static boolean isKind(final int kind) {
        return kind == ShardPosition.AT_SEQUENCE_NUMBER.value()
                || kind == ShardPosition.AFTER_SEQUENCE_NUMBER.value()
                || kind == ShardPosition.AT_TIMESTAMP.value();
    }

    /** Counts a read, or refuses it if the shard has been read often or much enough for now. */
    private boolean isWithinQuotas(final Request request, final int shard) {
        final long mostBytes = state.limit(LimitId.SHARD_READ_BYTES);
        final long wait = shards.getLong(shard, Shard.READS_FROM) - state.nowNs;
        if (mostBytes > 0 && wait > 0) {
            final long owed = (wait + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND * mostBytes;
            request.refuseLimit(LimitId.SHARD_READ_BYTES, mostBytes, owed);
            return false;
        }
        final long most = state.limit(LimitId.SHARD_READS);
        if (most == 0) {
            return true;
        }
        beginSecond(shard);
        final int count = shards.getInt(shard, Shard.READ_COUNT) + 1;
        if (count <= most) {
            shards.putInt(shard, Shard.READ_COUNT, count);
        } else {
            request.refuseLimit(LimitId.SHARD_READS, most, count);
        }
        shards.seal(shard);
        return count <= most;
    }

    private void beginSecond(final int shard) {
        final long second = state.nowNs / NANOS_PER_SECOND;
        if (second != shards.getLong(shard, Shard.READ_SECOND)) {
            shards.putLong(shard, Shard.READ_SECOND, second);
            shards.putLong(shard, Shard.READ_BYTES, 0);
            shards.putInt(shard, Shard.READ_COUNT, 0);
        }
    }

    /** So much was returned: what takes more than a second by the quota is waited for. */
    void onRead(final long shardId, final long bytes) {
        final int shard = tables.anyShardById(shardId);
        final long most = state.limit(LimitId.SHARD_READ_BYTES);
        if (shard < 0 || most == 0) {
            return;
        }
        beginSecond(shard);
        final long sum = shards.getLong(shard, Shard.READ_BYTES) + bytes;
        shards.putLong(shard, Shard.READ_BYTES, sum);
        if (sum >= most) {
            final long seconds = (sum + most - 1) / most;
            shards.putLong(shard, Shard.READS_FROM, state.nowNs + seconds * NANOS_PER_SECOND);
            shards.putLong(shard, Shard.READ_BYTES, 0);
        }
        shards.seal(shard);
    }

    private void grant(final Request request, final int shard) {
        grant.sessionId = request.sessionId;
        grant.correlationId = request.correlationId;
        grant.fill(tables, shard, state.nowNs);
        state.counters.reads++;
        logs.read(grant);
    }
}
