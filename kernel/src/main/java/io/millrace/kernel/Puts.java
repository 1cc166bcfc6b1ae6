package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.PutRecordsDecoder;
import io.millrace.codecs.PutRecordsDecoder.RecordsDecoder;
import io.millrace.codecs.RecordFlagsDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.StreamStatus;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Takes the records of PutRecords: first all are inspected, and a wrong one refuses the command; then each goes to its shard, unless that has
 * had its quota of the second. A record larger than the quota of bytes is let through if it is the first of its second.
 */
final class Puts {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int ENTRY_LENGTH = RecordsDecoder.sbeBlockLength();
    private static final int KEY_HIGH = RecordsDecoder.hashKeyEncodingOffset();
    private static final int KEY_LOW = KEY_HIGH + Long.BYTES;
    private static final int FLAGS = RecordsDecoder.flagsEncodingOffset();
    private static final int KEY_LENGTH_SIZE = Short.BYTES;
    private static final int DATA_LENGTH_SIZE = Integer.BYTES;
    /** Sequence numbers of a start of the server begin here, and are never given again. */
    private static final int EPOCH_SHIFT = 40;

    private final State state;
    private final StreamState tables;
    private final SlotTable streams;
    private final SlotTable shards;
    private final RecordLogs logs;
    private final PutOutcomes outcomes;
    private final Md5 md5 = new Md5();

    Puts(final State state, final RecordLogs logs, final PutOutcomes outcomes) {
        this.state = state;
        this.tables = state.streams;
        this.streams = tables.streams;
        this.shards = tables.shards;
        this.logs = logs;
        this.outcomes = outcomes;
    }

    void put(final Request request, final PutRecordsDecoder command) {
        final int stream = request.stream(command.streamId(), Access.SEND);
        if (stream < 0) {
            return;
        }
        final DirectBuffer buffer = command.buffer();
        final int first = command.limit() + RecordsDecoder.HEADER_SIZE;
        final int count = command.records().count();
        if (streams.getInt(stream, Stream.STATUS) == StreamStatus.CREATING.value()) {
            request.refuse(ResultCode.RESOURCE_IN_USE);
        } else if (count == 0) {
            request.refuse(ResultCode.EMPTY_BATCH);
        } else if (count > state.limit(LimitId.PUT_ENTRIES)) {
            request.refuseLimit(LimitId.PUT_ENTRIES, state.limit(LimitId.PUT_ENTRIES), count);
        } else if (areRight(request, stream, buffer, first, count)) {
            putAll(stream, buffer, first, count);
            request.answerPut();
        }
    }

    private boolean areRight(
            final Request request, final int stream, final DirectBuffer buffer, final int first, final int count) {
        final long most = streams.getInt(stream, Stream.MAX_RECORD_BYTES);
        long bytes = 0;
        int entry = first;
        for (int i = 0; i < count; i++) {
            final int keyLength = keyLength(buffer, entry);
            final int dataLength = dataLength(buffer, entry, keyLength);
            final int key = entry + ENTRY_LENGTH + KEY_LENGTH_SIZE;
            final long length = (long) keyLength + dataLength;
            if (keyLength == 0 || !Text.isUtf8(buffer, key, keyLength)) {
                request.refuse(i, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, keyLength);
                return false;
            }
            final int characters = Text.characters(buffer, key, keyLength);
            if (characters > state.limit(LimitId.PARTITION_KEY_CHARACTERS)) {
                refuse(request, i, LimitId.PARTITION_KEY_CHARACTERS, characters);
                return false;
            }
            if (length > most) {
                request.refuse(i, ResultCode.LIMIT_EXCEEDED, LimitId.RECORD_BYTES, most, length);
                return false;
            }
            bytes += length;
            entry = key + keyLength + DATA_LENGTH_SIZE + dataLength;
        }
        if (bytes > state.limit(LimitId.PUT_BYTES)) {
            refuse(request, Request.WHOLE, LimitId.PUT_BYTES, bytes);
            return false;
        }
        return true;
    }

