package io.millrace.perf.demo;

import io.millrace.perf.process.ChildException;
import io.millrace.perf.report.Environment;
import io.millrace.perf.report.JsonFile;
import io.millrace.perf.report.Progress;
import io.millrace.perf.report.Table;
import io.millrace.server.cli.CommandFailure;
import io.millrace.server.cli.CommandProvider;
import io.millrace.server.cli.JsonLines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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
            "Then settles the same trades through a FIFO queue, a message group for each price band; every hundredth trade fails "
                    + "until it is redriven from the dead-letter queue.",
            "Then publishes them to a topic: a queue gets all of them, another one by its filter policy those of 10 bitcoins or more, and a "
                    + "session has those of one price band pushed.",
            "Then puts them on a stream with four shards, one of which is split half-way; a consumer group of two processes makes one-minute "
                    + "bars of them, which are compared with bars of the recording.",
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
    int print(final DemoOutcome outcome) {
        final PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            JsonLines.print(stdout, generator -> DemoReport.writeFields(generator, outcome));
        } else {
            stdout.print(DemoReport.text(outcome, out));
            stdout.flush();
        }
        return outcome.isVerified() ? VERIFIED : MISMATCH;
    }

    private DemoOutcome run() {
        final double loadBefore = Environment.loadAverage();
        try (Progress progress = new Progress(spec.commandLine().getErr())) {
            progress.show("starting server, publisher and consumer");
            final DemoResult first = new DemoRun(
                            trades, out, received -> progress.show("received " + Table.count(received) + " trades"))
                    .run();
            progress.show("starting server, publisher and consumer of the settlement");
            final SettlementResult fifo = new SettlementRun(
                            trades, out, taken -> progress.show("took " + Table.count(taken) + " trades to settle"))
                    .run();
            progress.show("starting server, publisher and consumer of the topic");
            final TopicResult topic = new TopicRun(
                            trades,
                            out,
                            delivered -> progress.show("took " + Table.count(delivered) + " deliveries of the topic"))
                    .run();
            progress.show("starting server, publisher and consumers of the tape");
            final TapeResult tape = new TapeRun(trades, out).run();
            final DemoOutcome outcome = new DemoOutcome(first, fifo, topic, tape);
            JsonFile.write(out.resolve("result.json"), generator -> DemoReport.writeFields(generator, outcome));
            JsonFile.write(out.resolve("environment.json"), generator -> Environment.write(generator, loadBefore));
            return outcome;
        } catch (final IOException e) {
            throw new CommandFailure("The demo could not write to " + out + ": " + e.getMessage() + ".", e);
        } catch (final ChildException e) {
            throw new CommandFailure(e.getMessage(), e);
        }
    }
}
