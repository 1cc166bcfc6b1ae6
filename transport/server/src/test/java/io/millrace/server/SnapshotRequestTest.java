package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.store.Journal;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests for snapshots from other processes, which come at any moment of the duty cycle. */
class SnapshotRequestTest {

    @TempDir
    Path directory;

    private Runnable whilePublishing = () -> {};

    @Test
    void shouldServeARequestThatComesWhileCountersArePublished() {
        try (TestServer server = new TestServer(directory, ctx -> ctx.journalFilter(Watched::new))) {
            whilePublishing = () -> {
                whilePublishing = () -> {};
                server.server().duty().published().snapshotControl().setRelease(ServerControl.SNAPSHOT_REQUESTED);
            };

            server.crankUntil("a snapshot was written", () -> server.counters().snapshots == 1);
            server.crankUntil(
                    "the request was called served",
                    () -> server.server().duty().published().snapshotControl().get() == ServerControl.NEUTRAL);

            assertEquals(1, server.counters().snapshots);
        }
    }

    /** The synced position is read while counters are published, and then only. */
    private final class Watched extends FilteredJournal {

        Watched(final Journal journal) {
            super(journal);
        }

        @Override
        public long syncedPosition() {
            whilePublishing.run();
            return super.syncedPosition();
        }
    }
}
