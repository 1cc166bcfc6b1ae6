package io.millrace.kernel;

import io.millrace.codecs.ShardState;
import io.millrace.codecs.StreamStatus;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the model of streams knows, in plain collections. */
final class StreamModelState {

    /** A shard. */
    static final class ModelShard {
        final ModelStream stream;
        final long id;
        final BigInteger first;
        final BigInteger last;
        final ModelShard parent;
        final ModelShard adjacent;
        final List<ModelShard> children = new ArrayList<>();
        ShardState state = ShardState.OPENING;
        long opened;
        long closed;
        long lastSequence;
        long putSecond;
        long putCount;
        long putBytes;
        long readSecond;
        long readCount;
        long readBytes;
        long readsFrom;

        ModelShard(
                final ModelStream stream,
                final long id,
                final BigInteger first,
                final BigInteger last,
                final ModelShard parent,
                final ModelShard adjacent) {
            this.stream = stream;
            this.id = id;
            this.first = first;
            this.last = last;
            this.parent = parent;
            this.adjacent = adjacent;
        }

        boolean has(final BigInteger key) {
            return state == ShardState.OPEN && first.compareTo(key) <= 0 && last.compareTo(key) >= 0;
        }

        boolean isExpired(final long nowNs) {
            return state == ShardState.CLOSED && closed < stream.horizon(nowNs);
        }

        /** As the logs are told of it. */
        String told() {
            return state == ShardState.CLOSED
                    ? "close " + stream.id + "/" + id + " after " + StreamEvent.sequence(lastSequence)
                    : "open " + stream.id + "/" + id;
        }

        /** As a list of shards shows it. */
        String shown() {
            return id + (parent == null ? "" : "<" + parent.id) + (adjacent == null ? "" : "+" + adjacent.id) + " "
                    + state;
        }
    }

    /** A stream. */
    static final class ModelStream {
        final long id;
        final String name;
        final long created;
        final List<ModelShard> shards = new ArrayList<>();
        final Map<String, String> tags = new LinkedHashMap<>();
        final List<Long> changes = new ArrayList<>();
        List<Command.AccessEntry> access = List.of();
        StreamStatus status = StreamStatus.CREATING;
        long awaited;
        long wanted;
        long retention;
        long maxBytes;
        long trim;
        long lastSequence;
        long recordCount;
        long recordBytes;

        ModelStream(final long id, final String name, final long created) {
            this.id = id;
            this.name = name;
            this.created = created;
        }

        /** An empty list lets everybody in; in the histories it names everybody otherwise. */
        boolean mayPut() {
            return access.isEmpty() || access.stream().anyMatch(Command.AccessEntry::send);
        }

        long horizon(final long nowNs) {
            return Math.max(trim, nowNs - retention);
        }

        List<ModelShard> in(final ShardState state) {
            return shards.stream().filter(shard -> shard.state == state).toList();
        }
    }

    final Map<Long, ModelStream> streams = new LinkedHashMap<>();
    long streamsMade;
    long shardsMade;
    long bootEpoch;
    long nowNs;

    ModelStream named(final String name) {
        return streams.values().stream()
                .filter(stream -> stream.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    /** A shard that may hold records in reach. */
    ModelShard shard(final long id) {
        return streams.values().stream()
                .flatMap(stream -> stream.shards.stream())
                .filter(shard -> shard.id == id && !shard.isExpired(nowNs))
                .findFirst()
                .orElse(null);
    }

    /** The hash key of a partition key. */
    /** Of a key with one byte in each char. */
    static BigInteger md5(final String key) {
        try {
            return new BigInteger(1, MessageDigest.getInstance("MD5").digest(Payload.raw(key)));
        } catch (final NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
