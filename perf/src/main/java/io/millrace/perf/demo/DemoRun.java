package io.millrace.perf.demo;

import io.millrace.perf.process.Child;
import io.millrace.perf.process.ChildException;
import io.millrace.perf.process.Workspace;
import io.millrace.perf.report.HistogramFiles;
import io.millrace.perf.report.LatencyPlot;
import io.millrace.perf.rig.Latencies;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * Runs the demo: a server, a publisher and a consumer, each a process of its own, over shared memory. They are gone, and the
 * server's directories with them, when it returns.
 */
final class DemoRun {
    private static final BigInteger VALUE_OF_ALL = new BigInteger("1686288929947683929");
    private static final long START_TIMEOUT_S = 40;
    private static final long RUN_TIMEOUT_S = 90;
    private static final String[] NOT_REPORTED = {"0", "0", "0", "0"};
    private static final String GO = "go";
    private static final String PROGRESS = "progress ";

    private final int rows;
    private final Path out;
    private final LongConsumer progress;
    private final Class<?> publisherMain;
    private final long runTimeoutS;
    private final List<Trade> recorded;
    private String failure;

    /**
     * Prepares a run.
     *
     * @param rows     trades to send, from the first of the recording.
     * @param out      directory of what is left of the run; created if missing.
     * @param progress hears now and then how many trades were received.
     */
    DemoRun(final int rows, final Path out, final LongConsumer progress) {
        this(rows, out, progress, DemoPublisher.class, RUN_TIMEOUT_S);
    }

    /**
     * Prepares a run with another publisher.
     *
     * @param publisherMain its main class.
     * @param runTimeoutS   how long the consumer may take to receive everything, in seconds.
     */
    DemoRun(
            final int rows,
            final Path out,
            final LongConsumer progress,
            final Class<?> publisherMain,
            final long runTimeoutS) {
        this.publisherMain = publisherMain;
        this.runTimeoutS = runTimeoutS;
        this.rows = rows;
        this.out = out.toAbsolutePath().normalize();
        this.progress = progress;
        this.recorded = TradeFile.read(rows);
        if (rows == TradeFile.ROWS && !valueOf(recorded).equals(VALUE_OF_ALL)) {
            throw new IllegalStateException("The recording on the class path is not the one of this demo.");
        }
    }

    private static BigInteger valueOf(final List<Trade> trades) {
        return trades.stream().map(Trade::value).reduce(BigInteger.ZERO, BigInteger::add);
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
        final String[] published;
        final String[] consumed;
        try (Workspace workspace = Workspace.create("demo");
                Child server = startServer(workspace);
                Child consumer = startClient("consumer", DemoConsumer.class, workspace, file.toString());
                Child publisher = startClient("publisher", publisherMain, workspace)) {
            consumer.await("consuming", START_TIMEOUT_S);
            publisher.await("connected", START_TIMEOUT_S);
            publisher.tell(GO);
            consumer.await("warm", START_TIMEOUT_S);
            publisher.await("warm", START_TIMEOUT_S);
            publisher.tell(GO);
            consumed = awaitCounts(consumer, "consumed", runTimeoutS);
            published = awaitCounts(publisher, "published", START_TIMEOUT_S);
            publisher.stop();
            consumer.stop();
            server.stop();
        }
        return judge(file, published, consumed);
    }

    /** A child that fails or hangs is no reason not to look at what was received: the first failure is kept for the report. */
    private String[] awaitCounts(final Child child, final String key, final long timeoutS) {
        try {
            return child.await(key, timeoutS, this::onLine).split(" ");
        } catch (final ChildException e) {
            failure = failure == null ? e.getMessage() : failure;
            return NOT_REPORTED;
        }
    }

    private static Child startServer(final Workspace workspace) {
        final Child server = Child.start(
                "server",
                DemoServer.class,
                List.of(),
                List.of(workspace.directory().toString(), workspace.aeronDirectory()));
        try {
            server.await("ready", START_TIMEOUT_S);
            return server;
        } catch (final RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private Child startClient(
            final String name, final Class<?> main, final Workspace workspace, final String... moreArgs) {
        final List<String> args = new ArrayList<>();
        args.add(workspace.aeronDirectory());
        args.add(Integer.toString(rows));
        args.addAll(List.of(moreArgs));
        return Child.start(name, main, List.of(), args);
    }

    private void onLine(final String line) {
        if (line.startsWith(PROGRESS)) {
            progress.accept(Long.parseLong(line.substring(PROGRESS.length())));
        }
    }

    /** Looks at nothing but the consumer's file and the recording, except for the counts. */
    DemoResult judge(final Path file, final String[] published, final String[] consumed) throws IOException {
        final List<Received> received = ReceivedFile.read(file);
        final Verdict verdict = Judge.judge(recorded, received);
        final Histogram latencies = Latencies.histogram();
        received.stream()
                .filter(delivery -> !delivery.isRedelivered())
                .forEach(delivery -> Latencies.record(latencies, delivery.receivedNs() - delivery.sentNs()));
        final long elapsedNs = failure == null ? Long.parseLong(consumed[3]) - Long.parseLong(published[2]) : 0;
        return new DemoResult(
                Long.parseLong(published[0]),
                Long.parseLong(published[1]),
                Long.parseLong(consumed[1]),
                elapsedNs,
                latencies,
                verdict,
                writeFiles(latencies),
                failure);
    }

    private Path writeFiles(final Histogram latencies) throws IOException {
        HistogramFiles.write(out, "latency", List.of(latencies));
        final Path plot = out.resolve("latency.svg");
        final String title = String.format("Millrace demo: %,d trades, from send to delivery", rows);
        final String line = "p50 " + LatencyPlot.time(latencies.getValueAtPercentile(50)) + ", p99 "
                + LatencyPlot.time(latencies.getValueAtPercentile(99));
        LatencyPlot.write(plot, title, Map.of(line, latencies));
        return plot;
    }
}
