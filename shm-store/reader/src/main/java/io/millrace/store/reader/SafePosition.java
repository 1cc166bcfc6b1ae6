package io.millrace.store.reader;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The mapped file {@code streams/safe}: up to which journal position readers may look. Only the server writes it.
 *
 * <pre>
 *    0  magic     8  format version     16, 24  the machine's boot id     64  position
 * </pre>
 *
 * <p>The position means nothing in another run of the machine, until a server has recovered: what lay behind it in the page
 * cache may be gone.
 */
public final class SafePosition implements AutoCloseable {
    /** Name of the file. */
    public static final String FILE_NAME = "safe";

    /** First word of the file. */
    public static final long MAGIC = 0x4546_4153_4c4d_4c4dL;

    /** Bytes of the file. */
    public static final int LENGTH = 4096;

    /** Offset of the magic number. */
    public static final int MAGIC_OFFSET = 0;

    /** Offset of {@link RecordFormat#FORMAT_VERSION}. */
    public static final int VERSION_OFFSET = 8;

    /** Offset of the two words of the machine's boot id. */
    public static final int BOOT_OFFSET = 16;

    /** Offset of the position. */
    public static final int POSITION_OFFSET = 64;

    /** Nothing may be read. */
    public static final long NONE = -1;

    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;
    private final long boot0;
    private final long boot1;

    private SafePosition(final MappedByteBuffer mapping, final UUID machineBoot) {
        this.mapping = mapping;
        buffer = new UnsafeBuffer(mapping);
        boot0 = machineBoot.getMostSignificantBits();
        boot1 = machineBoot.getLeastSignificantBits();
    }

    /** Maps the file of a data directory, read-only. */
    static SafePosition open(final Path dataDirectory, final UUID machineBoot) {
        final Path file = StreamFolders.streams(dataDirectory).resolve(FILE_NAME);
        if (!Files.exists(file)) {
            throw new ReaderException(ReaderException.Kind.NOT_FOUND, file, 0, "this directory has no streams");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < LENGTH) {
                throw new ReaderException(
                        ReaderException.Kind.TRUNCATED, file, channel.size(), "the file is cut short");
            }
            return new SafePosition(channel.map(FileChannel.MapMode.READ_ONLY, 0, LENGTH), machineBoot);
        } catch (final IOException e) {
            throw new ReaderException(
                    ReaderException.Kind.UNREADABLE, file, 0, Long.MIN_VALUE, "the file cannot be mapped", e);
        }
    }

    /** Last journal position that may be looked at. */
    long get() {
        final long position = buffer.getLongVolatile(POSITION_OFFSET);
        return buffer.getLong(BOOT_OFFSET) == boot0 && buffer.getLong(BOOT_OFFSET + Long.BYTES) == boot1
                ? position
                : NONE;
    }

    @Override
    public void close() {
        IoUtil.unmap(mapping);
    }
}
