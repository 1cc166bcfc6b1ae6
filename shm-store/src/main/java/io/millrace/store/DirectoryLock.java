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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The exclusive right to a data directory: an operating system lock on the file {@code millrace.lock}, which ends with the
 * process however it ends. What stands in the file informs people and decides nothing.
 */
public final class DirectoryLock implements AutoCloseable {
    /** Name of the file. */
    public static final String FILE_NAME = "millrace.lock";

    private static final int MAX_OWNER_BYTES = 512;

    /**
     * Directories that this process has locked, and since when. Asked before the file is opened: the operating system gives
     * up a process's lock as soon as the process closes any descriptor of the file, even one that never got the lock.
     */
    private static final ConcurrentMap<Path, String> HELD = new ConcurrentHashMap<>();

    private final Path directory;
    private final Path key;
    private final FileChannel channel;
    private final FileLock lock;

    private DirectoryLock(final Path directory, final Path key, final FileChannel channel, final FileLock lock) {
        this.directory = directory;
        this.key = key;
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
            // By whatever name it is reached, it is one directory.
            final Path key = directory.toRealPath();
            final String owner = "pid " + ProcessHandle.current().pid() + " since " + Instant.now();
            final String present = HELD.putIfAbsent(key, owner);
            if (present != null) {
                throw new DirectoryLockedException(directory, present);
            }
            try {
                return acquire(directory, key, file, owner);
            } catch (final IOException | RuntimeException e) {
                HELD.remove(key);
                throw e;
            }
        } catch (final IOException e) {
            throw new JournalException("cannot lock " + file, e);
        }
    }

    private static DirectoryLock acquire(final Path directory, final Path key, final Path file, final String owner)
            throws IOException {
        final FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            final FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new DirectoryLockedException(directory, read(channel));
            }
            write(channel, owner);
            return new DirectoryLock(directory, key, channel, lock);
        } catch (final IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileLock tryLock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (final OverlappingFileLockException e) {
            // Held by classes of another class loader of this process, which the JVM reports in this way.
            return null;
        }
    }

    private static String read(final FileChannel channel) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(MAX_OWNER_BYTES);
        channel.read(bytes, 0);
        bytes.flip();
        return StandardCharsets.UTF_8.decode(bytes).toString().strip();
    }

    private static void write(final FileChannel channel, final String owner) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8)), 0);
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
    public synchronized void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } catch (final IOException e) {
            throw new JournalException("cannot release the lock of " + directory, e);
        } finally {
            HELD.remove(key);
        }
    }
}
