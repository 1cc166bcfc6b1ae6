package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.kernel.Command.Producer;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * What must hold however much the kernel holds: bytes of a queue, lateness of a timer, work of a record. The build takes small sizes; how to
 * take the full ones stands in the module's README. Times are printed and not judged.
 */
class ScaleTest {

    private static final int QUEUES = Integer.getInteger("millrace.scale.queues", 100_000);
    private static final int MESSAGES = Integer.getInteger("millrace.scale.messages", 100_000);

    /** A clock record each, hand-cranked. */
    private static final long TICK_NS = 1_000_000L;

    private static final long MOST_BYTES_PER_QUEUE = 1_024;

    private final BulkKernel bulk = new BulkKernel();
    private final Kernel kernel = bulk.kernel;

    @Test
    void shouldTakeAtMostAKibibyteForAQueue() {
        final long before = kernel.memory().reservedBytes();
        final long startedNs = System.nanoTime();
        for (int i = 0; i < QUEUES; i++) {
            bulk.createQueue("queue-" + i, SettingsBuilder.standard());
        }
        report("%,d queues created in %,d ms", QUEUES, millisSince(startedNs));
        shouldTakeAtMostAKibibyteForEach(kernel.memory().reservedBytes() - before);

        final Kernel restored = new Kernel(new RecordingEgress());
        final long empty = restored.memory().reservedBytes();
        final long restoringNs = System.nanoTime();
        final SnapshotLoader loader = restored.loader();
        kernel.snapshot(99, 1, loader::onRecord);
        loader.complete();
        report("%,d queues written and restored in %,d ms", QUEUES, millisSince(restoringNs));

        assertEquals(QUEUES, restored.queueCount());
        assertEquals(kernel.stateHash(), restored.stateHash());
        assertEquals(restored.recomputeStateHash(), restored.stateHash());
        shouldTakeAtMostAKibibyteForEach(restored.memory().reservedBytes() - empty);
    }

    private static void shouldTakeAtMostAKibibyteForEach(final long bytes) {
        report("%,d bytes a queue", bytes / QUEUES);
        assertTrue(bytes <= MOST_BYTES_PER_QUEUE * QUEUES, () -> bytes + " bytes for " + QUEUES + " queues");
    }

    /**
     * Delays from a hundredth of a second on, spread evenly so that half of the slices' timers are needed, and every tenth message at one
     * time in the middle: a backlog.
     */
    @Test
    void shouldDeliverNoLaterThanATickAndTheBacklogOverTheSlices() {
        final long spanNs = MESSAGES / (Kernel.SLICE / 2) * TICK_NS;
        final long queue = bulk.createQueue("delayed", SettingsBuilder.standard());
        bulk.send(queue, MESSAGES, number -> delayNs(number, spanNs));
        bulk.apply(new Command.Consume(1, queue, Integer.MAX_VALUE, Integer.MAX_VALUE, 12 * 3_600 * Scenario.SECOND));
        final long startNs = bulk.nowNs;
        final int[] dueAtTick = new int[(int) (spanNs / TICK_NS) + 100];
        for (int number = 0; number < MESSAGES; number++) {
            dueAtTick[tickOf(delayNs(number, spanNs))]++;
        }
        final int[] backlogAtTick = new int[dueAtTick.length];
        final long[] seen = new long[3];
        bulk.onDelivery(number -> {
            final long delayNs = delayNs(number, spanNs);
            final long latenessNs = bulk.nowNs - startNs - delayNs;
            final long backlog = backlogAtTick[tickOf(delayNs)];
            seen[0]++;
            seen[1] = Math.max(seen[1], latenessNs);
            if (latenessNs < 0 || latenessNs > TICK_NS + backlog / Kernel.SLICE * TICK_NS) {
                seen[2]++;
            }
        });
        final long startedNs = System.nanoTime();
        long due = 0;
        for (int tick = 1; seen[0] < MESSAGES; tick++) {
            due += tick < dueAtTick.length ? dueAtTick[tick] : 0;
            if (tick < backlogAtTick.length) {
                backlogAtTick[tick] = (int) (due - seen[0]);
            }
            final long before = seen[0];
            bulk.nowNs += TICK_NS;
            bulk.clock();
            assertEquals(Math.min(due - before, Kernel.SLICE), seen[0] - before, "timers that fired with one record");
        }
        report(
                "%,d delayed messages: at most %,d ms late in kernel time behind a backlog of %,d; %,d ns of work each",
                MESSAGES,
                TimeUnit.NANOSECONDS.toMillis(seen[1]),
                Arrays.stream(backlogAtTick).max().orElse(0),
                (System.nanoTime() - startedNs) / MESSAGES);

        assertEquals(0, seen[2], "messages that were early or too late");
        assertTrue(seen[1] > TICK_NS, "nothing was ever late: there was no backlog");
        assertEquals(MESSAGES, kernel.counters().inFlightMessages());
    }

