package io.millrace.perf.demo;

import io.millrace.perf.process.Child;
import io.millrace.perf.process.ChildException;
import io.millrace.perf.process.Workspace;
import io.millrace.perf.report.CandlePlot;
import io.millrace.perf.report.CandlePlot.Candle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.agrona.CloseHelper;

/** Runs the fourth part of the demo: the trades are put on a stream, and a consumer group of two processes makes one-minute bars of them. */
final class TapeRun {
    private static final long RUN_TIMEOUT_S = 60;

    /** Processes of the consumer group. */
    static final int MEMBERS = 2;

    private static final int MINUTES = 60;
    private static final int SECONDS = 60;
    private static final double CENTS = 100.0;

    private final int rows;
    private final Path out;
    private final List<Trade> recorded;

    /**
     * Prepares a run.
     *
     * @param rows trades to put, from the first of the recording.
     * @param out  directory of what is left of the run; created if missing.
     */
    TapeRun(final int rows, final Path out) {
        this.rows = rows;
        this.out = out.toAbsolutePath().normalize();
        this.recorded = TradeFile.readChecked(rows);
    }

    /**
     * Runs. If a process fails or hangs after the trades began to flow, what was written by then is judged all the same.
     *
     * @return what was found.
     * @throws IOException    if a file cannot be written.
     * @throws ChildException if a process fails or hangs before.
     */
    TapeResult run() throws IOException {
        Files.createDirectories(out);
        for (int i = 0; i < MEMBERS; i++) {
            Files.deleteIfExists(partsFile(i));
        }
        try (Workspace workspace = Workspace.create("demo");
                Child server = Child.start(
                        "server",
                        DemoServer.class,
                        List.of(),
                        List.of(workspace.directory().toString(), workspace.aeronDirectory()))) {
            server.await("ready", DemoStage.START_TIMEOUT_S);
            return run(workspace.aeronDirectory(), workspace.directory());
        }
    }

    private TapeResult run(final String aeronDirectory, final Path dataDirectory) throws IOException {
        final List<Child> members = new ArrayList<>();
        try (Child publisher = Child.start(
                "publisher", TapePublisher.class, List.of(), List.of(aeronDirectory, Integer.toString(rows)))) {
            publisher.await("connected", DemoStage.START_TIMEOUT_S);
            for (int i = 0; i < MEMBERS; i++) {
                members.add(Child.start(
                        "consumer " + i,
                        TapeConsumer.class,
                        List.of(),
                        List.of(aeronDirectory, "member-" + i, partsFile(i).toString(), dataDirectory.toString())));
            }
            members.forEach(member -> member.await("consuming", DemoStage.START_TIMEOUT_S));
            publisher.tell("go");
            return follow(publisher, members);
        } finally {
            CloseHelper.closeAll(members);
        }
    }

    private TapeResult follow(final Child publisher, final List<Child> members) throws IOException {
        long put = 0;
        long startNs = 0;
        long endNs = 0;
        String failure = null;
        final List<Long> read = new ArrayList<>();
        try {
            final String[] published =
                    publisher.await("published", RUN_TIMEOUT_S).split(" ");
            put = Long.parseLong(published[0]);
            startNs = Long.parseLong(published[1]);
            for (final Child member : members) {
                final String[] consumed =
                        member.await("consumed", RUN_TIMEOUT_S).split(" ");
                read.add(Long.parseLong(consumed[0]));
                endNs = Math.max(endNs, Long.parseLong(consumed[1]));
            }
        } catch (final ChildException e) {
            failure = e.getMessage();
        }
        return judge(put, read, endNs - startNs, failure);
    }

    /**
     * Looks at nothing but the files of the members and the recording, except for the counts.
     *
     * @param put        records that were put.
     * @param read       records that each member read.
     * @param durationNs from the first put to the last record that was read.
     * @param failure    of a process, null if there was none.
     * @return what was found.
     * @throws IOException if a file cannot be read or written.
     */
    TapeResult judge(final long put, final List<Long> read, final long durationNs, final String failure)
            throws IOException {
        final List<Bar> bars = BarJudge.join(readParts());
        final List<String> reasons = BarJudge.differences(BarJudge.barsOf(recorded), bars);
        return new TapeResult(put, read, bars, durationNs, reasons, failure, writeCsv(bars), draw(bars));
    }

    Path partsFile(final int member) {
        return out.resolve("bars-of-member-" + member + ".csv");
    }

    private List<BarPart> readParts() throws IOException {
        final List<BarPart> parts = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            if (Files.exists(partsFile(i))) {
                Files.readAllLines(partsFile(i)).forEach(line -> parts.add(BarPart.parse(line)));
            }
        }
        return parts;
    }

    private Path writeCsv(final List<Bar> bars) throws IOException {
        final List<String> lines = new ArrayList<>();
        lines.add(Bar.CSV_HEADER);
        bars.forEach(bar -> lines.add(bar.toCsv()));
        return Files.write(out.resolve("bars.csv"), lines);
    }

    /** Ten thousand candles have no room in a picture: those of an hour are drawn as one. */
    private Path draw(final List<Bar> bars) throws IOException {
        final Path plot = out.resolve("bars.svg");
        if (bars.isEmpty()) {
            Files.deleteIfExists(plot);
            return plot;
        }
        final List<Candle> candles = bars.stream()
                .collect(Collectors.groupingBy(bar -> bar.minute() / MINUTES, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(hour -> candle(hour.getKey(), hour.getValue()))
                .toList();
        final String title = String.format("BTC/USD on Bitstamp, %,d one-minute bars drawn by the hour", bars.size());
        CandlePlot.write(plot, title, candles);
        return plot;
    }

    private static Candle candle(final long hour, final List<Bar> bars) {
        return new Candle(
                hour * MINUTES * SECONDS,
                MINUTES * SECONDS,
                bars.get(0).open() / CENTS,
                bars.stream().mapToLong(Bar::high).max().orElseThrow() / CENTS,
                bars.stream().mapToLong(Bar::low).min().orElseThrow() / CENTS,
                bars.get(bars.size() - 1).close() / CENTS);
    }
}
