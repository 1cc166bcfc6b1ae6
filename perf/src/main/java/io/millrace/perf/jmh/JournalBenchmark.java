package io.millrace.perf.jmh;

import io.millrace.perf.floor.BootedJournal;
import io.millrace.perf.process.Workspace;
import io.millrace.store.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
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

/** One excerpt of some frames of 300 bytes: collected, sealed with its checksum, and appended. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JournalBenchmark {
    private static final int FRAME_LENGTH = 300;
    private static final int CAPACITY = 64 * 1024;

    /** Frames of an excerpt. */
    @Param({"1", "64"})
    public int records;

    private final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(FRAME_LENGTH));
    private final BatchBuilder batch = new BatchBuilder(64, CAPACITY);
    private Workspace workspace;
    private BootedJournal journal;

    /** Opens a journal in a directory of its own: an iteration writes gigabytes. */
    @Setup(Level.Iteration)
    public void open() {
        workspace = Workspace.create("jmh");
        journal = new BootedJournal(workspace.directory(), Throwable::printStackTrace);
    }

    /** Deletes it. */
    @TearDown(Level.Iteration)
    public void close() {
        journal.close();
        workspace.close();
    }

    /** {@return position after the excerpt} */
    @Benchmark
    public long append() {
        batch.reset();
        for (int i = 0; i < records; i++) {
            batch.append(1, frame, 0, FRAME_LENGTH);
        }
        journal.append(batch);
        return journal.nextPosition();
    }
}