    private static long delayNs(final long number, final long spanNs) {
        return 10 * TICK_NS
                + (number % 10 == 0 ? spanNs / 2 : Math.floorMod(number * 0x9E3779B97F4A7C15L >>> 8, spanNs));
    }

    /** The first tick that is not before the end of a delay. */
    private static int tickOf(final long delayNs) {
        return (int) ((delayNs + TICK_NS - 1) / TICK_NS);
    }

    @Test
    void shouldPurgeInSlices() {
        final long queue = fill();
        workOff("purged", new Command.PurgeQueue(1, Producer.NONE, queue), () -> MESSAGES - kernel.messageCount());
    }

    @Test
    void shouldDeleteInSlices() {
        final long queue = fill();
        workOff("deleted", new Command.DeleteQueue(1, Producer.NONE, queue), () -> MESSAGES - kernel.messageCount());
    }

    @Test
    void shouldExpireInSlices() {
        final long queue = fill();
        final Settings settings = SettingsBuilder.change().build().with("retentionNs", Scenario.SECOND);
        bulk.nowNs += 2 * Scenario.SECOND;
        workOff(
                "expired",
                new Command.SetQueueSettings(1, Producer.NONE, queue, settings),
                () -> kernel.counters().expired());
    }

    @Test
    void shouldRedriveInSlices() {
        final long dead = fill();
        final long source =
                bulk.createQueue("source", SettingsBuilder.standard().deadLetters(dead, 1));
        workOff(
                "redriven",
                new Command.StartRedrive(1, Producer.NONE, dead, source, 0),
                () -> kernel.counters().redriven());
    }

    private long fill() {
        final long queue = bulk.createQueue("full", SettingsBuilder.standard());
        final long startedNs = System.nanoTime();
        bulk.send(queue, MESSAGES);
        report("%,d messages stored in %,d ms", MESSAGES, millisSince(startedNs));
        return queue;
    }

    /**
     * Gives a command that concerns all messages, then lets a tick pass with each record, every one of which may do no more than a slice of it,
     * until nothing is left. The records are receives at an empty queue, whose times are printed beside those of as many receives before.
     */
    private void workOff(final String what, final Command command, final LongSupplier done) {
        final long empty = bulk.createQueue("empty", SettingsBuilder.standard());
        final UnsafeBuffer receive = bulk.frame(new Command.Receive(1, empty, 1, null, null));
        final int records = (MESSAGES + Kernel.SLICE - 1) / Kernel.SLICE;
        final long[] without = new long[records];
        for (int i = 0; i < records; i++) {
            without[i] = timed(receive);
        }
        bulk.apply(command);
        assertTrue(done.getAsLong() <= Kernel.SLICE, () -> done.getAsLong() + " messages " + what + " at once");
        final long[] with = new long[records + 1];
        int count = 0;
        while (kernel.workPending() || kernel.nextDeadlineNs() <= bulk.nowNs + TICK_NS) {
            final long before = done.getAsLong();
            with[count++] = timed(receive);
            final long step = done.getAsLong() - before;
            assertTrue(step <= Kernel.SLICE, () -> step + " messages " + what + " with one record");
        }
        assertEquals(MESSAGES, done.getAsLong());
        report("%,d messages %s with %,d records", MESSAGES, what, count);
        report("  CPU ns a record  %s", times(with, count));
        report("  CPU ns without   %s", times(without, records));
    }

    private long timed(final UnsafeBuffer frame) {
        bulk.nowNs += TICK_NS;
        final long before = cpuNs();
        bulk.apply(frame, frame.capacity());
        return cpuNs() - before;
    }

    /** Of this thread, so that whatever else the machine does is left out. */
    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static String times(final long[] values, final int count) {
        final long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "p50 %,d p99 %,d p99.9 %,d max %,d",
                sorted[count / 2],
                sorted[(int) (count * 0.99)],
                sorted[(int) (count * 0.999)],
                sorted[count - 1]);
    }

    private static long millisSince(final long startedNs) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs);
    }

    private static void report(final String format, final Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
