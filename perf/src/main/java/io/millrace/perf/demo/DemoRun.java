package io.millrace.perf.demo;

import io.millrace.perf.process.ChildException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/** Runs the first part of the demo: the trades come through a standard queue. */
final class DemoRun {
    private static final long RUN_TIMEOUT_S = 90;

    private final int rows;
    private final Path out;
    private final LongConsumer progress;
    private final List<Trade> recorded;

    /**
     * Prepares a run.
     *
     * @param rows     trades to send, from the first of the recording.
     * @param out      directory of what is left of the run; created if missing.
     * @param progress hears now and then how many trades were received.
     */
    DemoRun(final int rows, final Path out, final LongConsumer progress) {
        this.rows = rows;
        this.out = out.toAbsolutePath().normalize();
        this.progress = progress;
        this.recorded = TradeFile.readChecked(rows);
    }

    /**
     * Runs. If a process fails or hangs after the trades began to flow, what was received by then is judged all the same.
     *
     * @return what was found.
     * @throws IOException    if a file cannot be written.
     * @throws ChildException if a process fails or hangs before.
     */
    DemoResult run() throws IOException {
        Files.createDirectories(out);
        final Path file = out.resolve("received.bin");
        Files.deleteIfExists(file);
        final DemoStage.Cast cast =
                new DemoStage.Cast(DemoQueues.TRADES, rows, DemoPublisher.class, DemoConsumer.class, file);
        final DemoCounts counts;
        try (DemoStage stage = DemoStage.start(cast, progress)) {
            final String[] consumed = stage.awaitConsumer("consumed", RUN_TIMEOUT_S);
            counts = DemoCounts.of(stage.awaitPublished(), consumed, stage.failure());
        }
        return judge(file, counts);
    }

    /** Looks at nothing but the consumer's file and the recording, except for the counts. */
    DemoResult judge(final Path file, final DemoCounts counts) throws IOException {
        final List<Received> received = ReceivedFile.read(file);
        final Verdict verdict = Judge.judge(recorded, received);
        final Histogram latencies = DemoLatencies.of(received.stream().filter(delivery -> !delivery.isRedelivered()));
        final String title = String.format("Millrace demo: %,d trades, from send to delivery", rows);
        return new DemoResult(counts, latencies, verdict, DemoLatencies.write(out, "latency", title, latencies));
    }
}
