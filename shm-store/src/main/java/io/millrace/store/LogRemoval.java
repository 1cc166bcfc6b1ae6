package io.millrace.store;

import io.millrace.store.reader.LogPage;
import io.millrace.store.reader.RecordFile;
import io.millrace.store.reader.RecordFiles;
import io.millrace.store.reader.ShardIndex;
import io.millrace.store.reader.StartFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Removes files of record logs that nobody can read any more. */
final class LogRemoval {
    private LogRemoval() {}

    /** Removes the files of a log all of whose records arrived before a time; the newest file stays. */
    static void removeBefore(final Path log, final long horizonTimeNs) throws IOException {
        final RecordFiles files = RecordFiles.load(log);
        int kept = 0;
        while (kept + 1 < files.size()
                && files.get(kept + 1).isGood()
                && files.get(kept + 1).previousTimeNs() < horizonTimeNs) {
            kept++;
        }
        if (kept == 0) {
            return;
        }
        final RecordFile first = files.get(kept);
        try (MappedPage page = MappedPage.open(log.resolve(LogPage.FILE_NAME), LogPage.LENGTH)) {
            // Said before it is done, so that a reader that misses a file knows why.
            page.set(LogPage.TRIMMED_SEQUENCE_OFFSET, first.previousSequence());
            page.set(LogPage.TRIMMED_ORDINAL_OFFSET, first.previousOrdinal());
            page.force();
        }
        removeFilesBefore(log, first.path());
    }

    private static void removeFilesBefore(final Path log, final Path first) throws IOException {
        for (final long epoch : StartFolders.epochs(log)) {
            final Path folder = StartFolders.folder(log, epoch);
            final List<Path> segments = StartFolders.segments(log, epoch);
            for (final Path segment : segments) {
                if (segment.equals(first)) {
                    JournalLayout.forceDirectory(folder);
                    return;
                }
                Files.deleteIfExists(segment);
            }
            // What is left in the folder belongs to the library and means nothing without segments.
            removeAll(folder);
        }
    }

    /** Last ordinal that was removed from a log. */
    static long trimmedOrdinal(final Path log) throws IOException {
        try (MappedPage page = MappedPage.open(log.resolve(LogPage.FILE_NAME), LogPage.LENGTH)) {
            return page.get(LogPage.TRIMMED_ORDINAL_OFFSET);
        }
    }

    /** Removes the files of a shard's index that lead to removed records only; the newest stays. */
    static void removeIndexBefore(final Path shard, final MappedPage page, final long trimmedOrdinal)
            throws IOException {
        final List<Path> files = ShardIndex.files(shard);
        for (int i = 0; i + 1 < files.size(); i++) {
            try (MappedPage next = MappedPage.open(files.get(i + 1), ShardIndex.ENTRY_LENGTH)) {
                final long first = next.get(ShardIndex.ORDINAL_OFFSET);
                if (first == 0 || first > trimmedOrdinal + 1) {
                    return;
                }
                page.set(LogPage.TRIMMED_SEQUENCE_OFFSET, next.get(ShardIndex.SEQUENCE_OFFSET) - 1);
            }
            Files.delete(files.get(i));
        }
    }

    /** Removes a folder and all that is in it. */
    static void removeAll(final Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        for (final Path path : StartFolders.list(folder)) {
            if (Files.isDirectory(path)) {
                removeAll(path);
            } else {
                Files.deleteIfExists(path);
            }
        }
        Files.deleteIfExists(folder);
        JournalLayout.forceDirectory(folder.getParent());
    }

    /** Removes a folder if nothing is in it. */
    static void removeIfEmpty(final Path folder) throws IOException {
        if (Files.isDirectory(folder) && StartFolders.list(folder).isEmpty()) {
            removeAll(folder);
        }
    }
}
