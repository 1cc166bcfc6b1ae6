package io.millrace.store;

import java.io.IOException;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * The record logs of all shards that are appended to, as the thread sees them that appends. Its methods take no lock and
 * allocate nothing while no shard comes or goes; what is slow is asked for here and done by the {@link #keeper()} on a helper
 * thread.
 *
 * <p>For each journaled batch: {@link #append} what the kernel puts out, then {@link #flush}, then {@link #publish} when readers
 * may see it. Replay does the same, and what is in the logs already is skipped.
 */
public final class RecordLogStore implements AutoCloseable {
    /** Hears of shards that are ready. */
    @FunctionalInterface
    public interface OpenedHandler {
        /**
         * A shard can be appended to.
         *
         * @param streamId its stream.
         * @param shardId  the shard.
         */
        void onOpened(long streamId, long shardId);
    }

    private final Long2ObjectHashMap<ShardLog> shards = new Long2ObjectHashMap<>();
    private final LongHashSet asked = new LongHashSet();
    private final ManyToOneConcurrentLinkedQueue<ShardLog> opened = new ManyToOneConcurrentLinkedQueue<>();
    private final ManyToOneConcurrentLinkedQueue<RecordLogTask> tasks = new ManyToOneConcurrentLinkedQueue<>();
    private final SafePositionWriter safe;
    private final RecordLogKeeper keeper;
    private RecordLog[] dirty = new RecordLog[0];
    private int dirtyCount;
    private long skipped;
    private volatile long flushedPosition;
    private volatile Throwable failure;

    private RecordLogStore(final RecordLogContext context) throws IOException {
        safe = new SafePositionWriter(context.dataDirectory(), context.endPosition(), context.machineBoot());
        flushedPosition = context.snapshotPosition();
        keeper = new RecordLogKeeper(context, this, opened, tasks);
    }

    /**
     * Opens the record logs of a data directory, none of a shard so far.
     *
     * @param context settings.
     * @return the store.
     * @throws JournalException if the folder cannot be made.
     */
    public static RecordLogStore open(final RecordLogContext context) {
        try {
            return new RecordLogStore(context);
        } catch (final IOException e) {
            throw new JournalException("cannot open the record logs of " + context.dataDirectory(), e);
        }
    }

    /**
     * Asks for the log of a shard. It is opened by the keeper; {@link #pollOpened} tells when.
     *
     * @param streamId the stream.
     * @param shardId  the shard.
     */
    public void open(final long streamId, final long shardId) {
        asked.add(shardId);
        tasks.offer(new RecordLogTask(RecordLogTask.Kind.OPEN, streamId, shardId, 0));
    }

    /**
     * Takes shards that were opened.
     *
     * @param handler hears of each.
     * @return number of them.
     */
    public int pollOpened(final OpenedHandler handler) {
        int count = 0;
        for (ShardLog shard = opened.poll(); shard != null; shard = opened.poll()) {
            // Asked for, and not ended since.
            if (asked.remove(shard.shardId)) {
                shards.put(shard.shardId, shard);
            }
            handler.onOpened(shard.streamId, shard.shardId);
            count++;
        }
        if (dirty.length < shards.size()) {
            // There are no more logs than shards.
            dirty = Arrays.copyOf(dirty, 2 * shards.size());
        }
        return count;
    }

    /**
     * Appends one record; it is in the log after {@link #flush}.
     *
     * @param shardId         the shard.
     * @param sequenceNumber  of the record, above that of every record of the shard before.
     * @param timeNs          when it arrived.
     * @param journalPosition of the command that put it.
     * @param buffer          that holds key and data.
     * @param keyOffset       where the partition key starts.
     * @param keyLength       bytes of it.
     * @param dataOffset      where the data starts.
     * @param dataLength      bytes of it.
     * @return a code of {@link AppendResult}: OK also if the log holds the record already.
     */
    public int append(
            final long shardId,
            final long sequenceNumber,
            final long timeNs,
            final long journalPosition,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        final ShardLog shard = shards.get(shardId);
        if (shard == null) {
            return AppendResult.NOT_OPEN;
        }
        if (sequenceNumber <= shard.lastSequence) {
            skipped++;
            return AppendResult.OK;
        }
        final RecordLog log = shard.log;
        final int result = log.append(
                shard, sequenceNumber, timeNs, journalPosition, buffer, keyOffset, keyLength, dataOffset, dataLength);
        if (result != AppendResult.OK) {
            return noteFailure(log, result);
        }
        if (!log.isListed()) {
            log.listed(true);
            dirty[dirtyCount++] = log;
        }
        shard.lastSequence = sequenceNumber;
        return AppendResult.OK;
    }

    private int noteFailure(final RecordLog log, final int result) {
        if (result == AppendResult.FAILED) {
            failure = log.failure();
        }
        return result;
    }

    /**
     * Writes what was appended since the last flush: one excerpt for each log.
     *
     * @param journalPosition last position of the batch.
     * @return a code of {@link AppendResult}; FAILED is final.
     */
    public int flush(final long journalPosition) {
        for (int i = 0; i < dirtyCount; i++) {
            final int result = dirty[i].flush();
            if (result != AppendResult.OK) {
                return noteFailure(dirty[i], result);
            }
            dirty[i].listed(false);
        }
        dirtyCount = 0;
        flushedPosition = journalPosition;
        return AppendResult.OK;
    }

    /**
     * Whether something was appended that is not flushed.
     *
     * @return true if {@link #flush} has something to do.
     */
    public boolean isDirty() {
        return dirtyCount > 0;
    }

    /**
     * Lets readers see what was flushed.
     *
     * @param journalPosition up to which they may look; what was put up to there is flushed.
     */
    public void publish(final long journalPosition) {
        safe.set(journalPosition);
    }

    /**
     * Says that nothing more will be appended to a shard: it was split or merged.
     *
     * @param streamId     the stream.
     * @param shardId      the shard.
     * @param lastSequence sequence number of its last record, 0 if it has none.
     */
    public void seal(final long streamId, final long shardId, final long lastSequence) {
        end(RecordLogTask.Kind.SEAL, streamId, shardId, lastSequence);
    }

    /**
     * Removes a shard and its records.
     *
     * @param streamId the stream.
     * @param shardId  the shard.
     */
    public void delete(final long streamId, final long shardId) {
        end(RecordLogTask.Kind.DELETE, streamId, shardId, 0);
    }

    private void end(final RecordLogTask.Kind kind, final long streamId, final long shardId, final long value) {
        final ShardLog shard = shards.remove(shardId);
        asked.remove(shardId);
        // The keeper may close the log from here on.
        if (shard != null && shard.log.flush() != AppendResult.OK) {
            failure = shard.log.failure();
        }
        tasks.offer(new RecordLogTask(kind, streamId, shardId, value));
    }

    /**
     * Says that records of a stream that arrived before a time are out of reach. Readers stop there; whole files of such records
     * are removed when no grant needs them.
     *
     * @param streamId      the stream.
     * @param horizonTimeNs the time, in nanoseconds since the epoch.
     */
    public void trim(final long streamId, final long horizonTimeNs) {
        tasks.offer(new RecordLogTask(RecordLogTask.Kind.TRIM_STREAM, streamId, 0, horizonTimeNs));
    }

    /**
     * The slow side, for a helper thread.
     *
     * @return the keeper.
     */
    public RecordLogKeeper keeper() {
        return keeper;
    }

    /**
     * Last position up to which everything is written.
     *
     * @return journal position; from any thread.
     */
    public long flushedPosition() {
        return flushedPosition;
    }

    /**
     * Records that were in the logs already when replay appended them.
     *
     * @return count.
     */
    public long skipped() {
        return skipped;
    }

    /**
     * Why an append or a flush answered {@link AppendResult#FAILED}.
     *
     * @return the cause, null if none did; from any thread.
     */
    public Throwable failure() {
        return failure;
    }

    @Override
    public void close() {
        keeper.close();
        safe.close();
    }
}
