package io.millrace.kernel;

import io.millrace.codecs.CreateStreamDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SetStreamAccessDecoder;
import io.millrace.codecs.StreamSettingsDecoder;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** Creates, changes and deletes streams. */
final class Streams {
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final long DEFAULT_RETENTION = TimeUnit.HOURS.toNanos(24);
    private static final long DEFAULT_RECORD_BYTES = 1024L * 1024L;

    /** Values of the schema's StreamSetting. */
    private static final int SETTING_RETENTION = 1;

    private static final int SETTING_MAX_RECORD_BYTES = 2;
    private static final int SETTING_SHARD_COUNT = 3;

    private final State state;
    private final StreamState tables;
    private final SlotTable streams;
    private final Shards shards;
    private final Resharding resharding;
    private final StreamConsumers consumers;
    private final Groups groups;
    private long retention;
    private long maxRecordBytes;

    Streams(
            final State state,
            final Shards shards,
            final Resharding resharding,
            final StreamConsumers consumers,
            final Groups groups) {
        this.state = state;
        this.tables = state.streams;
        this.streams = tables.streams;
        this.shards = shards;
        this.resharding = resharding;
        this.consumers = consumers;
        this.groups = groups;
    }

    void create(final Request request, final CreateStreamDecoder command) {
        final DirectBuffer buffer = command.buffer();
        final long shardCount = command.shardCount();
        final int length = command.nameLength();
        final int offset = command.limit() + TEXT_LENGTH_SIZE;
        if (length > state.limit(LimitId.NAME_BYTES)) {
            request.refuseLimit(LimitId.NAME_BYTES, state.limit(LimitId.NAME_BYTES), length);
            return;
        }
        if (length == 0 || !Text.isUtf8(buffer, offset, length)) {
            request.refuse(ResultCode.INVALID_NAME);
            return;
        }
        retention = Math.max(
                state.limit(LimitId.RECORD_RETENTION_LEAST),
                Math.min(DEFAULT_RETENTION, state.limit(LimitId.RECORD_RETENTION)));
        maxRecordBytes = Math.min(DEFAULT_RECORD_BYTES, state.limit(LimitId.RECORD_BYTES));
        if (!readSettings(request, command.settings())) {
            return;
        }
        if (shardCount == 0) {
            refuseSetting(request, ResultCode.INVALID_SETTING, SETTING_SHARD_COUNT);
        } else if (shardCount > state.limit(LimitId.SHARDS)) {
            request.refuseLimit(LimitId.SHARDS, state.limit(LimitId.SHARDS), shardCount);
        } else {
            createOnce(request, (int) shardCount, buffer, offset, length);
        }
    }

    private void createOnce(
            final Request request,
            final int shardCount,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        final int existing = tables.streamByName(buffer, offset, length);
        if (existing >= 0) {
            answerExisting(request, existing, shardCount);
        } else if (streams.liveCount() >= state.limit(LimitId.STREAMS)) {
            request.refuseLimit(LimitId.STREAMS, state.limit(LimitId.STREAMS), streams.liveCount() + 1L);
        } else if (request.hasArenaRoom(length, 0)) {
            create(request, shardCount, state.payloads.store(buffer, offset, length));
        }
    }

    /** Takes over the settings given; false if they are outside what the limits say: then the request is refused. */
    private boolean readSettings(final Request request, final StreamSettingsDecoder settings) {
        if (settings.retentionNs() != StreamSettingsDecoder.retentionNsNullValue()) {
            retention = settings.retentionNs();
        }
        if (settings.maxRecordBytes() != StreamSettingsDecoder.maxRecordBytesNullValue()) {
            maxRecordBytes = settings.maxRecordBytes();
        }
        if (retention < state.limit(LimitId.RECORD_RETENTION_LEAST)) {
            request.refuseLimit(LimitId.RECORD_RETENTION_LEAST, state.limit(LimitId.RECORD_RETENTION_LEAST), retention);
        } else if (retention > state.limit(LimitId.RECORD_RETENTION)) {
            request.refuseLimit(LimitId.RECORD_RETENTION, state.limit(LimitId.RECORD_RETENTION), retention);
        } else if (maxRecordBytes == 0) {
            refuseSetting(request, ResultCode.INVALID_SETTING, SETTING_MAX_RECORD_BYTES);
        } else if (maxRecordBytes > state.limit(LimitId.RECORD_BYTES)) {
            request.refuseLimit(LimitId.RECORD_BYTES, state.limit(LimitId.RECORD_BYTES), maxRecordBytes);
        } else {
            return true;
        }
        return false;
    }

    private static void refuseSetting(final Request request, final ResultCode code, final int setting) {
        request.refuse(Request.WHOLE, code, LimitId.NONE, 0, setting);
    }

