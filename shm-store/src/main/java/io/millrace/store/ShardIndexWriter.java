package io.millrace.store;

import io.millrace.store.reader.LogPage;
import io.millrace.store.reader.ShardIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the {@link ShardIndex} of one shard: opened off the duty cycle, which alone adds entries. A full file is followed by
 * another, which is made and mapped by the thread that adds.
 */
final class ShardIndexWriter {
    private final Path folder;
    private final MappedPage page;
    private final long epoch;
    private final int fileBytes;
    private MappedByteBuffer mapping;
    private UnsafeBuffer buffer;
    private int files;
    private int position;

    /** Written by the adding thread; the slow side asks whether there is something to force. */
    private volatile long entries;

    private long forcedEntries;

    ShardIndexWriter(final Path folder, final MappedPage page, final long epoch, final int fileBytes)
            throws IOException {
        this.folder = folder;
        this.page = page;
        this.epoch = epoch;
        this.fileBytes = fileBytes;
        beginFile();
        JournalLayout.forceDirectory(folder);
    }

    private void beginFile() throws IOException {
        final Path file = folder.resolve(ShardIndex.fileName(epoch, files));
        final MappedByteBuffer next;
        MappedPage.make(file, fileBytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            next = channel.map(FileChannel.MapMode.READ_WRITE, 0, fileBytes);
        }
        unmap();
        mapping = next;
        buffer = new UnsafeBuffer(next);
        position = 0;
        files++;
        // Readers look for the file when they see this change, so the file is there first.
        page.set(LogPage.FILES_OFFSET, page.get(LogPage.FILES_OFFSET) + 1);
    }

    /** Adds an entry for an excerpt. */
    void add(
            final long ordinal,
            final long sequenceNumber,
            final long timeNs,
            final long writtenBy,
            final long filePosition) {
        if (position + ShardIndex.ENTRY_LENGTH > fileBytes) {
            try {
                beginFile();
            } catch (final IOException e) {
                throw new UncheckedIOException("cannot begin a file of the index in " + folder, e);
            }
        }
        buffer.putLong(position + ShardIndex.SEQUENCE_OFFSET, sequenceNumber);
        buffer.putLong(position + ShardIndex.TIME_OFFSET, timeNs);
        buffer.putInt(position + ShardIndex.EPOCH_OFFSET, (int) writtenBy);
        buffer.putInt(position + ShardIndex.POSITION_OFFSET, (int) filePosition);
        buffer.putLongRelease(position + ShardIndex.ORDINAL_OFFSET, ordinal);
        position += ShardIndex.ENTRY_LENGTH;
        entries = entries + 1;
    }

    /** Forces the entries to the disk, if there are new ones. Called by the slow side. */
    void sync() throws IOException {
        final long present = entries;
        if (present == forcedEntries) {
            return;
        }
        final String first = ShardIndex.fileName(epoch, (int) (forcedEntries * ShardIndex.ENTRY_LENGTH / fileBytes));
        for (final Path file : ShardIndex.files(folder)) {
            if (file.getFileName().toString().compareTo(first) >= 0) {
                JournalLayout.forceFile(file);
            }
        }
        JournalLayout.forceDirectory(folder);
        forcedEntries = present;
    }

    private void unmap() {
        if (mapping != null) {
            IoUtil.unmap(mapping);
            mapping = null;
        }
    }

    void close() {
        unmap();
    }
}
