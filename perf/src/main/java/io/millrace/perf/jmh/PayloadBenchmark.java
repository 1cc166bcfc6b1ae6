package io.millrace.perf.jmh;

import io.millrace.kernel.memory.Payloads;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The payload arena: the newest payload is stored and the oldest one released, at some depth. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PayloadBenchmark {
    private static final int TABLE = 1;
    private static final int PAYLOAD_LENGTH = 214;

    /** Payloads held, a power of two. */
    @Param({"1", "1048576"})
    public int depth;

    /** Payloads are attached to nothing here. */
    private static final class Nothing implements Payloads.Attachments {
        @Override
        public void onReferences(final int slot, final int count) {
            throw new IllegalStateException("no payload is attached to " + slot);
        }
    }

    private final UnsafeBuffer source = new UnsafeBuffer(ByteBuffer.allocateDirect(PAYLOAD_LENGTH));
    private Payloads payloads;
    private int[] slots;
    private int next;

    /** Fills the arena. */
    @Setup
    public void fill() {
        payloads = new Payloads(TABLE, new Nothing());
        slots = new int[depth];
        for (int i = 0; i < depth; i++) {
            slots[i] = payloads.store(source, 0, PAYLOAD_LENGTH);
        }
    }

    /** {@return slot of the payload stored} */
    @Benchmark
    public int storeAndReleaseInOrder() {
        final int index = next++ & (depth - 1);
        payloads.release(slots[index]);
        slots[index] = payloads.store(source, 0, PAYLOAD_LENGTH);
        return slots[index];
    }
}
