package io.millrace.kernel;

import io.millrace.codecs.IteratorIssuedEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ShardListEncoder;
import io.millrace.codecs.ShardListEncoder.ShardsEncoder;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.StreamDescriptionEncoder;
import io.millrace.codecs.StreamListEncoder;
import io.millrace.codecs.StreamStatus;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Encodes what is known of streams and shards. */
final class StreamDescriptions {
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final int STREAM_ENTRY_LENGTH = StreamListEncoder.StreamsEncoder.sbeBlockLength();
    private static final int SHARD_ENTRY_LENGTH = ShardsEncoder.sbeBlockLength();
    /** A page ends when it would become longer than this, whatever was asked for. */
    private static final int PAGE_LENGTH = 32 * 1024;

    private final State state;
    private final SlotTable streams;
    private final SlotTable shards;
    private final Egress egress;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final StreamDescriptionEncoder streamDescription = new StreamDescriptionEncoder();
    private final StreamListEncoder streamList = new StreamListEncoder();
    private final ShardListEncoder shardList = new ShardListEncoder();
    private final IteratorIssuedEncoder iteratorIssued = new IteratorIssuedEncoder();
    private final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_LENGTH]);
    private int pageLength;
    private int entries;

    StreamDescriptions(final State state, final Egress egress) {
        this.state = state;
        this.streams = state.streams.streams;
        this.shards = state.streams.shards;
        this.egress = egress;
    }

    void describe(final long sessionId, final long correlationId, final int stream, final long timeNs) {
        final int name = streams.getInt(stream, Stream.NAME_PAYLOAD);
        final int nameLength = state.payloads.length(name);
        final int length = HEADER_LENGTH + StreamDescriptionEncoder.BLOCK_LENGTH + TEXT_LENGTH_SIZE + nameLength;
        final int offset = egress.claim(sessionId, length);
        streamDescription
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .streamId(streams.getLong(stream, Stream.ID))
                .createdTimeNs(streams.getLong(stream, Stream.CREATED_TIME))
                .changedTimeNs(streams.getLong(stream, Stream.CHANGED_TIME))
                .horizonTimeNs(state.streams.horizon(stream, timeNs))
                .recordCount(streams.getLong(stream, Stream.RECORD_COUNT))
                .recordBytes(streams.getLong(stream, Stream.RECORD_BYTES))
                .openShardCount(streams.getInt(stream, Stream.OPEN_COUNT))
                .shardCount(streams.getInt(stream, Stream.LIVE_COUNT))
                .status(StreamStatus.get((short) streams.getInt(stream, Stream.STATUS)));
        streamDescription
                .settings()
                .retentionNs(streams.getLong(stream, Stream.RETENTION))
                .maxRecordBytes(streams.getInt(stream, Stream.MAX_RECORD_BYTES))
                .reserved(0);
        streamDescription.putName(state.payloads.buffer(name), state.payloads.offset(name), nameLength);
        commit(length);
    }

    void iterator(
            final long sessionId,
            final long correlationId,
            final long shardId,
            final ShardPosition kind,
            final long position,
            final long timeNs) {
        final int length = HEADER_LENGTH + IteratorIssuedEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId, length);
        iteratorIssued
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .iterator()
                .shardId(shardId)
                .position(position)
                .issuedTimeNs(timeNs)
                .kind(kind)
                .reserved1((short) 0)
                .reserved2(0)
                .reserved4(0);
        commit(length);
    }

    void beginPage() {
        pageLength = 0;
        entries = 0;
    }

    int entries() {
        return entries;
    }

    /** Adds a stream to the page; false if it is full. */
    boolean add(final int stream) {
        final int name = streams.getInt(stream, Stream.NAME_PAYLOAD);
        final int length = state.payloads.length(name);
        if (pageLength + STREAM_ENTRY_LENGTH + TEXT_LENGTH_SIZE + length > PAGE_LENGTH) {
            return false;
        }
        page.putLong(pageLength, streams.getLong(stream, Stream.ID), ByteOrder.LITTLE_ENDIAN);
        page.putShort(pageLength + STREAM_ENTRY_LENGTH, (short) length, ByteOrder.LITTLE_ENDIAN);
        state.payloads.copy(name, 0, page, pageLength + STREAM_ENTRY_LENGTH + TEXT_LENGTH_SIZE, length);
        pageLength += STREAM_ENTRY_LENGTH + TEXT_LENGTH_SIZE + length;
        entries++;
        return true;
    }

    /** Whether the page has as many shards as were asked for, or no room for another. */
    boolean isFull(final int max) {
        return entries >= max || pageLength + SHARD_ENTRY_LENGTH > PAGE_LENGTH;
    }

    /** Adds a shard to a page that is not full. */
    void addShard(final int shard) {
        copy(shard, Shard.ID, ShardsEncoder.shardIdEncodingOffset());
        copy(shard, Shard.PARENT_ID, ShardsEncoder.parentShardIdEncodingOffset());
        copy(shard, Shard.ADJACENT_PARENT_ID, ShardsEncoder.adjacentParentShardIdEncodingOffset());
        copy(shard, Shard.FIRST_HIGH, ShardsEncoder.firstHashKeyEncodingOffset());
        copy(shard, Shard.FIRST_LOW, ShardsEncoder.firstHashKeyEncodingOffset() + Long.BYTES);
        copy(shard, Shard.LAST_HIGH, ShardsEncoder.lastHashKeyEncodingOffset());
        copy(shard, Shard.LAST_LOW, ShardsEncoder.lastHashKeyEncodingOffset() + Long.BYTES);
        copy(shard, Shard.OPENED_TIME, ShardsEncoder.openedTimeNsEncodingOffset());
        copy(shard, Shard.CLOSED_TIME, ShardsEncoder.closedTimeNsEncodingOffset());
        copy(shard, Shard.LAST_SEQUENCE, ShardsEncoder.lastSequenceNumberEncodingOffset());
        copy(shard, Shard.LAST_TIME, ShardsEncoder.lastArrivalTimeNsEncodingOffset());
        copy(shard, Shard.RECORD_COUNT, ShardsEncoder.recordCountEncodingOffset());
        copy(shard, Shard.RECORD_BYTES, ShardsEncoder.recordBytesEncodingOffset());
        page.putInt(
                pageLength + ShardsEncoder.shardIndexEncodingOffset(),
                shards.getInt(shard, Shard.INDEX),
                ByteOrder.LITTLE_ENDIAN);
        page.putByte(pageLength + ShardsEncoder.stateEncodingOffset(), (byte) shards.getInt(shard, Shard.STATE));
        pageLength += SHARD_ENTRY_LENGTH;
        entries++;
    }

    private void copy(final int shard, final int field, final int offset) {
        page.putLong(pageLength + offset, shards.getLong(shard, field), ByteOrder.LITTLE_ENDIAN);
    }

    void sendStreams(final long sessionId, final long correlationId, final long nextAfter) {
        final int length = HEADER_LENGTH
                + StreamListEncoder.BLOCK_LENGTH
                + StreamListEncoder.StreamsEncoder.HEADER_SIZE
                + pageLength;
        final int offset = egress.claim(sessionId, length);
        streamList
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .nextAfterStreamId(nextAfter)
                .streamsCount(entries);
        egress.buffer().putBytes(offset + length - pageLength, page, 0, pageLength);
        commit(length);
    }

    void sendShards(final long sessionId, final long correlationId, final long nextAfter, final long tokenTimeNs) {
        final int length = HEADER_LENGTH + ShardListEncoder.BLOCK_LENGTH + ShardsEncoder.HEADER_SIZE + pageLength;
        final int offset = egress.claim(sessionId, length);
        shardList
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .nextAfterShardId(nextAfter)
                .tokenTimeNs(tokenTimeNs)
                .shardsCount(entries);
        egress.buffer().putBytes(offset + length - pageLength, page, 0, pageLength);
        commit(length);
    }

    private void commit(final int length) {
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }
}
