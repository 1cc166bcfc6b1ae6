package io.millrace.perf.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;

/**
 * Directories of one run that nobody needs after it: one on disk, and the media driver's on shared memory. Both go at close,
 * and when the JVM is told to end before.
 */
public final class Workspace implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path directory;
    private final Path aeronDirectory;
    private final Thread hook;

    private Workspace(final Path directory, final Path aeronDirectory) {
        this.directory = directory;
        this.aeronDirectory = aeronDirectory;
        this.hook = new Thread(() -> delete(directory, aeronDirectory), "workspace cleaner");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Creates the directories under the temporary directory of this JVM and under {@code /dev/shm} where there is one.
     *
     * @param purpose part of their names.
     * @return the workspace.
     */
    public static Workspace create(final String purpose) {
        try {
            final Path directory = Files.createTempDirectory("millrace-" + purpose + "-");
            final Path shared = Files.isDirectory(SHARED_MEMORY) ? SHARED_MEMORY : directory;
            // The driver insists on making the directory itself.
            final Path aeron = Files.createTempDirectory(shared, "millrace-" + purpose + "-");
            Files.delete(aeron);
            return new Workspace(directory, aeron);
        } catch (final IOException e) {
            throw new UncheckedIOException("No temporary directory could be made.", e);
        }
    }

    /**
     * Where files may be put.
     *
     * @return an existing directory.
     */
    public Path directory() {
        return directory;
    }

    /**
     * Where the media driver may put its own.
     *
     * @return a directory that does not exist yet.
     */
    public String aeronDirectory() {
        return aeronDirectory.toString();
    }

    /**
     * Free bytes where new workspaces are made.
     *
     * @return bytes.
     */
    public static long freeBytes() {
        return new File(System.getProperty("java.io.tmpdir")).getUsableSpace();
    }

    /** Deletes both directories. */
    @Override
    public void close() {
        delete(directory, aeronDirectory);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            // The JVM is ending, so the hook runs anyhow and finds nothing left.
            delete(directory, aeronDirectory);
        }
    }

    /**
     * Deletes directories with what is in them; those that are gone already are passed over.
     *
     * @param directories the directories.
     */
    public static void delete(final Path... directories) {
        for (final Path directory : directories) {
            IoUtil.delete(directory.toFile(), true);
        }
    }
}
