package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.report.Table;
import io.millrace.server.Durability;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Round trips, one at a time. */
@Command(
        name = "rtt",
        description =
                "Measures the time from the offer of a send to the delivery of that message in the same process, one "
                        + "message at a time.",
        footer = {"", "Example:", "  millrace bench rtt --size 200 --seconds 10"})
final class RttCommand implements Callable<Integer> {
    private static final String MILLRACE = "millrace";
    private static final String JOURNAL = "journal floor";
    private static final String AERON = "aeron floor";

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Mixin
    private WarmUpOption warmUp;

    @Option(
            names = "--channel",
            defaultValue = "ipc",
            description = "ipc or udp (loopback). Default: ${DEFAULT-VALUE}.")
    private Channel channel;

    @Option(names = "--size", defaultValue = "200", description = "Bytes of a message. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "How long each of Millrace and its two floors is measured. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--durability",
            defaultValue = "process",
            description = "memory, process or disk. Default: ${DEFAULT-VALUE}.")
    private Durability durability;

    @Override
    public Integer call() {
        Usage.requireSize(spec, size);
        Usage.requireSeconds(spec, seconds);
        final Interleaved interleaved = new Interleaved(seconds);
        final Map<String, TrialSettings> trials = new LinkedHashMap<>();
        trials.put(MILLRACE, settings(Target.MILLRACE, interleaved));
        trials.put(JOURNAL, settings(Target.JOURNAL, interleaved));
        trials.put(AERON, settings(Target.AERON, interleaved));
        final Findings findings = output.measure(progress -> interleaved.run(trials, progress));
        output.report("rtt", text(findings, interleaved.rounds()), json -> writeFields(json, findings), findings);
        return 0;
    }

    private TrialSettings settings(final Target target, final Interleaved interleaved) {
        return new TrialSettings(
                "rtt",
                target,
                channel == Channel.UDP,
                size,
                1,
                1,
                1,
                0,
                durability.name(),
                warmUp.mostNs(),
                interleaved.durationNs());
    }

    static void writeFields(final JsonGenerator json, final Findings findings) throws IOException {
        LatencyFields.write(json, findings.total(MILLRACE));
        json.writeNumberField("floorAeronP50Ns", findings.percentile(AERON, 50));
        json.writeNumberField("floorAeronP99Ns", findings.percentile(AERON, 99));
        json.writeNumberField("floorJournalP50Ns", findings.percentile(JOURNAL, 50));
        json.writeNumberField("floorJournalP99Ns", findings.percentile(JOURNAL, 99));
        json.writeNumberField("ratioP50", findings.latencyRatio(MILLRACE, JOURNAL, 50));
        json.writeNumberField("ratioP99", findings.latencyRatio(MILLRACE, JOURNAL, 99));
    }

    private String text(final Findings findings, final int rounds) {
        final Table table = new Table().row("nanoseconds", "p50", "p90", "p99", "p99.9", "max", "messages");
        for (final String label : findings.labels()) {
            final Histogram histogram = findings.total(label).histogram();
            table.row(
                    label,
                    Table.count(histogram.getValueAtPercentile(50)),
                    Table.count(histogram.getValueAtPercentile(90)),
                    Table.count(histogram.getValueAtPercentile(99)),
                    Table.count(histogram.getValueAtPercentile(99.9)),
                    Table.count(histogram.getMaxValue()),
                    Table.count(histogram.getTotalCount()));
        }
        return String.format(
                        Locale.ROOT,
                        "Round trips of %d bytes over %s, %s durability, %d s each in %d interleaved rounds%n%n",
                        size,
                        channel.name().toLowerCase(Locale.ROOT),
                        durability.name().toLowerCase(Locale.ROOT),
                        seconds,
                        rounds)
                + table
                + String.format(
                        Locale.ROOT,
                        "%nAgainst the journal floor: %.2f x at p50, %.2f x at p99.%n",
                        findings.latencyRatio(MILLRACE, JOURNAL, 50),
                        findings.latencyRatio(MILLRACE, JOURNAL, 99))
                + (channel == Channel.IPC ? FloorNote.onLatency(findings.percentile(JOURNAL, 50)) : "");
    }
}
