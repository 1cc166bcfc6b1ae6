package io.millrace.server;

import io.millrace.codecs.ResultCode;
import io.millrace.store.reader.ReaderException;
import org.agrona.DirectBuffer;

/** A replay: pages of archived messages, as long as there is one free. */
final class ReplayTask extends LogTask {

    /** A page takes no further message when it has so much: what clients send waits behind it. */
    private static final int ENOUGH_BYTES = 32 * 1024;

    private static final int ALL = Integer.MAX_VALUE;

    private final ReplayFlow flow;
    private ReplayPage page;
    private int run;

    /** After it was told to begin again: a single message first, and nothing more on its way until that is taken. */
    private int mostMessages = ALL;

    private int mostPages = ReplayFlow.PAGES;

    /** The last message that was read in this run, 0 if none was. */
    private long lastSequence;

    /** The message that comes in parts; 0: none. */
    private long partSequence;

    private int partOffset;
    private boolean hasFailed;
    private boolean isOver;

    ReplayTask(final ReplayFlow flow, final OpenShards shards, final ErrorReporter errors) {
        super(shards, errors);
        this.flow = flow;
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
        if (run != flow.run()) {
            beginAgain();
        }
        page = flow.free(mostPages);
        if (page == null || hasFailed) {
            return 0;
        }
        mostPages = mostMessages == ALL ? ReplayFlow.PAGES : mostPages;
        page.begin(flow.replayId, lastSequence);
        try {
            return fill();
        } catch (final ReaderException e) {
            return onFailure(e);
        }
    }

    private void beginAgain() {
        run = flow.run();
        giveReader();
        partSequence = 0;
        lastSequence = 0;
        mostMessages = 1;
        mostPages = 1;
        hasFailed = false;
    }

    private int fill() {
        if (reader == null) {
            reader = shards.take(flow);
        }
        final boolean isCaughtUp = poll(flow.horizonTimeNs);
        if (page.isEmpty()) {
            return 0;
        }
        offer(isCaughtUp);
        return 1;
    }

    private void offer(final boolean isCaughtUp) {
        page.end();
        page.run = run;
        page.isCaughtUp = isCaughtUp;
        lastSequence = Math.max(lastSequence, page.lastSequence());
        mostMessages = ALL;
        flow.offer();
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
        partOffset = page.addPart(sequenceNumber, timeNs, buffer, offset, length, partOffset);
        return partOffset == length;
    }

    /** The messages in front of the place are replayed; there it fails again. */
    private int onFailure(final ReaderException e) {
        if (page.isEmpty()) {
            final boolean isGone = isGone(e);
            discardReader();
            page.failure = isGone ? ResultCode.UNKNOWN_SHARD : ResultCode.RECORDS_DAMAGED;
            hasFailed = true;
        }
        offer(false);
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
