package io.millrace.server;

import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import io.millrace.store.RecordLogKeeper;
import io.millrace.store.reader.ReaderException;
import org.agrona.DirectBuffer;

/** A read that a session asked for. Files of the shard stay while it is read. */
final class ReadTask extends ShardTask {

    private final RecordLogKeeper keeper;
    private ShardRead read;
    private long shardId;
    private long heldLog;
    private boolean isHeld;
    private long recordBytes;
    private int recordCount;
    private long lastSequence;
    private boolean isOver;

    ReadTask(
            final OpenShards shards,
            final ReadFrames frames,
            final RecordLogKeeper keeper,
            final ErrorReporter errors) {
        super(shards, frames, errors);
        this.keeper = keeper;
    }

    void begin(final ShardRead newRead) {
        read = newRead;
        shardId = newRead.shardId;
        reset();
        recordBytes = 0;
        recordCount = 0;
        lastSequence = 0;
    }

    @Override
    boolean hasEnded() {
        return read == null;
    }

    @Override
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
        frames.begin(read);
        open();
        final boolean isCaughtUp = poll(read.horizonTimeNs);
        madeBytes += frames.commit(read);
        // Behind a frame that waits for the ring the end is made when it has gone.
        if ((isOver || isCaughtUp) && frames.flush()) {
            end();
        }
    }

    private void open() {
        if (reader == null) {
            reader = shards.take(read);
            heldLog = reader.sharedLog();
            keeper.hold(heldLog, shardId);
            isHeld = true;
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
                || !add(read, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength)) {
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
        if (read.isClosed() && isAll) {
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
        final int length = frames.commit(read);
        madeBytes += length;
        if (length == 0) {
            final boolean isGone = isGone(e);
            discardReader();
            endHere(0, isGone ? ResultCode.UNKNOWN_SHARD : ResultCode.RECORDS_DAMAGED);
        }
    }

    private void end(final ShardPosition kind, final long position, final long behindNs, final ResultCode code) {
        frames.end(read, recordBytes, recordCount, kind, position, behindNs, code);
        close();
    }

    @Override
    void close() {
        if (reader != null) {
            shards.give(reader, shardId);
            reader = null;
        }
        if (isHeld) {
            keeper.release(heldLog, shardId);
            isHeld = false;
        }
        read = null;
    }
}
