package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.store.DirectoryLockedException;
import io.millrace.store.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop ends in time, with a snapshot if there is time for one; the next start has everything either way. */
class StopTest {

    private static final long THIRTY_SECONDS = TimeUnit.SECONDS.toNanos(30);
    private static final long TWO_SECONDS = TimeUnit.SECONDS.toNanos(2);
    private static final int MESSAGES = 20;

    @TempDir
    Path directory;

    private final CountDownLatch diskAnswers = new CountDownLatch(1);
    private boolean isDiskStuck;
    private TestServer server;

    @AfterEach
    void stop() {
        diskAnswers.countDown();
        server.close();
    }

    @Test
    void shouldSkipTheSnapshotAtTheDeadlineAndReplay() throws IOException {
        server = new TestServer(directory, ctx -> ctx.snapshotDeadlineNs(1));
        final long queue = fill();

        server.closeServer();

        assertEquals(List.of(), snapshots());
        assertTrue(server.log.toString().contains("no snapshot was written within 0 ms"), server.log::toString);
        startAsSoonAsTheDirectoryIsFree();
        assertEquals(-1, server.counters().snapshotPosition);
        assertDelivered(queue);
    }

    @Test
    void shouldNotWaitForADiskThatDoesNotAnswer() throws IOException {
        server = new TestServer(
                directory,
                ctx -> ctx.snapshotDeadlineNs(TimeUnit.MILLISECONDS.toNanos(300))
                        .journalFilter(Stuck::new));
        final long queue = fill();
        isDiskStuck = true;

        final long startNs = System.nanoTime();
        server.closeServer();
        final long tookNs = System.nanoTime() - startNs;

        assertTrue(tookNs < TWO_SECONDS, "it took " + TimeUnit.NANOSECONDS.toMillis(tookNs) + " ms");
        assertTrue(server.log.toString().contains("no snapshot was written within 300 ms"), server.log::toString);
        assertThrows(DirectoryLockedException.class, server::start, "the directory is still in use");
        isDiskStuck = false;
        diskAnswers.countDown();
        startAsSoonAsTheDirectoryIsFree();
        assertEquals(List.of(), snapshots());
        assertDelivered(queue);
    }

    private void startAsSoonAsTheDirectoryIsFree() {
        final long deadline = System.nanoTime() + THIRTY_SECONDS;
        while (true) {
            try {
                server.start();
                return;
            } catch (final DirectoryLockedException e) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("the directory is never given free", e);
                }
                Thread.onSpinWait();
            }
        }
    }

    private long fill() {
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        for (int i = 0; i < MESSAGES; i++) {
            client.send(queue, "m" + i);
        }
        server.crankUntil("all is stored", () -> server.core().kernel.messageCount() == MESSAGES);
        return queue;
    }

    private void assertDelivered(final long queue) {
        final RawClient client = server.client();
        client.receive(queue, MESSAGES + 1, 0);
        client.awaitCount("ReceiveEnd", 1);
        assertEquals(
                Stream.iterate(0, i -> i + 1).limit(MESSAGES).map(i -> "m" + i).toList(),
                client.all("Delivery").stream().map(Event::text).toList());
    }

    private List<Path> snapshots() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("snapshots"))) {
            return files.filter(file -> file.toString().endsWith(".snapshot")).toList();
        }
    }

    /** A journal on a disk that stops answering. */
    private final class Stuck extends FilteredJournal {

        Stuck(final Journal journal) {
            super(journal);
        }

        @Override
        public long sync() {
            while (isDiskStuck && diskAnswers.getCount() > 0) {
                Thread.onSpinWait();
            }
            return super.sync();
        }
    }
}
