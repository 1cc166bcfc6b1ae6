package io.millrace.store;

import static io.millrace.store.TestRecords.STREAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.store.reader.ExcerptWalker;
import io.millrace.store.reader.IndexFile;
import io.millrace.store.reader.ReaderException;
import io.millrace.store.reader.RecordFormat;
import io.millrace.store.reader.ShardIndex;
import io.millrace.store.reader.ShardReader;
import io.millrace.store.reader.StartFolders;
import io.millrace.store.reader.StreamFolders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards beyond the number that may have a log of their own share some, and each finds its records by its index. */
class SharedRecordLogTest {
    private static final int SHARED_LOGS = 3;
    private static final long SHARED_LOG = STREAM % SHARED_LOGS;

    @TempDir
    Path directory;

    private int shards = 10;

    private RecordLogContext context(final Path path, final long epoch) {
        return TestRecords.context(path, epoch)
                .maxOwnLogs(2)
                .sharedLogs(SHARED_LOGS)
                .indexFileBytes(1 << 12);
    }

    private void open(final TestRecords records) {
        records.open(LongStream.rangeClosed(1, shards).toArray());
    }

    /** Records go to the shards in an order without a pattern. */
    private long shardOf(final long sequence) {
        return Math.floorMod(sequence * 0x9E3779B97F4A7C15L >>> 20, (long) shards) + 1;
    }

    private List<Long> range(final long shard, final long from, final long to) {
        return LongStream.rangeClosed(from, to)
                .filter(sequence -> shardOf(sequence) == shard)
                .boxed()
                .toList();
    }

    private void putAll(
            final RecordLogStore store, final TestRecords records, final long from, final long to, final int batch) {
        for (long sequence = from; sequence <= to; sequence++) {
            assertEquals(AppendResult.OK, records.put(shardOf(sequence), sequence));
            if (sequence % batch == 0 || sequence == to) {
                assertEquals(AppendResult.OK, store.flush(sequence));
                store.publish(sequence);
            }
        }
    }

    private ShardReader reader(final Path path, final long shard) {
        return ShardReader.open(path, STREAM, shard);
    }

    private void assertHolds(final Path path, final long from, final long to) {
        for (long shard = 1; shard <= shards; shard++) {
            try (ShardReader reader = reader(path, shard)) {
                assertEquals(range(shard, from, to), TestRecords.readAll(reader, shard));
            }
        }
    }

    @Test
    void shouldFollowEveryShardOverManyFiles() throws IOException {
        final List<ShardReader> readers = new ArrayList<>();
        final List<List<Long>> read = new ArrayList<>();
        try (RecordLogStore store = RecordLogStore.open(context(directory, 1))) {
            final TestRecords records = new TestRecords(store);
            open(records);
            for (long shard = 1; shard <= shards; shard++) {
                readers.add(reader(directory, shard));
                read.add(new ArrayList<>());
            }
            for (long from = 1; from <= 6_000; from += 600) {
                putAll(store, records, from, from + 599, 7);
                for (int i = 0; i < shards; i++) {
                    read.get(i).addAll(TestRecords.readAll(readers.get(i), i + 1));
                }
            }
        } finally {
            readers.forEach(ShardReader::close);
        }
        for (int i = 0; i < shards; i++) {
            assertEquals(range(i + 1, 1, 6_000), read.get(i));
        }
        assertHolds(directory, 1, 6_000);
        assertTrue(StartFolders.segments(StreamFolders.shared(directory, SHARED_LOG), 1)
                        .size()
                > 2);
        assertTrue(ShardIndex.files(StreamFolders.shared(directory, SHARED_LOG)).size() > 2);
        assertTrue(
                StartFolders.epochs(StreamFolders.shard(directory, STREAM, 9)).isEmpty());
        assertFalse(
                StartFolders.epochs(StreamFolders.shard(directory, STREAM, 1)).isEmpty());
    }

