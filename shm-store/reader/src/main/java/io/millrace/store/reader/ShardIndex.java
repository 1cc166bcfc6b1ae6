package io.millrace.store.reader;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the records of one shard lie in a log that it shares: its entries in the {@link IndexFile files} of the log's index, one
 * for each excerpt that holds records of the shard. The files are named by start and number. Each start writes files of its own, and in
 * them again what it found behind the snapshot, so entries may come twice; entries above the ordinal after which a later start
 * resumed do not count.
 */
public final class ShardIndex implements AutoCloseable {
    private static final String FILE_PREFIX = "index-";

    /** More records than any excerpt of several records holds. */
    private static final int MAX_RECORDS = 1 << 11;

    private final Path folder;
    private final long shardId;
    private final LogPage shardPage;
    private final LogPage logPage;
    private List<Path> chunks = List.of();
    private long chunksKnown;
    private int chunk = -1;
    private IndexFile file;
    private long fileEpoch;
    private int block;
    private int entry;
    private RecordFiles limitFiles;
    private long limitEpoch;
    private long limit;

    /**
     * The index of a shard, at no entry.
     *
     * @param folder of the shared log.
     */
    ShardIndex(final Path folder, final long shardId, final LogPage shardPage, final LogPage logPage) {
        this.folder = folder;
        this.shardId = shardId;
        this.shardPage = shardPage;
        this.logPage = logPage;
    }

    /**
     * Files of an index.
     *
     * @param log folder of the shared log.
     * @return their paths in order.
     * @throws IOException if the folder cannot be read.
     */
    public static List<Path> files(final Path log) throws IOException {
        return StartFolders.list(log).stream()
                .filter(path -> path.getFileName().toString().startsWith(FILE_PREFIX))
                .toList();
    }

    /**
     * Name of a file of an index: names sort in the order of the entries.
     *
     * @param epoch  of the start that writes it.
     * @param number of the file in the start, from 0.
     * @return its name.
     */
    public static String fileName(final long epoch, final int number) {
        return String.format("%s%010d-%06d", FILE_PREFIX, epoch, number);
    }

    /**
     * The start that wrote a file.
     *
     * @param file with a name as {@link #fileName} gives it.
     * @return its epoch.
     */
    public static long epochOf(final Path file) {
        final String name = file.getFileName().toString();
        return Long.parseLong(name.substring(FILE_PREFIX.length(), name.lastIndexOf('-')));
    }

    /**
     * Goes to the last entry that begins at or before a sequence number, or before a time; to the first if there is none. It begins
     * with the newest file and looks at entries of this shard alone.
     */
    void seek(final long sequence, final long timeNs, final RecordFiles files) {
        reload();
        int foundChunk = -1;
        int foundBlock = 0;
        int foundEntry = 0;
        boolean isBefore = false;
        for (int i = chunks.size() - 1; i >= 0 && !isBefore; i--) {
            map(i);
            for (; has(); entry++) {
                final boolean before =
                        word(IndexFile.FIRST_SEQUENCE_OFFSET) <= sequence || word(IndexFile.TIME_OFFSET) < timeNs;
                if (counts(files) && (before || foundChunk != i)) {
                    foundChunk = i;
                    foundBlock = block;
                    foundEntry = entry;
                    isBefore |= before;
                }
            }
        }
        unmap();
        chunk = -1;
        if (foundChunk >= 0) {
            map(foundChunk);
            block = foundBlock;
            entry = foundEntry;
        }
    }

    void seekToLast(final RecordFiles files) {
        seek(Long.MAX_VALUE, Long.MAX_VALUE, files);
    }

    /** Looks for the next entry of an excerpt that may hold records behind an ordinal. */
    boolean look(final long ordinal, final RecordFiles files) {
        while (true) {
            final boolean isLeft = isLeft();
            if (has()) {
                if (ordinal() + MAX_RECORDS > ordinal && counts(files)) {
                    return true;
                }
                entry++;
            } else if (logPage.filesBegun() != chunksKnown) {
                // An entry may have been added before the file was begun: it is looked for once more.
                reload();
            } else if (isLeft && chunk + 1 < chunks.size()) {
                map(chunk + 1);
            } else {
                return false;
            }
        }
    }

    /** Whether all entries of the present file are there: the one behind it may have been made ahead of time. */
    private boolean isLeft() {
        return file == null || file.isLeft() || !chunks.isEmpty() && fileEpoch < epochOf(chunks.get(chunks.size() - 1));
    }

    /** Goes behind the present entry. */
    void pass() {
        entry++;
    }

    private boolean has() {
        if (file == null) {
            return false;
        }
        if (block == 0) {
            block = file.firstBlockOf(shardId);
        } else if (entry == IndexFile.BLOCK_ENTRIES) {
            final int next = file.next(block);
            if (next != 0) {
                block = next;
                entry = 0;
            }
        }
        return block != 0 && entry < IndexFile.BLOCK_ENTRIES && ordinal() != 0;
    }

    private boolean counts(final RecordFiles files) {
        if (files != limitFiles || epoch() != limitEpoch) {
            limitFiles = files;
            limitEpoch = epoch();
            limit = files.limit(limitEpoch);
        }
        return ordinal() <= limit;
    }

    private long word(final int offset) {
        return file.word(block, entry, offset);
    }

    /** First ordinal of the excerpt of the present entry. */
    long ordinal() {
        return word(IndexFile.ORDINAL_OFFSET);
    }

    long epoch() {
        return (int) word(IndexFile.EPOCH_OFFSET);
    }

    /** Where in its file the word in front of the excerpt is. */
    int position() {
        return (int) (word(IndexFile.EPOCH_OFFSET) >>> Integer.SIZE);
    }

    /** Whether {@link #look} has an entry to stand at. */
    boolean isAtEntry() {
        return has();
    }

    long horizonTimeNs() {
        return shardPage.horizonTimeNs();
    }

    private void reload() {
        chunksKnown = logPage.filesBegun();
        final Path present = chunk < 0 ? null : chunks.get(chunk);
        try {
            chunks = files(folder);
        } catch (final NoSuchFileException e) {
            // A file was removed while the folder was read; there is a next time.
            chunksKnown--;
        } catch (final IOException e) {
            throw failure(folder, e);
        }
        if (present != null) {
            chunk = behind(present);
        }
    }

    /** Place of a file, or of the one before it if it was removed. */
    private int behind(final Path present) {
        int found = -1;
        for (int i = 0; i < chunks.size(); i++) {
            if (chunks.get(i).compareTo(present) <= 0) {
                found = i;
            }
        }
        return found;
    }

    private void map(final int next) {
        unmap();
        final Path path = chunks.get(next);
        try {
            file = IndexFile.open(path);
            fileEpoch = epochOf(path);
        } catch (final NoSuchFileException e) {
            // Removed since the folder was listed: nothing of it is in reach.
            file = null;
        } catch (final IOException e) {
            throw failure(path, e);
        }
        chunk = next;
        block = 0;
        entry = 0;
    }

    private static ReaderException failure(final Path file, final IOException cause) {
        return new ReaderException(
                ReaderException.Kind.UNREADABLE, file, 0, Long.MIN_VALUE, "the index cannot be read", cause);
    }

    private void unmap() {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    @Override
    public void close() {
        unmap();
    }
}
