package io.millrace.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The file {@code appended}: the last position appended, stored by the appender itself into a mapped page right after each
 * append and never forced. It outlives the process, not the machine: within one run of the machine it tells a journal that
 * lost its last page from one that simply ends, which nothing in the journal itself can tell.
 *
 * <p>The position and its complement are two words; a kill between the two stores leaves the older of both, which is true too.
 */
final class AppendedMark implements AutoCloseable {
    static final String FILE_NAME = "appended";
    static final long NONE = -1;

    private static final int LENGTH = 4096;
    private static final int POSITION = 0;
    private static final int COMPLEMENT = 8;

    private final UnsafeBuffer buffer;

    private AppendedMark(final UnsafeBuffer buffer) {
        this.buffer = buffer;
    }

    /** Maps the file of a journal directory and sets it to a position. */
    static AppendedMark open(final Path journalDirectory, final long position) throws IOException {
        try (FileChannel channel = FileChannel.open(
                journalDirectory.resolve(FILE_NAME),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            final AppendedMark mark =
                    new AppendedMark(new UnsafeBuffer(channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH)));
            mark.set(position);
            return mark;
        }
    }

    /** Position that the last appender stored, {@link #NONE} if there is no file or it was wiped. */
    static long read(final Path journalDirectory) throws IOException {
        final Path file = journalDirectory.resolve(FILE_NAME);
        if (!Files.exists(file) || Files.size(file) < COMPLEMENT + Long.BYTES) {
            return NONE;
        }
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        return Math.max(NONE, Math.min(bytes.getLong(POSITION), ~bytes.getLong(COMPLEMENT)));
    }

    /** Called by the appender behind each append. */
    void set(final long position) {
        buffer.putLongRelease(POSITION, position);
        buffer.putLongRelease(COMPLEMENT, ~position);
    }

    /** May be called from any thread. */
    long get() {
        return buffer.getLongVolatile(POSITION);
    }

    @Override
    public void close() {
        IoUtil.unmap(buffer.byteBuffer());
    }
}
