package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardState;
import io.millrace.codecs.StreamStatus;
import io.millrace.store.reader.ReaderException;
import io.millrace.store.reader.RecordHandler;
import io.millrace.store.reader.ShardReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/**
 * Reads all shards of a stream through splits and merges: a shard begins when all that it was made from has been read, so that records of
 * one partition key come in their order. Records of different shards come as they are found.
 *
 * <p>It asks the server for records, has them pushed, or reads them from the server's mapped files. Either way {@link #poll} and {@link
 * MillraceClient#poll()} are to be called again and again. Where a shard ends, poll waits for an answer of the server.
 *
 * <p>Made by {@link Streams#follow}, {@link StreamConsumers#follow} and {@link Streams#followShared}; used by the thread that polls.
 */
public final class StreamFollower implements AutoCloseable {
    private final Streams streams;
    private final long streamId;
    private final Path dataDirectory;
    private final Source source;
    private final ShardHandler handler;
    private final long firstSequenceNumber;
    private final Map<Long, Shard> shards = new HashMap<>();
    private final List<Shard> reading = new ArrayList<>();
    private boolean isListWanted;
    private MillraceException refusal;

    /** Begins to read a shard whose records come from the server. */
    @FunctionalInterface
    interface Source {
        AutoCloseable open(long shardId, StreamPosition start, ShardHandler handler);
    }

    /**
     * @param dataDirectory of the server, whose files are read; null: the records come from the source
     * @param source of records; null if they are read from files
     */
    StreamFollower(
            final Streams streams,
            final long streamId,
            final StreamPosition start,
            final Path dataDirectory,
            final Source source,
            final ShardHandler handler) {
        this.streams = streams;
        this.streamId = streamId;
        this.dataDirectory = dataDirectory;
        this.source = source;
        this.handler = handler;
        this.firstSequenceNumber = switch (start.kind()) {
            case AT_SEQUENCE_NUMBER -> start.value();
            case AFTER_SEQUENCE_NUMBER -> start.value() + 1;
            default -> 0;
        };
        if (streams.describe(streamId).status() == StreamStatus.CREATING) {
            streams.awaitActive(streamId);
        }
        try {
            for (final ShardInfo shard : streams.shards(streamId, selection(start))) {
                begin(shard.shardId(), startIn(shard, start));
            }
        } catch (final RuntimeException exception) {
            close();
            throw exception;
        }
    }

    private static ShardSelection selection(final StreamPosition start) {
        return switch (start.kind()) {
            case LATEST -> ShardSelection.OPEN;
            case AT_TIMESTAMP -> ShardSelection.at(start.value());
            default -> ShardSelection.AT_HORIZON;
        };
    }

    /**
     * Where nothing of a shard is wanted yet, reading begins behind its last record: sequence numbers come once in a stream, so that a shard
     * need not have the one asked for, and a reader of mapped files tells the end of a shard by its last one.
     */
    private static StreamPosition startIn(final ShardInfo shard, final StreamPosition start) {
        final long last = shard.lastSequenceNumber();
        final boolean isNothingWanted = switch (start.kind()) {
            case LATEST -> true;
            case AT_TIMESTAMP -> shard.lastArrivalTimeNs() < start.value();
            case AT_SEQUENCE_NUMBER -> last < start.value();
            case AFTER_SEQUENCE_NUMBER -> last <= start.value();
            default -> false;
        };
        return isNothingWanted ? StreamPosition.after(last) : start;
    }

    /** One shard, and how it is read. */
    private final class Shard implements ShardHandler {
        private final long shardId;
        private AutoCloseable fed;
        private ShardReader shared;
        private boolean isDone;

        /** Made once, so that a poll allocates nothing. */
        private final RecordHandler onShared = this::onShared;

        Shard(final long shardId) {
            this.shardId = shardId;
        }

        @Override
        public void onRecord(
                final long ignored,
                final long sequenceNumber,
                final long arrivalTimeNs,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            if (sequenceNumber >= firstSequenceNumber) {
                handler.onRecord(
                        shardId, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength);
            }
        }

        @Override
        public void onShardEnd(final long ignored, final List<ChildShard> children) {
            isDone = true;
            handler.onShardEnd(shardId, children);
        }

