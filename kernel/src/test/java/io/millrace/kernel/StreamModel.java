package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.ShardState;
import io.millrace.codecs.StreamStatus;
import io.millrace.kernel.StreamCommand.Put;
import io.millrace.kernel.StreamCommand.Settings;
import io.millrace.kernel.StreamModelState.ModelShard;
import io.millrace.kernel.StreamModelState.ModelStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Streams, slow and obvious: what each command of them is answered with, and what is asked of the record logs. Only what the random
 * histories do is in it: one session, names that are right, no more shards than a record makes.
 */
final class StreamModel {
    private static final long SECOND = Scenario.SECOND;
    private static final long DAY = 24 * 3_600 * SECOND;
    private static final int KEPT_CHANGES = 10;

    private final Limits limits;
    private final StreamModelState state = new StreamModelState();
    private final Map<Long, String> results = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    StreamModel(final Limits limits) {
        this.limits = limits;
    }

    /** What was asked of the logs since the last call; what is out of reach is not in it. */
    List<String> drain() {
        final List<String> drained = List.copyOf(asked);
        asked.clear();
        return drained;
    }

    StreamModelState state() {
        return state;
    }

    /** A record begins: closed shards go whose records are out of reach. */
    void at(final long nowNs) {
        state.nowNs = nowNs;
        final Map<Long, List<ModelShard>> gone = new TreeMap<>();
        for (final ModelStream stream : state.streams.values()) {
            final List<ModelShard> expired = stream.shards.stream()
                    .filter(shard -> shard.isExpired(nowNs))
                    .toList();
            stream.shards.removeAll(expired);
            gone.put(stream.id, expired);
        }
        gone.forEach((stream, shards) -> shards.forEach(shard -> asked.add("delete " + stream + "/" + shard.id)));
    }

    void boot(final long epoch) {
        state.bootEpoch = epoch;
        for (final ModelStream stream : state.streams.values()) {
            stream.shards.forEach(shard -> asked.add(shard.told()));
            if (stream.awaited != 0) {
                asked.add("await " + stream.id + "/" + stream.awaited);
            }
        }
    }

    void ready(final long streamId, final long lastShardId) {
        final ModelStream stream = state.streams.get(streamId);
        if (stream == null || stream.awaited != lastShardId) {
            return;
        }
        for (final ModelShard shard : stream.in(ShardState.OPENING)) {
            close(shard.parent, shard);
            close(shard.adjacent, shard);
            shard.state = ShardState.OPEN;
            shard.opened = shard.parent == null ? stream.created : state.nowNs;
        }
        stream.awaited = 0;
        stream.wanted = stream.in(ShardState.OPEN).size();
        stream.status = StreamStatus.ACTIVE;
    }

    private void close(final ModelShard parent, final ModelShard child) {
        if (parent != null) {
            parent.children.add(child);
        }
        if (parent != null && parent.state == ShardState.OPEN) {
            parent.state = ShardState.CLOSED;
            parent.closed = state.nowNs;
            asked.add(parent.told());
        }
    }

    void read(final long shardId, final long bytes) {
        final ModelShard shard = state.shard(shardId);
        final long most = limits.get(LimitId.SHARD_READ_BYTES);
        if (shard != null && most > 0) {
            beginSecond(shard);
            shard.readBytes += bytes;
            if (shard.readBytes >= most) {
                shard.readsFrom = state.nowNs + (shard.readBytes + most - 1) / most * SECOND;
                shard.readBytes = 0;
            }
        }
    }

    private void beginSecond(final ModelShard shard) {
        if (shard.readSecond != state.nowNs / SECOND) {
            shard.readSecond = state.nowNs / SECOND;
            shard.readCount = 0;
            shard.readBytes = 0;
        }
    }

    /** What a command is answered with, as a text; null if it is not modelled, empty if nothing is said. */
    String answer(final Command.OfStream command) {
        final long sequence = command.producer().sequence();
        if (sequence != 0 && results.containsKey(sequence)) {
            return results.get(sequence);
        }
        final String answer = execute(command);
        if (sequence != 0) {
            results.put(sequence, answer);
        }
        return answer;
    }

