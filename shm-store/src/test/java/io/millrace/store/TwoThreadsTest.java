package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The appending thread and its helper at the same time, for everything of ours that both of them use. */
class TwoThreadsTest {
    private static final int PAGE = 4096;

    @TempDir
    Path directory;

    /** Last position that the appender has begun to append. */
    private volatile long claimed;

    /** How far the writer of a test is. */
    private volatile long progress;

    private long lastSynced = -1;
    private long lastNext;
    private long turns;
    private volatile long deletedBefore;

    @Test
    void shouldReadAnAppendedPositionThatWasSet() throws IOException {
        final long positions = 2_000_000;
        try (AppendedMark mark = AppendedMark.open(directory, AppendedMark.NONE)) {
            final long[] last = {AppendedMark.NONE};
            final Beside reader = Beside.start("reader", () -> {
                final long least = progress - 1;
                final long read = mark.get();
                assertTrue(read >= least, () -> read + " was read after " + least + " was set");
                assertTrue(read >= last[0], () -> read + " was read after " + last[0]);
                assertTrue(read <= claimed, () -> read + " was read before it was set");
                last[0] = read;
            });
            for (long position = 0; position < positions && !reader.hasFailed(); position++) {
                claimed = position;
                mark.set(position);
                progress = position + 1;
            }
            assertTrue(reader.finish() > 1);
            assertEquals(positions - 1, last[0]);
        }
        assertEquals(positions - 1, AppendedMark.read(directory));
    }

    @Test
    void shouldTouchPagesWithoutUndoingWhatIsWritten() throws IOException {
        for (int round = 0; round < 20; round++) {
            touchWhileWriting(1024);
        }
    }

    /** The writer fills page after page, first word first, with the toucher at the very same pages. */
    private void touchWhileWriting(final int pages) throws IOException {
        final Path file = Files.createTempFile(directory, "pages", ".cq4");
        final long length = (long) pages * PAGE;
        final MappedByteBuffer mapping = map(file, length);
        final long[] touched = {0};
        try (PageToucher toucher = new PageToucher()) {
            final UnsafeBuffer pageWords = new UnsafeBuffer(mapping);
            toucher.open(file, length);
            progress = 0;
            final Beside helper = Beside.start("toucher", () -> touched[0] += toucher.touch(progress, 2 * PAGE, 2));
            for (int page = 0; page < pages; page++) {
                progress = (long) page * PAGE;
                pageWords.putInt(page * PAGE, page + 1);
                pageWords.putInt(page * PAGE + Integer.BYTES, page + 1);
            }
            helper.finish();
            for (int page = 0; page < pages; page++) {
                assertEquals(page + 1, pageWords.getInt(page * PAGE), "first word of page " + page);
                assertEquals(page + 1, pageWords.getInt(page * PAGE + Integer.BYTES), "second word of page " + page);
            }
            assertTrue(touched[0] > 0);
        } finally {
            IoUtil.unmap(mapping);
        }
    }