        @Override
        public void onReadRefused(
                final long ignored, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
            isDone = true;
            if (code != ResultCode.UNKNOWN_SHARD) {
                refusal = new MillraceException(code, limitId, limit, actual);
            }
        }

        private void onShared(
                final long sequenceNumber,
                final long arrivalTimeNs,
                final long journalPosition,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            onRecord(shardId, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength);
        }

        void open(final StreamPosition start) {
            if (dataDirectory == null) {
                fed = source.open(shardId, start, this);
                return;
            }
            try {
                shared = ShardReader.open(dataDirectory, streamId, shardId);
                seek(start);
            } catch (final ReaderException exception) {
                onFault(exception);
            }
        }

        private void seek(final StreamPosition start) {
            switch (start.kind()) {
                case AT_SEQUENCE_NUMBER -> shared.seekAtSequence(start.value());
                case AFTER_SEQUENCE_NUMBER -> shared.seekAfterSequence(start.value());
                case AT_TIMESTAMP -> shared.seekAtTime(start.value());
                default -> shared.seekToHorizon();
            }
        }

        /** A shard whose records have all gone is read; what is out of reach is left out; any other fault is the caller's. */
        private void onFault(final ReaderException exception) {
            switch (exception.kind()) {
                case TRIMMED -> shared.seekToHorizon();
                case DELETED -> isDone = true;
                default -> throw exception;
            }
        }

        int poll(final int limit) {
            if (shared == null || isDone) {
                return 0;
            }
            try {
                final int count = shared.poll(onShared, limit);
                if (count == 0 && shared.isAtEnd()) {
                    onShardEnd(shardId, List.of());
                }
                return count;
            } catch (final ReaderException exception) {
                onFault(exception);
                return 0;
            }
        }

        void close() {
            CloseHelper.close(fed);
            CloseHelper.close(shared);
        }
    }

    /**
     * Reads on, if the records come from mapped files, and takes up shards that were made of others.
     *
     * @param limit records of each shard that are handed over at most, if they come from mapped files
     * @return records handed over by this call
     * @throws MillraceException if the server refuses to go on
     * @throws ReaderException if a mapped file cannot be read on
     */
    public int poll(final int limit) {
        int count = 0;
        for (int i = reading.size() - 1; i >= 0; i--) {
            final Shard shard = reading.get(i);
            count += shard.poll(limit);
            if (shard.isDone) {
                shard.close();
                reading.remove(i);
                isListWanted = true;
            }
        }
        if (refusal != null) {
            throw refusal;
        }
        if (isListWanted) {
            beginChildren();
            isListWanted = false;
        }
        return count;
    }

    /** @return whether nothing is left to read: the stream was deleted. */
    public boolean isEnded() {
        return reading.isEmpty() && !isListWanted;
    }

    private void beginChildren() {
        for (final ShardInfo shard : shardsOfStream()) {
            final boolean isNew = shard.state() != ShardState.OPENING && !shards.containsKey(shard.shardId());
            final boolean isChild = isRead(shard.parentShardId()) || isRead(shard.adjacentParentShardId());
            if (isNew && isChild && !isAhead(shard.parentShardId()) && !isAhead(shard.adjacentParentShardId())) {
                begin(shard.shardId(), StreamPosition.HORIZON);
            }
        }
    }

    /** All shards; none if the stream was deleted, which ends what is read of it. */
    private List<ShardInfo> shardsOfStream() {
        try {
            return streams.shards(streamId);
        } catch (final MillraceException exception) {
            if (exception.code() == ResultCode.UNKNOWN_STREAM) {
                return List.of();
            }
            throw exception;
        }
    }

    private boolean isRead(final long shardId) {
        final Shard shard = shards.get(shardId);
        return shard != null && shard.isDone;
    }

    private boolean isAhead(final long shardId) {
        final Shard shard = shards.get(shardId);
        return shard != null && !shard.isDone;
    }

    private void begin(final long shardId, final StreamPosition start) {
        final Shard shard = new Shard(shardId);
        shards.put(shardId, shard);
        reading.add(shard);
        shard.open(start);
    }

    @Override
    public void close() {
        reading.forEach(Shard::close);
        reading.clear();
    }
}
