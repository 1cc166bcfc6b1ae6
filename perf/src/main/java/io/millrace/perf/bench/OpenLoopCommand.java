package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.report.Table;
import io.millrace.perf.rig.Measurement;
import io.millrace.perf.rig.OpenLoopRig;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Latency at a fixed rate. */
@Command(
        name = "openloop",
        description =
                "Sends at a fixed rate whatever becomes of the messages, and measures the time from the intended send of "
                        + "each to its delivery. A run that misses its rate is marked as failed, with exit code 1.",
        footer = {"", "Example:", "  millrace bench openloop --rate 100000 --seconds 10"})
final class OpenLoopCommand implements Callable<Integer> {
    private static final String MILLRACE = "millrace";
    private static final long MAX_RATE = 100_000_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Mixin
    private WarmUpOption warmUp;

    @Option(names = "--rate", defaultValue = "100000", description = "Messages a second. Default: ${DEFAULT-VALUE}.")
    private long rate;

    @Option(names = "--size", defaultValue = "200", description = "Bytes of a message. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(names = "--seconds", defaultValue = "10", description = "How long. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Override
    public Integer call() {
        Usage.require(spec, "--rate", rate, 1, MAX_RATE);
        Usage.requireSize(spec, size);
        Usage.requireSeconds(spec, seconds);
        final Interleaved interleaved = new Interleaved(seconds);
        final TrialSettings settings = new TrialSettings(
                "openloop",
                Target.MILLRACE,
                false,
                size,
                1,
                1,
                1,
                rate,
                "process",
                warmUp.mostNs(),
                interleaved.durationNs());
        final Findings findings = output.measure(progress -> interleaved.run(Map.of(MILLRACE, settings), progress));
        final boolean failed = isFailed(findings, rate);
        output.report("openloop", text(findings, failed), json -> writeFields(json, findings, rate), findings);
        return failed ? 1 : 0;
    }

    /** {@return whether any round missed the rate: one that did not hides the others' queues} */
    static boolean isFailed(final Findings findings, final long rate) {
        return findings.rounds(MILLRACE).stream().anyMatch(round -> OpenLoopRig.isFailed(rate, round));
    }

    static void writeFields(final JsonGenerator json, final Findings findings, final long rate) throws IOException {
        final Measurement total = findings.total(MILLRACE);
        json.writeNumberField("rate", rate);
        json.writeNumberField("achievedRate", Math.round(total.messagesPerSecond()));
        LatencyFields.writePercentiles(json, total.histogram());
        json.writeBooleanField("failed", isFailed(findings, rate));
    }

    private String text(final Findings findings, final boolean failed) {
        final Measurement total = findings.total(MILLRACE);
        final Histogram histogram = total.histogram();
        final Table table = new Table()
                .row("nanoseconds", "p50", "p90", "p99", "p99.9", "max", "messages/s")
                .row(
                        MILLRACE,
                        Table.count(histogram.getValueAtPercentile(50)),
                        Table.count(histogram.getValueAtPercentile(90)),
                        Table.count(histogram.getValueAtPercentile(99)),
                        Table.count(histogram.getValueAtPercentile(99.9)),
                        Table.count(histogram.getMaxValue()),
                        Table.count(Math.round(total.messagesPerSecond())));
        return String.format(
                        Locale.ROOT,
                        "%,d messages a second of %d bytes, process durability, %d s, from the intended send to the delivery%n%n",
                        rate,
                        size,
                        seconds)
                + table
                + (failed ? "\nFAILED: the rate was missed, so these are no latencies at that rate.\n" : "");
    }
}
