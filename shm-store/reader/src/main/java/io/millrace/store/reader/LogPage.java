package io.millrace.store.reader;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The mapped file {@code log} of a shard or of a shared log: what changes while readers read. Only the server writes it.
 *
 * <pre>
 *    0  magic               8  format version      16  stream id          24  log id
 *   32  number of the shared log that holds the records, -1 if they are in this folder
 *   64  files begun        72  trimmed: last ordinal removed              80  its sequence number
 *   88  horizon: no record that arrived earlier is in reach               96  1 if no record will follow
 *  104  last sequence number if so                                       112  1 if deleted
 * </pre>
 *
 * <p>Each is an int64, little-endian.
 */
public final class LogPage implements AutoCloseable {
    /** Name of the file. */
    public static final String FILE_NAME = "log";

    /** First word of the file. */
    public static final long MAGIC = 0x474f_4c45_4352_4c4dL;

    /** Bytes of the file. */
    public static final int LENGTH = 4096;

    /** Offset of the magic number, written last when the page is made. */
    public static final int MAGIC_OFFSET = 0;

    /** Offset of {@link RecordFormat#FORMAT_VERSION}. */
    public static final int VERSION_OFFSET = 8;

    /** Offset of the stream's id. */
    public static final int STREAM_OFFSET = 16;

    /** Offset of the shard's id, or the number of the shared log. */
    public static final int LOG_OFFSET = 24;

    /** Offset of the number of the shared log that holds the records. */
    public static final int SHARED_OFFSET = 32;

    /** Offset of a count that changes when there is a new file to look at. */
    public static final int FILES_OFFSET = 64;

    /** Offset of the last ordinal that was removed. */
    public static final int TRIMMED_ORDINAL_OFFSET = 72;

    /** Offset of the last sequence number that was removed. */
    public static final int TRIMMED_SEQUENCE_OFFSET = 80;

    /** Offset of the horizon. */
    public static final int HORIZON_OFFSET = 88;

    /** Offset of the flag that no record will follow. */
    public static final int SEALED_OFFSET = 96;

    /** Offset of the last sequence number of a sealed shard. */
    public static final int LAST_SEQUENCE_OFFSET = 104;

    /** Offset of the flag that the log was deleted. */
    public static final int DELETED_OFFSET = 112;

    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;

    private LogPage(final MappedByteBuffer mapping) {
        this.mapping = mapping;
        buffer = new UnsafeBuffer(mapping);
    }

    /** Maps the page in a folder, read-only. */
    static LogPage open(final Path folder) {
        final Path file = folder.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            throw new ReaderException(ReaderException.Kind.NOT_FOUND, file, 0, "there is no such log");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < LENGTH) {
                throw new ReaderException(
                        ReaderException.Kind.TRUNCATED, file, channel.size(), "the page is cut short");
            }
            final LogPage page = new LogPage(channel.map(FileChannel.MapMode.READ_ONLY, 0, LENGTH));
            page.check(file);
            return page;
        } catch (final IOException e) {
            throw new ReaderException(
                    ReaderException.Kind.UNREADABLE, file, 0, Long.MIN_VALUE, "the page cannot be mapped", e);
        }
    }

    private void check(final Path file) {
        final long magic = buffer.getLongVolatile(MAGIC_OFFSET);
        final long version = buffer.getLong(VERSION_OFFSET);
        if (magic == MAGIC && version == RecordFormat.FORMAT_VERSION) {
            return;
        }
        close();
        if (magic == MAGIC && version > RecordFormat.FORMAT_VERSION) {
            throw new ReaderException(
                    ReaderException.Kind.NEWER_FORMAT,
                    file,
                    VERSION_OFFSET,
                    "format version " + version + ", this reader knows " + RecordFormat.FORMAT_VERSION);
        }
        throw new ReaderException(ReaderException.Kind.CORRUPT, file, MAGIC_OFFSET, "this is no page of a log");
    }

    long shared() {
        return buffer.getLong(SHARED_OFFSET);
    }

    long filesBegun() {
        return buffer.getLongVolatile(FILES_OFFSET);
    }

    long trimmedOrdinal() {
        return buffer.getLongVolatile(TRIMMED_ORDINAL_OFFSET);
    }

    long trimmedSequence() {
        return buffer.getLongVolatile(TRIMMED_SEQUENCE_OFFSET);
    }

    long horizonTimeNs() {
        return buffer.getLongVolatile(HORIZON_OFFSET);
    }

    boolean sealed() {
        return buffer.getLongVolatile(SEALED_OFFSET) != 0;
    }

    long lastSequence() {
        return buffer.getLong(LAST_SEQUENCE_OFFSET);
    }

    boolean deleted() {
        return buffer.getLongVolatile(DELETED_OFFSET) != 0;
    }

    @Override
    public void close() {
        IoUtil.unmap(mapping);
    }
}
