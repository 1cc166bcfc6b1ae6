package io.millrace.store;

import static io.millrace.store.TestRecords.STREAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.RecordLogFileDecoder;
import io.millrace.store.reader.ExcerptWalker;
import io.millrace.store.reader.LogPage;
import io.millrace.store.reader.ReaderException;
import io.millrace.store.reader.RecordFormat;
import io.millrace.store.reader.ShardReader;
import io.millrace.store.reader.StartFolders;
import io.millrace.store.reader.StreamFolders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers and the next start make of a record log that was damaged in a copy. */
class DamagedRecordLogTest {
    private static final long SHARD = 12;
    private static final long END = 2_500;
    private static final int PAGE = 4096;

    @TempDir
    Path parent;

    private Path original;
    private int copies;

    @BeforeEach
    void writeLog() throws IOException {
        final Path live = parent.resolve("live");
        original = parent.resolve("original");
        try (RecordLogStore store = RecordLogStore.open(TestRecords.context(live, 1))) {
            final TestRecords records = new TestRecords(store);
            records.open(SHARD);
            records.putAll(SHARD, 1, END, 4);
            // What a kill leaves is what the files hold now, before close.
            SparseCopies.copyTree(live, original);
        }
    }

    private Path copy() throws IOException {
        final Path copy = parent.resolve("copy" + copies++);
        SparseCopies.copyTree(original, copy);
        return copy;
    }

