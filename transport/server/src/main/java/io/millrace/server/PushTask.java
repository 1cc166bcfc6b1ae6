package io.millrace.server;

import io.millrace.codecs.ResultCode;
import io.millrace.store.reader.ReaderException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * A subscription of a session to a shard. It lasts, so it holds no files: where they went that it was to read next, it goes on behind
 * them, as everybody does.
 */
final class PushTask extends ShardTask {

    private final NanoClock clock;
    private ShardPush push;
    private long shardId;
    private long beganNs;
    private long creditBytes;
    private long sentBytes;
    private long frameBytes;
    private long lastSequence;

    PushTask(final OpenShards shards, final ReadFrames frames, final ErrorReporter errors, final NanoClock clock) {
        super(shards, frames, errors);
        this.clock = clock;
    }

    void begin(final ShardPush newPush) {
        push = newPush;
        shardId = newPush.shardId;
        beganNs = clock.nanoTime();
        reset();
        sentBytes = 0;
        lastSequence = newPush.startSequence();
    }

    @Override
    boolean hasEnded() {
        return push == null;
    }

    @Override
    int work() {
        final ResultCode code = push.endCode();
        if (push.isCancelled()) {
            frames.abandon(push, 0);
            close();
            return 1;
        }
        if (code != null) {
            end(code);
            return 1;
        }
        creditBytes = push.creditBytes();
        final boolean isClosed = push.isClosed();
        if (madeBytes >= push.allowedBytes() || sentBytes >= creditBytes && !isClosed) {
            return 0;
        }
        try {
            return makeFrame(isClosed);
        } catch (final ReaderException e) {
            return onFailure(e);
        }
    }

    /** Whether the shard was closed is looked at before its records are: then all of them are there. */
    private int makeFrame(final boolean isClosed) {
        frameBytes = 0;
        frames.begin(push);
        if (reader == null) {
            reader = shards.take(push);
        }
        final boolean isCaughtUp = poll(push.horizonTimeNs);
        final int length = commit();
        if (isClosed && isCaughtUp && frames.flush()) {
            end(ResultCode.SHARD_CLOSED);
            return 1;
        }
        return length;
    }

    private int commit() {
        final long timeNs = push.timeNs + (clock.nanoTime() - beganNs);
        final long behindNs = nextTimeNs == 0 ? 0 : Math.max(1, timeNs - nextTimeNs);
        final int length = frames.commit(push, frameBytes, lastSequence, behindNs);
        madeBytes += length;
        return length;
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
        if (arrivalTimeNs < push.horizonTimeNs) {
            return true;
        }
        final int length = keyLength + dataLength;
        if (!hasRoomFor(length)
                || !add(push, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength)) {
            nextTimeNs = arrivalTimeNs;
            return false;
        }
        frameBytes += length;
        sentBytes += length;
        lastSequence = sequenceNumber;
        return true;
    }

    /** A record that is larger than the whole window comes when all before it was read. */
    private boolean hasRoomFor(final int length) {
        return sentBytes + length <= creditBytes || sentBytes + push.windowBytes == creditBytes;
    }

    /** The records in front of the place are pushed; there it fails again. */
    private int onFailure(final ReaderException e) {
        final int length = commit();
        if (length == 0) {
            final boolean isGone = isGone(e);
            discardReader();
            end(isGone ? ResultCode.UNKNOWN_SHARD : ResultCode.RECORDS_DAMAGED);
        }
        return 1;
    }

    private void end(final ResultCode code) {
        frames.end(push, lastSequence, code);
        close();
    }

    @Override
    void close() {
        if (reader != null) {
            shards.give(reader, shardId);
            reader = null;
        }
        push = null;
    }
}
