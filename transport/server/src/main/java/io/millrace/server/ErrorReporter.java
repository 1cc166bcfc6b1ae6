package io.millrace.server;

import java.io.File;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.ErrorHandler;
import org.agrona.IoUtil;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.DistinctErrorLog;

/**
 * Where every error of the server ends. Each distinct one is kept once in a file that other processes can read, with a
 * count; its first occurrence gives the operator one line, which a helper thread prints.
 */
final class ErrorReporter implements ErrorHandler, AutoCloseable {

    /** Name of the file in the data directory, in the format of Agrona's distinct error log. */
    static final String FILE_NAME = "errors.log";

    private static final int FILE_BYTES = 1024 * 1024;
    private static final int MAX_WAITING_LINES = 256;
    private static final int MAX_DISTINCT = 1_024;

    private final MappedByteBuffer mapping;
    private final DistinctErrorLog log;
    private final Set<String> seen = new HashSet<>();
    private final ManyToOneConcurrentArrayQueue<String> lines = new ManyToOneConcurrentArrayQueue<>(MAX_WAITING_LINES);
    private final Consumer<String> printer;
    private volatile long count;
    private volatile boolean isClosed;

    ErrorReporter(final Path directory, final Consumer<String> printer) {
        this.printer = printer;
        final File file = directory.resolve(FILE_NAME).toFile();
        mapping = file.exists() && file.length() == FILE_BYTES ? IoUtil.mapExistingFile(file, FILE_NAME) : mapNew(file);
        final UnsafeBuffer buffer = new UnsafeBuffer(mapping);
        // The log belongs to this start; appending behind an older one would need its whole history.
        buffer.setMemory(0, FILE_BYTES, (byte) 0);
        log = new DistinctErrorLog(buffer, SystemEpochClock.INSTANCE);
    }

    @Override
    public synchronized void onError(final Throwable throwable) {
        count = count + 1;
        if (isClosed) {
            return;
        }
        log.record(throwable);
        final StackTraceElement[] trace = throwable.getStackTrace();
        final String key = throwable.getClass().getName()
                + '|'
                + throwable.getMessage()
                + '|'
                + (trace.length > 0 ? trace[0] : "");
        if (seen.size() < MAX_DISTINCT && seen.add(key)) {
            final String where = trace.length > 0 ? " at " + trace[0] : "";
            note("millrace error: " + throwable + where + " (repeats are counted in " + FILE_NAME + ")");
        }
    }

    /**
     * Has a line printed by the helper thread; lines are dropped while too many wait.
     *
     * @param line for the operator.
     */
    void note(final String line) {
        lines.offer(line);
    }

    /** {@return errors so far} */
    long count() {
        return count;
    }

    /**
     * Prints what waits.
     *
     * @return number of lines.
     */
    int print() {
        return lines.drain(printer);
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            print();
            IoUtil.unmap(mapping);
        }
    }

    private static MappedByteBuffer mapNew(final File file) {
        IoUtil.deleteIfExists(file);
        return IoUtil.mapNewFile(file, FILE_BYTES);
    }
}
