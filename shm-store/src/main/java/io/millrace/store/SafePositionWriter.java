package io.millrace.store;

import io.millrace.store.reader.RecordFormat;
import io.millrace.store.reader.SafePosition;
import io.millrace.store.reader.StreamFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** Says how far readers of record logs may look: the only writer of {@link SafePosition}. */
final class SafePositionWriter implements AutoCloseable {
    private final MappedPage page;

    /**
     * Maps the file and withdraws what does not count: all in another run of the machine, and what lies behind the end of the
     * journal.
     */
    SafePositionWriter(final Path dataDirectory, final long endPosition, final UUID machineBoot) throws IOException {
        final Path streams = StreamFolders.streams(dataDirectory);
        MappedPage.makeFolder(streams);
        page = MappedPage.open(streams.resolve(SafePosition.FILE_NAME), SafePosition.LENGTH);
        final boolean sameRun = page.get(SafePosition.MAGIC_OFFSET) == SafePosition.MAGIC
                && page.get(SafePosition.BOOT_OFFSET) == machineBoot.getMostSignificantBits()
                && page.get(SafePosition.BOOT_OFFSET + Long.BYTES) == machineBoot.getLeastSignificantBits();
        final long before = sameRun ? page.get(SafePosition.POSITION_OFFSET) : SafePosition.NONE;
        page.set(SafePosition.POSITION_OFFSET, Math.min(before, endPosition));
        page.set(SafePosition.BOOT_OFFSET, machineBoot.getMostSignificantBits());
        page.set(SafePosition.BOOT_OFFSET + Long.BYTES, machineBoot.getLeastSignificantBits());
        page.set(SafePosition.VERSION_OFFSET, RecordFormat.FORMAT_VERSION);
        page.set(SafePosition.MAGIC_OFFSET, SafePosition.MAGIC);
        JournalLayout.forceDirectory(streams);
    }

    /** Lets readers look up to a position. Called by the appending thread. */
    void set(final long position) {
        page.set(SafePosition.POSITION_OFFSET, position);
    }

    @Override
    public void close() {
        page.close();
    }
}
