package io.millrace.store;

import io.millrace.store.reader.IndexFile;
import io.millrace.store.reader.LogPage;
import io.millrace.store.reader.ShardIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the index of a shared log in {@link IndexFile files}: opened off the duty cycle, which alone adds entries. A full file is
 * followed by another, which the slow side has made by then, or else the thread that adds makes it.
 */
final class IndexWriter {
    /** Where the entries of one shard go on. */
    static class Chain {
        private int file = -1;
        private int block;
        private int entries;

        /** Goes on where another one stands. */
        final void continueFrom(final Chain other) {
            file = other.file;
            block = other.block;
            entries = other.entries;
        }
    }

    private final Path folder;
    private final MappedPage page;
    private final long epoch;
    private final int fileBytes;
    private final int directory;
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private MappedByteBuffer mapping;
    private int nextBlock;

    /** Files begun before the present one; the slow side forces what it has not forced. */
    private volatile int file = -1;

    private int forcedFiles;

    /** The next file, if it is made. Guarded by this, which the thread that adds enters where a file begins. */
    private MappedByteBuffer prepared;

    IndexWriter(final Path folder, final MappedPage page, final long epoch, final int fileBytes) throws IOException {
        this.folder = folder;
        this.page = page;
        this.epoch = epoch;
        this.fileBytes = fileBytes;
        directory = IndexFile.firstBlock(fileBytes) - IndexFile.DIRECTORY_OFFSET;
        beginFile();
        JournalLayout.forceDirectory(folder);
    }

    /** Makes the next file ahead of time. Called by the slow side. */
    synchronized void prepare() throws IOException {
        if (prepared == null) {
            prepared = make(file + 1);
        }
    }

    private synchronized MappedByteBuffer take() throws IOException {
        final MappedByteBuffer next = prepared == null ? make(file + 1) : prepared;
        prepared = null;
        file++;
        return next;
    }

    private MappedByteBuffer make(final int number) throws IOException {
        final Path path = folder.resolve(ShardIndex.fileName(epoch, number));
        MappedPage.make(path, fileBytes);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final MappedByteBuffer made = channel.map(FileChannel.MapMode.READ_WRITE, 0, fileBytes);
            final UnsafeBuffer header = new UnsafeBuffer(made);
            header.putLong(IndexFile.VERSION_OFFSET, IndexFile.FORMAT_VERSION);
            header.putLongRelease(IndexFile.MAGIC_OFFSET, IndexFile.MAGIC);
            return made;
        }
    }

    private void beginFile() throws IOException {
        final MappedByteBuffer next = take();
        if (mapping != null) {
            // Readers go on to the next file when they see this, and find all entries before.
            buffer.putLongRelease(IndexFile.LEFT_OFFSET, 1);
        }
        unmap();
        mapping = next;
        buffer.wrap(next);
        nextBlock = IndexFile.firstBlock(fileBytes);
        // Readers look for the file when they see this change, so the file is there first.
        page.set(LogPage.FILES_OFFSET, page.get(LogPage.FILES_OFFSET) + 1);
    }

    /** Adds an entry for an excerpt. */
    void add(
            final Chain chain,
            final long shardId,
            final long ordinal,
            final long firstSequence,
            final long lastSequence,
            final long timeNs,
            final long writtenBy,
            final long filePosition) {
        if (chain.entries == IndexFile.BLOCK_ENTRIES || chain.file != file) {
            beginBlock(chain, shardId);
        }
        final int entry = chain.block + IndexFile.ENTRIES_OFFSET + chain.entries * IndexFile.ENTRY_LENGTH;
        buffer.putLong(entry + IndexFile.FIRST_SEQUENCE_OFFSET, firstSequence);
        buffer.putLong(entry + IndexFile.LAST_SEQUENCE_OFFSET, lastSequence);
        buffer.putLong(entry + IndexFile.TIME_OFFSET, timeNs);
        buffer.putInt(entry + IndexFile.EPOCH_OFFSET, (int) writtenBy);
        buffer.putInt(entry + IndexFile.POSITION_OFFSET, (int) filePosition);
        buffer.putLongRelease(entry + IndexFile.ORDINAL_OFFSET, ordinal);
        chain.entries++;
    }

    private void beginBlock(final Chain chain, final long shardId) {
        if (nextBlock + IndexFile.BLOCK_LENGTH > fileBytes) {
            try {
                beginFile();
            } catch (final IOException e) {
                throw new UncheckedIOException("cannot begin a file of the index in " + folder, e);
            }
        }
        final int block = nextBlock;
        nextBlock += IndexFile.BLOCK_LENGTH;
        buffer.putLong(block, shardId);
        final int number = block / IndexFile.BLOCK_LENGTH;
        if (chain.file == file) {
            buffer.putIntRelease(chain.block + IndexFile.NEXT_OFFSET, number);
        } else {
            addToDirectory(shardId, number);
        }
        chain.file = file;
        chain.block = block;
        chain.entries = 0;
    }

    private void addToDirectory(final long shardId, final int block) {
        int bucket = IndexFile.bucket(shardId, directory);
        while (buffer.getInt(IndexFile.DIRECTORY_OFFSET + bucket + IndexFile.BUCKET_BLOCK_OFFSET) != 0) {
            bucket = bucket + IndexFile.BUCKET_LENGTH & directory - 1;
        }
        buffer.putLong(IndexFile.DIRECTORY_OFFSET + bucket, shardId);
        buffer.putIntRelease(IndexFile.DIRECTORY_OFFSET + bucket + IndexFile.BUCKET_BLOCK_OFFSET, block);
    }

    /** Forces the entries to the disk. Called by the slow side. */
    void sync() throws IOException {
        final int present = file;
        for (int number = forcedFiles; number <= present; number++) {
            final Path path = folder.resolve(ShardIndex.fileName(epoch, number));
            // Retention removes files that are left.
            if (Files.exists(path)) {
                JournalLayout.forceFile(path);
            }
        }
        JournalLayout.forceDirectory(folder);
        forcedFiles = present;
    }

    private void unmap() {
        if (mapping != null) {
            buffer.wrap(0, 0);
            IoUtil.unmap(mapping);
            mapping = null;
        }
    }

    synchronized void close() {
        unmap();
        if (prepared != null) {
            IoUtil.unmap(prepared);
            prepared = null;
        }
    }
}
