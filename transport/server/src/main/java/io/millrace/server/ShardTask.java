package io.millrace.server;

import io.millrace.store.reader.ReaderException;
import io.millrace.store.reader.SelectiveRecordHandler;
import io.millrace.store.reader.ShardReader;
import org.agrona.DirectBuffer;

/** What the reader agent does for a flow, a frame at a time. */
abstract class ShardTask implements SelectiveRecordHandler {

    final OpenShards shards;
    final ReadFrames frames;
    final ErrorReporter errors;
    ShardReader reader;

    /** Bytes of frames made so far. */
    long madeBytes;

    /** When the record arrived that the frame was to take next and did not; 0: there is none. */
    long nextTimeNs;

    /** The record that is sent in parts; 0: none. */
    private long partSequence;

    private int partOffset;

    ShardTask(final OpenShards shards, final ReadFrames frames, final ErrorReporter errors) {
        this.shards = shards;
        this.frames = frames;
        this.errors = errors;
    }

    /** {@return whether the flow was handed back: nothing of it may be looked at any more} */
    abstract boolean hasEnded();

    /**
     * Makes a frame, or the end.
     *
     * @return 0 if there is nothing to do now.
     */
    abstract int work();

    /** Gives back what is held, without a word to anybody. */
    abstract void close();

    /** What was begun of a record for another flow does not go on. */
    final void reset() {
        madeBytes = 0;
        partSequence = 0;
    }

    /** Puts a record into the frame, or its next part if it fits no frame; false until all of it is in frames. */
    final boolean add(
            final ShardFlow flow,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        if (frames.add(sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength)) {
            return true;
        }
        if (!frames.isEmpty()) {
            return false;
        }
        if (partSequence != sequenceNumber) {
            frames.addBegin(flow, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataLength);
            partSequence = sequenceNumber;
            partOffset = 0;
            return false;
        }
        partOffset += frames.addChunk(flow, partOffset, buffer, dataOffset + partOffset, dataLength - partOffset);
        return partOffset == dataLength;
    }

    /** Fills the frame; true if there was nothing to stop at but the end of what is there. */
    final boolean poll(final long horizonTimeNs) {
        nextTimeNs = 0;
        while (true) {
            try {
                reader.pollWhile(this, Integer.MAX_VALUE);
                return nextTimeNs == 0;
            } catch (final ReaderException e) {
                if (e.kind() != ReaderException.Kind.TRIMMED) {
                    throw e;
                }
                // It has left the reach of everybody since it was granted.
                reader.seekAtTime(Math.max(e.horizonTimeNs(), horizonTimeNs));
            }
        }
    }

    /** Whether the files of the shard are gone; any other fault is reported. */
    final boolean isGone(final ReaderException e) {
        final boolean isGone = e.kind() == ReaderException.Kind.NOT_FOUND || e.kind() == ReaderException.Kind.DELETED;
        if (!isGone) {
            errors.onError(e);
        }
        return isGone;
    }

    /** A reader that met a fault is not used again. */
    final void discardReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
