package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.report.Progress;
import io.millrace.perf.report.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.agrona.CloseHelper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Records a second that are put to streams, and what one costs. */
@Command(
        name = "put",
        description = {
            "Measures records a second that a producer puts to a stream, with at most 256 of them unanswered, beside the throughput of a "
                    + "queue in the same run.",
            "It also measures the CPU time that a record takes of the server's thread: journal, kernel and record logs, in "
                    + "commands of 16 records, inside this process."
        },
        footer = {"", "Example:", "  millrace bench put --shards 4,1000"})
final class PutCommand implements Callable<Integer> {
    private static final String THROUGHPUT = "throughput of a queue";
    private static final String PUT = "put, shards: ";
    private static final int MOST_SHARDS = 10_000;
    private static final int WARM_UP_TURNS = 100;
    private static final int TURNS = 40;
    private static final double HUNDREDTHS = 100.0;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Mixin
    private WarmUpOption warmUp;

    @Option(names = "--size", defaultValue = "200", description = "Bytes of a record. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--shards",
            paramLabel = "N",
            split = ",",
            defaultValue = "4,1000",
            description = "Shards of the stream. Default: ${DEFAULT-VALUE}.")
    private int[] shards;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "How long each stream and the queue are measured. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Interleaved rounds of the CPU time. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Override
    public Integer call() {
        Usage.requireSize(spec, size);
        Usage.requireSeconds(spec, seconds);
        Usage.require(spec, "--rounds", rounds, 1, 100);
        for (final int count : shards) {
            Usage.require(spec, "--shards", count, 1, MOST_SHARDS);
        }
        final Interleaved interleaved = new Interleaved(seconds);
        final Map<String, TrialSettings> trials = new LinkedHashMap<>();
        trials.put(THROUGHPUT, settings("throughput", 0, interleaved));
        for (final int count : shards) {
            trials.put(PUT + count, settings("put", count, interleaved));
        }
        final List<PutPoint> points = new ArrayList<>();
        final Findings findings = output.measure(progress -> {
            final Findings found = interleaved.run(trials, progress);
            measureCpu(points, progress);
            return found;
        });
        output.report("put", text(findings, points), json -> writeFields(json, findings, points), findings);
        return 0;
    }

    private TrialSettings settings(final String rig, final int rate, final Interleaved interleaved) {
        return new TrialSettings(
                rig, Target.MILLRACE, false, size, 1, 1, 1, rate, "process", warmUp.mostNs(), interleaved.durationNs());
    }

    private void measureCpu(final List<PutPoint> points, final Progress progress) {
        Interleaved.requireDisk(bytesOfOnePoint() * shards.length);
        try {
            for (final int count : shards) {
                progress.show("warm-up, " + count + " shards");
                final PutPoint point = new PutPoint(count);
                points.add(point);
                point.run(WARM_UP_TURNS);
                point.reset();
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < points.size(); i++) {
                    progress.show("CPU time, round " + (round + 1) + " of " + rounds);
                    points.get((round + i) % points.size()).run(TURNS);
                }
            }
        } finally {
            CloseHelper.closeAll(points);
        }
    }

    /** A record is in the journal and in a log. */
    private long bytesOfOnePoint() {
        final long commands = (WARM_UP_TURNS + (long) rounds * TURNS) * PutPoint.COMMANDS_PER_TURN;
        return 2 * commands * PutKernel.COMMAND_BYTES;
    }

    private void writeFields(final JsonGenerator json, final Findings findings, final List<PutPoint> points)
            throws IOException {
        json.writeArrayFieldStart("points");
        for (final PutPoint point : points) {
            json.writeStartObject();
            json.writeNumberField("shards", point.shards());
            json.writeNumberField("recordsPerSecond", Math.round(findings.rate(PUT + point.shards())));
            json.writeNumberField("cpuNsPerRecord", Math.round(point.recordNs()));
            json.writeNumberField("cpuRatio", cpuRatio(points, point));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("throughputMessagesPerSecond", Math.round(findings.rate(THROUGHPUT)));
        json.writeNumberField("ratio", findings.rateRatio(PUT + shards[0], THROUGHPUT));
    }

    private String text(final Findings findings, final List<PutPoint> points) {
        final Table table = new Table().row("", "a second", "of the queue", "CPU ns a record", "of the first");
        table.row(THROUGHPUT, Table.count(Math.round(findings.rate(THROUGHPUT))), "1 x", "", "");
        for (final PutPoint point : points) {
            final String label = PUT + point.shards();
            table.row(
                    label,
                    Table.count(Math.round(findings.rate(label))),
                    Table.ratio(findings.rateRatio(label, THROUGHPUT)) + " x",
                    Table.count(Math.round(point.recordNs())),
                    cpuRatio(points, point) + " x");
        }
        return String.format(
                Locale.ROOT,
                "Records of %d bytes put and answered, messages sent, confirmed, delivered and acknowledged; window 256, process "
                        + "durability, %d s each%n%n%s",
                size,
                seconds,
                table);
    }

    /** To two decimals, against the first point. */
    private static double cpuRatio(final List<PutPoint> points, final PutPoint point) {
        return Math.round(point.recordNs() / points.get(0).recordNs() * HUNDREDTHS) / HUNDREDTHS;
    }
}
