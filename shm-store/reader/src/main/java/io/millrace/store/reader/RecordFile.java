package io.millrace.store.reader;

import java.nio.file.Path;

/**
 * One file of a record log and what its first excerpt says.
 *
 * @param path             its path.
 * @param epoch            start that wrote it.
 * @param resumesAfter     ordinal of the last record that counts from earlier starts.
 * @param previousOrdinal  ordinal of the last record before the file, 0 if none.
 * @param previousSequence its sequence number.
 * @param previousTimeNs   its arrival time.
 * @param previousPosition its journal position, -1 if none.
 * @param fault            why the first excerpt cannot be read; {@link ExcerptWalker.Stop#NONE} if it can.
 */
public record RecordFile(
        Path path,
        long epoch,
        long resumesAfter,
        long previousOrdinal,
        long previousSequence,
        long previousTimeNs,
        long previousPosition,
        ExcerptWalker.Stop fault) {

    /** A file whose first excerpt cannot be read. */
    static RecordFile faulty(final Path path, final long epoch, final ExcerptWalker.Stop fault) {
        return new RecordFile(path, epoch, -1, -1, -1, Long.MIN_VALUE, -1, fault);
    }

    /**
     * Whether its first excerpt can be read.
     *
     * @return false if the values are unknown.
     */
    public boolean isGood() {
        return fault == ExcerptWalker.Stop.NONE;
    }
}