    @Test
    void shouldSeekByEveryKind() {
        try (RecordLogStore store = RecordLogStore.open(context(directory, 1))) {
            final TestRecords records = new TestRecords(store);
            open(records);
            putAll(store, records, 1, 4_000, 6);
            try (ShardReader reader = reader(directory, 7)) {
                for (long sequence = 1; sequence <= 4_000; sequence += 371) {
                    reader.seekAtSequence(sequence);
                    assertEquals(range(7, sequence, 4_000), TestRecords.readAll(reader, 7));
                    reader.seekAfterSequence(sequence);
                    assertEquals(range(7, sequence + 1, 4_000), TestRecords.readAll(reader, 7));
                    reader.seekAtTime(TestRecords.timeNs(sequence));
                    assertEquals(range(7, sequence, 4_000), TestRecords.readAll(reader, 7));
                }
                reader.seekToLatest();
                assertEquals(List.of(), TestRecords.readAll(reader, 7));
                putAll(store, records, 4_001, 4_100, 1);
                assertEquals(range(7, 4_001, 4_100), TestRecords.readAll(reader, 7));
            }
        }
    }

    @Test
    void shouldFindAgainWhatAStartFindsAndWriteTheRest() throws IOException {
        final Path killed = directory.resolve("killed");
        final Path live = directory.resolve("live");
        try (RecordLogStore store = RecordLogStore.open(context(live, 1))) {
            final TestRecords records = new TestRecords(store);
            open(records);
            putAll(store, records, 1, 3_000, 7);
            SparseCopies.copyTree(live, killed);
        }
        final List<ShardReader> standing = new ArrayList<>();
        final List<List<Long>> read = new ArrayList<>();
        for (long shard = 1; shard <= shards; shard++) {
            standing.add(reader(killed, shard));
            read.add(new ArrayList<>());
            TestRecords.readSome(standing.get((int) shard - 1), shard, read.get((int) shard - 1), 20);
        }
        damage(killed);
        for (long epoch = 2; epoch <= 4; epoch++) {
            final long end = 3_000 + (epoch - 2) * 500;
            final RecordLogContext context =
                    context(killed, epoch).endPosition(end).snapshotPosition(300);
            try (RecordLogStore store = RecordLogStore.open(context)) {
                final TestRecords records = new TestRecords(store);
                open(records);
                putAll(store, records, 301, end, 11);
                putAll(store, records, end + 1, end + 500, 5);
            }
        }
        for (int i = 0; i < shards; i++) {
            read.get(i).addAll(TestRecords.readAll(standing.get(i), i + 1));
            assertEquals(range(i + 1, 1, 4_500), read.get(i), "shard " + (i + 1));
            standing.get(i).close();
        }
        assertHolds(killed, 1, 4_500);
    }

