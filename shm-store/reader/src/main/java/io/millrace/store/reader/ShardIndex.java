package io.millrace.store.reader;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where the records of one shard lie in a log that it shares: an entry for each excerpt that holds any, in mapped files named by
 * start and number. Each start writes files of its own, and in them again what it found behind the snapshot, so entries may come
 * twice; entries above the ordinal after which a later start resumed do not count.
 *
 * <pre>
 *   entry:  0  first ordinal of the excerpt; 0: no entry     8  first sequence number of the shard in it
 *          16  arrival time of that record                  24  start that wrote the excerpt (int32)
 *          28  where the word in front of it is, in bytes of its file (int32)
 * </pre>
 */
public final class ShardIndex implements AutoCloseable {
    /** How the names of the files begin. */
    public static final String FILE_PREFIX = "index-";

    /** Bytes of an entry. */
    public static final int ENTRY_LENGTH = 32;

    /** Offset of the ordinal, which is written last. */
    public static final int ORDINAL_OFFSET = 0;

    /** Offset of the sequence number. */
    public static final int SEQUENCE_OFFSET = 8;

    /** Offset of the arrival time. */
    public static final int TIME_OFFSET = 16;

    /** Offset of the start's epoch. */
    public static final int EPOCH_OFFSET = 24;

    /** Offset of the position in the file. */
    public static final int POSITION_OFFSET = 28;

    /** More records than any excerpt of several records holds. */
    private static final int MAX_RECORDS = 1 << 11;

    private final Path folder;
    private final LogPage page;
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private MappedByteBuffer mapping;
    private List<Path> chunks = List.of();
    private long chunksKnown;
    private int chunk = -1;
    private int entry;
    private RecordFiles limitFiles;
    private long limitEpoch;
    private long limit;

    ShardIndex(final Path folder, final LogPage page) {
        this.folder = folder;
        this.page = page;
    }

    /**
     * Files of an index.
     *
     * @param shard folder of the shard.
     * @return their paths in order.
     * @throws IOException if the folder cannot be read.
     */
    public static List<Path> files(final Path shard) throws IOException {
        return StartFolders.list(shard).stream()
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

    /** Goes to the last entry that begins at or before a sequence number, or before a time; to the first if there is none. */
    void seek(final long sequence, final long timeNs, final RecordFiles files) {
        reload();
        int foundChunk = -1;
        int foundEntry = 0;
        for (int i = 0; i < chunks.size(); i++) {
            map(i);
            for (entry = 0; has(); entry++) {
                final boolean before = word(SEQUENCE_OFFSET) <= sequence || word(TIME_OFFSET) < timeNs;
                if (counts(files) && (foundChunk < 0 || before)) {
                    foundChunk = i;
                    foundEntry = entry;
                }
            }
        }
        goTo(foundChunk, foundEntry);
    }

    void seekToLast(final RecordFiles files) {
        seek(Long.MAX_VALUE, Long.MAX_VALUE, files);
    }

    private void goTo(final int toChunk, final int toEntry) {
        if (toChunk < 0) {
            unmap();
            chunk = -1;
        } else {
            map(toChunk);
            entry = toEntry;
        }
    }

    /** Looks for the next entry of an excerpt that may hold records behind an ordinal. */
    boolean look(final long ordinal, final RecordFiles files) {
        while (true) {
            if (mapping != null && has()) {
                if (word(ORDINAL_OFFSET) + MAX_RECORDS > ordinal && counts(files)) {
                    return true;
                }
                entry++;
            } else if (page.filesBegun() != chunksKnown) {
                // An entry may have been added before the file was begun: it is looked for once more.
                reload();
            } else if (chunk + 1 < chunks.size()) {
                map(chunk + 1);
            } else {
                return false;
            }
        }
    }

    /** Goes behind the present entry. */
    void pass() {
        entry++;
    }

    private boolean has() {
        return (entry + 1) * ENTRY_LENGTH <= buffer.capacity()
                && buffer.getLongVolatile(entry * ENTRY_LENGTH + ORDINAL_OFFSET) != 0;
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
        return buffer.getLong(entry * ENTRY_LENGTH + offset);
    }

    /** First ordinal of the excerpt of the present entry. */
    long ordinal() {
        return word(ORDINAL_OFFSET);
    }

    long epoch() {
        return buffer.getInt(entry * ENTRY_LENGTH + EPOCH_OFFSET);
    }

    /** Where in its file the word in front of the excerpt is. */
    int position() {
        return buffer.getInt(entry * ENTRY_LENGTH + POSITION_OFFSET);
    }

    /** Whether {@link #look} has an entry to stand at. */
    boolean isAtEntry() {
        return mapping != null && has();
    }

    long horizonTimeNs() {
        return page.horizonTimeNs();
    }

    private void reload() {
        chunksKnown = page.filesBegun();
        final Path present = chunk < 0 ? null : chunks.get(chunk);
        try {
            chunks = files(folder);
        } catch (final NoSuchFileException e) {
            // The shard is being deleted.
            chunks = List.of();
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
        final Path file = chunks.get(next);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        } catch (final IOException e) {
            throw failure(file, e);
        }
        buffer.wrap(mapping);
        chunk = next;
        entry = 0;
    }

    private static ReaderException failure(final Path file, final IOException cause) {
        return new ReaderException(
                ReaderException.Kind.UNREADABLE, file, 0, Long.MIN_VALUE, "the index cannot be read", cause);
    }

    private void unmap() {
        if (mapping != null) {
            buffer.wrap(0, 0);
            IoUtil.unmap(mapping);
            mapping = null;
        }
    }

    @Override
    public void close() {
        unmap();
    }
}
