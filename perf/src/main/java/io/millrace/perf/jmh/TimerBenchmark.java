package io.millrace.perf.jmh;

import io.millrace.kernel.memory.TimerHeap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Timers, with many set. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TimerBenchmark {
    /** Timers set. */
    @Param({"1000", "1000000"})
    public int timers;

    private final TimerHeap heap = new TimerHeap();
    private long now;
    private long random = 88_172_645_463_325_252L;

    /** Sets all timers in order, one a nanosecond. */
    @Setup
    public void fill() {
        for (int key = 0; key < timers; key++) {
            heap.add(key, now + key, now + key);
        }
        now += timers;
    }

    /** Sets the timer that is due first again, later than all others: a visibility timeout that expires. */
    @Benchmark
    public void fireFirstAndSetLast() {
        final int key = heap.firstKey();
        heap.remove(key);
        heap.add(key, now, now);
        now++;
    }

    /** Cancels any timer and sets it later than all others: a message acknowledged at random, another one delivered. */
    @Benchmark
    public void cancelAnyAndSetLast() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        final int key = (int) Math.floorMod(random, (long) timers);
        heap.remove(key);
        heap.add(key, now, now);
        now++;
    }
}