    private String execute(final Command.OfStream command) {
        if (command instanceof StreamCommand.CreateStream create) {
            return create(create);
        } else if (command instanceof StreamCommand.SplitShard split) {
            return split(split);
        } else if (command instanceof StreamCommand.MergeShards merge) {
            return merge(merge);
        } else if (command instanceof StreamCommand.GetRecords get) {
            return get(get);
        } else if (command instanceof StreamCommand.PutRecords put) {
            final ModelStream stream = state.streams.get(put.streamId());
            return stream == null
                    ? unknown()
                    : stream.mayPut() ? put(stream, put.records()) : refused(ResultCode.NOT_AUTHORISED);
        } else if (command instanceof StreamCommand.UpdateShardCount update) {
            final ModelStream stream = state.streams.get(update.streamId());
            return stream == null ? unknown() : update(stream, update.shardCount());
        }
        return executeOnStream(command);
    }

    private String executeOnStream(final Command.OfStream command) {
        if (command instanceof StreamCommand.DeleteStream delete) {
            final ModelStream stream = state.streams.remove(delete.streamId());
            if (stream == null) {
                return unknown();
            }
            stream.shards.forEach(shard -> asked.add("delete " + stream.id + "/" + shard.id));
            return "confirmed";
        } else if (command instanceof StreamCommand.SetStreamSettings set) {
            final ModelStream stream = state.streams.get(set.streamId());
            return stream == null ? unknown() : set(stream, set.settings());
        } else if (command instanceof StreamCommand.SetStreamAccess set) {
            final ModelStream stream = state.streams.get(set.streamId());
            if (stream == null) {
                return unknown();
            }
            stream.access = set.entries();
            return "confirmed";
        }
        return StreamModelQueries.answer(state, limits, command);
    }

    static String unknown() {
        return refused(ResultCode.UNKNOWN_STREAM);
    }

    static String refused(final ResultCode code) {
        return "refused " + code;
    }

    static String refused(final LimitId limitId, final long limit, final long actual) {
        return "refused LIMIT_EXCEEDED " + limitId + " limit=" + limit + " actual=" + actual;
    }

    private String refused(final LimitId limitId, final long actual) {
        return refused(limitId, limits.get(limitId), actual);
    }

    private String create(final StreamCommand.CreateStream command) {
        final long retention = command.settings().retentionNs() == null
                ? Math.max(
                        limits.get(LimitId.RECORD_RETENTION_LEAST), Math.min(DAY, limits.get(LimitId.RECORD_RETENTION)))
                : command.settings().retentionNs();
        final long maxBytes = command.settings().maxRecordBytes() == null
                ? Math.min(1024 * 1024, limits.get(LimitId.RECORD_BYTES))
                : command.settings().maxRecordBytes();
        final String wrong = wrong(retention, maxBytes);
        if (wrong != null) {
            return wrong;
        }
        if (command.shardCount() == 0) {
            return "refused INVALID_SETTING " + SettingName.of(3);
        }
        if (command.shardCount() > limits.get(LimitId.SHARDS)) {
            return refused(LimitId.SHARDS, command.shardCount());
        }
        final ModelStream existing = state.named(command.name());
        if (existing != null) {
            final int different = existing.retention != retention
                    ? 1
                    : existing.maxBytes != maxBytes ? 2 : existing.wanted != command.shardCount() ? 3 : 0;
            return different == 0 ? "confirmed " + existing.id : "refused STREAM_EXISTS differs in " + different;
        }
        if (state.streams.size() >= limits.get(LimitId.STREAMS)) {
            return refused(LimitId.STREAMS, state.streams.size() + 1);
        }
        final ModelStream stream = new ModelStream(++state.streamsMade, command.name(), state.nowNs);
        state.streams.put(stream.id, stream);
        stream.retention = retention;
        stream.maxBytes = maxBytes;
        stream.wanted = command.shardCount();
        final BigInteger count = BigInteger.valueOf(command.shardCount());
        for (long i = 0; i < command.shardCount(); i++) {
            final BigInteger first =
                    StreamSupport.END.multiply(BigInteger.valueOf(i)).divide(count);
            final BigInteger end =
                    StreamSupport.END.multiply(BigInteger.valueOf(i + 1)).divide(count);
            make(stream, first, end.subtract(BigInteger.ONE), null, null);
        }
        await(stream);
        return "confirmed " + stream.id;
    }

