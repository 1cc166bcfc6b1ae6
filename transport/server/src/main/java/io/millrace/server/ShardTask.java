package io.millrace.server;

import org.agrona.DirectBuffer;

/** What the reader agent does for a session, a frame at a time. */
abstract class ShardTask extends LogTask {

    final ReadFrames frames;

    /** Bytes of frames made so far. */
    long madeBytes;

    /** The record that is sent in parts; 0: none. */
    private long partSequence;

    private int partOffset;

    ShardTask(final OpenShards shards, final ReadFrames frames, final ErrorReporter errors) {
        super(shards, errors);
        this.frames = frames;
    }

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
}
