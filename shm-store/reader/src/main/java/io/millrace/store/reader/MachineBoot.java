package io.millrace.store.reader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Names the present run of the machine: as long as it stays the same, everything written is in the page cache. */
public final class MachineBoot {
    /** No name could be read; never equal to another machine's. */
    public static final UUID UNKNOWN = new UUID(0, 0);

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private MachineBoot() {}

    /**
     * The kernel's random name of this run.
     *
     * @return the name, or {@link #UNKNOWN}.
     */
    public static UUID id() {
        try {
            return UUID.fromString(Files.readString(BOOT_ID).strip());
        } catch (final IOException | IllegalArgumentException e) {
            // Judged strictly later: without the name nobody can say that the page cache was lost.
            return UNKNOWN;
        }
    }
}
