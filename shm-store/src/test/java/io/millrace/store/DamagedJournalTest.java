package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.store.reader.MachineBoot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start does with a journal that was damaged in a copy. */
class DamagedJournalTest {
    private static final int PAGE = 4096;
    private static final UUID OTHER_RUN = new UUID(7, 7);

    @TempDir
    Path parent;

    private Path original;
    private int copies;
    private long end;

    /** Two starts: the first of several segments, the second ended without its last records being forced. */
    @BeforeEach
    void writeJournal() throws IOException {
        original = parent.resolve("original");
        try (ChronicleJournal journal = TestWriter.open(TestWriter.context(original))) {
            new TestWriter(journal).appendAll(2_000);
        }
        final ChronicleJournal second = TestWriter.open(TestWriter.context(original));
        final TestWriter writer = new TestWriter(second);
        writer.appendAll(500);
        second.sync();
        writer.appendAll(500);
        end = second.nextPosition() - 1;
        // What a kill leaves is what the files hold now, before close.
        SparseCopies.copyTree(original, parent.resolve("killed"));
        second.close();
        original = parent.resolve("killed");
    }

    private Path copy() throws IOException {
        final Path copy = parent.resolve("copy" + copies++);
        SparseCopies.copyTree(original, copy);
        return copy;
    }

    private static List<Path> segments(final Path directory) throws IOException {
        final List<Path> segments = new ArrayList<>();
        for (final long epoch : JournalLayout.epochs(directory)) {
            segments.addAll(JournalLayout.segments(directory, epoch));
        }
        return segments;
    }

