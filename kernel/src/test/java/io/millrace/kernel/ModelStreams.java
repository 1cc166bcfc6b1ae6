package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Streams of the model, as far as topics have to do with them: their shards divide the hash keys evenly and stay as they are. */
final class ModelStreams {

    private static final long MIB = 1024L * 1024L;
    private static final int EPOCH_SHIFT = 40;
    private static final int MAX_RECORD_BYTES = 2;
    private static final int SHARD_COUNT = 3;

    static final class Stream {

        long id;
        String name;
        long firstShardId;
        long shardCount;
        long maxRecordBytes;
        boolean isOpen;
        long lastSequence;
        /** Records of each shard in a second of the clock. */
        final TreeMap<Long, Integer> puts = new TreeMap<>();

        long second;

        long lastShardId() {
            return firstShardId + shardCount - 1;
        }

        boolean takes(final String key, final String data) {
            return isOpen && key.length() + data.length() <= maxRecordBytes;
        }

        /** The shard that has the MD5 of a key. */
        long shardOf(final String key) {
            final BigInteger hash = StreamModelState.md5(key);
            long shard = 0;
            while (hash.compareTo(first(shard + 1)) >= 0) {
                shard++;
            }
            return firstShardId + shard;
        }

        private BigInteger first(final long shard) {
            return StreamSupport.END.multiply(BigInteger.valueOf(shard)).divide(BigInteger.valueOf(shardCount));
        }
    }

    private final ModelState state;
    private final TreeMap<Long, Stream> streams = new TreeMap<>();
    private final List<String> records = new ArrayList<>();
    private long nextStreamId = 1;
    private long nextShardId = 1;
    private long bootEpoch;

    ModelStreams(final ModelState state) {
        this.state = state;
    }

    /** Ids of those that there are. */
    List<Long> ids() {
        return List.copyOf(streams.keySet());
    }

    Stream get(final long streamId) {
        return streams.get(streamId);
    }

    /** Those that wait for their logs. */
    List<Stream> awaited() {
        return streams.values().stream().filter(stream -> !stream.isOpen).toList();
    }

    /** What was put since the last call, as the record logs are told. */
    List<String> drainRecords() {
        final List<String> drained = List.copyOf(records);
        records.clear();
        return drained;
    }

    /** What the record logs are told otherwise. */
    void tell(final String line) {
        records.add(line);
    }

    /** Archives have their ids from where streams have theirs. */
    long takeStreamId() {
        return nextStreamId++;
    }

    long takeShardId() {
        return nextShardId++;
    }

    void boot() {
        bootEpoch++;
    }

    void ready(final long streamId) {
        if (streams.containsKey(streamId)) {
            streams.get(streamId).isOpen = true;
        }
    }

    /** The answer, null if the command is none of these. */
    Event execute(final Command command) {
        if (command instanceof StreamCommand.CreateStream create) {
            return create(create);
        } else if (command instanceof StreamCommand.DeleteStream delete) {
            return streams.remove(delete.streamId()) == null
                    ? ModelAnswers.refused(command, ResultCode.UNKNOWN_STREAM, -1)
                    : new Event.Confirmed(command.correlationId(), 0, 0);
        }
        return null;
    }

    private Event create(final StreamCommand.CreateStream command) {
        final long maxRecordBytes = command.settings().maxRecordBytes() == null
                ? Math.min(MIB, state.limit(LimitId.RECORD_BYTES))
                : command.settings().maxRecordBytes();
        if (command.shardCount() == 0) {
            return ModelTopics.differs(command, ResultCode.INVALID_SETTING, SHARD_COUNT);
        }
        for (final Stream existing : streams.values()) {
            if (existing.name.equals(command.name())) {
                return answerExisting(command, existing, maxRecordBytes);
            }
        }
        final long most = state.limit(LimitId.STREAMS);
        if (streams.size() >= most) {
            return ModelAnswers.limited(command, LimitId.STREAMS, most, streams.size() + 1L, -1);
        }
        final Stream stream = new Stream();
        stream.id = nextStreamId++;
        stream.name = command.name();
        stream.shardCount = command.shardCount();
        stream.maxRecordBytes = maxRecordBytes;
        stream.firstShardId = nextShardId;
        nextShardId += stream.shardCount;
        streams.put(stream.id, stream);
        return new Event.Confirmed(command.correlationId(), stream.id, 1);
    }

    private static Event answerExisting(
            final StreamCommand.CreateStream command, final Stream existing, final long maxRecordBytes) {
        if (existing.maxRecordBytes != maxRecordBytes) {
            return ModelTopics.differs(command, ResultCode.STREAM_EXISTS, MAX_RECORD_BYTES);
        }
        return existing.shardCount == command.shardCount()
                ? new Event.Confirmed(command.correlationId(), existing.id, 1)
                : ModelTopics.differs(command, ResultCode.STREAM_EXISTS, SHARD_COUNT);
    }

    /** Puts a record; false if there is no stream that takes it now. */
    boolean put(final long streamId, final String key, final String data) {
        final Stream stream = streams.get(streamId);
        if (stream == null || !stream.takes(key, data)) {
            return false;
        }
        final long shardId = stream.shardOf(key);
        if (!isWithinQuota(stream, shardId)) {
            return false;
        }
        stream.puts.merge(shardId, 1, Integer::sum);
        stream.lastSequence = Math.max(stream.lastSequence + 1, bootEpoch << EPOCH_SHIFT);
        records.add("append " + streamId + "/" + shardId + " " + StreamEvent.sequence(stream.lastSequence) + " " + key
                + "=" + data + " at " + (state.nowNs - Scenario.START_NS) / Scenario.MS);
        return true;
    }

    /** Whether a record is not put because its shard has had its quota of the second. */
    boolean isThrottled(final long streamId, final String key, final String data) {
        final Stream stream = streams.get(streamId);
        return stream != null && stream.takes(key, data) && !isWithinQuota(stream, stream.shardOf(key));
    }

    private boolean isWithinQuota(final Stream stream, final long shardId) {
        if (stream.second != state.nowNs / Scenario.SECOND) {
            stream.second = state.nowNs / Scenario.SECOND;
            stream.puts.clear();
        }
        final long most = state.limit(LimitId.SHARD_PUTS);
        return most == 0 || stream.puts.getOrDefault(shardId, 0) < most;
    }
}
