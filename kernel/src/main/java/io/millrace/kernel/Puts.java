package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.PutRecordsDecoder;
import io.millrace.codecs.PutRecordsDecoder.RecordsDecoder;
import io.millrace.codecs.RecordFlagsDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.StreamStatus;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Takes the records of PutRecords: first all are inspected, and a wrong one refuses the command; then each goes to its shard, unless that has
 * had its quota of the second.
 */
final class Puts {
    private static final int ENTRY_LENGTH = RecordsDecoder.sbeBlockLength();
    private static final int KEY_HIGH = RecordsDecoder.hashKeyEncodingOffset();
    private static final int KEY_LOW = KEY_HIGH + Long.BYTES;
    private static final int FLAGS = RecordsDecoder.flagsEncodingOffset();
    private static final int KEY_LENGTH_SIZE = Short.BYTES;
    private static final int DATA_LENGTH_SIZE = Integer.BYTES;
    /** What there is of an entry besides partition key and data. */
    private static final int ENTRY_OVERHEAD = ENTRY_LENGTH + KEY_LENGTH_SIZE + DATA_LENGTH_SIZE;

    private final State state;
    private final StreamState tables;
    private final SlotTable streams;
    private final SlotTable shards;
    private final ShardWriter writer;
    private final PutOutcomes outcomes;

    Puts(final State state, final ShardWriter writer, final PutOutcomes outcomes) {
        this.state = state;
        this.tables = state.streams;
        this.streams = tables.streams;
        this.shards = tables.shards;
        this.writer = writer;
        this.outcomes = outcomes;
    }

    void put(final Request request, final PutRecordsDecoder command) {
        final int first = command.limit() + RecordsDecoder.HEADER_SIZE;
        put(
                request,
                command.streamId(),
                command.buffer(),
                first,
                command.records().count());
    }

    /** Puts records that lie in a buffer as the entries of PutRecords do. */
    void put(final Request request, final long streamId, final DirectBuffer buffer, final int first, final int count) {
        final int stream = stream(request, streamId);
        if (stream < 0) {
            return;
        }
        if (count == 0) {
            request.refuse(ResultCode.EMPTY_BATCH);
        } else if (count > state.limit(LimitId.PUT_ENTRIES)) {
            request.refuseLimit(LimitId.PUT_ENTRIES, state.limit(LimitId.PUT_ENTRIES), count);
        } else if (areRight(request, stream, buffer, first, count)) {
            putAll(stream, buffer, first, count);
            request.answerPut();
        }
    }

    /** Whether a record may be begun whose entry has so many bytes; if not, the request is refused as the put would be. */
    boolean mayBegin(final Request request, final long streamId, final long entryLength) {
        final int stream = stream(request, streamId);
        if (stream < 0) {
            return false;
        }
        final long length = entryLength - ENTRY_OVERHEAD;
        final long most = streams.getInt(stream, Stream.MAX_RECORD_BYTES);
        if (most < length) {
            request.refuse(0, ResultCode.LIMIT_EXCEEDED, LimitId.RECORD_BYTES, most, length);
        } else if (length > state.limit(LimitId.PUT_BYTES)) {
            refuse(request, Request.WHOLE, LimitId.PUT_BYTES, length);
        } else {
            return true;
        }
        return false;
    }

    /** The stream, if it takes records; -1 otherwise: then the request is refused. */
    private int stream(final Request request, final long streamId) {
        final int stream = request.stream(streamId, Access.SEND);
        if (stream >= 0 && streams.getInt(stream, Stream.STATUS) == StreamStatus.CREATING.value()) {
            request.refuse(ResultCode.RESOURCE_IN_USE);
            return -1;
        }
        return stream;
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
        outcomes.begin();
        int entry = first;
        for (int i = 0; i < count; i++) {
            final int keyLength = keyLength(buffer, entry);
            final int dataLength = dataLength(buffer, entry, keyLength);
            final int key = entry + ENTRY_LENGTH + KEY_LENGTH_SIZE;
            final int shard = shardOf(stream, buffer, entry, key, keyLength);
            final int data = key + keyLength + DATA_LENGTH_SIZE;
            final long shardId = shards.getLong(shard, Shard.ID);
            if (writer.admits(shard, (long) keyLength + dataLength)) {
                outcomes.put(shardId, writer.append(stream, shard, buffer, key, keyLength, data, dataLength));
            } else {
                outcomes.fail(shardId, writer.quota(), writer.most(), writer.actual());
            }
            entry = data + dataLength;
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
        return writer.shardOf(stream, buffer, key, keyLength);
    }

    private static int keyLength(final DirectBuffer buffer, final int entry) {
        return buffer.getShort(entry + ENTRY_LENGTH, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private static int dataLength(final DirectBuffer buffer, final int entry, final int keyLength) {
        return buffer.getInt(entry + ENTRY_LENGTH + KEY_LENGTH_SIZE + keyLength, ByteOrder.LITTLE_ENDIAN);
    }
}
