package io.millrace.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * The exclusive right to a data directory: an operating system lock on the file {@code millrace.lock}, which ends with the
 * process however it ends. What stands in the file informs people and decides nothing.
 */
public final class DirectoryLock implements AutoCloseable {
    /** Name of the file. */
    public static final String FILE_NAME = "millrace.lock";

    private static final int MAX_OWNER_BYTES = 512;

    private final Path directory;
    private final FileChannel channel;
    private final FileLock lock;

    private DirectoryLock(final Path directory, final FileChannel channel, final FileLock lock) {
        this.directory = directory;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the lock, creating the directory if there is none.
     *
     * @param directory data directory.
     * @return the lock, held until it is closed.
     * @throws DirectoryLockedException if another process or another part of this one holds it.
     * @throws JournalException         if the file cannot be opened.
     */
    public static DirectoryLock acquire(final Path directory) {
        final Path file = directory.resolve(FILE_NAME);
        try {
            Files.createDirectories(directory);
            final FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            final FileLock lock = tryLock(channel);
            if (lock == null) {
                final String owner = read(channel);
                channel.close();
                throw new DirectoryLockedException(directory, owner);
            }
            write(channel);
            return new DirectoryLock(directory, channel, lock);
        } catch (final IOException e) {
            throw new JournalException("cannot lock " + file, e);
        }
    }

    private static FileLock tryLock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (final OverlappingFileLockException e) {
            // Held by this very process, which the JVM reports in this way: the same answer as a lock held elsewhere.
            return null;
        }
    }

    private static String read(final FileChannel channel) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(MAX_OWNER_BYTES);
        channel.read(bytes, 0);
        bytes.flip();
        return StandardCharsets.UTF_8.decode(bytes).toString().strip();
    }

    private static void write(final FileChannel channel) throws IOException {
        final String owner = "pid " + ProcessHandle.current().pid() + " since " + Instant.now() + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
    }

    /**
     * The directory that is locked.
     *
     * @return the data directory.
     */
    public Path directory() {
        return directory;
    }

    /**
     * Whether the lock is still held.
     *
     * @return false after close.
     */
    public boolean isHeld() {
        return lock.isValid();
    }

    /** Gives the lock up. The file stays: deleting it would let two processes lock two files of one name. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (final IOException e) {
            throw new JournalException("cannot release the lock of " + directory, e);
        }
    }
}
