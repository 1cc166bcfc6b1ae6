package io.millrace.perf.demo;

import io.millrace.perf.process.ChildException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/** Runs the second part of the demo: the trades settle through a FIFO queue, a message group for each price band. */
final class SettlementRun {
    private static final long RUN_TIMEOUT_S = 60;

    private final int rows;
    private final Path out;
    private final LongConsumer progress;
    private final List<Trade> recorded;

    /**
     * Prepares a run.
     *
     * @param rows     trades to settle, from the first of the recording.
     * @param out      directory of what is left of the run; created if missing.
     * @param progress hears now and then how many trades were delivered.
     */
    SettlementRun(final int rows, final Path out, final LongConsumer progress) {
        this.rows = rows;
        this.out = out.toAbsolutePath().normalize();
        this.progress = progress;
        this.recorded = TradeFile.readChecked(rows);
    }

    /**
     * Runs. If a process fails or hangs after the trades began to flow, what was settled by then is judged all the same.
     *
     * @return what was found.
     * @throws IOException    if a file cannot be written.
     * @throws ChildException if a process fails or hangs before.
     */
    SettlementResult run() throws IOException {
        Files.createDirectories(out);
        final Path file = out.resolve("settled.bin");
        Files.deleteIfExists(file);
        final DemoStage.Cast cast =
                new DemoStage.Cast(DemoQueues.SETTLEMENT, rows, DemoPublisher.class, SettlementConsumer.class, file);
        final Redrive redrive;
        final DemoCounts counts;
        try (DemoStage stage = DemoStage.start(cast, progress)) {
            stage.awaitConsumer("settled", RUN_TIMEOUT_S);
            redrive = stage.failure() == null
                    ? Redrive.run(stage.aeronDirectory(), PriceBand.failing(rows), stage::fail)
                    : Redrive.NONE;
            // Without a redrive there is nothing more to come.
            final String[] consumed =
                    stage.failure() == null ? stage.awaitConsumer("consumed", RUN_TIMEOUT_S) : DemoStage.notReported();
            counts = DemoCounts.of(stage.awaitPublished(), consumed, stage.failure());
        }
        return judge(file, counts, redrive);
    }

    /** Looks at nothing but the consumer's file and the recording, except for the counts. */
    SettlementResult judge(final Path file, final DemoCounts counts, final Redrive redrive) throws IOException {
        final List<Received> settled = ReceivedFile.read(file);
        final Verdict verdict = SettlementJudge.judge(recorded, settled);
        final Histogram latencies = DemoLatencies.of(settled.stream().filter(delivery -> !delivery.isRedriven()));
        final String title = String.format("Millrace demo: %,d trades, from send to settlement", rows);
        final Path plot = DemoLatencies.write(out, "settlement-latency", title, latencies);
        return new SettlementResult(new DemoResult(counts, latencies, verdict, plot), redrive);
    }
}
