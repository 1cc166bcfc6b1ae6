package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of damage that lies before a snapshot. */
class SetAsideTest {
    private static final int DAMAGE_AT = 40_000;

    @TempDir
    Path directory;

    private long end;
    private List<Segment> segments;

    /** Two starts of several segments each. */
    @BeforeEach
    void writeJournal() {
        for (int start = 0; start < 2; start++) {
            try (ChronicleJournal journal = TestWriter.open(TestWriter.context(directory))) {
                new TestWriter(journal).appendAll(3_200);
                end = journal.nextPosition() - 1;
            }
        }
        segments = Recovery.recover(directory).segments();
        assertTrue(segments.size() >= 4, segments::toString);
    }

    private void damage(final Segment segment) throws IOException {
        try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[4096]), DAMAGE_AT);
        }
        assertThrows(JournalDamagedException.class, () -> Recovery.recover(directory));
    }

    private List<Path> files() throws IOException {
        final List<Path> files = new ArrayList<>();
        for (final long epoch : JournalLayout.epochs(directory)) {
            files.addAll(JournalLayout.segments(directory, epoch));
        }
        return files;
    }

    private RecoveryReport setAside(final long position) {
        try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
            return JournalVerifier.setAsideCovered(lock, position);
        }
    }

    @Test
    void shouldGoOnBehindTheSnapshotWhateverSegmentBeforeItIsDamaged() throws IOException {
        damage(segments.get(0));
        damage(segments.get(1));
        final long position = segments.get(2).firstPosition() + 10;

        final RecoveryReport left = setAside(position);

        assertEquals(segments.get(2).firstPosition(), left.basePosition());
        final long resumed;
        try (ChronicleJournal journal = TestWriter.open(TestWriter.context(directory))) {
            assertEquals(
                    LongStream.rangeClosed(position + 1, end).boxed().toList(),
                    TestWriter.replay(journal, position + 1));
            new TestWriter(journal).appendAll(10);
            resumed = journal.nextPosition() - 1;
        }
        try (ChronicleJournal journal = ChronicleJournal.open(TestWriter.context(directory))) {
            assertEquals(resumed, journal.recovery().endPosition());
        }
        assertTrue(Files.exists(directory
                .resolve("set-aside")
                .resolve(segments.get(0).file().getParent().getFileName())
                .resolve(segments.get(0).file().getFileName())));
    }

    @Test
    void shouldBeginAnewBehindASnapshotOfTheEnd() throws IOException {
        damage(segments.get(segments.size() - 1));

        setAside(end);

        assertEquals(List.of(), files());
        for (int start = 1; start <= 2; start++) {
            try (ChronicleJournal journal = TestWriter.open(TestWriter.context(directory))) {
                assertEquals(end + start, journal.nextPosition() - 1);
                assertEquals(
                        LongStream.range(end + 1, end + start).boxed().toList(), TestWriter.replay(journal, end + 1));
            }
        }
    }

    @Test
    void shouldMoveNothingIfThereIsDamageBehindTheSnapshot() throws IOException {
        final List<Path> before = files();
        damage(segments.get(0));
        damage(segments.get(segments.size() - 1));

        assertThrows(JournalException.class, () -> setAside(segments.get(1).lastPosition()));

        assertEquals(before, files());
        assertFalse(Files.exists(directory
                .resolve("set-aside")
                .resolve(segments.get(0).file().getParent().getFileName())
                .resolve(segments.get(0).file().getFileName())));
    }
}
