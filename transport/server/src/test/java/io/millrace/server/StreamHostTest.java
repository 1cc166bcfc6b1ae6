package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.Limits;
import io.millrace.store.reader.ShardReader;
import io.millrace.store.reader.StreamFolders;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the records of streams: they are in the logs before their put is answered, and reads find them there. */
class StreamHostTest {

    private static final int LARGE = 60_000;

    @TempDir
    private Path directory;

    @Test
    void shouldReadWhatWasPut() {
        try (TestServer server = new TestServer(directory)) {
            final RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 1);
            final long shard = onlyShard(streams, stream);

            final List<Event> put = streams.put(stream, "IBM", "1", "2", "3");

            assertEquals(List.of("IBM=1", "IBM=2", "IBM=3"), streams.read(shard, 0));
            assertEquals(List.of("IBM=3"), streams.read(shard, put.get(1).value()));
            assertEquals(List.of(), streams.read(shard, put.get(2).value()));
        }
    }

    @Test
    void shouldReadNoMoreThanWasAskedFor() {
        try (TestServer server = new TestServer(directory)) {
            final RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 1);
            final long shard = onlyShard(streams, stream);
            final List<Event> put = streams.put(stream, "k", "11", "22", "33", "44");

            final long two = streams.ask(shard, ShardPosition.AT_SEQUENCE_NUMBER, 0, 2, 1_000);
            final Event end = streams.awaitEnd(two);
            final long bytes = streams.ask(shard, ShardPosition.AFTER_SEQUENCE_NUMBER, end.value(), 10, 5);
            final long alone = streams.ask(
                    shard, ShardPosition.AFTER_SEQUENCE_NUMBER, put.get(2).value(), 10, 1);
            streams.awaitEnd(alone);

            assertEquals(put.get(1).value(), end.value());
            assertEquals(List.of("k=11", "k=22"), texts(streams, two));
            assertEquals(List.of("k=33"), texts(streams, bytes));
            assertEquals(List.of("k=44"), texts(streams, alone));
        }
    }

    @Test
    void shouldReadInManyFramesWhatIsLongerThanASessionTakesAtOnce() {
        try (TestServer server = new TestServer(directory)) {
            final RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 1);
            final long shard = onlyShard(streams, stream);
            final List<String> expected = putLarge(streams, stream, 50);

            final List<String> read = streams.read(shard, 0);

            assertEquals(
                    expected, read.stream().map(text -> text.substring(0, 4)).toList());
            assertEquals(LARGE + 2, read.get(49).length());
        }
    }

    @Test
    void shouldLetNobodyWaitForASessionThatDoesNotTakeItsRecords() {
        try (TestServer server = new TestServer(directory)) {
            final RawClient stalled = server.client();
            final RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 1);
            final long shard = onlyShard(streams, stream);
            putLarge(streams, stream, 100);
            stalled.isPolling = false;
            new RawStreams(server, stalled).ask(shard, ShardPosition.AT_SEQUENCE_NUMBER, 0, 10_000, 10 << 20);
            server.crank(1_000);

            final List<String> read = streams.read(shard, 0);

            assertEquals(100, read.size());
            assertTrue(server.core().egress.of(stalled.sessionId).stagedBytes() < 1 << 20);
        }
    }

    @Test
    void shouldGiveBackWhatASessionThatEndsHasAskedFor() {
        try (TestServer server = new TestServer(directory)) {
            final RawClient leaving = server.client();
            final RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 1);
            final long shard = onlyShard(streams, stream);
            putLarge(streams, stream, 100);
            leaving.isPolling = false;
            final RawStreams reads = new RawStreams(server, leaving);
            reads.ask(shard, ShardPosition.AT_SEQUENCE_NUMBER, 0, 10_000, 10 << 20);
            server.crankUntil(
                    "the read is on its way", () -> server.core().flows.activeCount() == 1);

            leaving.closeSession();

            server.crankUntil("no read is left", () -> server.core().flows.activeCount() == 0);
        }
    }

    @Test
    void shouldKeepRecordsAndNumbersWhenTheServerIsKilled() {
        try (TestServer server = new TestServer(directory)) {
            RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 2);
            final List<Long> shards =
                    streams.shards(stream).stream().map(Event::value).toList();
            final List<Long> before = putKeys(streams, stream, 0);

            server.kill();
            server.start();
            streams = new RawStreams(server, server.client());
            final List<Long> after = putKeys(streams, stream, 10);
            server.restart();
            streams = new RawStreams(server, server.client());

            assertTrue(before.get(9) < after.get(0));
            final List<String> read = new ArrayList<>();
            for (final long shard : shards) {
                read.addAll(streams.read(shard, 0));
            }
            assertEquals(
                    IntStream.range(0, 20)
                            .mapToObj(i -> "k" + i + "=d" + i)
                            .sorted()
                            .toList(),
                    read.stream().sorted().toList());
        }
    }

    @Test
    void shouldWriteWhatTheLogsLackWhenTheirFilesAreGone() throws IOException {
        try (TestServer server = new TestServer(directory)) {
            RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 1);
            final long shard = onlyShard(streams, stream);
            streams.put(stream, "k", "1", "2");

            server.kill();
            deleteAll(StreamFolders.streams(directory));
            server.start();
            streams = new RawStreams(server, server.client());

            assertEquals(List.of("k=1", "k=2"), streams.read(shard, 0));
        }
    }

    @Test
    void shouldReadAClosedShardToItsEndAndThenItsChildren() {
        try (TestServer server = new TestServer(directory)) {
            RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 1);
            final long parent = onlyShard(streams, stream);
            streams.put(stream, "k", "1", "2");
            streams.split(parent, 1L << 62);
            streams.awaitActive(stream);
            streams.put(stream, "k", "3");
            server.restart();
            streams = new RawStreams(server, server.client());

            final long id = streams.ask(parent, ShardPosition.AT_SEQUENCE_NUMBER, 0, 100, 1_000);
            final Event end = streams.awaitEnd(id);
            final List<String> children = new ArrayList<>();
            for (final Event shard : streams.shards(stream)) {
                children.addAll(shard.to() == parent ? streams.read(shard.value(), 0) : List.of());
            }

            assertEquals(List.of("k=1", "k=2"), texts(streams, id));
            assertEquals(0, end.to());
            assertEquals(2, end.flags());
            assertEquals(List.of("k=3"), children);
        }
    }

    @Test
    void shouldLetAReaderOfTheFilesSeeAPutThatWasAnswered() {
        try (TestServer server = new TestServer(directory)) {
            final RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 1);
            final long shard = onlyShard(streams, stream);
            try (ShardReader reader = ShardReader.open(directory, stream, shard)) {
                final List<Long> read = new ArrayList<>();

                final List<Event> put = streams.put(stream, "k", "1", "2");
                reader.poll((sequence, time, position, b, ko, kl, d, dl) -> read.add(sequence), 10);

                assertEquals(put.stream().map(Event::value).toList(), read);
            }
        }
    }

    @Test
    void shouldRemoveTheRecordsOfADeletedStream() {
        try (TestServer server = new TestServer(directory)) {
            final RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 2);
            final long shard = streams.shards(stream).get(0).value();
            streams.put(stream, "k", "1");
            streams.read(shard, 0);

            streams.delete(stream);

            server.crankUntil(
                    "the files are gone",
                    () -> !Files.exists(StreamFolders.streams(directory).resolve("" + stream)));
            final long id = streams.ask(shard, ShardPosition.AT_SEQUENCE_NUMBER, 0, 1, 1);
            assertEquals(ResultCode.UNKNOWN_SHARD, streams.awaitEnd(id).code());
        }
    }

    @Test
    void shouldSayThatALogIsDamagedWithWhatIsInFrontOfIt() throws IOException {
        try (TestServer server = new TestServer(directory)) {
            final RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 1);
            final long shard = onlyShard(streams, stream);
            streams.put(stream, "k", "first");
            streams.put(stream, "k", "flipped");
            flip(StreamFolders.shard(directory, stream, shard), "flipped");

            final long id = streams.ask(shard, ShardPosition.AT_SEQUENCE_NUMBER, 0, 100, 1_000);
            final Event end = streams.awaitEnd(id);

            assertEquals(ResultCode.RECORDS_DAMAGED, end.code());
            assertEquals(List.of("k=first"), texts(streams, id));
            assertEquals(1, server.server().errorCount());
        }
    }

    @Test
    void shouldCountWhatIsReadWhereAQuotaSaysSo() {
        final Limits limits = Limits.nativeProfile().with(LimitId.SHARD_READ_BYTES, 1_000);
        try (TestServer server = new TestServer(directory, ctx -> ctx.limits(limits))) {
            final RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 1);
            final long shard = onlyShard(streams, stream);
            streams.put(stream, "k", "x".repeat(1_500));

            final List<String> first = streams.read(shard, 0);
            final long again = streams.ask(shard, ShardPosition.AT_SEQUENCE_NUMBER, 0, 1, 1);

            assertEquals(1, first.size());
            assertEquals(ResultCode.LIMIT_EXCEEDED, streams.awaitEnd(again).code());
        }
    }

    @Test
    void shouldBeginAnewWithoutAJournal() {
        try (TestServer server = new TestServer(directory, ctx -> ctx.durability(Durability.MEMORY))) {
            RawStreams streams = new RawStreams(server, server.client());
            final long stream = streams.create("tape", 1);
            final long shard = onlyShard(streams, stream);
            streams.put(stream, "k", "1");
            server.restart();
            streams = new RawStreams(server, server.client());
            assertEquals(stream, streams.create("tape", 1));

            streams.put(stream, "k", "2");

            assertEquals(List.of("k=2"), streams.read(shard, 0));
        }
    }

    private static long onlyShard(final RawStreams streams, final long stream) {
        final List<Event> shards = streams.shards(stream);
        assertEquals(1, shards.size());
        return shards.get(0).value();
    }

    private static List<Long> putKeys(final RawStreams streams, final long stream, final int from) {
        return IntStream.range(from, from + 10)
                .mapToObj(i -> streams.put(stream, "k" + i, "d" + i).get(0).value())
                .toList();
    }

    private static List<String> putLarge(final RawStreams streams, final long stream, final int count) {
        final List<String> starts = new ArrayList<>();
        for (int i = 10; i < 10 + count; i++) {
            final String number = Integer.toString(i % 90 + 10);
            streams.put(stream, "k", number + "x".repeat(LARGE - number.length()));
            starts.add("k=" + number);
        }
        return starts;
    }

    private static List<String> texts(final RawStreams streams, final long id) {
        return streams.of("Record", id).stream().map(Event::text).toList();
    }

    private static void deleteAll(final Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertFalse(Files.exists(folder));
    }

    /** Changes one byte of a text in the files of a folder. */
    static void flip(final Path folder, final String text) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file :
                    files.filter(f -> f.toString().endsWith(".cq4")).toList()) {
                try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                    final byte[] bytes = new byte[1 << 20];
                    final int length = raw.read(bytes);
                    final int at = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).indexOf(text);
                    if (at >= 0) {
                        raw.seek(at);
                        raw.write('F');
                        return;
                    }
                }
            }
        }
        throw new AssertionError("no file holds " + text);
    }
}
