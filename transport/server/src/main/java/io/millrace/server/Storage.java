package io.millrace.server;

import io.millrace.kernel.Kernel;
import io.millrace.store.Journal;
import io.millrace.store.MemoryJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.CloseHelper;

/** The data directory of a server: lock, journal and snapshots. */
final class Storage implements AutoCloseable {
    private final Path directory;
    private final Journal journal;

    private Storage(final Path directory, final Journal journal) {
        this.directory = directory;
        this.journal = journal;
    }

    static Storage open(final ServerContext ctx) {
        try {
            Files.createDirectories(ctx.directory());
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot create " + ctx.directory(), e);
        }
        return new Storage(ctx.directory(), new MemoryJournal());
    }

    Path directory() {
        return directory;
    }

    Journal journal() {
        return journal;
    }

    long loadSnapshot(final Kernel kernel) {
        return -1;
    }

    boolean writeSnapshot(final Kernel kernel, final long position, final long deadlineNs) {
        return true;
    }

    int doHousekeeping() {
        return journal.doHousekeeping();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(journal);
    }
}