    /** Flips a byte near the end of a shared log, and loses the last page of entries of an index. */
    private static void damage(final Path path) throws IOException {
        final List<Path> files = StartFolders.segments(StreamFolders.shared(path, SHARED_LOG), 1);
        final Path last = files.get(files.size() - 1);
        long at = 0;
        try (ExcerptWalker walker = new ExcerptWalker()) {
            walker.open(last);
            for (int i = 0; i < 5 && walker.look(); i++) {
                at = walker.position();
                walker.pass();
            }
        }
        final List<Path> index = ShardIndex.files(StreamFolders.shared(path, SHARED_LOG));
        try (FileChannel log = FileChannel.open(last, StandardOpenOption.WRITE);
                FileChannel entries = FileChannel.open(index.get(index.size() - 1), StandardOpenOption.WRITE)) {
            log.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7}), at + RecordFormat.HEADER_LENGTH);
            entries.write(ByteBuffer.allocate((int) entries.size()), 0);
        }
    }

    @Test
    void shouldIndexAgainTheShardsThatNobodyOpens() throws IOException {
        final Path lost = directory.resolve("lost");
        final Path live = directory.resolve("live");
        try (RecordLogStore store = RecordLogStore.open(context(live, 1))) {
            final TestRecords records = new TestRecords(store);
            open(records);
            putAll(store, records, 1, 2_000, 7);
            SparseCopies.copyTree(live, lost);
        }
        for (final Path file : ShardIndex.files(StreamFolders.shared(lost, SHARED_LOG))) {
            Files.write(file, new byte[(int) Files.size(file)]);
        }
        try (ShardReader reader = reader(lost, 9)) {
            assertEquals(List.of(), TestRecords.readAll(reader, 9));
        }
        try (RecordLogStore store =
                RecordLogStore.open(context(lost, 2).endPosition(2_000).snapshotPosition(-1))) {
            new TestRecords(store).open(1, 2, 3);
        }
        try (ShardReader reader = reader(lost, 9)) {
            assertEquals(range(9, 1, 2_000), TestRecords.readAll(reader, 9));
        }
    }

    @Test
    void shouldRefuseAnIndexInANewerLayoutOrNone() throws IOException {
        try (RecordLogStore store = RecordLogStore.open(context(directory, 1))) {
            final TestRecords records = new TestRecords(store);
            open(records);
            putAll(store, records, 1, 100, 7);
        }
        final Path index =
                ShardIndex.files(StreamFolders.shared(directory, SHARED_LOG)).get(0);
        try (FileChannel file = FileChannel.open(index, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {IndexFile.FORMAT_VERSION + 1}), IndexFile.VERSION_OFFSET);
            assertFault(ReaderException.Kind.NEWER_FORMAT, index);
            file.write(ByteBuffer.wrap(new byte[] {1}), IndexFile.MAGIC_OFFSET);
            assertFault(ReaderException.Kind.CORRUPT, index);
            file.truncate(100);
            assertFault(ReaderException.Kind.TRUNCATED, index);
        }
    }

    private void assertFault(final ReaderException.Kind kind, final Path index) {
        final ReaderException fault = assertThrows(ReaderException.class, () -> reader(directory, 9));
        assertEquals(kind, fault.kind());
        assertEquals(index, fault.file());
    }

    @Test
    void shouldRemoveFilesThatNoShardNeeds() throws IOException {
        try (RecordLogStore store = RecordLogStore.open(context(directory, 1))) {
            final TestRecords records = new TestRecords(store);
            open(records);
            putAll(store, records, 1, 6_000, 7);
            final Path log = StreamFolders.shared(directory, SHARED_LOG);
            final int filesBefore = StartFolders.segments(log, 1).size();
            final Path shard = StreamFolders.shard(directory, STREAM, 9);
            final int indexBefore = ShardIndex.files(log).size();
            try (ShardReader lagging = reader(directory, 9)) {
                TestRecords.readSome(lagging, 9, new ArrayList<>(), 3);
                store.keeper().hold(lagging.sharedLog(), 9);
                store.trim(STREAM, TestRecords.timeNs(4_000));
                store.keeper().doHousekeeping();
                assertEquals(filesBefore, StartFolders.segments(log, 1).size());
                store.keeper().release(lagging.sharedLog(), 9);
                store.keeper().doHousekeeping();
                assertEquals(
                        ReaderException.Kind.TRIMMED,
                        assertThrows(ReaderException.class, () -> TestRecords.readAll(lagging, 9))
                                .kind());
                lagging.seekToHorizon();
                assertEquals(range(9, 4_000, 6_000), TestRecords.readAll(lagging, 9));
            }
            assertTrue(StartFolders.segments(log, 1).size() < filesBefore);
            assertTrue(ShardIndex.files(log).size() < indexBefore);
            assertHolds(directory, 4_000, 6_000);

            store.delete(STREAM, 9);
            store.keeper().doHousekeeping();
            assertFalse(Files.exists(shard));
        }
    }

    @Test
    void shouldServeAThousandShards() {
        shards = 1_000;
        for (long epoch = 1; epoch <= 2; epoch++) {
            final long from = (epoch - 1) * 6_000 + 1;
            final RecordLogContext context = context(directory, epoch)
                    .indexFileBytes(1 << 18)
                    .endPosition(from - 1)
                    .snapshotPosition(from - 1);
            try (RecordLogStore store = RecordLogStore.open(context)) {
                final TestRecords records = new TestRecords(store);
                open(records);
                putAll(store, records, from, from + 5_999, 64);
                assertEquals(from + 5_999, store.keeper().sync());
            }
        }
        assertHolds(directory, 1, 12_000);
    }
}
