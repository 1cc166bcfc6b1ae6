package io.millrace.kernel;

import io.millrace.codecs.ShardState;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.ShardPush;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.StreamTables.StreamConsumer;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.memory.HashIndex;
import io.millrace.kernel.memory.Hashing;
import io.millrace.kernel.memory.IntrusiveList;
import io.millrace.kernel.memory.OrderedTree;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** The part of the state that streams are: their tables, and the structures that follow from them. */
final class StreamState {
    final SlotTable streams = new SlotTable(Stream.TABLE, Stream.ROW_LENGTH, Stream.LOGICAL_END);
    final SlotTable shards = new SlotTable(Shard.TABLE, Shard.ROW_LENGTH, Shard.LOGICAL_END);

    /** The open shards of a stream by their ranges, which leave out no hash key. */
    final OrderedTree open = new OrderedTree(
            streams, Stream.OPEN_SHARDS, shards, Shard.FIRST_HIGH, Shard.FIRST_LOW, Shard.ID, Shard.OPEN_LINKS);

    /** All shards of a stream, in the order of their creation. */
    final OrderedTree ofStream =
            new OrderedTree(streams, Stream.SHARDS, shards, Shard.ID, Shard.ID, Shard.STREAM_LINKS);

    final IntrusiveList closed = new IntrusiveList(
            streams,
            Stream.CLOSED_SHARDS,
            Stream.CLOSED_SHARDS + Integer.BYTES,
            shards,
            Shard.CLOSED_NEXT,
            Shard.CLOSED_PREVIOUS);

    /** Streams with work left on their shards. */
    final IntrusiveList pending;

    final IntrusiveList deleted;

    final HashIndex streamsById =
            new HashIndex(streams, Stream.ID_CHAIN, slot -> Hashing.mix(streams.getLong(slot, Stream.ID)));
    final HashIndex streamsByName;
    final HashIndex shardsById =
            new HashIndex(shards, Shard.ID_CHAIN, slot -> Hashing.mix(shards.getLong(slot, Shard.ID)));

    final SlotTable consumers =
            new SlotTable(StreamConsumer.TABLE, StreamConsumer.ROW_LENGTH, StreamConsumer.LOGICAL_END);
    final SlotTable pushes = new SlotTable(ShardPush.TABLE, ShardPush.ROW_LENGTH, ShardPush.LOGICAL_END);

    /** In the order of their registration. */
    final IntrusiveList consumersOf =
            list(streams, Stream.CONSUMERS, consumers, StreamConsumer.STREAM_NEXT, StreamConsumer.STREAM_PREVIOUS);

    /** Deregistered ones that subscriptions are left of. */
    final IntrusiveList endedConsumers;

    final IntrusiveList pushesOfConsumer =
            list(consumers, StreamConsumer.PUSHES, pushes, ShardPush.CONSUMER_NEXT, ShardPush.CONSUMER_PREVIOUS);
    final IntrusiveList pushesOfShard =
            list(shards, Shard.PUSHES, pushes, ShardPush.SHARD_NEXT, ShardPush.SHARD_PREVIOUS);
    final IntrusiveList pushesOfSession;

    final HashIndex consumersById = new HashIndex(
            consumers, StreamConsumer.ID_CHAIN, slot -> Hashing.mix(consumers.getLong(slot, StreamConsumer.ID)));
    final HashIndex pushesByKey = new HashIndex(
            pushes,
            ShardPush.KEY_CHAIN,
            slot -> pushKey(pushes.getInt(slot, ShardPush.CONSUMER), pushes.getInt(slot, ShardPush.SHARD)));

    private final Payloads payloads;

    StreamState(final SlotTable root, final SlotTable sessions, final Payloads payloads) {
        this.payloads = payloads;
        pending = new IntrusiveList(
                root,
                Root.PENDING_STREAMS,
                Root.PENDING_STREAMS + Integer.BYTES,
                streams,
                Stream.PENDING_NEXT,
                Stream.PENDING_PREVIOUS);
        deleted = new IntrusiveList(
                root,
                Root.DELETED_STREAMS,
                Root.DELETED_STREAMS + Integer.BYTES,
                streams,
                Stream.DELETED_NEXT,
                Stream.DELETED_PREVIOUS);
        endedConsumers =
                list(root, Root.ENDED_CONSUMERS, consumers, StreamConsumer.STREAM_NEXT, StreamConsumer.STREAM_PREVIOUS);
        pushesOfSession = list(sessions, Session.PUSHES, pushes, ShardPush.SESSION_NEXT, ShardPush.SESSION_PREVIOUS);
        streamsByName = new HashIndex(
                streams,
                Stream.NAME_CHAIN,
                slot -> Hashing.mix(payloads.contentHash(streams.getInt(slot, Stream.NAME_PAYLOAD))));
    }

    private static IntrusiveList list(
            final SlotTable owners, final int ends, final SlotTable rows, final int next, final int previous) {
        return new IntrusiveList(owners, ends, ends + Integer.BYTES, rows, next, previous);
    }

    private static long pushKey(final int consumer, final int shard) {
        return Hashing.mix(SlotTable.word(consumer, shard));
    }

