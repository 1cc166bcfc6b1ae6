package io.millrace.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks every excerpt of a journal, read-only: while a server is running, and in damaged files. Nothing is judged: excerpts of
 * earlier starts that no longer count are shown too, and a file that ends in the middle of something says so.
 *
 * <p>For tools. For one thread.
 */
public final class JournalScanner implements AutoCloseable {
    /** How the walk of one file ended. */
    public enum FileEnd {
        /** The library's end mark: the file was completed. */
        COMPLETE,
        /** Nothing more is written. */
        OPEN,
        /** The next record was never completed. */
        INCOMPLETE_RECORD,
        /** A completed record is bad. */
        BAD_RECORD
    }

    /** Told what a scan meets. */
    public interface Listener {
        /**
         * A good excerpt.
         *
         * @param file         where it is.
         * @param filePosition byte offset of its header word.
         * @param batch        reader before its first record; valid during the call only.
         * @return false to end the scan.
         */
        boolean onExcerpt(Path file, long filePosition, BatchReader batch);

        /**
         * The end of a file.
         *
         * @param file         which.
         * @param filePosition byte offset at which the walk ended.
         * @param end          how.
         * @param verdict      what is wrong with the record there, OK if nothing is.
         */
        void onFileEnd(Path file, long filePosition, FileEnd end, ExcerptVerdict verdict);
    }

    private final Path dataDirectory;
    private final SegmentReader reader = new SegmentReader();

    /**
     * A scanner of a data directory.
     *
     * @param dataDirectory data directory; it needs no lock.
     */
    public JournalScanner(final Path dataDirectory) {
        this.dataDirectory = dataDirectory;
    }

    /**
     * Files of the journal.
     *
     * @return paths in order of their starts and rolls.
     */
    public List<Path> files() {
        try {
            final List<Path> files = new ArrayList<>();
            for (final long epoch : JournalLayout.epochs(dataDirectory)) {
                files.addAll(JournalLayout.segments(dataDirectory, epoch));
            }
            return files;
        } catch (final IOException e) {
            throw new JournalException("cannot list the journal of " + dataDirectory, e);
        }
    }

    /**
     * Walks the journal from its oldest file on.
     *
     * @param listener told of everything.
     */
    public void scan(final Listener listener) {
        for (final Path file : files()) {
            try {
                if (!scanFile(file, listener)) {
                    return;
                }
            } catch (final IOException e) {
                throw new JournalException("cannot read " + file, e);
            }
        }
    }

    private boolean scanFile(final Path file, final Listener listener) throws IOException {
        reader.open(file);
        while (reader.next()) {
            if (!listener.onExcerpt(file, reader.filePosition(), reader.batch())) {
                return false;
            }
        }
        final FileEnd end = switch (reader.stop()) {
            case END_MARK -> FileEnd.COMPLETE;
            case NOTHING_MORE -> FileEnd.OPEN;
            case NOT_COMPLETE -> FileEnd.INCOMPLETE_RECORD;
            case BAD -> FileEnd.BAD_RECORD;
            default -> throw new IllegalStateException("the walk of " + file + " has not stopped");
        };
        listener.onFileEnd(file, reader.filePosition(), end, reader.verdict());
        return true;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (final IOException e) {
            throw new JournalException("cannot close a file of " + dataDirectory, e);
        }
    }
}
