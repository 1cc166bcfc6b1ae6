package io.millrace.store;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Brings pages of a segment into memory before the appender gets there, so that the disk's blocks are found off its thread.
 * It works through a mapping of its own: the appender's may be gone at any time. A page is touched by replacing a zero with a
 * zero, atomically, so it can never undo what the appender stores at the same moment.
 */
final class PageToucher implements AutoCloseable {
    private static final int PAGE = 4096;

    private MappedByteBuffer mapping;
    private UnsafeBuffer buffer;
    private int nextPage;

    /** Goes on to another segment. */
    void open(final Path file, final long segmentBytes) throws IOException {
        close();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, Math.min(segmentBytes, channel.size()));
        }
        buffer = new UnsafeBuffer(mapping);
        nextPage = 0;
    }

    /**
     * Touches pages up to a distance in front of the appender.
     *
     * @return pages touched.
     */
    int touch(final long appendPosition, final long aheadBytes, final int maxPages) {
        if (mapping == null) {
            return 0;
        }
        final long end = Math.min(buffer.capacity(), appendPosition + aheadBytes);
        // What the appender has passed is there already.
        nextPage = (int) Math.max(nextPage, appendPosition & -PAGE);
        int touched = 0;
        while (nextPage + PAGE <= end && touched < maxPages) {
            buffer.compareAndSetInt(nextPage, 0, 0);
            nextPage += PAGE;
            touched++;
        }
        return touched;
    }

    @Override
    public void close() {
        if (mapping != null) {
            IoUtil.unmap(mapping);
            mapping = null;
        }
    }
}
