package io.millrace.perf.jmh;

import io.millrace.perf.process.Workspace;
import io.millrace.store.RecordLogContext;
import io.millrace.store.RecordLogStore;
import io.millrace.store.reader.RecordHandler;
import io.millrace.store.reader.ShardReader;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Records of 200 bytes put into the log of a shard, one excerpt for some of them, and read out of the mapped file; beside it the
 * same bytes appended by bare Chronicle Queue, one document with one copy.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordLogBenchmark {
    private static final int KEY_LENGTH = 20;
    private static final int DATA_LENGTH = 180;
    private static final int RECORD_LENGTH = 240;
    private static final long STREAM = 1;
    private static final long SHARD = 1;
    private static final long BLOCK_BYTES = 1L << 28;

    /** Records of an excerpt. */
    @Param({"1", "64"})
    public int records;

    private final UnsafeBuffer source =
            new UnsafeBuffer(ByteBuffer.allocateDirect(64 * RECORD_LENGTH + KEY_LENGTH + DATA_LENGTH));
    private final UnsafeBuffer target = new UnsafeBuffer(0, 0);
    private Workspace workspace;
    private RecordLogStore store;
    private ShardReader reader;
    private ChronicleQueue queue;
    private ExcerptAppender appender;
    private long sequence;
    private long bytesRead;
    private final RecordHandler handler =
            (sequence, timeNs, position, buffer, keyOffset, keyLength, dataOffset, dataLength) ->
                    bytesRead += dataLength;

    /** Opens a log and a bare queue in a directory of its own: an iteration writes gigabytes. */
    @Setup(Level.Iteration)
    public void open() {
        workspace = Workspace.create("jmh");
        store = RecordLogStore.open(new RecordLogContext()
                .dataDirectory(workspace.directory())
                .bootEpoch(1)
                .segmentBytes(BLOCK_BYTES));
        store.open(STREAM, SHARD);
        store.keeper().doHousekeeping();
        store.pollOpened((streamId, shardId) -> sequence = 0);
        reader = ShardReader.open(workspace.directory(), STREAM, SHARD);
        queue = SingleChronicleQueueBuilder.binary(workspace.directory().resolve("bare"))
                .blockSize(BLOCK_BYTES)
                .build();
        appender = queue.createAppender();
    }

    /** Deletes them. */
    @TearDown(Level.Iteration)
    public void close() {
        reader.close();
        store.close();
        appender.close();
        queue.close();
        workspace.close();
    }

    /** {@return last sequence number put} */
    @Benchmark
    public long append() {
        for (int i = 0; i < records; i++) {
            sequence++;
            store.append(SHARD, sequence, sequence, sequence, source, 0, KEY_LENGTH, KEY_LENGTH, DATA_LENGTH);
        }
        store.flush(sequence);
        store.publish(sequence);
        return sequence;
    }

    /** {@return bytes read so far, of the records just put} */
    @Benchmark
    public long appendAndRead() {
        append();
        reader.poll(handler, records);
        return bytesRead;
    }

    /** {@return index of the document} */
    @Benchmark
    public long bareChronicle() {
        final int length = records * RECORD_LENGTH;
        try (DocumentContext document = appender.writingDocument()) {
            final Bytes<?> bytes = document.wire().bytes();
            target.wrap(bytes.addressForWrite(bytes.writePosition()), length);
            target.putBytes(0, source, 0, length);
            bytes.writeSkip(length);
        }
        return appender.lastIndexAppended();
    }
}
