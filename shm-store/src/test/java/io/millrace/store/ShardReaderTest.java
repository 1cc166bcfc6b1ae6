package io.millrace.store;

import static io.millrace.store.TestRecords.STREAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.store.reader.LogPage;
import io.millrace.store.reader.ReaderException;
import io.millrace.store.reader.RecordHandler;
import io.millrace.store.reader.SelectiveRecordHandler;
import io.millrace.store.reader.ShardReader;
import io.millrace.store.reader.StartFolders;
import io.millrace.store.reader.StreamFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards are read from their files while they are written. */
class ShardReaderTest {
    private static final long SHARD = 12;

    @TempDir
    Path directory;

    private static List<Long> range(final long from, final long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private List<Path> files(final long shard, final long epoch) throws IOException {
        return StartFolders.segments(StreamFolders.shard(directory, STREAM, shard), epoch);
    }

    private ShardReader reader(final long shard) {
        return ShardReader.open(directory, STREAM, shard);
    }

    @Test
    void shouldReadEveryRecordInOrderOverManyFiles() throws IOException {
        try (RecordLogStore store = RecordLogStore.open(TestRecords.context(directory, 1))) {
            final TestRecords records = new TestRecords(store);
            records.open(SHARD, 13);
            try (ShardReader follower = reader(SHARD)) {
                final List<Long> followed = new ArrayList<>();
                for (long from = 1; from <= 5_000; from += 500) {
                    records.putAll(SHARD, from, from + 499, 7);
                    followed.addAll(TestRecords.readAll(follower, SHARD));
                }
                records.putAll(13, 5_001, 5_010, 3);

                assertEquals(range(1, 5_000), followed);
            }
            try (ShardReader late = reader(SHARD);
                    ShardReader other = reader(13)) {
                assertEquals(range(1, 5_000), TestRecords.readAll(late, SHARD));
                assertEquals(range(5_001, 5_010), TestRecords.readAll(other, 13));
            }
        }
        assertTrue(files(SHARD, 1).size() > 5);
    }

    @Test
    void shouldStopAtTheSafePosition() {
        try (RecordLogStore store = RecordLogStore.open(TestRecords.context(directory, 1))) {
            final TestRecords records = new TestRecords(store);
            records.open(SHARD);
            records.putAll(SHARD, 1, 10, 5);
            try (ShardReader reader = reader(SHARD)) {
                assertEquals(range(1, 10), TestRecords.readAll(reader, SHARD));
                assertEquals(AppendResult.OK, records.put(SHARD, 11));
                assertEquals(AppendResult.OK, store.flush(11));
                assertEquals(List.of(), TestRecords.readAll(reader, SHARD));
                store.publish(11);
                assertEquals(List.of(11L), TestRecords.readAll(reader, SHARD));
            }
        }
    }

    @Test
    void shouldStopAfterTheLimitAndGoOnThere() {
        try (RecordLogStore store = RecordLogStore.open(TestRecords.context(directory, 1))) {
            final TestRecords records = new TestRecords(store);
            records.open(SHARD);
            records.putAll(SHARD, 1, 100, 50);
            try (ShardReader reader = reader(SHARD)) {
                final List<Long> read = new ArrayList<>();
                assertEquals(7, TestRecords.readSome(reader, SHARD, read, 7));
                assertEquals(7, reader.lastSequence());
                assertEquals(60, TestRecords.readSome(reader, SHARD, read, 60));
                assertEquals(33, TestRecords.readSome(reader, SHARD, read, 60));
                assertEquals(0, TestRecords.readSome(reader, SHARD, read, 60));
                assertEquals(range(1, 100), read);
            }
        }
    }

    @Test
    void shouldLeaveARecordUnreadThatTheHandlerDoesNotTake() {
        try (RecordLogStore store = RecordLogStore.open(TestRecords.context(directory, 1))) {
            final TestRecords records = new TestRecords(store);
            records.open(SHARD);
            records.putAll(SHARD, 1, 10, 5);
            try (ShardReader reader = reader(SHARD)) {
                final List<Long> offered = new ArrayList<>();
                final SelectiveRecordHandler untilTheLastOfAnExcerpt = (sequence, t, p, b, k, kl, d, dl) -> {
                    offered.add(sequence);
                    return sequence % 5 != 0 || sequence == 5 && offered.size() > 5;
                };

                assertEquals(4, reader.pollWhile(untilTheLastOfAnExcerpt, 100));
                assertEquals(4, reader.lastSequence());
                assertEquals(5, reader.pollWhile(untilTheLastOfAnExcerpt, 100));

                assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 5L, 6L, 7L, 8L, 9L, 10L), offered);
                assertEquals(List.of(10L), TestRecords.readAll(reader, SHARD));
            }
        }
    }

    @Test
    void shouldSeekByEveryKind() {
        try (RecordLogStore store = RecordLogStore.open(TestRecords.context(directory, 1))) {
            final TestRecords records = new TestRecords(store);
            records.open(SHARD);
            records.putAll(SHARD, 1, 4_000, 6);
            try (ShardReader reader = reader(SHARD)) {
                for (long sequence = 1; sequence <= 4_000; sequence += 371) {
                    reader.seekAtSequence(sequence);
                    assertEquals(range(sequence, 4_000), TestRecords.readAll(reader, SHARD));
                    reader.seekAfterSequence(sequence);
                    assertEquals(range(sequence + 1, 4_000), TestRecords.readAll(reader, SHARD));
                    reader.seekAtTime(TestRecords.timeNs(sequence));
                    assertEquals(range(sequence, 4_000), TestRecords.readAll(reader, SHARD));
                    reader.seekAtTime(TestRecords.timeNs(sequence) - 1);
                    assertEquals(range(sequence, 4_000), TestRecords.readAll(reader, SHARD));
                }
                reader.seekToHorizon();
                assertEquals(range(1, 4_000), TestRecords.readAll(reader, SHARD));
                reader.seekToLatest();
                assertEquals(4_000, reader.lastSequence());
                assertEquals(List.of(), TestRecords.readAll(reader, SHARD));
                records.putAll(SHARD, 4_001, 4_003, 1);
                assertEquals(range(4_001, 4_003), TestRecords.readAll(reader, SHARD));
                reader.seekAtSequence(9_000);
                assertEquals(List.of(), TestRecords.readAll(reader, SHARD));
            }
        }
    }

    @Test
    void shouldRemoveWholeFilesBehindTheHorizonUnlessTheyAreHeld() throws IOException {
        try (RecordLogStore store = RecordLogStore.open(TestRecords.context(directory, 1))) {
            final TestRecords records = new TestRecords(store);
            records.open(SHARD);
            records.putAll(SHARD, 1, 4_000, 6);
            final int before = files(SHARD, 1).size();
            try (ShardReader lagging = reader(SHARD);
                    ShardReader early = reader(SHARD)) {
                assertEquals(50, TestRecords.readSome(lagging, SHARD, new ArrayList<>(), 50));
                store.keeper().hold(lagging.sharedLog(), SHARD);
                store.trim(STREAM, TestRecords.timeNs(2_000));
                store.keeper().doHousekeeping();
                assertEquals(before, files(SHARD, 1).size());
                store.keeper().release(lagging.sharedLog(), SHARD);
                store.keeper().doHousekeeping();
                assertTrue(files(SHARD, 1).size() < before);

                final List<Long> rest = new ArrayList<>();
                final ReaderException trimmed = assertThrows(ReaderException.class, () -> {
                    while (TestRecords.readSome(lagging, SHARD, rest, 100) > 0) {
                        assertTrue(rest.size() < 100, "the reader reads on behind the horizon");
                    }
                });
                assertEquals(ReaderException.Kind.TRIMMED, trimmed.kind());
                assertEquals(TestRecords.timeNs(2_000), trimmed.horizonTimeNs());
                assertThrows(ReaderException.class, () -> early.seekAfterSequence(50));
                for (final ShardReader reader : List.of(lagging, early)) {
                    reader.seekToHorizon();
                    assertEquals(range(2_000, 4_000), TestRecords.readAll(reader, SHARD));
                    reader.seekAtSequence(5);
                    assertEquals(range(2_000, 4_000), TestRecords.readAll(reader, SHARD));
                    reader.seekAtTime(0);
                    assertEquals(range(2_000, 4_000), TestRecords.readAll(reader, SHARD));
                }
            }
        }
    }

    @Test
    void shouldTellTheEndOfAShardAndADeletedOne() {
        try (RecordLogStore store = RecordLogStore.open(TestRecords.context(directory, 1))) {
            final TestRecords records = new TestRecords(store);
            records.open(SHARD, 13);
            records.putAll(SHARD, 1, 10, 4);
            records.putAll(13, 11, 12, 4);
            try (ShardReader reader = reader(SHARD);
                    ShardReader other = reader(13)) {
                store.seal(STREAM, SHARD, 10);
                store.delete(STREAM, 13);
                assertEquals(AppendResult.NOT_OPEN, records.put(SHARD, 13));
                store.keeper().doHousekeeping();

                assertFalse(reader.isAtEnd());
                assertEquals(range(1, 10), TestRecords.readAll(reader, SHARD));
                assertTrue(reader.isAtEnd());
                assertEquals(
                        ReaderException.Kind.DELETED,
                        assertThrows(ReaderException.class, () -> TestRecords.readAll(other, 13))
                                .kind());
                assertFalse(Files.exists(StreamFolders.shard(directory, STREAM, 13)));
                assertEquals(
                        ReaderException.Kind.NOT_FOUND,
                        assertThrows(ReaderException.class, () -> reader(13)).kind());
            }
        }
    }

    @Test
    void shouldFollowTheServerThroughRestarts() throws IOException {
        final RecordLogStore first = RecordLogStore.open(TestRecords.context(directory, 1));
        final TestRecords before = new TestRecords(first);
        before.open(SHARD);
        before.putAll(SHARD, 1, 1_500, 4);
        try (ShardReader reader = reader(SHARD)) {
            final List<Long> read = TestRecords.readAll(reader, SHARD);
            // Flushed and never published: the journal may or may not hold it.
            before.put(SHARD, 1_501);
            first.flush(1_501);
            first.close();
            for (long epoch = 2; epoch <= 4; epoch++) {
                final long end = 1_000 + epoch * 500 - 500;
                try (RecordLogStore store = RecordLogStore.open(
                        TestRecords.context(directory, epoch).endPosition(end))) {
                    final TestRecords records = new TestRecords(store);
                    records.open(SHARD);
                    records.putAll(SHARD, 1, end, 9);
                    assertEquals(end, store.skipped());
                    records.putAll(SHARD, end + 1, end + 500, 5);
                    read.addAll(TestRecords.readAll(reader, SHARD));
                    assertEquals(range(1, end + 500), read);
                }
            }
            try (ShardReader late = reader(SHARD)) {
                assertEquals(read, TestRecords.readAll(late, SHARD));
            }
        }
        assertTrue(files(SHARD, 4).size() >= 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotShowWhatAnEarlierStartNeverPublished(final boolean shared) {
        final int own = shared ? 0 : 1;
        final UnsafeBuffer data = new UnsafeBuffer(new byte[100]);
        final List<Long> read = new ArrayList<>();
        final RecordHandler handler =
                (sequence, timeNs, position, bytes, key, keyLength, at, length) -> read.add(sequence);
        final RecordLogStore first =
                RecordLogStore.open(TestRecords.context(directory, 1).maxOwnLogs(own));
        new TestRecords(first).open(SHARD);
        new TestRecords(first).putAll(SHARD, 1, 100, 10);
        // The journal is behind the log, as it may be when it forces each batch.
        new TestRecords(first).put(SHARD, 101);
        first.flush(101);
        try (ShardReader reader = reader(SHARD)) {
            assertEquals(100, reader.poll(handler, 1_000));
            first.close();
            try (RecordLogStore second = RecordLogStore.open(
                    TestRecords.context(directory, 2).maxOwnLogs(own).endPosition(100))) {
                new TestRecords(second).open(SHARD);
                second.append(SHARD, 1_001, 1_001_000, 101, data, 0, 10, 10, 90);
                second.flush(101);
                second.publish(101);
                assertEquals(1, reader.poll(handler, 1_000));
                try (ShardReader late = reader(SHARD)) {
                    assertEquals(101, late.poll(handler, 1_000));
                }
            }
        }
        final List<Long> expected = new ArrayList<>(range(1, 100));
        expected.add(1_001L);
        expected.addAll(range(1, 100));
        expected.add(1_001L);
        assertEquals(expected, read);
    }

    @Test
    void shouldLetOwnerAndGroupInAndNobodyElse() throws IOException {
        try (RecordLogStore store = RecordLogStore.open(TestRecords.context(directory, 1))) {
            new TestRecords(store).open(SHARD);
            final Path shard = StreamFolders.shard(directory, STREAM, SHARD);
            for (final Path folder : List.of(
                    StreamFolders.streams(directory),
                    StreamFolders.stream(directory, STREAM),
                    shard,
                    StartFolders.folder(shard, 1))) {
                assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
            }
            assertEquals(
                    "rw-r-----",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(shard.resolve(LogPage.FILE_NAME))));
        }
    }

    @Test
    void shouldRefuseToReadWhenClosed() {
        try (RecordLogStore store = RecordLogStore.open(TestRecords.context(directory, 1))) {
            new TestRecords(store).open(SHARD);
            final ShardReader reader = reader(SHARD);
            reader.close();
            reader.close();
            assertThrows(IllegalStateException.class, () -> TestRecords.readAll(reader, SHARD));
            assertThrows(IllegalStateException.class, reader::seekToHorizon);
        }
    }
}
