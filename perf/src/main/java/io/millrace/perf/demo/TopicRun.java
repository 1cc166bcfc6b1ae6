package io.millrace.perf.demo;

import io.millrace.perf.process.ChildException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/** Runs the third part of the demo: the trades are published to a topic, of which two queues and a session get their shares. */
final class TopicRun {
    private static final long RUN_TIMEOUT_S = 60;

    private final int rows;
    private final Path out;
    private final LongConsumer progress;
    private final Class<?> publisherMain;
    private final long runTimeoutS;
    private final List<Trade> recorded;

    /**
     * Prepares a run.
     *
     * @param rows     trades to publish, from the first of the recording.
     * @param out      directory of what is left of the run; created if missing.
     * @param progress hears now and then how many deliveries there were.
     */
    TopicRun(final int rows, final Path out, final LongConsumer progress) {
        this(rows, out, progress, DemoPublisher.class, RUN_TIMEOUT_S);
    }

    /**
     * Prepares a run with another publisher.
     *
     * @param publisherMain its main class.
     * @param runTimeoutS   how long the consumer may take to receive everything, in seconds.
     */
    TopicRun(
            final int rows,
            final Path out,
            final LongConsumer progress,
            final Class<?> publisherMain,
            final long runTimeoutS) {
        this.rows = rows;
        this.out = out.toAbsolutePath().normalize();
        this.progress = progress;
        this.publisherMain = publisherMain;
        this.runTimeoutS = runTimeoutS;
        this.recorded = TradeFile.readChecked(rows);
    }

    /**
     * Runs. If a process fails or hangs after the trades began to flow, what was received by then is judged all the same.
     *
     * @return what was found.
     * @throws IOException    if a file cannot be written.
     * @throws ChildException if a process fails or hangs before.
     */
    TopicResult run() throws IOException {
        Files.createDirectories(out);
        for (final TopicShare share : TopicShare.values()) {
            Files.deleteIfExists(out.resolve(share.fileName()));
        }
        final DemoStage.Cast cast = new DemoStage.Cast(DemoQueues.TOPIC, rows, publisherMain, TopicConsumer.class, out);
        final DemoCounts counts;
        try (DemoStage stage = DemoStage.start(cast, progress)) {
            final String[] consumed = stage.awaitConsumer("consumed", runTimeoutS);
            counts = DemoCounts.of(stage.awaitPublished(), consumed, stage.failure());
        }
        return judge(out, counts);
    }

    /** Looks at nothing but the consumer's files and the recording, except for the counts. */
    TopicResult judge(final Path directory, final DemoCounts counts) throws IOException {
        final List<Received> audited = ReceivedFile.read(directory.resolve(TopicShare.AUDIT.fileName()));
        final Verdict verdict = Judge.judge(recorded, audited);
        final Histogram latencies = DemoLatencies.of(audited.stream().filter(delivery -> !delivery.isRedelivered()));
        final String title = String.format("Millrace demo: %,d trades, from publish to delivery", rows);
        final Path plot = DemoLatencies.write(out, "audit-latency", title, latencies);
        return new TopicResult(
                new DemoResult(counts, latencies, verdict, plot),
                judge(directory, TopicShare.LARGE),
                judge(directory, TopicShare.BAND));
    }

    private Verdict judge(final Path directory, final TopicShare share) {
        return Judge.judge(recorded, share.predicate(), ReceivedFile.read(directory.resolve(share.fileName())));
    }
}
