package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own appends and confirms until it is killed; what it confirmed must be there. */
class KilledJournalTest {
    private static final int ROUNDS = 5;
    private static final int DEADLINE_SECONDS = 30;

    /** What the library writes into a lock that nobody holds. */
    private static final long UNLOCKED = 1L << 63;

    @TempDir
    Path directory;

    /** The process: appends without end and writes every confirmed position to its output. */
    public static void main(final String[] args) throws IOException {
        final PrintStream out = System.out;
        System.setOut(System.err);
        final ChronicleJournal journal =
                TestWriter.open(TestWriter.context(Path.of(args[0])).syncIntervalNs(50_000_000L));
        final TestWriter writer = new TestWriter(journal);
        final Thread helper = new Thread(() -> {
            while (true) {
                if (journal.doHousekeeping() == 0) {
                    Thread.yield();
                }
            }
        });
        helper.setDaemon(true);
        helper.start();
        final ByteBuffer confirmed = ByteBuffer.allocate(Long.BYTES);
        for (int records = 1; writer.append(records) == AppendResult.OK; records = records % 60 + 1) {
            confirmed.putLong(0, journal.nextPosition() - 1);
            out.write(confirmed.array(), 0, Long.BYTES);
            out.flush();
        }
        throw new IllegalStateException("an append failed", journal.failure());
    }

    /** Runs the process, kills it after so many confirmations and returns the last one that it wrote. */
    private long runUntilKilled(final int confirmations) throws IOException, InterruptedException {
        final Process process = ChildProcess.start(
                KilledJournalTest.class, directory.resolve("stderr").toFile(), directory.toString());
        long last = -1;
        try (DataInputStream confirmed = new DataInputStream(process.getInputStream())) {
            for (int i = 0; i < confirmations; i++) {
                last = confirmed.readLong();
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

    @Test
    void shouldHoldEverythingConfirmedAfterEveryKill() throws IOException, InterruptedException {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        long confirmedBefore = -1;
        for (int round = 0; round < ROUNDS; round++) {
            final String where = "seed " + seed + " round " + round;
            final long confirmed = runUntilKilled(1 + random.nextInt(4_000));
            assertTrue(confirmed > confirmedBefore, where);
            assertTrue(forgeLocks() > 0, "no lock was found to forge");
            final Map<Path, ByteBuffer> before = contents();
            try (ChronicleJournal journal = TestWriter.open(TestWriter.context(directory))) {
                assertEquals(
                        DamageTable.Verdict.END, journal.recovery().judgement().verdict(), where);
                final long held = journal.recovery().endPosition();
                assertTrue(held >= confirmed, where + ": confirmed " + confirmed + ", held " + held);
                assertEquals(LongStream.rangeClosed(0, held).boxed().toList(), TestWriter.replay(journal, 0), where);
                confirmedBefore = journal.nextPosition() - 1;
                final Map<Path, ByteBuffer> after = contents();
                after.keySet().retainAll(before.keySet());
                assertEquals(before, after, where + ": a file of an earlier start was written to");
            }
        }
    }

    /**
     * Makes every lock that the library left look held by this very process, as when a container gives out equal process ids.
     * The library would wait for the one and refuse to append for the other; a start must not even look at them.
     */
    private int forgeLocks() throws IOException {
        int forged = 0;
        for (final long epoch : JournalLayout.epochs(directory)) {
            final Path table = JournalLayout.start(directory, epoch).resolve("metadata.cq4t");
            if (Files.exists(table)) {
                forged += forgeLock(table);
            }
        }
        return forged;
    }

    /** A lock's value is aligned to 8 bytes. */
    private static int forgeLock(final Path table) throws IOException {
        int forged = 0;
        try (FileChannel channel = FileChannel.open(table, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final ByteBuffer bytes =
                    ByteBuffer.allocate((int) Math.min(channel.size(), 4096)).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(bytes, 0);
            for (int i = 0; i + Long.BYTES <= bytes.limit(); i += Long.BYTES) {
                if (bytes.getLong(i) == UNLOCKED) {
                    channel.write(
                            ByteBuffer.allocate(Long.BYTES)
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .putLong(0, ProcessHandle.current().pid()),
                            i);
                    forged++;
                }
            }
        }
        return forged;
    }

    /** First bytes of every file of the journal, by path. */
    private Map<Path, ByteBuffer> contents() throws IOException {
        final Map<Path, ByteBuffer> contents = new TreeMap<>();
        for (final long epoch : JournalLayout.epochs(directory)) {
            for (final Path file : JournalLayout.list(JournalLayout.start(directory, epoch))) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    final ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), 1 << 19));
                    channel.read(bytes, 0);
                    contents.put(file, bytes.flip());
                }
            }
        }
        return contents;
    }
}
