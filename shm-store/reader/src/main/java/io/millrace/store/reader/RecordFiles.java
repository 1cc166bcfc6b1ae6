package io.millrace.store.reader;

import io.millrace.codecs.RecordLogFileDecoder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of one record log in order. Each start resumed after an ordinal: of every earlier start only what lies at or below
 * it counts, so a file without such records is left out.
 */
public final class RecordFiles {
    private final List<RecordFile> files;

    private RecordFiles(final List<RecordFile> files) {
        this.files = files;
    }

    /**
     * Reads the first excerpt of every file.
     *
     * @param log folder of the log.
     * @return the files that count; those that hold nothing yet are left out.
     * @throws IOException if the folder or a file cannot be read.
     */
    public static RecordFiles load(final Path log) throws IOException {
        final List<RecordFile> all = new ArrayList<>();
        try (ExcerptWalker walker = new ExcerptWalker()) {
            for (final long epoch : StartFolders.epochs(log)) {
                for (final Path path : StartFolders.segments(log, epoch)) {
                    add(all, walker, path, epoch);
                }
            }
        }
        final List<RecordFile> counting = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            final RecordFile file = all.get(i);
            if (!file.isGood() || i == all.size() - 1 || file.previousOrdinal() < limit(all, file.epoch())) {
                counting.add(file);
            }
        }
        return new RecordFiles(List.copyOf(counting));
    }

    private static void add(final List<RecordFile> files, final ExcerptWalker walker, final Path path, final long epoch)
            throws IOException {
        try {
            walker.open(path);
        } catch (final NoSuchFileException e) {
            // Removed since the folder was listed.
            return;
        }
        if (walker.look() && walker.startsFile()) {
            final RecordLogFileDecoder header = walker.fileHeader();
            files.add(new RecordFile(
                    path,
                    epoch,
                    header.resumesAfter(),
                    header.previousOrdinal(),
                    header.previousSequence(),
                    header.previousTimeNs(),
                    header.previousPosition(),
                    ExcerptWalker.Stop.NONE));
        } else if (walker.stop() == ExcerptWalker.Stop.NONE) {
            files.add(RecordFile.faulty(path, epoch, ExcerptWalker.Stop.CORRUPT));
        } else if (walker.stop() != ExcerptWalker.Stop.NOTHING_MORE) {
            files.add(RecordFile.faulty(path, epoch, walker.stop()));
        }
    }

    private static long limit(final List<RecordFile> files, final long epoch) {
        long limit = Long.MAX_VALUE;
        for (final RecordFile file : files) {
            if (file.isGood() && file.epoch() > epoch) {
                limit = Math.min(limit, file.resumesAfter());
            }
        }
        return limit;
    }

    /**
     * Last ordinal of a start that counts.
     *
     * @param epoch of the start.
     * @return the least that a later start resumed after, {@link Long#MAX_VALUE} if there is none.
     */
    public long limit(final long epoch) {
        return limit(files, epoch);
    }

    /**
     * Number of files that count.
     *
     * @return count.
     */
    public int size() {
        return files.size();
    }

    /**
     * One file.
     *
     * @param index from 0, the oldest.
     * @return the file.
     */
    public RecordFile get(final int index) {
        return files.get(index);
    }

    /**
     * Which file of a start holds a record.
     *
     * @param epoch   of the start.
     * @param ordinal of the record.
     * @return index, -1 if there is no such file.
     */
    public int holding(final long epoch, final long ordinal) {
        int found = -1;
        for (int i = 0; i < files.size(); i++) {
            final RecordFile file = files.get(i);
            if (file.isGood() && file.epoch() == epoch && file.previousOrdinal() < ordinal) {
                found = i;
            }
        }
        return found;
    }

    /**
     * Place of a file.
     *
     * @param path of the file.
     * @return index, -1 if it does not count or is not there any more.
     */
    public int indexOf(final Path path) {
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).path().equals(path)) {
                return i;
            }
        }
        return -1;
    }
}
