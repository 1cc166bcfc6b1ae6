package io.millrace.perf.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** One line of progress that is written over and over on a terminal, and nothing anywhere else. */
public final class Progress implements AutoCloseable {
    private static final Path STDERR = Path.of("/proc/self/fd/2");
    private static final String CLEAR_LINE = "\r\u001B[K";

    private final PrintWriter err;
    private final boolean isShown;
    private boolean isWritten;

    /**
     * Creates the line.
     *
     * @param err stderr.
     */
    public Progress(final PrintWriter err) {
        this.err = err;
        this.isShown = isTerminal();
    }

    private static boolean isTerminal() {
        try {
            final String target = Files.readSymbolicLink(STDERR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (final IOException e) {
            return false;
        }
    }

    /**
     * Shows a text in place of the one before.
     *
     * @param text shorter than a line.
     */
    public void show(final String text) {
        if (isShown) {
            err.print(CLEAR_LINE + text);
            err.flush();
            isWritten = true;
        }
    }

    /** Takes the line away. */
    @Override
    public void close() {
        if (isWritten) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }
}
