package io.millrace.server;

import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import io.millrace.store.RecordLogKeeper;
import io.millrace.store.reader.ReaderException;
import io.millrace.store.reader.SelectiveRecordHandler;
import io.millrace.store.reader.ShardReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * Reads shards for sessions: what the kernel has granted it copies from the record logs into frames for the duty cycle. Reads take
 * turns, a frame each. Files of a shard stay while it is read.
 */
final class ReaderAgent implements Agent {

    private static final long IDLE_CHECK_NS = TimeUnit.SECONDS.toNanos(1);

    private final OneToOneConcurrentArrayQueue<ShardRead> requests;
    private final ReadFrames frames;
    private final RecordLogKeeper keeper;
    private final OpenShards shards;
    private final ErrorReporter errors;
    private final NanoClock clock;
    private final ReadTask[] tasks = new ReadTask[ShardReads.MOST_READS];
    private int taskCount;
    private int turn;
    private long nextIdleCheckNs;

    ReaderAgent(
            final ShardReads reads,
            final Path dataDirectory,
            final RecordLogKeeper keeper,
            final ErrorReporter errors,
            final NanoClock clock) {
        requests = reads.requests();
        frames = new ReadFrames(reads.ring());
        shards = new OpenShards(dataDirectory, clock);
        this.keeper = keeper;
        this.errors = errors;
        this.clock = clock;
        nextIdleCheckNs = clock.nanoTime();
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = new ReadTask();
        }
    }

    @Override
    public String roleName() {
        return "millrace-reader";
    }

    @Override
    public int doWork() {
        int work = 0;
        for (ShardRead read = requests.poll(); read != null; read = requests.poll()) {
            tasks[taskCount++].begin(read);
            work++;
        }
        for (int i = taskCount; i > 0 && frames.flush(); i--) {
            turn = turn + 1 < taskCount ? turn + 1 : 0;
            work += work(turn);
        }
        final long nowNs = clock.nanoTime();
        if (nowNs - nextIdleCheckNs >= 0) {
            nextIdleCheckNs = nowNs + IDLE_CHECK_NS;
            work += shards.closeIdle();
        }
        return work;
    }

    private int work(final int index) {
        final ReadTask task = tasks[index];
        final int work = task.work();
        if (task.hasEnded()) {
            taskCount--;
            tasks[index] = tasks[taskCount];
            tasks[taskCount] = task;
        }
        return work;
    }

    @Override
    public void onClose() {
        for (int i = 0; i < taskCount; i++) {
            tasks[i].close();
        }
        shards.close();
    }

    /** One read. */
    private final class ReadTask implements SelectiveRecordHandler {
        private ShardRead read;
        private ShardReader reader;
        private long heldLog;
        private long madeBytes;
        private long recordBytes;
        private int recordCount;
        private long lastSequence;
        private long nextTimeNs;
        private boolean isOver;

        void begin(final ShardRead newRead) {
            read = newRead;
            madeBytes = 0;
            recordBytes = 0;
            recordCount = 0;
            lastSequence = 0;
        }

        boolean hasEnded() {
            return read == null;
        }

        int work() {
            if (read.isCancelled()) {
                frames.abandon(read, recordBytes);
                close();
            } else if (madeBytes >= read.allowedBytes()) {
                return 0;
            } else {
                try {
                    makeFrame();
                } catch (final ReaderException e) {
                    onFailure(e);
                }
            }
            return 1;
        }

        private void makeFrame() {
            isOver = false;
            nextTimeNs = 0;
            frames.begin(read);
            open();
            final boolean isCaughtUp = poll();
            madeBytes += frames.commit();
            // Behind a frame that waits for the ring the end is made when it has gone.
            if ((isOver || isCaughtUp) && frames.flush()) {
                end();
            }
        }

        /** Fills the frame; true if there was nothing to stop at but the end of what is there. */
        private boolean poll() {
            while (true) {
                try {
                    reader.pollWhile(this, Integer.MAX_VALUE);
                    return nextTimeNs == 0;
                } catch (final ReaderException e) {
                    if (e.kind() != ReaderException.Kind.TRIMMED) {
                        throw e;
                    }
                    // It has left the reach of everybody since it was granted.
                    reader.seekAtTime(Math.max(e.horizonTimeNs(), read.horizonTimeNs));
                }
            }
        }

        private void open() {
            if (reader == null) {
                reader = shards.take(read);
                heldLog = reader.sharedLog();
                keeper.hold(heldLog, read.shardId);
            }
        }

        @Override
        public boolean onRecord(
                final long sequenceNumber,
                final long arrivalTimeNs,
                final long journalPosition,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            if (arrivalTimeNs < read.horizonTimeNs) {
                return true;
            }
            final int length = keyLength + dataLength;
            final boolean isEnough = recordCount == read.maxRecords
                    || recordCount > 0 && recordBytes + length > read.maxBytes
                    || sequenceNumber > read.lastSequenceNumber;
            if (isEnough
                    || !frames.add(
                            sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength)) {
                isOver = isEnough;
                nextTimeNs = sequenceNumber > read.lastSequenceNumber ? 0 : arrivalTimeNs;
                return false;
            }
            recordCount++;
            recordBytes += length;
            lastSequence = sequenceNumber;
            return true;
        }

        private void end() {
            final boolean isAll = nextTimeNs == 0;
            final long behindNs = isAll ? 0 : Math.max(1, read.timeNs - nextTimeNs);
            if (read.isClosed && isAll) {
                end(null, 0, behindNs, ResultCode.OK);
            } else {
                endHere(behindNs, ResultCode.OK);
            }
        }

        private void endHere(final long behindNs, final ResultCode code) {
            if (recordCount == 0) {
                end(read.kind, read.position, behindNs, code);
            } else {
                end(ShardPosition.AFTER_SEQUENCE_NUMBER, lastSequence, behindNs, code);
            }
        }

        /** The records in front of the place are returned; there it fails again. */
        private void onFailure(final ReaderException e) {
            final int length = frames.commit();
            madeBytes += length;
            if (length > 0) {
                return;
            }
            final boolean isGone =
                    e.kind() == ReaderException.Kind.NOT_FOUND || e.kind() == ReaderException.Kind.DELETED;
            if (!isGone) {
                errors.onError(e);
            }
            endHere(0, isGone ? ResultCode.UNKNOWN_SHARD : ResultCode.RECORDS_DAMAGED);
        }

        private void end(final ShardPosition kind, final long position, final long behindNs, final ResultCode code) {
            frames.end(read, recordBytes, recordCount, kind, position, behindNs, code);
            if (code != ResultCode.OK && reader != null) {
                reader.close();
                release();
            }
            close();
        }

        void close() {
            if (reader != null) {
                shards.give(reader, read.shardId);
                release();
            }
            read = null;
        }

        private void release() {
            keeper.release(heldLog, read.shardId);
            reader = null;
        }
    }
}