    /** A consumer that was not deregistered, of a stream that was not deleted; -1 if there is none. */
    int consumerById(final long consumerId) {
        int slot = consumersById.first(Hashing.mix(consumerId));
        while (slot >= 0 && consumers.getLong(slot, StreamConsumer.ID) != consumerId) {
            slot = consumersById.next(slot);
        }
        return slot < 0 || isDeleted(consumers.getInt(slot, StreamConsumer.STREAM)) ? -1 : slot;
    }

    /** The subscription of a consumer to a shard, -1 if there is none. */
    int pushOf(final int consumer, final int shard) {
        int slot = pushesByKey.first(pushKey(consumer, shard));
        while (slot >= 0
                && (pushes.getInt(slot, ShardPush.CONSUMER) != consumer
                        || pushes.getInt(slot, ShardPush.SHARD) != shard)) {
            slot = pushesByKey.next(slot);
        }
        return slot;
    }

    /** Puts a consumer's row into the structures that follow from it. */
    void linkConsumer(final int consumer, final int stream) {
        consumersById.add(consumer);
        consumersOf.addLast(stream, consumer);
        count(stream, Stream.CONSUMER_COUNT, 1);
    }

    void unlinkConsumer(final int consumer, final int stream) {
        consumersById.remove(consumer);
        consumersOf.remove(stream, consumer);
        count(stream, Stream.CONSUMER_COUNT, -1);
    }

    /** Whether something is left of what was deleted. */
    boolean hasReclaimable() {
        return deleted.first(State.ONLY) >= 0 || endedConsumers.first(State.ONLY) >= 0;
    }

    int streamById(final long streamId) {
        int slot = streamsById.first(Hashing.mix(streamId));
        while (slot >= 0 && streams.getLong(slot, Stream.ID) != streamId) {
            slot = streamsById.next(slot);
        }
        return slot;
    }

    int streamByName(final DirectBuffer name, final int offset, final int length) {
        int slot = streamsByName.first(Hashing.mix(Hashing.content(0, name, offset, 0, length)));
        while (slot >= 0 && !payloads.matches(streams.getInt(slot, Stream.NAME_PAYLOAD), name, offset, length)) {
            slot = streamsByName.next(slot);
        }
        return slot;
    }

    /** A shard of a stream that was not deleted, and that may still hold records in reach at a time; -1 if there is none. */
    int shardById(final long shardId, final long timeNs) {
        final int shard = anyShardById(shardId);
        return shard < 0 || isDeleted(shards.getInt(shard, Shard.STREAM)) || isExpired(shard, timeNs) ? -1 : shard;
    }

    int anyShardById(final long shardId) {
        int slot = shardsById.first(Hashing.mix(shardId));
        while (slot >= 0 && shards.getLong(slot, Shard.ID) != shardId) {
            slot = shardsById.next(slot);
        }
        return slot;
    }

    boolean isDeleted(final int stream) {
        return streams.getLong(stream, Stream.DELETED_TURN) != 0;
    }

    boolean isOpen(final int shard) {
        return shards.getInt(shard, Shard.STATE) == ShardState.OPEN.value();
    }

    boolean isClosed(final int shard) {
        return shards.getInt(shard, Shard.STATE) == ShardState.CLOSED.value();
    }

    boolean isOpening(final int shard) {
        return shards.getInt(shard, Shard.STATE) == ShardState.OPENING.value();
    }

    /** Whether all that a closed shard held is out of reach. */
    boolean isExpired(final int shard, final long timeNs) {
        return isClosed(shard)
                && shards.getLong(shard, Shard.CLOSED_TIME) < horizon(shards.getInt(shard, Shard.STREAM), timeNs);
    }

    /** Records that arrived before are out of reach. */
    long horizon(final int stream, final long timeNs) {
        return Math.max(streams.getLong(stream, Stream.TRIM_TIME), timeNs - streams.getLong(stream, Stream.RETENTION));
    }

    /** The open shard that has a hash key in its range. */
    int shardOf(final int stream, final long high, final long low) {
        return open.floor(stream, high, low);
    }

    /** Links what is rebuilt from the rows of a shard. */
    void link(final int shard) {
        final int stream = shards.getInt(shard, Shard.STREAM);
        shardsById.add(shard);
        ofStream.add(stream, shard);
        count(stream, Stream.LIVE_COUNT, 1);
        if (isOpen(shard)) {
            open.add(stream, shard);
            count(stream, Stream.OPEN_COUNT, 1);
        }
    }

    void linkClosed(final int shard) {
        closed.addLast(shards.getInt(shard, Shard.STREAM), shard);
    }

    void unlink(final int shard) {
        final int stream = shards.getInt(shard, Shard.STREAM);
        shardsById.remove(shard);
        ofStream.remove(stream, shard);
        count(stream, Stream.LIVE_COUNT, -1);
        if (isOpen(shard)) {
            open.remove(stream, shard);
            count(stream, Stream.OPEN_COUNT, -1);
        } else if (isClosed(shard)) {
            closed.remove(stream, shard);
        }
    }

    void count(final int stream, final int field, final int change) {
        streams.putInt(stream, field, streams.getInt(stream, field) + change);
    }
}
