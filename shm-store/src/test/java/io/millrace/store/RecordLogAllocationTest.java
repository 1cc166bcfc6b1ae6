package io.millrace.store;

import static io.millrace.store.TestRecords.STREAM;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.store.reader.RecordHandler;
import io.millrace.store.reader.ShardReader;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neither putting records into a log nor reading them out makes garbage. */
class RecordLogAllocationTest {
    private static final int BATCHES = 2_000;
    private static final int RECORDS_PER_BATCH = 8;
    private static final int SHARDS = 4;
    private static final int LENGTH = 200;
    private static final int WARM_UP_TURNS = 8;

    @TempDir
    Path directory;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[LENGTH]);
    private long sequence;
    private long bytesRead;

    private void put(final RecordLogStore store) {
        for (int batch = 0; batch < BATCHES; batch++) {
            for (int i = 0; i < RECORDS_PER_BATCH; i++) {
                sequence++;
                store.append(i % SHARDS + 1, sequence, sequence, sequence, buffer, 0, 20, 20, LENGTH - 20);
            }
            store.flush(sequence);
            store.publish(sequence);
        }
    }

    private void readAll(final ShardReader reader, final RecordHandler handler) {
        int count = 0;
        int polled = 1;
        while (polled > 0) {
            polled = reader.poll(handler, 100);
            count += polled;
        }
        assertEquals(BATCHES * RECORDS_PER_BATCH / SHARDS, count);
    }

    @Test
    void shouldAllocateNothingForAppendAndPoll() {
        // No file is rolled while this is measured: that is the one thing that allocates.
        final RecordLogContext context =
                new RecordLogContext().dataDirectory(directory).bootEpoch(1);
        try (RecordLogStore store = RecordLogStore.open(context)) {
            for (long shard = 1; shard <= SHARDS; shard++) {
                store.open(STREAM, shard);
            }
            store.keeper().doHousekeeping();
            store.pollOpened((streamId, shardId) -> assertEquals(STREAM, streamId));
            try (ShardReader reader = ShardReader.open(directory, STREAM, 3)) {
                final RecordHandler handler = this::onRecord;
                final Runnable turn = () -> {
                    put(store);
                    readAll(reader, handler);
                };
                // The library under the log takes a while to settle.
                for (int i = 0; i < WARM_UP_TURNS; i++) {
                    turn.run();
                }
                assertEquals(0, Allocations.leastOf(turn));
            }
        }
        assertEquals(0, bytesRead % LENGTH);
    }

    private void onRecord(
            final long number,
            final long timeNs,
            final long position,
            final DirectBuffer bytes,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        bytesRead += keyLength + dataLength;
    }
}
