package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleJournalTest {
    @TempDir
    Path directory;

    private ChronicleJournal open() {
        return TestWriter.open(TestWriter.context(directory));
    }

    private static List<Long> range(final long from, final long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void shouldReplayWhatWasAppended() {
        try (ChronicleJournal journal = open()) {
            final TestWriter writer = new TestWriter(journal);
            assertEquals(AppendResult.OK, writer.append(3));
            assertEquals(AppendResult.OK, writer.append(1));
            assertEquals(5, journal.nextPosition());
            assertEquals(1, journal.bootEpoch());
        }
        try (ChronicleJournal journal = ChronicleJournal.open(TestWriter.context(directory))) {
            assertEquals(DamageTable.Case.CLEAN, journal.recovery().judgement());
            assertEquals(5, journal.nextPosition());
            assertEquals(2, journal.bootEpoch());
            assertEquals(range(0, 5), TestWriter.replay(journal, 0));
            assertEquals(range(4, 5), TestWriter.replay(journal, 4));
            assertEquals(List.of(), TestWriter.replay(journal, 5));
            assertThrows(JournalException.class, () -> TestWriter.replay(journal, 6));
            assertThrows(JournalException.class, () -> TestWriter.replay(journal, 2));
        }
    }

    @Test
    void shouldKeepEverythingOverManyStarts() {
        for (int start = 1; start <= 5; start++) {
            try (ChronicleJournal journal = open()) {
                assertEquals(start, journal.bootEpoch());
                new TestWriter(journal).appendAll(start * 100);
            }
        }
        try (ChronicleJournal journal = open()) {
            assertEquals(range(0, 1505), TestWriter.replay(journal, 0));
        }
    }

    @Test
    void shouldBeginEveryStartWithAFileOfItsOwn() throws IOException {
        open().close();
        final List<Path> before = files();
        open().close();
        final List<Path> after = files();
        assertEquals(1, before.size());
        assertEquals(2, after.size());
        assertEquals(before.get(0), after.get(0));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(path -> path.toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void shouldDemandTheBootRecordFirst() {
        try (ChronicleJournal journal = ChronicleJournal.open(TestWriter.context(directory))) {
            final TestWriter writer = new TestWriter(journal);
            assertEquals(AppendResult.OUT_OF_SEQUENCE, writer.append(1));
            assertEquals(AppendResult.OUT_OF_SEQUENCE, writer.boot(7));
            assertEquals(AppendResult.OK, writer.boot());
            assertEquals(AppendResult.OK, writer.append(1));
        }
    }

    @Test
    void shouldAnswerWithCodes() {
        final long[] usable = {1 << 20};
        final JournalContext context = TestWriter.context(directory)
                .diskLowBytes(1000)
                .diskFullBytes(100)
                .diskCheckIntervalNs(0)
                .usableBytes(() -> usable[0]);
        final ChronicleJournal journal = TestWriter.open(context);
        final TestWriter writer = new TestWriter(journal);
        assertEquals(AppendResult.TOO_LARGE, journal.append(new UnsafeBuffer(new byte[1 << 17]), 0, (1 << 16) + 1));
        assertEquals(AppendResult.TOO_LARGE, journal.append(new UnsafeBuffer(new byte[100]), 0, 79));
        assertEquals(AppendResult.OUT_OF_SEQUENCE, journal.append(new UnsafeBuffer(new byte[100]), 0, 96));
        usable[0] = 999;
        journal.doHousekeeping();
        assertTrue(journal.diskLow());
        assertEquals(AppendResult.OK, writer.append(1));
        usable[0] = 99;
        journal.doHousekeeping();
        assertEquals(AppendResult.DISK_FULL, writer.append(1));
        usable[0] = 1 << 20;
        journal.doHousekeeping();
        assertFalse(journal.diskLow());
        assertEquals(AppendResult.OK, writer.append(1));
        assertEquals(3, journal.nextPosition());
        journal.close();
        assertEquals(AppendResult.CLOSED, writer.append(1));
    }

    @Test
    void shouldStopBeforeTheDiskIsFullThoughNobodyLooksAtIt() {
        final JournalContext context = TestWriter.context(directory)
                .diskLowBytes(20_000)
                .diskFullBytes(10_000)
                .usableBytes(() -> 50_000);
        try (ChronicleJournal journal = TestWriter.open(context)) {
            final TestWriter writer = new TestWriter(journal);
            int appended = 0;
            int low = 0;
            while (appended < 1_000 && writer.append(1) == AppendResult.OK) {
                appended++;
                low += journal.diskLow() ? 1 : 0;
            }
            assertEquals(AppendResult.DISK_FULL, writer.append(1));
            assertTrue(low > 10, low + " appends while the disk was low");
            assertTrue(appended > 3 * low && appended < 40_000 / TestWriter.FRAME_LENGTH, appended + " appends");

            journal.doHousekeeping();
            assertFalse(journal.diskLow());
            assertEquals(AppendResult.OK, writer.append(1));
        }
    }

    @Test
    void shouldFailForGoodWhenASegmentCannotBeTakenOver() throws IOException {
        final ChronicleJournal journal = open();
        Files.delete(files().get(0));

        assertThrows(JournalException.class, () -> journal.deleteBefore(0));

        assertEquals(AppendResult.FAILED, new TestWriter(journal).append(1));
        assertEquals(0, journal.doHousekeeping());
        journal.close();
    }

    @Test
    void shouldRollBySize() throws IOException {
        try (ChronicleJournal journal = open()) {
            final TestWriter writer = new TestWriter(journal);
            for (int i = 0; i < 5_000; i++) {
                assertEquals(AppendResult.OK, writer.append(1));
                journal.doHousekeeping();
            }
            assertTrue(journal.rollCount() >= 4, "rolls " + journal.rollCount());
            assertEquals(files().size(), journal.rollCount());
            assertTrue(journal.longestRollNs() > 0);
            assertNull(journal.failure());
        }
        try (ChronicleJournal journal = ChronicleJournal.open(TestWriter.context(directory))) {
            assertEquals(range(0, 5_001), TestWriter.replay(journal, 0));
        }
    }

    @Test
    void shouldTakeTheLargestBatchAtTheEndOfASegment() {
        final JournalContext context =
                TestWriter.context(directory).segmentBytes(1 << 16).maxBatchBytes(1 << 16);
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[(1 << 16) - 96]);
        try (ChronicleJournal journal = TestWriter.open(context)) {
            final BatchBuilder largest = new BatchBuilder(1, 1 << 16);
            for (int i = 1; i <= 20; i++) {
                largest.reset();
                assertTrue(largest.append(0, frame, 0, frame.capacity()));
                largest.seal(1, 1, i, 0, 0);
                assertEquals(AppendResult.OK, journal.append(largest.buffer(), 0, largest.length()));
            }
        }
        try (ChronicleJournal journal = ChronicleJournal.open(TestWriter.context(directory))) {
            assertEquals(range(0, 21), TestWriter.replay(journal, 0));
        }
    }

    @Test
    void shouldDeleteOnlyWholeFinishedSegments() throws IOException {
        final long kept;
        try (ChronicleJournal journal = open()) {
            new TestWriter(journal).appendAll(5_000);
            journal.doHousekeeping();
            final Segment second = journal.finishedSegments().get(1);
            journal.deleteBefore(second.lastPosition());
            assertEquals(second, journal.finishedSegments().get(0));
            journal.deleteBefore(second.lastPosition() + 1);
            kept = journal.finishedSegments().get(0).firstPosition();
            assertEquals(second.lastPosition() + 1, kept);
        }
        try (ChronicleJournal journal = open()) {
            assertEquals(kept, journal.recovery().basePosition());
            assertEquals(range(kept, 5_001), TestWriter.replay(journal, kept));
            assertThrows(JournalException.class, () -> TestWriter.replay(journal, 0));
            journal.doHousekeeping();
            journal.deleteBefore(Long.MAX_VALUE);
            assertEquals(1, files().size());
        }
        // As a kill between the last segment and its folder leaves it.
        Files.createDirectories(JournalLayout.start(directory, 1));
        try (ChronicleJournal journal = open()) {
            assertEquals(5_002, journal.nextPosition() - 1);
            assertEquals(range(5_001, 5_002), TestWriter.replay(journal, 5_001));
        }
    }

    @Test
    void shouldForceInHousekeepingAndSaySo() {
        try (ChronicleJournal journal =
                TestWriter.open(TestWriter.context(directory).syncIntervalNs(0))) {
            new TestWriter(journal).appendAll(10);
            assertEquals(-1, journal.syncedPosition());
            assertTrue(journal.doHousekeeping() > 0);
            assertEquals(10, journal.syncedPosition());
            assertEquals(1, journal.syncCount());
            new TestWriter(journal).appendAll(2);
            assertEquals(12, journal.sync());
        }
    }

    @Test
    void shouldAllocateNothing() {
        final JournalContext context = TestWriter.context(directory).segmentBytes(1 << 28);
        try (ChronicleJournal journal = TestWriter.open(context)) {
            final TestWriter writer = new TestWriter(journal);
            assertEquals(0, Allocations.leastOf(() -> {
                for (int i = 0; i < 20_000; i++) {
                    if (writer.append(2) != AppendResult.OK) {
                        throw new AssertionError("append failed", journal.failure());
                    }
                }
            }));
            assertEquals(1, journal.rollCount());
        }
    }

    @Test
    void shouldRefuseASecondOwner() {
        try (ChronicleJournal journal = open()) {
            assertThrows(DirectoryLockedException.class, () -> ChronicleJournal.open(TestWriter.context(directory)));
            new TestWriter(journal).appendAll(1);
        }
        open().close();
    }

    @Test
    void shouldRefuseANetworkFileSystem() {
        final JournalException refusal = assertThrows(
                JournalException.class,
                () -> ChronicleJournal.open(TestWriter.context(directory).fileSystemType("nfs4")));
        assertTrue(refusal.getMessage().contains("nfs4"), refusal.getMessage());
        open().close();
    }

    @Test
    void shouldRefuseATooSmallDisk() {
        final JournalException refusal = assertThrows(
                JournalException.class,
                () -> ChronicleJournal.open(
                        TestWriter.context(directory).diskLowBytes(64 << 20).usableBytes(() -> 63 << 20)));
        assertTrue(refusal.getMessage().contains("63 MiB"), refusal.getMessage());
        open().close();
    }
}