    private String wrong(final long retention, final long maxBytes) {
        if (retention < limits.get(LimitId.RECORD_RETENTION_LEAST)) {
            return refused(LimitId.RECORD_RETENTION_LEAST, retention);
        } else if (retention > limits.get(LimitId.RECORD_RETENTION)) {
            return refused(LimitId.RECORD_RETENTION, retention);
        } else if (maxBytes == 0) {
            return "refused INVALID_SETTING " + SettingName.of(2);
        }
        return maxBytes > limits.get(LimitId.RECORD_BYTES) ? refused(LimitId.RECORD_BYTES, maxBytes) : null;
    }

    private void make(
            final ModelStream stream,
            final BigInteger first,
            final BigInteger last,
            final ModelShard parent,
            final ModelShard adjacent) {
        stream.shards.add(new ModelShard(stream, ++state.shardsMade, first, last, parent, adjacent));
        asked.add("open " + stream.id + "/" + state.shardsMade);
    }

    private void await(final ModelStream stream) {
        stream.awaited = state.shardsMade;
        asked.add("await " + stream.id + "/" + stream.awaited);
    }

    private String set(final ModelStream stream, final Settings settings) {
        final long retention = settings.retentionNs() == null ? stream.retention : settings.retentionNs();
        final long maxBytes = settings.maxRecordBytes() == null ? stream.maxBytes : settings.maxRecordBytes();
        final String wrong = wrong(retention, maxBytes);
        if (wrong != null) {
            return wrong;
        }
        if (retention != stream.retention) {
            stream.trim = stream.horizon(state.nowNs);
        }
        stream.retention = retention;
        stream.maxBytes = maxBytes;
        return "confirmed";
    }

    private String put(final ModelStream stream, final List<Put> records) {
        if (stream.status == StreamStatus.CREATING) {
            return refused(ResultCode.RESOURCE_IN_USE);
        } else if (records.isEmpty()) {
            return refused(ResultCode.EMPTY_BATCH);
        } else if (records.size() > limits.get(LimitId.PUT_ENTRIES)) {
            return refused(LimitId.PUT_ENTRIES, records.size());
        }
        long bytes = 0;
        for (int i = 0; i < records.size(); i++) {
            final int keyLength = records.get(i).partitionKey().length();
            final int length = keyLength + records.get(i).data().length();
            if (keyLength == 0) {
                return refused(ResultCode.INVALID_ARGUMENT) + " entry=" + i;
            } else if (keyLength > limits.get(LimitId.PARTITION_KEY_CHARACTERS)) {
                return refused(LimitId.PARTITION_KEY_CHARACTERS, keyLength) + " entry=" + i;
            } else if (length > stream.maxBytes) {
                return refused(LimitId.RECORD_BYTES, stream.maxBytes, length) + " entry=" + i;
            }
            bytes += length;
        }
        if (bytes > limits.get(LimitId.PUT_BYTES)) {
            return refused(LimitId.PUT_BYTES, bytes);
        }
        return "put " + records.stream().map(record -> put(stream, record)).collect(Collectors.joining(" "));
    }

    private String put(final ModelStream stream, final Put record) {
        final BigInteger key =
                record.hashKey() == null ? StreamModelState.md5(record.partitionKey()) : record.hashKey();
        final ModelShard shard = stream.shards.stream()
                .filter(candidate -> candidate.has(key))
                .findFirst()
                .orElseThrow();
        final long length = record.partitionKey().length() + record.data().length();
        final String beyond = beyondQuota(shard, length);
        if (beyond != null) {
            return shard.id + ":" + beyond;
        }
        stream.lastSequence = Math.max(stream.lastSequence + 1, state.bootEpoch << 40);
        stream.recordCount++;
        stream.recordBytes += length;
        shard.lastSequence = stream.lastSequence;
        final String sequence = StreamEvent.sequence(stream.lastSequence);
        asked.add("append " + stream.id + "/" + shard.id + " " + sequence + " " + record.partitionKey() + "="
                + record.data() + " at " + (state.nowNs - Scenario.START_NS) / Scenario.MS);
        return shard.id + ":" + sequence;
    }

