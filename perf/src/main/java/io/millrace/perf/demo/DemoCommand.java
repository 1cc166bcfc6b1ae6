package io.millrace.perf.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.process.ChildException;
import io.millrace.perf.report.Environment;
import io.millrace.perf.report.JsonFile;
import io.millrace.perf.report.LatencyPlot;
import io.millrace.perf.report.Progress;
import io.millrace.perf.report.Table;
import io.millrace.server.cli.CommandFailure;
import io.millrace.server.cli.CommandProvider;
import io.millrace.server.cli.JsonLines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The demo on the command line. */
@Command(
        name = "demo",
        description = {
            "Sends 100,000 recorded trades from a publisher through a durable queue to a consumer, over shared memory, "
                    + "and compares what arrived with what was recorded.",
            "Server, publisher and consumer are processes of their own in temporary directories; a server that is running "
                    + "is left alone. The exit code is 0 if the trades are verified, 1 if not."
        },
        footer = {"", "Example:", "  millrace demo --out ./millrace-demo"})
final class DemoCommand implements Callable<Integer> {
    private static final int VERIFIED = 0;
    private static final int MISMATCH = 1;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "millrace-demo",
            description = "Where what was received, the latencies and their plot go. Default: ./millrace-demo.")
    private Path out;

    @Option(
            names = "--trades",
            paramLabel = "N",
            defaultValue = "" + TradeFile.ROWS,
            description = "Sends only the first N trades. Default: all ${DEFAULT-VALUE}.")
    private int trades;

    @Option(names = "--json", description = "Prints one JSON object and nothing else.")
    private boolean json;

    /** Adds the command to the command line. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new DemoCommand();
        }
    }

    @Override
    public Integer call() {
        if (trades < 1 || trades > TradeFile.ROWS) {
            throw new ParameterException(
                    spec.commandLine(), "--trades is from 1 to " + TradeFile.ROWS + ", not " + trades + ".");
        }
        return print(run());
    }

    /** {@return exit code that says whether the trades are verified} */
    int print(final DemoResult result) {
        final PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            JsonLines.print(stdout, generator -> writeFields(generator, result));
        } else {
            stdout.print(report(result));
            stdout.flush();
        }
        return result.isVerified() ? VERIFIED : MISMATCH;
    }

    private DemoResult run() {
        final double loadBefore = Environment.loadAverage();
        try (Progress progress = new Progress(spec.commandLine().getErr())) {
            progress.show("starting server, publisher and consumer");
            final DemoResult result = new DemoRun(
                            trades, out, received -> progress.show("received " + Table.count(received) + " trades"))
                    .run();
            JsonFile.write(out.resolve("result.json"), generator -> writeFields(generator, result));
            JsonFile.write(out.resolve("environment.json"), generator -> Environment.write(generator, loadBefore));
            return result;
        } catch (final IOException e) {
            throw new CommandFailure("The demo could not write to " + out + ": " + e.getMessage() + ".", e);
        } catch (final ChildException e) {
            throw new CommandFailure(e.getMessage(), e);
        }
    }

    private static void writeFields(final JsonGenerator generator, final DemoResult result) throws IOException {
        generator.writeNumberField("trades", result.sent());
        generator.writeNumberField("received", result.verdict().received());
        generator.writeNumberField("acknowledged", result.acknowledged());
        generator.writeNumberField("redelivered", result.verdict().redelivered());
        generator.writeNumberField("messagesPerSecond", result.messagesPerSecond());
        generator.writeNumberField("p50Ns", result.latencies().getValueAtPercentile(50));
        generator.writeNumberField("p99Ns", result.latencies().getValueAtPercentile(99));
        generator.writeBooleanField("verified", result.isVerified());
    }

    private String report(final DemoResult result) {
        final Table table = new Table()
                .row("trades sent", Table.count(result.sent()), "")
                .row("received", Table.count(result.verdict().received()), "")
                .row("acknowledged", Table.count(result.acknowledged()), "")
                .row("redelivered", Table.count(result.verdict().redelivered()), "")
                .row("volume", result.volume().toPlainString(), "BTC")
                .row("VWAP", result.vwap().toPlainString(), "USD")
                .row("throughput", Table.count(result.messagesPerSecond()), "trades/s")
                .row("latency p50", time(result.latencies(), 50), "")
                .row("latency p99", time(result.latencies(), 99), "")
                .row("latency p99.9", time(result.latencies(), 99.9), "")
                .row("latency max", time(result.latencies(), 100), "");
        final StringBuilder text = new StringBuilder(
                "Bitstamp's trades of bitcoins for dollars, 25 November to 1 December 2013, through a durable queue:\n\n");
        text.append(table).append('\n');
        text.append("Latency plot: ")
                .append(result.plot())
                .append(", raw latencies beside it in ")
                .append(out.toAbsolutePath().normalize())
                .append("\n\n");
        appendVerdict(text, result);
        return text.toString();
    }

    private static void appendVerdict(final StringBuilder text, final DemoResult result) {
        if (result.isVerified()) {
            text.append("VERIFIED: every trade arrived exactly once, in order, with every field as recorded.\n");
            return;
        }
        text.append("MISMATCH: what arrived is not what was recorded.\n");
        result.verdict()
                .reasons()
                .forEach(reason -> text.append("  ").append(reason).append('\n'));
        final long more =
                result.verdict().mismatches() - result.verdict().reasons().size();
        if (more > 0) {
            text.append("  and ").append(Table.count(more)).append(" more differences.\n");
        }
        if (result.failure() != null) {
            text.append("  ").append(result.failure().replace("\n", "\n  ")).append('\n');
        } else if (result.verdict().isVerified()) {
            text.append("  Not every trade was confirmed and acknowledged.\n");
        }
    }

    private static String time(final Histogram histogram, final double percentile) {
        return LatencyPlot.time(histogram.getValueAtPercentile(percentile));
    }
}
