package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.store.reader.ShardReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Puts records that can be made again from their sequence number, one batch after the other, as a replay does. */
final class TestRecords {
    static final long STREAM = 7;

    private static final int MAX_LENGTH = 1 << 17;

    private final RecordLogStore store;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MAX_LENGTH]);

    TestRecords(final RecordLogStore store) {
        this.store = store;
    }

    /** Settings that suit a test: small files. */
    static RecordLogContext context(final Path directory, final long epoch) {
        return new RecordLogContext()
                .dataDirectory(directory)
                .bootEpoch(epoch)
                .segmentBytes(1 << 18)
                .maxRecordBytes(MAX_LENGTH);
    }

    /** Opens shards now. */
    void open(final long... shards) {
        for (final long shard : shards) {
            store.open(STREAM, shard);
        }
        store.keeper().doHousekeeping();
        store.pollOpened((streamId, shardId) -> assertEquals(STREAM, streamId));
    }

    static long timeNs(final long sequence) {
        return sequence * 1_000;
    }

    static int keyLength(final long sequence) {
        return 1 + (int) (sequence % 9);
    }

    static int dataLength(final long sequence) {
        return sequence % 1_000 == 999 ? 100_000 : (int) (sequence * 31 % 400);
    }

    static byte content(final long shard, final long sequence, final int index) {
        return (byte) (shard * 17 + sequence * 7 + index);
    }

    /** Appends one record; its position is its sequence number. */
    int put(final long shard, final long sequence) {
        final int length = keyLength(sequence) + dataLength(sequence);
        for (int i = 0; i < length; i++) {
            buffer.putByte(i, content(shard, sequence, i));
        }
        return store.append(
                shard,
                sequence,
                timeNs(sequence),
                sequence,
                buffer,
                0,
                keyLength(sequence),
                keyLength(sequence),
                dataLength(sequence));
    }

    /** Puts records of a range to a shard, so many a batch, and lets readers see them. */
    void putAll(final long shard, final long from, final long to, final int batch) {
        for (long sequence = from; sequence <= to; sequence += batch) {
            final long last = Math.min(to, sequence + batch - 1);
            for (long next = sequence; next <= last; next++) {
                assertEquals(AppendResult.OK, put(shard, next));
            }
            assertEquals(AppendResult.OK, store.flush(last));
            store.publish(last);
        }
    }

    /** Polls all that there is; checks every byte and returns the sequence numbers. */
    static List<Long> readAll(final ShardReader reader, final long shard) {
        final List<Long> sequences = new ArrayList<>();
        while (readSome(reader, shard, sequences, 100) > 0) {
            assertEquals(sequences.get(sequences.size() - 1), reader.lastSequence());
        }
        return sequences;
    }

    static int readSome(final ShardReader reader, final long shard, final List<Long> sequences, final int limit) {
        return reader.poll(
                (sequence, timeNs, position, bytes, keyOffset, keyLength, dataOffset, dataLength) -> {
                    check(shard, sequence, timeNs, position, bytes, keyOffset, keyLength, dataOffset, dataLength);
                    sequences.add(sequence);
                },
                limit);
    }

    private static void check(
            final long shard,
            final long sequence,
            final long timeNs,
            final long position,
            final DirectBuffer bytes,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        assertEquals(timeNs(sequence), timeNs);
        assertEquals(sequence, position);
        assertEquals(keyLength(sequence), keyLength);
        assertEquals(dataLength(sequence), dataLength);
        for (int i = 0; i < keyLength; i++) {
            assertEquals(content(shard, sequence, i), bytes.getByte(keyOffset + i));
        }
        for (int i = 0; i < dataLength; i++) {
            assertEquals(content(shard, sequence, keyLength + i), bytes.getByte(dataOffset + i));
        }
    }
}
