package io.millrace.server;

import io.millrace.codecs.ResultCode;
import io.millrace.store.reader.ReaderException;
import org.agrona.DirectBuffer;

/** A replay: a page of archived messages whenever the last one was taken. */
final class ReplayTask extends LogTask {

    /** A page takes no further message when it has so much: what clients send waits behind it. */
    private static final int ENOUGH_BYTES = 32 * 1024;

    private final ReplayFlow flow;
    private final ReplayPage page;
    private int mostMessages;

    /** The message that comes in parts; 0: none. */
    private long partSequence;

    private int partOffset;
    private boolean isOver;

    ReplayTask(final ReplayFlow flow, final OpenShards shards, final ErrorReporter errors) {
        super(shards, errors);
        this.flow = flow;
        page = flow.page;
    }

    @Override
    boolean hasEnded() {
        return isOver;
    }

    @Override
    int work() {
        if (flow.isCancelled()) {
            close();
            return 1;
        }
        if (flow.isOffered()) {
            return 0;
        }
        if (flow.takeAgain()) {
            giveReader();
            partSequence = 0;
        }
        mostMessages = flow.mostMessages();
        page.begin(flow.replayId);
        try {
            return fill();
        } catch (final ReaderException e) {
            return onFailure(e);
        }
    }

    private int fill() {
        if (reader == null) {
            reader = shards.take(flow);
        }
        final boolean isCaughtUp = poll(flow.horizonTimeNs);
        if (page.isEmpty()) {
            return 0;
        }
        page.end();
        flow.offer(isCaughtUp);
        return 1;
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
        if (arrivalTimeNs < flow.horizonTimeNs) {
            return true;
        }
        final boolean isTaken = page.count() < mostMessages
                && page.length() < ENOUGH_BYTES
                && add(sequenceNumber, arrivalTimeNs, buffer, dataOffset, dataLength);
        nextTimeNs = isTaken ? 0 : arrivalTimeNs;
        return isTaken;
    }

    private boolean add(
            final long sequenceNumber,
            final long timeNs,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        if (page.add(sequenceNumber, timeNs, buffer, offset, length)) {
            return true;
        }
        if (!page.isEmpty()) {
            return false;
        }
        if (partSequence != sequenceNumber) {
            partSequence = sequenceNumber;
            partOffset = 0;
        }
        partOffset = page.addPart(flow.replayId, sequenceNumber, timeNs, buffer, offset, length, partOffset);
        return partOffset == length;
    }

    /** The messages in front of the place are replayed; there it fails again. */
    private int onFailure(final ReaderException e) {
        if (page.isEmpty()) {
            final boolean isGone = isGone(e);
            discardReader();
            flow.fail(isGone ? ResultCode.UNKNOWN_SHARD : ResultCode.RECORDS_DAMAGED);
        } else {
            page.end();
            flow.offer(false);
        }
        return 1;
    }

    private void giveReader() {
        if (reader != null) {
            shards.give(reader, flow.shardId);
            reader = null;
        }
    }

    @Override
    void close() {
        giveReader();
        isOver = true;
    }
}