    private void refuse(final Request request, final int entry, final LimitId limitId, final long actual) {
        request.refuse(entry, ResultCode.LIMIT_EXCEEDED, limitId, state.limit(limitId), actual);
    }

    private void putAll(final int stream, final DirectBuffer buffer, final int first, final int count) {
        final boolean hasQuotas = state.limit(LimitId.SHARD_PUTS) > 0 || state.limit(LimitId.SHARD_PUT_BYTES) > 0;
        outcomes.begin();
        int entry = first;
        for (int i = 0; i < count; i++) {
            final int keyLength = keyLength(buffer, entry);
            final int dataLength = dataLength(buffer, entry, keyLength);
            final int key = entry + ENTRY_LENGTH + KEY_LENGTH_SIZE;
            final int shard = shardOf(stream, buffer, entry, key, keyLength);
            if (!hasQuotas || isWithinQuotas(shard, keyLength + dataLength)) {
                put(stream, shard, buffer, key, keyLength, dataLength);
            }
            entry = key + keyLength + DATA_LENGTH_SIZE + dataLength;
        }
        streams.seal(stream);
    }

    private int shardOf(
            final int stream, final DirectBuffer buffer, final int entry, final int key, final int keyLength) {
        if (RecordFlagsDecoder.explicitHashKey(buffer.getByte(entry + FLAGS))) {
            return tables.shardOf(
                    stream,
                    buffer.getLong(entry + KEY_HIGH, ByteOrder.LITTLE_ENDIAN),
                    buffer.getLong(entry + KEY_LOW, ByteOrder.LITTLE_ENDIAN));
        }
        md5.digest(buffer, key, keyLength);
        return tables.shardOf(stream, md5.high(), md5.low());
    }

    /** Counts a record, or fails it if its shard has had all that it takes in this second. */
    private boolean isWithinQuotas(final int shard, final int length) {
        final long second = state.nowNs / NANOS_PER_SECOND;
        if (second != shards.getLong(shard, Shard.PUT_SECOND)) {
            shards.putLong(shard, Shard.PUT_SECOND, second);
            shards.putLong(shard, Shard.PUT_BYTES, 0);
            shards.putInt(shard, Shard.PUT_COUNT, 0);
        }
        final int count = shards.getInt(shard, Shard.PUT_COUNT) + 1;
        final long bytes = shards.getLong(shard, Shard.PUT_BYTES) + length;
        final long mostCount = state.limit(LimitId.SHARD_PUTS);
        final long mostBytes = state.limit(LimitId.SHARD_PUT_BYTES);
        if (mostCount > 0 && count > mostCount) {
            outcomes.fail(shards.getLong(shard, Shard.ID), LimitId.SHARD_PUTS, mostCount, count);
        } else if (mostBytes > 0 && bytes > mostBytes && count > 1) {
            outcomes.fail(shards.getLong(shard, Shard.ID), LimitId.SHARD_PUT_BYTES, mostBytes, bytes);
        } else {
            shards.putInt(shard, Shard.PUT_COUNT, count);
            shards.putLong(shard, Shard.PUT_BYTES, bytes);
            return true;
        }
        shards.seal(shard);
        return false;
    }

    private void put(
            final int stream,
            final int shard,
            final DirectBuffer buffer,
            final int key,
            final int keyLength,
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
        final long shardId = shards.getLong(shard, Shard.ID);
        outcomes.put(shardId, sequence);
        logs.append(
                streams.getLong(stream, Stream.ID),
                shardId,
                sequence,
                state.nowNs,
                buffer,
                key,
                keyLength,
                key + keyLength + DATA_LENGTH_SIZE,
                dataLength);
    }

    private static int keyLength(final DirectBuffer buffer, final int entry) {
        return buffer.getShort(entry + ENTRY_LENGTH, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private static int dataLength(final DirectBuffer buffer, final int entry, final int keyLength) {
        return buffer.getInt(entry + ENTRY_LENGTH + KEY_LENGTH_SIZE + keyLength, ByteOrder.LITTLE_ENDIAN);
    }
}
