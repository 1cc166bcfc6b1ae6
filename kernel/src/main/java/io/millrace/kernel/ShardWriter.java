package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/**
 * Appends records to the shards of streams, wherever they come from. A record larger than the quota of bytes is let through if it is the
 * first of its second.
 */
final class ShardWriter {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Sequence numbers of a start of the server begin here, and are never given again. */
    private static final int EPOCH_SHIFT = 40;

    private final State state;
    private final StreamState tables;
    private final SlotTable streams;
    private final SlotTable shards;
    private final RecordLogs logs;
    private final Md5 md5 = new Md5();
    private LimitId quota = LimitId.NONE;
    private long most;
    private long actual;

    ShardWriter(final State state, final RecordLogs logs) {
        this.state = state;
        this.tables = state.streams;
        this.streams = tables.streams;
        this.shards = tables.shards;
        this.logs = logs;
    }

    /** The open shard that a partition key leads to. */
    int shardOf(final int stream, final DirectBuffer buffer, final int key, final int keyLength) {
        md5.digest(buffer, key, keyLength);
        return tables.shardOf(stream, md5.high(), md5.low());
    }

    /** Counts a record of so many bytes; false if its shard has had all that it takes in this second. */
    boolean admits(final int shard, final long length) {
        final long mostCount = state.limit(LimitId.SHARD_PUTS);
        final long mostBytes = state.limit(LimitId.SHARD_PUT_BYTES);
        if (mostCount == 0 && mostBytes == 0) {
            return true;
        }
        beginSecond(shard);
        final int count = shards.getInt(shard, Shard.PUT_COUNT) + 1;
        final long bytes = shards.getLong(shard, Shard.PUT_BYTES) + length;
        if (mostCount > 0 && count > mostCount) {
            exceed(LimitId.SHARD_PUTS, mostCount, count);
        } else if (mostBytes > 0 && bytes > mostBytes && count > 1) {
            exceed(LimitId.SHARD_PUT_BYTES, mostBytes, bytes);
        } else {
            shards.putInt(shard, Shard.PUT_COUNT, count);
            shards.putLong(shard, Shard.PUT_BYTES, bytes);
            shards.seal(shard);
            return true;
        }
        shards.seal(shard);
        return false;
    }

    private void beginSecond(final int shard) {
        final long second = state.nowNs / NANOS_PER_SECOND;
        if (second != shards.getLong(shard, Shard.PUT_SECOND)) {
            shards.putLong(shard, Shard.PUT_SECOND, second);
            shards.putLong(shard, Shard.PUT_BYTES, 0);
            shards.putInt(shard, Shard.PUT_COUNT, 0);
        }
    }

    private void exceed(final LimitId limitId, final long limit, final long value) {
        quota = limitId;
        most = limit;
        actual = value;
    }

    /** The quota that the record was beyond which was not admitted last. */
    LimitId quota() {
        return quota;
    }

    long most() {
        return most;
    }

    long actual() {
        return actual;
    }

    /** Appends a record; returns its sequence number. The stream's row is to be sealed afterwards. */
    long append(
            final int stream,
            final int shard,
            final DirectBuffer buffer,
            final int key,
            final int keyLength,
            final int data,
            final int dataLength) {
        final long sequence = Math.max(
                streams.getLong(stream, Stream.LAST_SEQUENCE) + 1,
                state.root.getLong(State.ONLY, Root.BOOT_EPOCH) << EPOCH_SHIFT);
        final long length = (long) keyLength + dataLength;
        streams.putLong(stream, Stream.LAST_SEQUENCE, sequence);
        streams.putLong(stream, Stream.RECORD_COUNT, streams.getLong(stream, Stream.RECORD_COUNT) + 1);
        streams.putLong(stream, Stream.RECORD_BYTES, streams.getLong(stream, Stream.RECORD_BYTES) + length);
        shards.putLong(shard, Shard.LAST_SEQUENCE, sequence);
        shards.putLong(shard, Shard.LAST_TIME, state.nowNs);
        shards.putLong(shard, Shard.RECORD_COUNT, shards.getLong(shard, Shard.RECORD_COUNT) + 1);
        shards.putLong(shard, Shard.RECORD_BYTES, shards.getLong(shard, Shard.RECORD_BYTES) + length);
        shards.seal(shard);
        state.counters.puts++;
        logs.append(
                streams.getLong(stream, Stream.ID),
                shards.getLong(shard, Shard.ID),
                sequence,
                state.nowNs,
                buffer,
                key,
                keyLength,
                data,
                dataLength);
        return sequence;
    }
}
