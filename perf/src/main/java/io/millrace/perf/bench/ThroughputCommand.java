package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.report.Table;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Messages a second with a window of 256. */
@Command(
        name = "throughput",
        description =
                "Measures messages a second that are sent, confirmed, delivered and acknowledged, with at most 256 of "
                        + "them under way.",
        footer = {"", "Example:", "  millrace bench throughput --size 200 --seconds 10"})
final class ThroughputCommand implements Callable<Integer> {
    private static final String MILLRACE = "millrace";
    private static final String BATCHED = "millrace, 16 a frame";
    private static final String JOURNAL = "journal floor";
    private static final String AERON = "aeron floor";
    private static final int BATCH = 16;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Mixin
    private WarmUpOption warmUp;

    @Option(names = "--size", defaultValue = "200", description = "Bytes of a message. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description =
                    "How long each of Millrace, Millrace in batches and the floors is measured. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--producers",
            defaultValue = "1",
            description = "Sessions that send, all in the client's one thread. Default: ${DEFAULT-VALUE}.")
    private int producers;

    @Option(
            names = "--consumers",
            defaultValue = "1",
            description = "Sessions that consume, all in the client's one thread. Default: ${DEFAULT-VALUE}.")
    private int consumers;

    @Override
    public Integer call() {
        Usage.requireSize(spec, size);
        Usage.requireSeconds(spec, seconds);
        Usage.requireSessions(spec, "--producers", producers);
        Usage.requireSessions(spec, "--consumers", consumers);
        final Interleaved interleaved = new Interleaved(seconds);
        final Map<String, TrialSettings> trials = new LinkedHashMap<>();
        trials.put(MILLRACE, settings(Target.MILLRACE, 1, interleaved));
        trials.put(BATCHED, settings(Target.MILLRACE, BATCH, interleaved));
        trials.put(JOURNAL, settings(Target.JOURNAL, 1, interleaved));
        trials.put(AERON, settings(Target.AERON, 1, interleaved));
        final Findings findings = output.measure(progress -> interleaved.run(trials, progress));
        output.report(
                "throughput", text(findings, interleaved.rounds()), json -> writeFields(json, findings), findings);
        return 0;
    }

    private TrialSettings settings(final Target target, final int messagesPerFrame, final Interleaved interleaved) {
        return new TrialSettings(
                "throughput",
                target,
                false,
                size,
                messagesPerFrame,
                producers,
                consumers,
                0,
                "process",
                warmUp.mostNs(),
                interleaved.durationNs());
    }

    static void writeFields(final JsonGenerator json, final Findings findings) throws IOException {
        json.writeNumberField("messagesPerSecond", Math.round(findings.rate(MILLRACE)));
        json.writeNumberField("floorMessagesPerSecond", Math.round(findings.rate(JOURNAL)));
        json.writeNumberField("ratio", findings.rateRatio(MILLRACE, JOURNAL));
        json.writeNumberField("batchedMessagesPerSecond", Math.round(findings.rate(BATCHED)));
        json.writeNumberField("batchedRatio", findings.rateRatio(BATCHED, JOURNAL));
    }

    private String text(final Findings findings, final int rounds) {
        final Table table = new Table().row("", "messages/s", "of the journal floor");
        for (final String label : findings.labels()) {
            table.row(
                    label,
                    Table.count(Math.round(findings.rate(label))),
                    Table.ratio(findings.rateRatio(label, JOURNAL)) + " x");
        }
        return String.format(
                        Locale.ROOT,
                        "Messages of %d bytes sent, confirmed, delivered and acknowledged, window 256, process durability, "
                                + "%d s each in %d interleaved rounds%n%n",
                        size,
                        seconds,
                        rounds)
                + table
                + FloorNote.onRate(findings.rate(JOURNAL));
    }
}