    private static void write(final Path file, final long at, final byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    private static byte[] read(final Path file, final long at, final int length) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.read(bytes, at);
        }
        return bytes.array();
    }

    private static JournalContext sameRun(final Path directory) {
        return TestWriter.context(directory);
    }

    private static JournalContext otherRun(final Path directory) {
        return TestWriter.context(directory).machineBoot(OTHER_RUN);
    }

    /** Bytes of the last segment that hold something. */
    private long usedOfLast() throws IOException {
        final List<Path> segments = segments(original);
        return used(segments.get(segments.size() - 1));
    }

    private static long used(final Path segment) throws IOException {
        try (SegmentReader reader = new SegmentReader()) {
            reader.open(segment);
            long used = 0;
            while (reader.next()) {
                used = reader.filePosition() + 4 + reader.excerptLength();
            }
            return used;
        }
    }

    @Test
    void shouldRecoverTheUndamagedCopy() throws IOException {
        final Path copy = copy();
        try (ChronicleJournal journal = TestWriter.open(sameRun(copy))) {
            assertEquals(DamageTable.Case.CLEAN, journal.recovery().judgement());
            assertEquals(LongStream.rangeClosed(0, end).boxed().toList(), TestWriter.replay(journal, 0));
        }
    }

    /** Every page of every segment, the first one included; a refusal changes nothing, so the page is put back. */
    @Test
    void shouldRefuseEveryZeroedPageThatHeldRecords() throws IOException {
        final Path copy = copy();
        int refused = 0;
        for (final Path file : segments(copy)) {
            final long used = used(file);
            for (long at = 0; at < used; at += PAGE) {
                final byte[] before = read(file, at, PAGE);
                write(file, at, new byte[PAGE]);
                final String where = file + " page at " + at;
                final JournalDamagedException refusal =
                        assertThrows(JournalDamagedException.class, () -> ChronicleJournal.open(sameRun(copy)), where);
                assertEquals(file, refusal.file(), where);
                assertTrue(refusal.filePosition() <= at + PAGE, refusal.getMessage());
                assertTrue(refusal.getMessage().contains("millrace journal repair"), refusal.getMessage());
                write(file, at, before);
                refused++;
            }
        }
        assertTrue(refused > 100, "only " + refused + " pages were tried");
        try (ChronicleJournal journal = TestWriter.open(sameRun(copy))) {
            assertEquals(LongStream.rangeClosed(0, end).boxed().toList(), TestWriter.replay(journal, 0));
        }
    }

    @Test
    void shouldRefuseTheZeroedLastPageAlthoughNothingLiesBehindIt() throws IOException {
        final Path copy = copy();
        final List<Path> segments = segments(copy);
        write(segments.get(segments.size() - 1), usedOfLast() / PAGE * PAGE, new byte[PAGE]);
        final RecoveryReport report = Recovery.inspect(copy, MachineBoot.id(), false);
        assertEquals(DamageTable.Case.APPENDED_LOST, report.judgement());
    }

    @Test
    void shouldEndAtAZeroedPageBehindTheSyncedPositionAfterAMachineRestart() throws IOException {
        final Path copy = copy();
        final List<Path> segments = segments(copy);
        final long at = (usedOfLast() - 3 * PAGE) / PAGE * PAGE;
        write(segments.get(segments.size() - 1), at, new byte[PAGE]);
        final long resumed;
        try (ChronicleJournal journal = TestWriter.open(otherRun(copy))) {
            final RecoveryReport report = journal.recovery();
            assertEquals(DamageTable.Case.CUT_AFTER_MACHINE_RESTART, report.judgement());
            assertTrue(report.discarded() > 0);
            assertTrue(report.endPosition() < end);
            assertTrue(report.describe().contains(report.discarded() + " whole records"), report.describe());
            new TestWriter(journal).appendAll(100);
            resumed = journal.nextPosition() - 1;
        }
        // The gap stays in the old file and must not be found again.
        for (int start = 0; start < 2; start++) {
            try (ChronicleJournal journal = ChronicleJournal.open(otherRun(copy))) {
                assertEquals(LongStream.rangeClosed(0, resumed).boxed().toList(), TestWriter.replay(journal, 0));
            }
        }
    }

    @Test
    void shouldKeepItsJudgementWhenTheNextStartEndsBeforeItsBootRecord() throws IOException {
        final Path copy = copy();
        final List<Path> segments = segments(copy);
        write(segments.get(segments.size() - 1), (usedOfLast() - 3 * PAGE) / PAGE * PAGE, new byte[PAGE]);
        final long kept;
        try (ChronicleJournal journal = ChronicleJournal.open(otherRun(copy))) {
            kept = journal.recovery().endPosition();
        }
        try (ChronicleJournal journal = TestWriter.open(otherRun(copy))) {
            assertEquals(kept, journal.recovery().endPosition());
            assertEquals(LongStream.rangeClosed(0, kept).boxed().toList(), TestWriter.replay(journal, 0));
        }
    }

    @Test
    void shouldRefuseEveryFlippedByteOfARecord() throws IOException {
        final int count = segments(original).size();
        for (int segment = 0; segment < count; segment++) {
            for (int at = 5_003; at < 60_000; at += 4_999) {
                final Path copy = copy();
                final Path file = segments(copy).get(segment);
                final byte before = read(file, at, 1)[0];
                write(file, at, new byte[] {(byte) (before ^ 0x04)});
                assertThrows(
                        JournalDamagedException.class,
                        () -> ChronicleJournal.open(sameRun(copy)),
                        "segment " + segment + " byte " + at);
            }
        }
    }

    @Test
    void shouldRefuseEveryCutFile() throws IOException {
        final int count = segments(original).size();
        for (int segment = 0; segment < count; segment++) {
            for (long length = 0; length < 100_000; length += 14_983) {
                final Path copy = copy();
                try (FileChannel channel = FileChannel.open(segments(copy).get(segment), StandardOpenOption.WRITE)) {
                    channel.truncate(length);
                }
                assertThrows(
                        JournalDamagedException.class,
                        () -> ChronicleJournal.open(sameRun(copy)),
                        "segment " + segment + " length " + length);
            }
        }
    }

    @Test
    void shouldRefuseAMissingSegment() throws IOException {
        final int count = segments(original).size();
        for (int segment = 1; segment < count; segment++) {
            final Path copy = copy();
            Files.delete(segments(copy).get(segment));
            assertThrows(JournalDamagedException.class, () -> ChronicleJournal.open(sameRun(copy)));
        }
    }

    @Test
    void shouldEndAtATornLastRecord() throws IOException {
        final long used = usedOfLast();
        for (int torn = 8; torn <= 200; torn += 16) {
            final Path copy = copy();
            final List<Path> segments = segments(copy);
            // The header word stays 0 until the record is whole: only bytes behind it can be there.
            final byte[] part = read(segments.get(0), 6_000, torn);
            write(segments.get(segments.size() - 1), used + 4, part);
            try (ChronicleJournal journal = TestWriter.open(sameRun(copy))) {
                assertEquals(
                        DamageTable.Case.TORN_LAST_RECORD, journal.recovery().judgement(), "torn " + torn);
                assertEquals(end, journal.recovery().endPosition());
                new TestWriter(journal).appendAll(10);
            }
            try (ChronicleJournal journal = ChronicleJournal.open(sameRun(copy))) {
                assertEquals(LongStream.rangeClosed(0, end + 11).boxed().toList(), TestWriter.replay(journal, 0));
            }
        }
    }

    @Test
    void shouldNotCountAWholeRecordThatWasNeverPublished() throws IOException {
        final Path copy = copy();
        final List<Path> segments = segments(copy);
        final BatchBuilder builder = new BatchBuilder(1, 256);
        builder.append(7, new UnsafeBuffer(new byte[64]), 0, 64);
        builder.seal(1, 2, end + 1, 0, 0);
        final byte[] whole = new byte[builder.length()];
        builder.buffer().getBytes(0, whole);
        write(segments.get(segments.size() - 1), usedOfLast() + 4, whole);
        try (ChronicleJournal journal = ChronicleJournal.open(sameRun(copy))) {
            assertEquals(DamageTable.Case.TORN_LAST_RECORD, journal.recovery().judgement());
            assertEquals(end, journal.recovery().endPosition());
        }
    }

    @Test
    void shouldRefuseWithoutTheMark() throws IOException {
        final Path copy = copy();
        Files.delete(copy.resolve("synced"));
        assertEquals(
                DamageTable.Case.MARK_LOST,
                Recovery.inspect(copy, MachineBoot.id(), false).judgement());
        Files.write(copy.resolve("synced"), new byte[PAGE]);
        assertThrows(JournalDamagedException.class, () -> ChronicleJournal.open(sameRun(copy)));
    }

    @Test
    void shouldSurviveATornWriteOfTheMark() throws IOException {
        final Path copy = copy();
        final long newest = SyncedMark.read(copy).orElseThrow().writeCount();
        write(copy.resolve("synced"), (newest & 1) * 512 + 20, new byte[] {99});
        assertEquals(newest - 1, SyncedMark.read(copy).orElseThrow().writeCount());
    }

    @Test
    void shouldRefuseFilesThatTheLibrarySetAside() throws IOException {
        final Path copy = copy();
        final Path file = segments(copy).get(0);
        Files.move(file, file.resolveSibling(file.getFileName() + ".discard"));
        assertThrows(JournalException.class, () -> ChronicleJournal.open(sameRun(copy)));
    }

    @Test
    void shouldStartAgainAfterARepair() throws IOException {
        final int count = segments(original).size();
        for (int segment = 0; segment < count; segment++) {
            final Path copy = copy();
            write(segments(copy).get(segment), 9 * PAGE, new byte[PAGE]);
            final JournalDamagedException refusal =
                    assertThrows(JournalDamagedException.class, () -> ChronicleJournal.open(sameRun(copy)));
            final RecoveryReport repaired;
            try (DirectoryLock lock = DirectoryLock.acquire(copy)) {
                repaired = JournalVerifier.repair(lock);
            }
            assertEquals(refusal.lastGoodPosition(), repaired.endPosition());
            final long resumed;
            try (ChronicleJournal journal = TestWriter.open(sameRun(copy))) {
                assertEquals(repaired.endPosition() + 1, journal.recovery().endPosition() + 1);
                new TestWriter(journal).appendAll(50);
                resumed = journal.nextPosition() - 1;
            }
            try (ChronicleJournal journal = ChronicleJournal.open(sameRun(copy))) {
                assertEquals(LongStream.rangeClosed(0, resumed).boxed().toList(), TestWriter.replay(journal, 0));
            }
        }
    }

    @Test
    void shouldScanDamagedFiles() throws IOException {
        final Path copy = copy();
        final List<Path> segments = segments(copy);
        write(segments.get(1), 50_001, new byte[] {1, 2, 3});
        final List<String> ends = new ArrayList<>();
        final long[] records = new long[1];
        try (JournalScanner scanner = new JournalScanner(copy)) {
            assertEquals(segments, scanner.files());
            scanner.scan(new JournalScanner.Listener() {
                @Override
                public boolean onExcerpt(final Path file, final long filePosition, final BatchReader batch) {
                    records[0] += batch.recordCount();
                    return true;
                }

                @Override
                public void onFileEnd(
                        final Path file,
                        final long filePosition,
                        final JournalScanner.FileEnd fileEnd,
                        final ExcerptVerdict verdict) {
                    ends.add(fileEnd + " " + verdict);
                }
            });
        }
        assertEquals(List.of("COMPLETE OK", "BAD_RECORD BAD_CRC", "OPEN OK"), ends);
        assertTrue(records[0] > 1_000 && records[0] < end, "records " + records[0]);
    }

    @Test
    void shouldVerifyWhileAServerAppends() throws IOException {
        final Path copy = copy();
        try (ChronicleJournal journal = TestWriter.open(sameRun(copy))) {
            final TestWriter writer = new TestWriter(journal);
            for (int i = 0; i < 20; i++) {
                writer.appendAll(100);
                final RecoveryReport report = JournalVerifier.verify(copy, true);
                assertEquals(DamageTable.Case.CLEAN, report.judgement());
                assertEquals(journal.nextPosition() - 1, report.endPosition());
            }
        }
        assertEquals(DamageTable.Case.CLEAN, JournalVerifier.verify(copy, false).judgement());
    }
}
