package io.millrace.store;

import io.millrace.store.reader.IndexFile;
import io.millrace.store.reader.LogPage;
import io.millrace.store.reader.ReaderException;
import io.millrace.store.reader.RecordFile;
import io.millrace.store.reader.RecordFiles;
import io.millrace.store.reader.ShardIndex;
import io.millrace.store.reader.StartFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
    private static long trimmedOrdinal(final Path log) throws IOException {
        try (MappedPage page = MappedPage.open(log.resolve(LogPage.FILE_NAME), LogPage.LENGTH)) {
            return page.get(LogPage.TRIMMED_ORDINAL_OFFSET);
        }
    }

    /**
     * Removes the files of a shared log's index that lead to removed records only. A file stays while entries may be added to it.
     *
     * @param shards of the log, to be told what is out of reach.
     */
    static void removeIndexBefore(final Path log, final SharedHorizons shards) throws IOException {
        final long trimmed = trimmedOrdinal(log);
        final List<Path> files = ShardIndex.files(log);
        for (final Path path : files) {
            try (IndexFile file = IndexFile.open(path)) {
                final boolean isComplete =
                        file.isLeft() || ShardIndex.epochOf(path) < ShardIndex.epochOf(files.get(files.size() - 1));
                if (!isComplete || file.lastOrdinal() > trimmed) {
                    return;
                }
                for (final Map.Entry<Long, Long> last : file.lastSequences().entrySet()) {
                    sayTrimmed(shards.folder(last.getKey()), last.getValue());
                }
            } catch (final ReaderException e) {
                throw new IOException("the index cannot be read", e);
            }
            Files.delete(path);
        }
    }

    /** Says it before it is done: entries that are not there leave no gap to be seen. */
    private static void sayTrimmed(final Path shard, final long lastSequence) throws IOException {
        if (shard != null && Files.exists(shard.resolve(LogPage.FILE_NAME))) {
            try (MappedPage page = MappedPage.open(shard.resolve(LogPage.FILE_NAME), LogPage.LENGTH)) {
                page.set(
                        LogPage.TRIMMED_SEQUENCE_OFFSET,
                        Math.max(lastSequence, page.get(LogPage.TRIMMED_SEQUENCE_OFFSET)));
            }
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