    private static MappedByteBuffer map(final Path file, final long length) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(length);
            return access.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, length);
        }
    }

    @Test
    void shouldKeepTheJournalWholeWhileTheHelperForcesTouchesAndDeletes() {
        final int batches = 15_000;
        final JournalContext context = TestWriter.context(directory)
                .segmentBytes(1 << 16)
                .maxBatchBytes(1 << 13)
                .diskCheckIntervalNs(0)
                .syncIntervalNs(0);
        final long end;
        try (ChronicleJournal journal = TestWriter.open(context)) {
            claimed = 0;
            final Beside helper = Beside.start("helper", () -> lookAfter(journal));
            final TestWriter writer = new TestWriter(journal);
            // The helper's turns force the disk: on a slow one the writer goes on until a segment could be deleted.
            for (int i = 1; (i <= batches || deletedBefore == 0 && i <= 50 * batches) && !helper.hasFailed(); i++) {
                final int records = 1 + i % 3;
                claimed = journal.nextPosition() + records - 1;
                assertEquals(AppendResult.OK, writer.append(records));
                if (i % 4_000 == 0) {
                    assertEquals(claimed, journal.sync(), "what a thread appended before is on the disk");
                }
            }
            assertTrue(helper.finish() > 10);
            end = journal.nextPosition();
            assertEquals(claimed + 1, end);
            assertEquals(claimed, journal.sync());
            assertTrue(journal.rollCount() > 20, () -> journal.rollCount() + " rolls");
            assertTrue(deletedBefore > 0, "segments were deleted meanwhile");
            assertNull(journal.failure());
        }
        try (ChronicleJournal journal = ChronicleJournal.open(TestWriter.context(directory))) {
            assertEquals(DamageTable.Case.CLEAN, journal.recovery().judgement());
            final long base = journal.recovery().basePosition();
            assertTrue(base <= deletedBefore, () -> "base " + base + ", needed from " + deletedBefore);
            assertEquals(end - base, TestWriter.replay(journal, base).size());
        }
    }

    /** One turn of the helper, and what must hold whenever it looks. */
    private void lookAfter(final ChronicleJournal journal) throws IOException {
        final long next = journal.nextPosition();
        assertTrue(next >= lastNext, () -> "position " + next + " after " + lastNext);
        lastNext = next;
        journal.doHousekeeping();
        if (++turns % 8 == 0) {
            final long forced = journal.sync();
            assertTrue(forced >= next - 1, () -> "forced up to " + forced + ", appended before were " + (next - 1));
        }
        final long synced = journal.syncedPosition();
        final long begun = claimed;
        assertTrue(synced >= lastSynced, () -> "synced " + synced + " after " + lastSynced);
        assertTrue(synced <= begun, () -> "synced " + synced + ", but appended at most " + begun);
        lastSynced = synced;
        checkSegments(journal.finishedSegments(), journal);
        if (turns % 16 == 0) {
            delete(journal, next);
        }
    }

    private void checkSegments(final List<Segment> segments, final ChronicleJournal journal) {
        long expected = segments.isEmpty() ? 0 : segments.get(0).firstPosition();
        for (final Segment segment : segments) {
            assertEquals(expected, segment.firstPosition(), () -> "segments " + segments);
            assertTrue(segment.lastPosition() >= segment.firstPosition(), () -> "segments " + segments);
            assertTrue(Files.exists(segment.file()), () -> segment + " has no file");
            expected = segment.lastPosition() + 1;
        }
        assertTrue(expected <= journal.nextPosition(), () -> "segments " + segments + " beyond the end");
    }

    private void delete(final ChronicleJournal journal, final long next) {
        final List<Segment> before = journal.finishedSegments();
        journal.deleteBefore(next / 2);
        for (final Segment segment : before) {
            if (segment.lastPosition() < next / 2) {
                assertFalse(Files.exists(segment.file()), () -> segment + " was to be deleted before " + next / 2);
                deletedBefore = next / 2;
            }
        }
    }

    @Test
    void shouldShowThePositionInMemoryToAnotherThread() {
        final MemoryJournal journal = new MemoryJournal();
        final TestWriter writer = new TestWriter(journal);
        final Beside reader = Beside.start("reader", () -> {
            final long least = progress;
            final long next = journal.nextPosition();
            assertTrue(next >= least && next >= lastNext, () -> next + " was read after " + lastNext);
            assertTrue(next <= claimed + 1, () -> next + " was read before it was appended");
            assertTrue(journal.syncedPosition() >= next - 1);
            lastNext = next;
        });
        for (int i = 0; i < 200_000 && !reader.hasFailed(); i++) {
            claimed = journal.nextPosition() + 1;
            assertEquals(AppendResult.OK, writer.append(2));
            progress = journal.nextPosition();
        }
        reader.finish();
        assertEquals(400_000, lastNext);
    }
}
