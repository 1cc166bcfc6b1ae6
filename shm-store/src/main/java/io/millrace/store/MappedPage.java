package io.millrace.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** A small file of words that the server stores into and readers of other processes have mapped. */
final class MappedPage implements AutoCloseable {
    /** In front of the name of a file that is being made. */
    private static final String UNFINISHED_PREFIX = "unfinished-";

    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;

    private MappedPage(final MappedByteBuffer mapping) {
        this.mapping = mapping;
        buffer = new UnsafeBuffer(mapping);
    }

    /** Maps a file, which is made if it is not there: readable by owner and group. */
    static MappedPage open(final Path file, final int length) throws IOException {
        if (!Files.exists(file)) {
            make(file, length);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new MappedPage(channel.map(FileChannel.MapMode.READ_WRITE, 0, length));
        }
    }

    /** Makes a file aside, so that a reader never maps one that has not got its length yet: it would take it for one that is full. */
    static void make(final Path file, final int length) throws IOException {
        final Path unfinished = file.resolveSibling(UNFINISHED_PREFIX + file.getFileName());
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), length - 1L);
        }
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r-----"));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes a folder and those above it that are not there: open to owner and group. */
    static void makeFolder(final Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (folder.getParent() != null) {
            makeFolder(folder.getParent());
        }
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        JournalLayout.forceDirectory(folder.getParent());
    }

    long get(final int offset) {
        return buffer.getLongVolatile(offset);
    }

    /** Stores a word behind all stores before it. */
    void set(final int offset, final long value) {
        buffer.putLongRelease(offset, value);
    }

    void force() {
        mapping.force();
    }

    @Override
    public void close() {
        IoUtil.unmap(mapping);
    }
}