    private static List<Long> range(final long from, final long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static List<Path> files(final Path directory) throws IOException {
        final Path log = StreamFolders.shard(directory, STREAM, SHARD);
        final List<Path> files = new ArrayList<>();
        for (final long epoch : StartFolders.epochs(log)) {
            files.addAll(StartFolders.segments(log, epoch));
        }
        return files;
    }

    /** Where the word in front of an excerpt of a file is, counted from its end. */
    private static long place(final Path file, final int fromEnd) throws IOException {
        final List<Long> places = new ArrayList<>();
        try (ExcerptWalker walker = new ExcerptWalker()) {
            walker.open(file);
            while (walker.look()) {
                places.add(walker.position());
                walker.pass();
            }
        }
        return places.get(places.size() - fromEnd);
    }

    private static byte[] read(final Path file, final long at, final int length) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.read(bytes, at);
        }
        return bytes.array();
    }

    private static void write(final Path file, final long at, final byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    private static void flip(final Path file, final long at) throws IOException {
        final byte[] bytes = read(file, at, 1);
        bytes[0] ^= 0x10;
        write(file, at, bytes);
    }

    /** Reads until the reader fails; the records before must be the first ones, whole and in order. */
    private static ReaderException readUntilFailure(final Path directory) {
        try (ShardReader reader = ShardReader.open(directory, STREAM, SHARD)) {
            return readUntilFailure(reader);
        }
    }

    private static ReaderException readUntilFailure(final ShardReader reader) {
        final List<Long> read = new ArrayList<>();
        final ReaderException failure = assertThrows(ReaderException.class, () -> {
            while (TestRecords.readSome(reader, SHARD, read, 50) > 0) {
                assertTrue(read.size() <= END);
            }
        });
        assertEquals(range(1, read.size()), read);
        // It stays where it is.
        assertEquals(
                failure.getMessage(),
                assertThrows(ReaderException.class, () -> TestRecords.readAll(reader, SHARD))
                        .getMessage());
        return failure;
    }

    private static List<Long> readAll(final Path directory) {
        try (ShardReader reader = ShardReader.open(directory, STREAM, SHARD)) {
            return TestRecords.readAll(reader, SHARD);
        }
    }

    @Test
    void shouldNameTheFlippedByte() throws IOException {
        final Path copy = copy();
        final Path file = files(copy).get(1);
        final long at = place(file, 5);
        flip(file, at + 4 + RecordFormat.HEADER_LENGTH + 50);

        final ReaderException failure = readUntilFailure(copy);

        assertEquals(ReaderException.Kind.CORRUPT, failure.kind());
        assertEquals(file, failure.file());
        assertEquals(at, failure.position());
        assertTrue(failure.getMessage().contains("at byte " + at), failure::getMessage);
    }

    @Test
    void shouldNameTheTruncatedFile() throws IOException {
        final Path copy = copy();
        final Path file = files(copy).get(1);
        final long at = place(file, 5);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(at + 40);
        }

        final ReaderException failure = readUntilFailure(copy);

        assertEquals(ReaderException.Kind.TRUNCATED, failure.kind());
        assertEquals(file, failure.file());
        assertEquals(at, failure.position());
    }

    @Test
    void shouldNoticeAFileThatIsCutShortWhileItIsRead() throws IOException {
        final Path copy = copy();
        final Path file = files(copy).get(1);
        try (ShardReader reader = ShardReader.open(copy, STREAM, SHARD)) {
            reader.seekAtSequence(700);
            assertEquals(1, TestRecords.readSome(reader, SHARD, new ArrayList<>(), 1));
            for (final Path each : files(copy)) {
                try (FileChannel channel = FileChannel.open(each, StandardOpenOption.WRITE)) {
                    channel.truncate(PAGE);
                }
            }
            assertEquals(
                    ReaderException.Kind.TRUNCATED,
                    assertThrows(ReaderException.class, () -> TestRecords.readAll(reader, SHARD))
                            .kind());
        }
        assertTrue(Files.exists(file));
    }

    @Test
    void shouldNameWhatAMissingFileLeavesOut() throws IOException {
        final Path copy = copy();
        Files.delete(files(copy).get(1));

        final ReaderException failure = readUntilFailure(copy);

        assertEquals(ReaderException.Kind.MISSING_FILE, failure.kind());
        assertEquals(files(copy).get(0), failure.file());
    }

    @Test
    void shouldNameTheFileOfANewerFormat() throws IOException {
        final Path copy = copy();
        final List<Path> files = files(copy);
        final Path file = files.get(files.size() - 1);
        final long at = place(file, excerpts(file)) + 4;
        final byte[] excerpt = read(file, at, RecordFormat.FILE_HEADER_LENGTH);
        final ByteBuffer bytes = ByteBuffer.wrap(excerpt).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(MessageHeaderDecoder.ENCODED_LENGTH + RecordLogFileDecoder.formatVersionEncodingOffset(), 2);
        final CRC32C crc = new CRC32C();
        crc.update(excerpt, RecordFormat.CHECKED_OFFSET, excerpt.length - RecordFormat.CHECKED_OFFSET);
        bytes.putInt(RecordFormat.CRC_OFFSET, (int) crc.getValue());
        write(file, at, excerpt);

        final ReaderException failure = readUntilFailure(copy);

        assertEquals(ReaderException.Kind.NEWER_FORMAT, failure.kind());
        assertEquals(file, failure.file());
    }

    private static int excerpts(final Path file) throws IOException {
        int count = 0;
        try (ExcerptWalker walker = new ExcerptWalker()) {
            walker.open(file);
            for (; walker.look(); walker.pass()) {
                count++;
            }
        }
        return count;
    }

    @Test
    void shouldRefuseAPageOfANewerFormat() throws IOException {
        final Path copy = copy();
        write(StreamFolders.shard(copy, STREAM, SHARD).resolve(LogPage.FILE_NAME), LogPage.VERSION_OFFSET, new byte[] {2
        });

        final ReaderException failure =
                assertThrows(ReaderException.class, () -> ShardReader.open(copy, STREAM, SHARD));

        assertEquals(ReaderException.Kind.NEWER_FORMAT, failure.kind());
    }

    @Test
    void shouldNeverReadAWrongRecordWhateverByteIsFlipped() throws IOException {
        final Path copy = copy();
        final List<Path> files = files(copy);
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        int failures = 0;
        for (int i = 0; i < 150; i++) {
            final Path file = files.get(random.nextInt(files.size()));
            final long at = random.nextInt((int) place(file, 1));
            flip(file, at);
            final List<Long> read = new ArrayList<>();
            try (ShardReader reader = ShardReader.open(copy, STREAM, SHARD)) {
                while (TestRecords.readSome(reader, SHARD, read, 500) > 0) {
                    assertTrue(read.size() <= END);
                }
            } catch (final ReaderException e) {
                failures++;
            }
            assertEquals(range(1, read.size()), read, () -> "seed " + seed + ", " + file + " at byte " + at);
            flip(file, at);
        }
        assertTrue(failures > 50, "only " + failures + " flips were noticed");
    }

    /** Starts again after a kill: replays what lies behind the snapshot, then appends more. */
    private static long restart(final Path copy, final long epoch, final long snapshot, final long end) {
        final RecordLogContext context =
                TestRecords.context(copy, epoch).endPosition(end).snapshotPosition(snapshot);
        try (RecordLogStore store = RecordLogStore.open(context)) {
            final TestRecords records = new TestRecords(store);
            records.open(SHARD);
            records.putAll(SHARD, snapshot + 1, end, 11);
            final long skipped = store.skipped();
            records.putAll(SHARD, end + 1, end + 300, 3);
            return skipped;
        }
    }

    private void assertMended(final Path copy, final String what) throws IOException {
        try (ShardReader standing = ShardReader.open(copy, STREAM, SHARD)) {
            final List<Long> read = new ArrayList<>();
            TestRecords.readSome(standing, SHARD, read, 100);
            final long skipped = restart(copy, 2, 200, END);
            assertTrue(skipped < END - 200, what + ": everything is said to be intact");
            read.addAll(TestRecords.readAll(standing, SHARD));
            assertEquals(range(1, END + 300), read, what);
        }
        assertEquals(range(1, END + 300), readAll(copy), what);
    }

    @Test
    void shouldWriteAgainWhatIsTornZeroedOrFlipped() throws IOException {
        final Path last = files(original).get(files(original).size() - 1);
        for (final int fromEnd : new int[] {1, 2, 20}) {
            final long at = place(last, fromEnd);
            final Path flipped = copy();
            flip(files(flipped).get(files(flipped).size() - 1), at + 4 + RecordFormat.HEADER_LENGTH + 2);
            assertMended(flipped, "flipped " + fromEnd);

            final Path torn = copy();
            write(files(torn).get(files(torn).size() - 1), at, new byte[] {0, 0, 0, 0});
            assertMended(torn, "torn " + fromEnd);

            final Path zeroed = copy();
            write(files(zeroed).get(files(zeroed).size() - 1), at & -PAGE, new byte[PAGE]);
            assertMended(zeroed, "zeroed " + fromEnd);

            final Path cut = copy();
            try (FileChannel channel =
                    FileChannel.open(files(cut).get(files(cut).size() - 1), StandardOpenOption.WRITE)) {
                channel.truncate(at + 20);
            }
            assertMended(cut, "cut " + fromEnd);
        }
    }

    @Test
    void shouldWriteAgainWhatAWholeFileLost() throws IOException {
        final Path missing = copy();
        Files.delete(files(missing).get(2));
        assertMended(missing, "missing");

        final Path early = copy();
        final Path file = files(early).get(1);
        write(file, place(file, 30) & -PAGE, new byte[3 * PAGE]);
        assertMended(early, "zeroed in the middle");
    }

    @Test
    void shouldSkipEverythingThatIsIntact() throws IOException {
        final Path copy = copy();

        assertEquals(END - 200, restart(copy, 2, 200, END));

        assertEquals(range(1, END + 300), readAll(copy));
    }

    @Test
    void shouldSurviveStartsThatAreKilledWhileTheyReplay() throws IOException {
        final Path copy = copy();
        final Path file = files(copy).get(1);
        flip(file, place(file, 30) + 4 + RecordFormat.HEADER_LENGTH + 2);
        try (ShardReader standing = ShardReader.open(copy, STREAM, SHARD)) {
            final List<Long> read = new ArrayList<>();
            TestRecords.readSome(standing, SHARD, read, 40);
            for (long epoch = 2; epoch <= 5; epoch++) {
                final RecordLogStore store = RecordLogStore.open(
                        TestRecords.context(copy, epoch).endPosition(END).snapshotPosition(100));
                final TestRecords records = new TestRecords(store);
                records.open(SHARD);
                for (long sequence = 101; sequence <= 1_000 + epoch * 100; sequence++) {
                    assertEquals(AppendResult.OK, records.put(SHARD, sequence));
                    assertEquals(AppendResult.OK, store.flush(sequence));
                }
                store.close();
            }
            restart(copy, 6, 100, END);
            read.addAll(TestRecords.readAll(standing, SHARD));
            assertEquals(range(1, END + 300), read);
        }
        assertEquals(range(1, END + 300), readAll(copy));
    }

    @Test
    void shouldForgetWhatTheJournalDoesNotHold() throws IOException {
        final Path copy = copy();
        // Another run of the machine: the journal lost its last records, the log did not.
        final RecordLogContext context = TestRecords.context(copy, 2)
                .endPosition(2_000)
                .snapshotPosition(200)
                .machineBoot(new UUID(7, 7));
        try (RecordLogStore store = RecordLogStore.open(context)) {
            final TestRecords records = new TestRecords(store);
            records.open(SHARD);
            records.putAll(SHARD, 201, 2_000, 5);
            assertEquals(1_800, store.skipped());
            records.putAll(SHARD, 10_000, 10_010, 5);
        }
        // In this run of the machine nothing is safe; a server that starts in it says what is.
        assertEquals(List.of(), readAll(copy));
        try (RecordLogStore store = RecordLogStore.open(
                TestRecords.context(copy, 3).endPosition(10_010).snapshotPosition(10_010))) {
            new TestRecords(store).open(SHARD);
            store.publish(10_010);
        }
        final List<Long> expected = new ArrayList<>(range(1, 2_000));
        expected.addAll(range(10_000, 10_010));
        assertEquals(expected, readAll(copy));
    }

    @Test
    void shouldGoOnBehindDamageThatNoReplayMends() throws IOException {
        final Path copy = copy();
        final List<Path> files = files(copy);
        final Path last = files.get(files.size() - 1);
        final long at = place(last, 20);
        flip(last, at + 4 + RecordFormat.HEADER_LENGTH + 2);
        try (RecordLogStore store = RecordLogStore.open(
                TestRecords.context(copy, 2).endPosition(END).snapshotPosition(END))) {
            final TestRecords records = new TestRecords(store);
            records.open(SHARD);
            assertEquals(List.of(last + " at byte " + at), store.keeper().damage());
            records.putAll(SHARD, END + 1, END + 20, 3);
        }

        final ReaderException failure = readUntilFailure(copy);

        assertEquals(ReaderException.Kind.CORRUPT, failure.kind());
        assertEquals(last, failure.file());
        assertEquals(at, failure.position());
        try (ShardReader reader = ShardReader.open(copy, STREAM, SHARD)) {
            reader.seekAfterSequence(END);
            assertEquals(range(END + 1, END + 20), TestRecords.readAll(reader, SHARD));
            assertFalse(reader.isAtEnd());
        }
    }
}
