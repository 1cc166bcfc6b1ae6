package io.millrace.store;

import java.io.IOException;
import java.util.List;

/** Hands over what recovery found to count, checking position and CRC again. */
final class JournalReplay {
    private JournalReplay() {}

    static void replay(
            final List<Segment> segments, final long fromPosition, final long endPosition, final BatchHandler handler) {
        if (fromPosition > endPosition + 1) {
            throw new JournalException("the journal ends at position " + endPosition + ", before position "
                    + fromPosition + " was reached");
        }
        long expected = fromPosition;
        try (SegmentReader reader = new SegmentReader()) {
            for (final Segment segment : segments) {
                if (segment.firstPosition() >= 0 && segment.lastPosition() >= expected) {
                    expected = replaySegment(reader, segment, expected, handler);
                }
            }
        } catch (final IOException e) {
            throw new JournalException("cannot read the journal behind position " + (expected - 1), e);
        }
        if (expected != endPosition + 1) {
            throw new JournalException("the journal does not hold position " + expected);
        }
    }

    private static long replaySegment(
            final SegmentReader reader, final Segment segment, final long from, final BatchHandler handler)
            throws IOException {
        long expected = from;
        reader.open(segment.file());
        while (expected <= segment.lastPosition()) {
            if (!reader.next()) {
                throw new JournalException("the file " + segment.file() + " can no longer be read at byte "
                        + reader.filePosition() + ", position " + expected + ": " + reader.verdict());
            }
            final BatchReader batch = reader.batch();
            if (batch.lastPosition() < expected) {
                continue;
            }
            if (batch.firstPosition() != expected) {
                throw new JournalException(
                        batch.firstPosition() < expected
                                ? "position " + expected + " lies within a batch of " + segment.file()
                                        + ", not at its start"
                                : "the journal does not hold position " + expected + ": " + segment.file()
                                        + " goes on at position " + batch.firstPosition());
            }
            expected = batch.lastPosition() + 1;
            handler.onBatch(batch);
        }
        return expected;
    }
}
