package io.millrace.store;

import static io.millrace.store.TestRecords.STREAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.store.reader.ReaderException;
import io.millrace.store.reader.ShardReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One thread puts, one keeps the files and trims them, and readers follow: all at once, each at its own pace. */
class ConcurrentRecordLogTest {
    private static final int SHARDS = 4;
    private static final long RECORDS = 24_000;
    private static final long KEPT = 6_000;
    private static final int DEADLINE_SECONDS = 120;

    @TempDir
    Path directory;

    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicLong published = new AtomicLong();

    /** Checks every record; what was trimmed in front of a slow reader is the only gap. */
    private List<Long> follow(final long shard) {
        final List<Long> read = new ArrayList<>();
        long trims = 0;
        try (ShardReader reader = ShardReader.open(directory, STREAM, shard)) {
            while (reader.lastSequence() <= RECORDS - SHARDS) {
                final long expected = reader.lastSequence() + SHARDS;
                final int before = read.size();
                try {
                    if (TestRecords.readSome(reader, shard, read, 50) == 0) {
                        Thread.yield();
                    } else if (trims == 0 && before > 0) {
                        assertEquals(expected, read.get(before));
                    }
                } catch (final ReaderException e) {
                    assertEquals(ReaderException.Kind.TRIMMED, e.kind(), e::getMessage);
                    trims++;
                    reader.seekToHorizon();
                }
            }
        }
        return read;
    }

    private void keep(final RecordLogStore store) {
        while (running.get()) {
            store.keeper().doHousekeeping();
            assertTrue(store.keeper().sync() <= RECORDS);
            final long horizon = published.get() - KEPT;
            if (horizon > 0) {
                store.trim(STREAM, TestRecords.timeNs(horizon));
            }
        }
    }

    @Test
    void shouldKeepReadersInOrderWhileFilesComeAndGo() throws Exception {
        final RecordLogContext context =
                TestRecords.context(directory, 1).maxOwnLogs(2).sharedLogs(1).indexFileBytes(1 << 12);
        final ExecutorService threads = Executors.newCachedThreadPool();
        try (RecordLogStore store = RecordLogStore.open(context)) {
            final TestRecords records = new TestRecords(store);
            records.open(1, 2, 3, 4);
            final List<Future<List<Long>>> readers = new ArrayList<>();
            for (long shard = 1; shard <= SHARDS; shard++) {
                final long followed = shard;
                readers.add(threads.submit(() -> follow(followed)));
            }
            final Future<?> keeper = threads.submit(() -> keep(store));
            for (long sequence = 1; sequence <= RECORDS; sequence++) {
                assertEquals(AppendResult.OK, records.put((sequence - 1) % SHARDS + 1, sequence));
                if (sequence % 8 == 0) {
                    assertEquals(AppendResult.OK, store.flush(sequence));
                    store.publish(sequence);
                    published.set(sequence);
                }
            }
            for (int i = 0; i < SHARDS; i++) {
                final List<Long> read = readers.get(i).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
                final long last = RECORDS - SHARDS + 1 + i;
                assertEquals(last, read.get(read.size() - 1));
                for (int j = 1; j < read.size(); j++) {
                    assertTrue(read.get(j) > read.get(j - 1), "record " + read.get(j) + " comes twice or too late");
                }
                assertTrue(read.size() > KEPT / SHARDS / 2, "only " + read.size() + " records were read");
            }
            running.set(false);
            keeper.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } finally {
            running.set(false);
            threads.shutdown();
            assertTrue(threads.awaitTermination(DEADLINE_SECONDS, TimeUnit.SECONDS));
        }
    }
}
