package io.millrace.server.cli;

import io.millrace.store.BatchReader;
import io.millrace.store.ExcerptVerdict;
import io.millrace.store.JournalScanner;
import io.millrace.store.RecoveryReport;
import io.millrace.store.Segment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Walks the batches that count, in order of their positions: not what an earlier start wrote behind the end of its good part. */
final class CountingScan {

    /** Takes one batch. */
    @FunctionalInterface
    interface Taker {
        /**
         * One batch.
         *
         * @param file         where it is.
         * @param filePosition byte offset of its header word.
         * @param batch        reader before its first record; valid during the call only.
         * @return false to end the walk.
         */
        boolean onBatch(Path file, long filePosition, BatchReader batch);
    }

    private CountingScan() {}

    /**
     * Walks a journal.
     *
     * @param directory data directory.
     * @param report    what counts in it.
     * @param taker     takes the batches.
     */
    static void run(final Path directory, final RecoveryReport report, final Taker taker) {
        final Map<Path, Segment> segments = new HashMap<>();
        report.segments().forEach(segment -> segments.put(segment.file(), segment));
        try (JournalScanner scanner = new JournalScanner(directory)) {
            scanner.scan(new JournalScanner.Listener() {
                @Override
                public boolean onExcerpt(final Path file, final long filePosition, final BatchReader batch) {
                    final Segment segment = segments.get(file);
                    final boolean counts = segment != null
                            && segment.firstPosition() >= 0
                            && batch.firstPosition() >= segment.firstPosition()
                            && batch.lastPosition() <= segment.lastPosition();
                    return !counts || taker.onBatch(file, filePosition, batch);
                }

                @Override
                public void onFileEnd(
                        final Path file,
                        final long filePosition,
                        final JournalScanner.FileEnd end,
                        final ExcerptVerdict verdict) {
                    // The report has judged the ends already.
                }
            });
        }
    }
}
