package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;
import io.millrace.kernel.Kernel;
import io.millrace.kernel.LogDispatcher;
import io.millrace.kernel.SnapshotLoader;
import io.millrace.store.BatchReader;
import io.millrace.store.ExcerptVerdict;
import io.millrace.store.JournalScanner;
import io.millrace.store.SnapshotStore;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The journal that a real server left behind is given to kernels under other hosts: in batches, record by record with a time
 * each as a cluster does it, and behind a snapshot. All come to the state that the server had before every batch and at its
 * end, and say what the server's clients heard.
 */
class ReplayTest {

    private static final int STEPS = 4_000;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path directory;

    private Map<Long, List<String>> heard;

    /** A kernel and what it has said. */
    private static final class Host {

        private final RecordedEgress egress = new RecordedEgress();
        private final Kernel kernel = new Kernel(egress);
        private final LogDispatcher dispatcher = new LogDispatcher(kernel);
        private long batches;
        private long records;
        private long position = -1;

        void applyBatch(final BatchReader batch) {
            while (batch.next()) {
                dispatcher.onRecord(
                        batch.timestampNs(),
                        batch.sessionId(),
                        batch.buffer(),
                        batch.frameOffset(),
                        batch.frameLength());
            }
        }

        /** As a cluster does it: each message comes alone, in memory of its own. */
        void applyOneByOne(final BatchReader batch) {
            while (batch.next()) {
                final UnsafeBuffer alone = new UnsafeBuffer(new byte[batch.frameLength()]);
                alone.putBytes(0, batch.buffer(), batch.frameOffset(), batch.frameLength());
                dispatcher.onRecord(batch.timestampNs(), batch.sessionId(), alone, 0, alone.capacity());
            }
        }
    }

    @BeforeEach
    void leaveAJournalBehind() {
        final String aeronDir = CommonContext.getAeronDirectoryName() + "-millrace-replay-" + UUID.randomUUID();
        final ServerContext ctx = new ServerContext()
                .directory(directory)
                .aeronDirectoryName(aeronDir)
                .driverMode(DriverMode.INVOKER)
                .idleStrategy("yield");
        try (MillraceServer server = MillraceServer.launch(ctx);
                MixedTraffic traffic = new MixedTraffic(directory, 1867)) {
            traffic.run(STEPS);
            traffic.reconnect();
            server.requestSnapshot();
            awaitSnapshot(traffic);
            traffic.run(STEPS);
            heard = traffic.delivered();
            assertEquals(0, server.errorCount());
        } finally {
            IoUtil.delete(new File(aeronDir), true);
        }
    }

    /** Looks at the files alone: a store of our own would remove what the server is writing. */
    private void awaitSnapshot(final MixedTraffic traffic) {
        final File snapshots = directory.resolve("snapshots").toFile();
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (snapshots.list((folder, name) -> name.endsWith(".snapshot")).length == 0) {
            traffic.poll();
            assertTrue(System.nanoTime() - deadline < 0, "the snapshot was not written");
        }
    }

    @Test
    void shouldComeToTheSameStateAndAnswersUnderEveryHost() {
        final SnapshotStore snapshots = new SnapshotStore(directory);
        final long middle = snapshots.positions().get(0);
        final long last = snapshots.positions().get(1);

        final Host inBatches = replay(new Host(), false);
        final Host again = replay(new Host(), false);
        final Host oneByOne = replay(new Host(), true);
        final Host behindSnapshot = replay(loaded(snapshots, middle), false);
        final Host oneByOneBehindSnapshot = replay(loaded(snapshots, middle), true);
        final long atTheEnd = loaded(snapshots, last).kernel.stateHash();

        assertTrue(inBatches.records > STEPS, () -> inBatches.records + " records");
        assertTrue(inBatches.batches < inBatches.records, "batches of more than one record are among them");
        assertTrue(middle > 0 && behindSnapshot.records < inBatches.records - STEPS / 4);
        assertEquals(last, inBatches.position);
        for (final Host host : List.of(inBatches, again, oneByOne, behindSnapshot, oneByOneBehindSnapshot)) {
            assertEquals(atTheEnd, host.kernel.stateHash());
            assertEquals(atTheEnd, host.kernel.recomputeStateHash());
        }
        assertEquals(inBatches.egress.digests(), again.egress.digests());
        assertEquals(inBatches.egress.digests(), oneByOne.egress.digests());
        assertEquals(behindSnapshot.egress.digests(), oneByOneBehindSnapshot.egress.digests());
    }

    @Test
    void shouldSayAgainWhatTheClientsHeard() {
        final Host host = replay(new Host(), true);

        assertEquals(4, heard.size());
        heard.forEach((session, deliveries) -> {
            final List<String> said = host.egress.deliveries(session);
            assertTrue(deliveries.size() > 20, () -> session + " heard of " + deliveries.size());
            assertTrue(said.size() >= deliveries.size(), () -> "said " + said.size() + " of " + deliveries.size());
            // What was on its way when the session ended was heard by nobody.
            assertEquals(deliveries, said.subList(0, deliveries.size()));
        });
    }

    private static Host loaded(final SnapshotStore snapshots, final long position) {
        final Host host = new Host();
        final SnapshotLoader loader = host.kernel.loader();
        snapshots.load(position, loader::onRecord);
        loader.complete();
        host.position = position;
        return host;
    }

    /** Applies everything behind the host's position; the state must be the server's before each batch. */
    private Host replay(final Host host, final boolean isOneByOne) {
        try (JournalScanner scanner = new JournalScanner(directory)) {
            scanner.scan(new JournalScanner.Listener() {
                @Override
                public boolean onExcerpt(final Path file, final long filePosition, final BatchReader batch) {
                    if (batch.firstPosition() > host.position) {
                        apply(host, batch, isOneByOne);
                    }
                    return true;
                }

                @Override
                public void onFileEnd(
                        final Path file,
                        final long filePosition,
                        final JournalScanner.FileEnd end,
                        final ExcerptVerdict verdict) {
                    assertEquals(ExcerptVerdict.OK, verdict);
                }
            });
        }
        return host;
    }

    private static void apply(final Host host, final BatchReader batch, final boolean isOneByOne) {
        assertEquals(host.position + 1, batch.firstPosition());
        assertEquals(
                batch.stateHashBefore(),
                host.kernel.stateHash(),
                () -> "the state before position " + batch.firstPosition());
        host.batches++;
        host.records += batch.recordCount();
        host.position = batch.lastPosition();
        if (isOneByOne) {
            host.applyOneByOne(batch);
        } else {
            host.applyBatch(batch);
        }
    }
}