    private String beyondQuota(final ModelShard shard, final long length) {
        final long mostCount = limits.get(LimitId.SHARD_PUTS);
        final long mostBytes = limits.get(LimitId.SHARD_PUT_BYTES);
        if (shard.putSecond != state.nowNs / SECOND) {
            shard.putSecond = state.nowNs / SECOND;
            shard.putCount = 0;
            shard.putBytes = 0;
        }
        if (mostCount > 0 && shard.putCount + 1 > mostCount) {
            return "LIMIT_EXCEEDED SHARD_PUTS limit=" + mostCount + " actual=" + (shard.putCount + 1);
        } else if (mostBytes > 0 && shard.putCount > 0 && shard.putBytes + length > mostBytes) {
            return "LIMIT_EXCEEDED SHARD_PUT_BYTES limit=" + mostBytes + " actual=" + (shard.putBytes + length);
        }
        shard.putCount++;
        shard.putBytes += length;
        return null;
    }

    private String get(final StreamCommand.GetRecords command) {
        final StreamCommand.Iterator iterator = command.iterator();
        final ModelShard shard = state.shard(iterator.shardId());
        final long age = state.nowNs - iterator.issuedTimeNs();
        if (shard == null) {
            return refused(ResultCode.UNKNOWN_SHARD);
        } else if (shard.stream.access.stream().noneMatch(Command.AccessEntry::receive)
                && !shard.stream.access.isEmpty()) {
            return refused(ResultCode.NOT_AUTHORISED);
        } else if (shard.state == ShardState.OPENING) {
            return refused(ResultCode.RESOURCE_IN_USE);
        } else if (iterator.kind() == ShardPosition.TRIM_HORIZON
                || iterator.kind() == ShardPosition.LATEST
                || iterator.position() < 0) {
            return refused(ResultCode.INVALID_ARGUMENT);
        } else if (command.maxRecords() == 0 || command.maxRecords() > limits.get(LimitId.READ_RECORDS)) {
            return refused(LimitId.READ_RECORDS, command.maxRecords());
        } else if (command.maxBytes() == 0 || command.maxBytes() > limits.get(LimitId.READ_BYTES)) {
            return refused(LimitId.READ_BYTES, command.maxBytes());
        } else if (age > limits.get(LimitId.ITERATOR_AGE)) {
            return refused(ResultCode.EXPIRED_ITERATOR);
        }
        final long wait = shard.readsFrom - state.nowNs;
        final long most = limits.get(LimitId.SHARD_READS);
        if (wait > 0) {
            final long mostBytes = limits.get(LimitId.SHARD_READ_BYTES);
            return refused(LimitId.SHARD_READ_BYTES, (wait + SECOND - 1) / SECOND * mostBytes);
        }
        beginSecond(shard);
        if (most > 0 && shard.readCount + 1 > most) {
            return refused(LimitId.SHARD_READS, shard.readCount + 1);
        }
        shard.readCount++;
        asked.add("read " + shard.stream.id + "/" + shard.id + " by 1 " + iterator.kind() + " "
                + StreamEvent.sequence(iterator.position()) + " up to " + StreamEvent.sequence(shard.lastSequence)
                + " max " + command.maxRecords() + " " + command.maxBytes()
                + (shard.state == ShardState.CLOSED ? " closed, children " + ids(shard.children) : ""));
        return "";
    }

    private static List<Long> ids(final List<ModelShard> shards) {
        return shards.stream().map(shard -> shard.id).toList();
    }

    /** Why the shards of the stream cannot be changed by way of this one; null if they can. */
    private String unchangeable(final long shardId) {
        final ModelShard shard = state.shard(shardId);
        if (shard == null) {
            return refused(ResultCode.UNKNOWN_SHARD);
        } else if (shard.state == ShardState.CLOSED) {
            return refused(ResultCode.SHARD_CLOSED);
        }
        return shard.stream.status == StreamStatus.ACTIVE ? null : refused(ResultCode.RESOURCE_IN_USE);
    }