    private void answerExisting(final Request request, final int stream, final int shardCount) {
        if (streams.getLong(stream, Stream.RETENTION) != retention) {
            refuseSetting(request, ResultCode.STREAM_EXISTS, SETTING_RETENTION);
        } else if (streams.getInt(stream, Stream.MAX_RECORD_BYTES) != maxRecordBytes) {
            refuseSetting(request, ResultCode.STREAM_EXISTS, SETTING_MAX_RECORD_BYTES);
        } else if (streams.getInt(stream, Stream.SHARD_COUNT) != shardCount) {
            refuseSetting(request, ResultCode.STREAM_EXISTS, SETTING_SHARD_COUNT);
        } else {
            request.confirm(streams.getLong(stream, Stream.ID), 1);
        }
    }

    private void create(final Request request, final int shardCount, final int name) {
        final int stream = streams.allocate();
        final long streamId = state.next(Root.NEXT_STREAM_ID);
        streams.putLong(stream, Stream.ID, streamId);
        streams.putLong(stream, Stream.CREATED_TIME, state.nowNs);
        streams.putLong(stream, Stream.CHANGED_TIME, state.nowNs);
        streams.putInt(stream, Stream.NAME_PAYLOAD, name);
        storeSettings(stream);
        tables.streamsById.add(stream);
        tables.streamsByName.add(stream);
        shards.begin(stream);
        resharding.create(stream, shardCount);
        request.confirm(streamId, 1);
    }

    private void storeSettings(final int stream) {
        streams.putLong(stream, Stream.RETENTION, retention);
        streams.putInt(stream, Stream.MAX_RECORD_BYTES, (int) maxRecordBytes);
    }

    /** What is out of reach stays so if the retention becomes longer. */
    void set(final Request request, final long streamId, final StreamSettingsDecoder settings) {
        final int stream = request.stream(streamId, Access.MANAGE);
        if (stream < 0) {
            return;
        }
        final long before = streams.getLong(stream, Stream.RETENTION);
        retention = before;
        maxRecordBytes = streams.getInt(stream, Stream.MAX_RECORD_BYTES);
        if (readSettings(request, settings)) {
            if (retention != before) {
                streams.putLong(stream, Stream.TRIM_TIME, tables.horizon(stream, state.nowNs));
            }
            storeSettings(stream);
            streams.putLong(stream, Stream.CHANGED_TIME, state.nowNs);
            streams.seal(stream);
            if (retention != before) {
                shards.arm(stream);
                shards.trim(stream);
            }
            request.confirm(0, 0);
        }
    }

    /** Sets who may do what with a stream. */
    void setAccess(final Request request, final SetStreamAccessDecoder command) {
        final int stream = request.stream(command.streamId(), Access.MANAGE);
        if (stream < 0) {
            return;
        }
        final int offset = command.limit();
        final SetStreamAccessDecoder.EntriesDecoder entries = command.entries();
        final int count = entries.count();
        while (entries.hasNext()) {
            entries.next().skipPrincipal();
        }
        if (count > state.limit(LimitId.ACCESS_ENTRIES)) {
            request.refuseLimit(LimitId.ACCESS_ENTRIES, state.limit(LimitId.ACCESS_ENTRIES), count);
            return;
        }
        final int before = streams.getInt(stream, Stream.ACCESS_PAYLOAD_LINK);
        if (!request.hasArenaRoom(count == 0 ? 0 : command.limit() - offset, before)) {
            return;
        }
        final int list = count == 0 ? -1 : state.payloads.store(command.buffer(), offset, command.limit() - offset);
        streams.putInt(stream, Stream.ACCESS_PAYLOAD_LINK, list + 1);
        streams.seal(stream);
        release(before);
        request.confirm(0, 0);
    }

    /** The stream is gone at once; its shards go in slices. */
    void delete(final Request request, final long streamId) {
        final int stream = request.stream(streamId, Access.MANAGE);
        if (stream < 0) {
            return;
        }
        resharding.dequeue(stream);
        tables.streamsById.remove(stream);
        tables.streamsByName.remove(stream);
        streams.putLong(stream, Stream.DELETED_TURN, state.next(Root.NEXT_TURN));
        streams.seal(stream);
        shards.arm(stream);
        groups.onStreamDeleted(stream);
        tables.deleted.addLast(State.ONLY, stream);
        request.confirm(0, 0);
    }

    /** Goes on with the consumer that ended first; or else frees the next shard of the stream that was deleted first, or at last the stream. */
    void reclaim() {
        if (tables.endedConsumers.first(State.ONLY) >= 0) {
            consumers.reclaim();
            return;
        }
        final int stream = tables.deleted.first(State.ONLY);
        final int shard = tables.ofStream.first(stream);
        if (shard >= 0) {
            shards.free(shard);
        } else if (!consumers.endNextOf(stream)) {
            free(stream);
        }
    }

    private void free(final int stream) {
        final int name = streams.getInt(stream, Stream.NAME_PAYLOAD);
        final int tags = streams.getInt(stream, Stream.TAGS_PAYLOAD_LINK);
        final int access = streams.getInt(stream, Stream.ACCESS_PAYLOAD_LINK);
        tables.deleted.remove(State.ONLY, stream);
        streams.free(stream);
        state.payloads.release(name);
        release(tags);
        release(access);
    }

    private void release(final int payloadLink) {
        if (payloadLink != 0) {
            state.payloads.release(payloadLink - 1);
        }
    }
}
