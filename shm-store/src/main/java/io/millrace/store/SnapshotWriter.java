package io.millrace.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/**
 * Writes one snapshot beside its final name. {@link #finish()} forces and renames it; without that, {@link #close()} or
 * {@link #abort()} leave nothing behind.
 */
public final class SnapshotWriter implements AutoCloseable {
    private static final int BUFFER_LENGTH = 1 << 20;

    private final SnapshotStore store;
    private final long position;
    private final Path unfinished;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private long recordCount;
    private boolean forced;
    private boolean closed;

    SnapshotWriter(final SnapshotStore store, final Path directory, final long position) {
        this.store = store;
        this.position = position;
        unfinished = directory.resolve(SnapshotFormat.fileName(position) + SnapshotFormat.UNFINISHED_SUFFIX);
        try {
            channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        } catch (final IOException e) {
            throw new SnapshotException("cannot create " + unfinished, e);
        }
        buffer.putLong(SnapshotFormat.MAGIC);
        buffer.putInt(SnapshotFormat.FORMAT_VERSION).putInt(0);
        buffer.putLong(position).putLong(0);
    }

    /**
     * Appends one record.
     *
     * @param source buffer that holds it.
     * @param offset where it starts.
     * @param length its length in bytes.
     * @throws SnapshotException if the file cannot be written; abort then.
     */
    public void append(final DirectBuffer source, final int offset, final int length) {
        requireOpen();
        if (forced) {
            throw new SnapshotException("the snapshot at position " + position + " has its end");
        }
        try {
            reserve(SnapshotFormat.RECORD_HEADER_LENGTH);
            buffer.putInt(length).putInt(0);
            int done = 0;
            while (done < length) {
                reserve(1);
                final int part = Math.min(length - done, buffer.remaining());
                source.getBytes(offset + done, buffer, part);
                done += part;
            }
            for (int i = SnapshotFormat.padding(length); i > 0; i--) {
                reserve(1);
                buffer.put((byte) 0);
            }
            recordCount++;
        } catch (final IOException e) {
            throw new SnapshotException("cannot write " + unfinished, e);
        }
    }

    /**
     * Ends the records and forces the file; it has its final name only after {@link #finish()}. Without effect the second time.
     *
     * @throws SnapshotException if that fails; no file is left.
     */
    public void force() {
        requireOpen();
        if (forced) {
            return;
        }
        try {
            reserve(SnapshotFormat.TRAILER_LENGTH);
            buffer.putInt(SnapshotFormat.END_OF_RECORDS).putInt(0).putLong(recordCount);
            flush();
            buffer.putInt((int) crc.getValue()).putInt(0);
            flush();
            channel.force(true);
            forced = true;
        } catch (final IOException e) {
            abort();
            throw new SnapshotException("cannot complete " + unfinished, e);
        }
    }

    /**
     * Completes the snapshot: forces the file, gives it its final name and forces the directory. The journal must be synced to
     * the position before.
     *
     * @throws SnapshotException if that fails: the message says whether the file has its final name.
     */
    public void finish() {
        force();
        try {
            channel.close();
            Files.move(
                    unfinished,
                    unfinished.resolveSibling(SnapshotFormat.fileName(position)),
                    StandardCopyOption.ATOMIC_MOVE);
            closed = true;
        } catch (final IOException e) {
            abort();
            throw new SnapshotException("cannot complete " + unfinished, e);
        }
        store.onWritten(position);
    }

    private void requireOpen() {
        if (closed) {
            throw new SnapshotException("the snapshot at position " + position + " is closed");
        }
    }

    /** Gives the snapshot up, for example at a deadline. No file is left. */
    public void abort() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            channel.close();
            Files.deleteIfExists(unfinished);
        } catch (final IOException e) {
            throw new SnapshotException("cannot remove " + unfinished, e);
        }
    }

    /** Aborts unless finished. */
    @Override
    public void close() {
        abort();
    }

    private void reserve(final int length) throws IOException {
        if (buffer.remaining() < length) {
            flush();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        crc.update(buffer);
        buffer.rewind();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