    private String split(final StreamCommand.SplitShard command) {
        final String unchangeable = unchangeable(command.shardId());
        if (unchangeable != null) {
            return unchangeable;
        }
        final ModelShard shard = state.shard(command.shardId());
        final BigInteger start = command.startingHashKey();
        final int count = shard.stream.in(ShardState.OPEN).size() + 1;
        if (start.compareTo(shard.first) <= 0 || start.compareTo(shard.last) > 0) {
            return refused(ResultCode.INVALID_ARGUMENT);
        } else if (count > limits.get(LimitId.SHARDS)) {
            return refused(LimitId.SHARDS, count);
        }
        beginUpdate(shard.stream, count);
        split(shard, start);
        await(shard.stream);
        return "confirmed";
    }

    private void split(final ModelShard shard, final BigInteger start) {
        make(shard.stream, shard.first, start.subtract(BigInteger.ONE), shard, null);
        make(shard.stream, start, shard.last, shard, null);
    }

    private static void beginUpdate(final ModelStream stream, final long count) {
        stream.status = StreamStatus.UPDATING;
        stream.wanted = count;
    }

    private String merge(final StreamCommand.MergeShards command) {
        for (final long id : new long[] {command.shardId(), command.adjacentShardId()}) {
            final String unchangeable = unchangeable(id);
            if (unchangeable != null) {
                return unchangeable;
            }
        }
        final ModelShard shard = state.shard(command.shardId());
        final ModelShard adjacent = state.shard(command.adjacentShardId());
        if (shard.stream != adjacent.stream || !shard.last.add(BigInteger.ONE).equals(adjacent.first)) {
            return refused(ResultCode.SHARDS_NOT_ADJACENT);
        }
        beginUpdate(shard.stream, shard.stream.in(ShardState.OPEN).size() - 1L);
        make(shard.stream, shard.first, adjacent.last, shard, adjacent);
        await(shard.stream);
        return "confirmed";
    }

    private String update(final ModelStream stream, final long wanted) {
        final List<ModelShard> open = stream.in(ShardState.OPEN).stream()
                .sorted(Comparator.comparing(shard -> shard.first))
                .toList();
        final int present = open.size();
        if (stream.status != StreamStatus.ACTIVE) {
            return refused(ResultCode.RESOURCE_IN_USE);
        } else if (wanted > limits.get(LimitId.SHARDS)) {
            return refused(LimitId.SHARDS, wanted);
        } else if (wanted == 0 || wanted > 2L * present || 2 * wanted < present) {
            return "refused INVALID_SETTING " + SettingName.of(3);
        }
        final long most = Math.min(KEPT_CHANGES, limits.get(LimitId.SHARD_COUNT_CHANGES));
        final long recent =
                stream.changes.stream().filter(time -> state.nowNs - time < DAY).count();
        if (most > 0 && recent >= most) {
            return refused(LimitId.SHARD_COUNT_CHANGES, most, most + 1);
        }
        stream.changes.add(state.nowNs);
        final long change = Math.abs(wanted - present);
        if (change > 0) {
            beginUpdate(stream, wanted);
            final int steps = wanted > present ? present : present / 2;
            for (int i = 0; i < steps; i++) {
                if ((i + 1) * change / steps > i * change / steps) {
                    change(stream, open, i, wanted > present);
                }
            }
            await(stream);
        }
        return "confirmed";
    }

    private void change(final ModelStream stream, final List<ModelShard> open, final int step, final boolean isSplit) {
        if (isSplit) {
            final ModelShard shard = open.get(step);
            split(
                    shard,
                    shard.first
                            .add(shard.last.subtract(shard.first).shiftRight(1))
                            .add(BigInteger.ONE));
        } else {
            final ModelShard shard = open.get(2 * step);
            final ModelShard adjacent = open.get(2 * step + 1);
            make(stream, shard.first, adjacent.last, shard, adjacent);
        }
    }
}
