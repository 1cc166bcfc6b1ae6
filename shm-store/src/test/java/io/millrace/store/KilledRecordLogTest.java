package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.store.reader.ShardReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process journals, appends to two shards, one with a log of its own and one without, and confirms until it is killed, again
 * and again, while readers follow.
 */
class KilledRecordLogTest {
    private static final int ROUNDS = 5;
    private static final int DEADLINE_SECONDS = 30;
    private static final long FIRST_SHARD = 12;
    private static final long SECOND_SHARD = 13;

    @TempDir
    Path directory;

    /** The record of each journal position goes to one of the shards, with the position as its sequence number. */
    private static long shardOf(final long position) {
        return position % 3 == 0 ? FIRST_SHARD : SECOND_SHARD;
    }

    /** One start of a server: the journal is recovered and replayed, then both are appended to. */
    private static final class Server {
        private final ChronicleJournal journal;
        private final RecordLogStore store;
        private final TestRecords records;

        Server(final Path directory) {
            journal = ChronicleJournal.open(TestWriter.context(directory).syncIntervalNs(Long.MAX_VALUE));
            final long end = journal.recovery().endPosition();
            store = RecordLogStore.open(TestRecords.context(directory, journal.bootEpoch())
                    .endPosition(end)
                    .maxOwnLogs(1)
                    .sharedLogs(1)
                    .indexFileBytes(1 << 12));
            records = new TestRecords(store);
            records.open(FIRST_SHARD, SECOND_SHARD);
            journal.replay(0, batch -> {
                while (batch.next()) {
                    if (batch.sessionId() != 0) {
                        put(batch.position());
                    }
                }
                require(store.flush(batch.lastPosition()));
            });
            store.publish(end);
            require(new TestWriter(journal).boot());
        }

        private void put(final long position) {
            require(records.put(shardOf(position), position));
        }

        /** Journals so many records, appends them and lets readers see them. */
        long append(final TestWriter writer, final int count) {
            final long first = journal.nextPosition();
            require(writer.append(count));
            for (int i = 0; i < count; i++) {
                put(first + i);
            }
            final long last = first + count - 1;
            require(store.flush(last));
            store.publish(last);
            return last;
        }

        private static void require(final int result) {
            if (result != AppendResult.OK) {
                throw new IllegalStateException(AppendResult.name(result));
            }
        }

        void close() {
            store.close();
            journal.close();
        }
    }

    /** The process: appends without end and writes every confirmed position to its output. */
    public static void main(final String[] args) {
        final PrintStream out = System.out;
        System.setOut(System.err);
        final Server server = new Server(Path.of(args[0]));
        final TestWriter writer = new TestWriter(server.journal);
        final ByteBuffer confirmed = ByteBuffer.allocate(Long.BYTES);
        for (int count = 1; count > 0; count = count % 60 + 1) {
            confirmed.putLong(0, server.append(writer, count));
            out.write(confirmed.array(), 0, Long.BYTES);
            out.flush();
        }
    }

    private long runUntilKilled(final int confirmations, final Runnable meanwhile)
            throws IOException, InterruptedException {
        final Process process = ChildProcess.start(
                KilledRecordLogTest.class, directory.resolve("stderr").toFile(), directory.toString());
        long last = -1;
        try (DataInputStream confirmed = new DataInputStream(process.getInputStream())) {
            for (int i = 0; i < confirmations; i++) {
                last = confirmed.readLong();
                meanwhile.run();
            }
            // Through the handle, which leaves the pipe open: what it wrote before the kill was told to somebody.
            process.toHandle().destroyForcibly();
            while (true) {
                last = confirmed.readLong();
            }
        } catch (final EOFException e) {
            assertTrue(last >= 0, () -> "the process confirmed nothing: " + standardError());
        } finally {
            process.destroyForcibly();
        }
        assertTrue(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS), "the process survives SIGKILL");
        return last;
    }

    private String standardError() {
        try {
            return Files.readString(directory.resolve("stderr"));
        } catch (final IOException e) {
            return e.toString();
        }
    }

    /** A reader that was there from the first round on. */
    private final class Follower {
        private final long shard;
        private final List<Long> read = new ArrayList<>();
        private ShardReader reader;

        Follower(final long shard) {
            this.shard = shard;
        }

        void poll() {
            if (reader == null) {
                reader = ShardReader.open(directory, TestRecords.STREAM, shard);
            }
            read.addAll(TestRecords.readAll(reader, shard));
        }

        void close() {
            if (reader != null) {
                reader.close();
            }
        }
    }

    @Test
    void shouldLoseAndRepeatNothingAcrossKills() throws IOException, InterruptedException {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final List<Follower> followers = List.of(new Follower(FIRST_SHARD), new Follower(SECOND_SHARD));
        long confirmed = -1;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                confirmed = runUntilKilled(1 + random.nextInt(200), () -> followers.forEach(Follower::poll));
            }
            check(followers, confirmed, "seed " + seed);
        } finally {
            followers.forEach(Follower::close);
        }
    }

    private void check(final List<Follower> followers, final long confirmed, final String where) {
        final Server server = new Server(directory);
        final long held = server.journal.recovery().endPosition();
        assertTrue(held >= confirmed, where + ": confirmed " + confirmed + ", held " + held);
        final List<Long> puts = new ArrayList<>();
        server.journal.replay(0, batch -> {
            while (batch.next()) {
                if (batch.sessionId() != 0) {
                    puts.add(batch.position());
                }
            }
        });
        server.append(new TestWriter(server.journal), 7);
        for (int i = 0; i < 7; i++) {
            puts.add(server.journal.nextPosition() - 7 + i);
        }
        for (final Follower follower : followers) {
            final List<Long> expected =
                    puts.stream().filter(put -> shardOf(put) == follower.shard).toList();
            follower.poll();
            assertEquals(expected, follower.read, where);
            try (ShardReader late = ShardReader.open(directory, TestRecords.STREAM, follower.shard)) {
                assertEquals(expected, TestRecords.readAll(late, follower.shard), where);
            }
        }
        server.close();
    }
}
