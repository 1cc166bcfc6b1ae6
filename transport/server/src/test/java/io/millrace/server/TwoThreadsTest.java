package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.store.AppendResult;
import io.millrace.store.BatchReader;
import io.millrace.store.ExcerptVerdict;
import io.millrace.store.JournalScanner;
import io.millrace.store.SnapshotStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.ErrorLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The duty cycle and another thread at the same time, for everything of the server's own that both of them use. */
class TwoThreadsTest {

    private static final int REQUESTS = 40;
    private static final int ERRORS = 20_000;
    private static final int KINDS = 10;
    private static final int NOTES_AT_ONCE = 100;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path directory;

    /** Last position that the duty cycle has applied. */
    private volatile long applied;

    private volatile boolean isOver;

    @Test
    void shouldServeEveryRequestForASnapshotWithWhatWasAppliedBeforeIt() throws Exception {
        final ServerContext ctx = new ServerContext()
                .directory(directory)
                .segmentBytes(64 * 1024)
                .log(line -> {})
                .conclude();
        try (ServerCore core = new ServerCore(ctx)) {
            final FutureTask<Void> other = start(() -> request(core));
            while (!other.isDone()) {
                core.batch.appendClock();
                assertEquals(AppendResult.OK, core.batch.commit(core.clock.timeNs(System.nanoTime())));
                applied = core.storage.journal().nextPosition() - 1;
                if (core.snapshots.isRequested()) {
                    core.snapshots.write();
                }
            }
            finish(other);
            assertEquals(0, core.errors.count());
            assertEquals(0, core.counters.snapshotFailures);
            assertTrue(core.counters.snapshots >= REQUESTS);
            core.storage.doHousekeeping();
            assertOnlyNeededSegmentsAreLeft();
        }
    }

    /** The helper: asks for snapshots, one after the other, and does the slow work of storage meanwhile. */
    private void request(final ServerCore core) {
        final SnapshotStore store = new SnapshotStore(directory);
        for (int i = 0; i < REQUESTS; i++) {
            final long before = applied;
            core.snapshots.request();
            final long deadline = System.nanoTime() + DEADLINE_NS;
            while (core.snapshots.isRequested()) {
                core.storage.doHousekeeping();
                assertTrue(System.nanoTime() - deadline < 0, "a request was lost");
            }
            final List<Long> positions = store.positions();
            final long newest =
                    positions.stream().mapToLong(Long::longValue).max().orElse(-1);
            assertTrue(newest >= before, () -> "applied up to " + before + " before the request, in it " + newest);
        }
    }

    private void assertOnlyNeededSegmentsAreLeft() throws Exception {
        final long needed = new SnapshotStore(directory).neededFrom();
        final List<String> superfluous = new ArrayList<>();
        try (JournalScanner scanner = new JournalScanner(directory)) {
            final List<Path> files = scanner.files();
            final long[] last = {-1};
            scanner.scan(new JournalScanner.Listener() {
                @Override
                public boolean onExcerpt(final Path file, final long filePosition, final BatchReader batch) {
                    last[0] = batch.lastPosition();
                    return true;
                }

                @Override
                public void onFileEnd(
                        final Path file,
                        final long filePosition,
                        final JournalScanner.FileEnd end,
                        final ExcerptVerdict verdict) {
                    if (last[0] < needed && !file.equals(files.get(files.size() - 1))) {
                        superfluous.add(file + " ends at " + last[0]);
                    }
                }
            });
        }
        assertEquals(List.of(), superfluous, "needed from " + needed);
        assertTrue(needed > 0);
    }

    @Test
    void shouldCountEveryErrorAndPrintEachKindOnce() throws Exception {
        final List<String> printed = new ArrayList<>();
        final long counted;
        try (ErrorReporter errors = new ErrorReporter(directory, printed::add)) {
            final FutureTask<Void> other = start(() -> {
                for (int i = 0; i < ERRORS; i++) {
                    errors.onError(new IllegalStateException("kind " + i % KINDS));
                    errors.print();
                }
            });
            long last = 0;
            for (int i = 0; i < ERRORS; i++) {
                errors.onError(new IllegalStateException("kind " + i % KINDS));
                final long count = errors.count();
                assertTrue(count > last && count <= 2 * ERRORS, count + " after " + last);
                last = count;
            }
            finish(other);
            counted = errors.count();
        }
        assertEquals(2 * ERRORS, counted);
        assertEquals(2 * KINDS, printed.size(), () -> "each kind from each of two places: " + printed);
        assertEquals(2 * KINDS, new HashSet<>(printed).size());
        assertEquals(2 * ERRORS, loggedErrors());
    }

    private long loggedErrors() throws Exception {
        final long[] total = {0};
        ErrorLogReader.read(
                new UnsafeBuffer(Files.readAllBytes(directory.resolve(ErrorReporter.FILE_NAME))),
                (count, firstNs, lastNs, text) -> total[0] += count);
        return total[0];
    }

    @Test
    void shouldPrintEveryNoteInOrder() throws Exception {
        final List<String> printed = new ArrayList<>();
        try (ErrorReporter errors = new ErrorReporter(directory, printed::add)) {
            final FutureTask<Void> other = start(() -> {
                while (!isOver) {
                    applied += errors.print();
                }
            });
            for (int i = 0; i < ERRORS; i++) {
                errors.note(Integer.toString(i));
                final long deadline = System.nanoTime() + DEADLINE_NS;
                while (i - applied > NOTES_AT_ONCE) {
                    assertTrue(System.nanoTime() - deadline < 0, "notes are not printed");
                    Thread.onSpinWait();
                }
            }
            isOver = true;
            finish(other);
        }
        assertEquals(ERRORS, printed.size());
        for (int i = 0; i < ERRORS; i++) {
            assertEquals(Integer.toString(i), printed.get(i));
        }
    }

    private static FutureTask<Void> start(final Runnable task) {
        final FutureTask<Void> future = new FutureTask<>(task, null);
        final Thread thread = new Thread(future, "other");
        thread.setDaemon(true);
        thread.start();
        return future;
    }

    private static void finish(final FutureTask<Void> task) throws InterruptedException {
        try {
            task.get(DEADLINE_NS, TimeUnit.NANOSECONDS);
        } catch (final ExecutionException e) {
            throw new AssertionError("the other thread failed: " + e.getCause(), e.getCause());
        } catch (final TimeoutException e) {
            throw new AssertionError("the other thread did not finish", e);
        }
    }
}
