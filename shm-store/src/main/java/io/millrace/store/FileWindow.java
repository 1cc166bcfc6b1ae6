package io.millrace.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads a file through a window of fixed length. Reading instead of mapping turns a bad disk into an exception with a name, and
 * a file that somebody cuts short into a short read, where a mapping would fault.
 */
final class FileWindow implements AutoCloseable {
    private static final int ALIGNMENT = 8;

    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private FileChannel channel;
    private long start;
    private int valid;
    private long fileLength;

    FileWindow(final int length) {
        bytes = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
        buffer = new UnsafeBuffer(bytes);
    }

    void open(final Path file) throws IOException {
        closeFile();
        channel = FileChannel.open(file, StandardOpenOption.READ);
        refresh();
    }

    /** Forgets what was read, so that the next access sees what the file holds now. */
    void refresh() throws IOException {
        fileLength = channel.size();
        start = 0;
        valid = 0;
    }

    long fileLength() {
        return fileLength;
    }

    /** Buffer of the window; {@link #index} tells where in it a position of the file is. */
    UnsafeBuffer buffer() {
        return buffer;
    }

    int index(final long filePosition) {
        return (int) (filePosition - start);
    }

    /**
     * Brings a range of the file into the window.
     *
     * @return false if the file ends before the end of the range.
     */
    boolean ensure(final long filePosition, final int length) throws IOException {
        if (filePosition >= start && filePosition + length <= start + valid) {
            return true;
        }
        if (filePosition + length > fileLength) {
            return false;
        }
        start = filePosition & -ALIGNMENT;
        valid = 0;
        bytes.clear();
        while (bytes.hasRemaining()) {
            final int count = channel.read(bytes, start + valid);
            if (count < 0) {
                break;
            }
            valid += count;
        }
        return filePosition + length <= start + valid;
    }

    /** Bytes from a position to the end of what is in the window. */
    int available(final long filePosition) {
        return filePosition < start || filePosition >= start + valid ? 0 : (int) (start + valid - filePosition);
    }

    @Override
    public void close() throws IOException {
        closeFile();
        // Direct memory waits for a collection otherwise, and tools open many windows.
        BufferUtil.free(bytes);
    }

    private void closeFile() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
        start = 0;
        valid = 0;
    }
}
