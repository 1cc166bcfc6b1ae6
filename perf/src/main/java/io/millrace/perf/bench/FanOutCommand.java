package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.report.Progress;
import io.millrace.perf.report.Table;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What one more subscribed queue costs a publisher. */
@Command(
        name = "fanout",
        description =
                "Measures the CPU time of publishing a message of 200 bytes to ever more queues, and what it takes in the arena. It "
                        + "is the kernel's apply alone, inside this process: no Aeron, no journal, no server around it.",
        footer = {"", "Example:", "  millrace bench fanout --queues 1,10,100,1000"})
final class FanOutCommand implements Callable<Integer> {
    /** As many as one record of the kernel reaches: beyond, a publish goes on in records that follow. */
    private static final int MOST_QUEUES = 1_024;

    private static final double TENTHS = 10.0;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Option(
            names = "--queues",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,10,100,1000",
            description = "Queues subscribed to the topic, ever more. Default: ${DEFAULT-VALUE}.")
    private int[] queues;

    @Option(names = "--rounds", defaultValue = "7", description = "Interleaved rounds. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--batches",
            paramLabel = "N",
            defaultValue = "200",
            description = "Measurements in each round, of ten messages each. Default: ${DEFAULT-VALUE}.")
    private int batches;

    @Override
    public Integer call() {
        for (int i = 0; i < queues.length; i++) {
            Usage.require(spec, "--queues", queues[i], 1, MOST_QUEUES);
            if (i > 0 && queues[i] <= queues[i - 1]) {
                throw new ParameterException(
                        spec.commandLine(), "--queues: every number has to be larger than the last.");
            }
        }
        Usage.require(spec, "--rounds", rounds, 1, 100);
        Usage.require(spec, "--batches", batches, 10, 100_000);
        final List<FanOutPoint> points = output.measure(this::measure);
        output.report("fanout", text(points), json -> writeFields(json, points), new Findings());
        return 0;
    }

    private List<FanOutPoint> measure(final Progress progress) {
        progress.show("warm-up");
        final List<FanOutPoint> points = Arrays.stream(queues)
                .mapToObj(count -> new FanOutPoint(count, Filters.NONE))
                .toList();
        points.forEach(point -> point.warmUp(batches));
        final double clockNs = FanOutPoint.clockNs();
        for (int round = 0; round < rounds; round++) {
            progress.show("round " + (round + 1) + " of " + rounds);
            for (int i = 0; i < points.size(); i++) {
                points.get((round + i) % points.size()).run(batches, clockNs);
            }
        }
        return points;
    }

    private static void writeFields(final JsonGenerator json, final List<FanOutPoint> points) throws IOException {
        json.writeArrayFieldStart("points");
        for (int i = 0; i < points.size(); i++) {
            final FanOutPoint point = points.get(i);
            json.writeStartObject();
            json.writeNumberField("queues", point.queues());
            json.writeNumberField("publishNs", Math.round(point.publishNs()));
            json.writeNumberField("arenaBytes", point.arenaBytes());
            if (i > 0) {
                json.writeNumberField("furtherQueueNs", furtherQueueNs(points, i));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private String text(final List<FanOutPoint> points) {
        final Table table = new Table().row("queues", "publish, ns", "each further queue, ns", "arena, bytes");
        for (int i = 0; i < points.size(); i++) {
            final FanOutPoint point = points.get(i);
            table.row(
                    Table.count(point.queues()),
                    Table.count(Math.round(point.publishNs())),
                    i == 0 ? "" : String.valueOf(furtherQueueNs(points, i)),
                    Table.count(point.arenaBytes()));
        }
        return String.format(
                Locale.ROOT,
                "The kernel's apply alone, CPU time, one message of %d bytes a command, %,d batches of %d in %d interleaved rounds%n%n%s",
                FanOutKernel.SIZE,
                batches,
                FanOutKernel.BATCH,
                rounds,
                table);
    }

    /** To one decimal, against the point before. */
    private static double furtherQueueNs(final List<FanOutPoint> points, final int index) {
        final FanOutPoint point = points.get(index);
        final FanOutPoint before = points.get(index - 1);
        final double ns = (point.publishNs() - before.publishNs()) / (point.queues() - before.queues());
        return Math.round(ns * TENTHS) / TENTHS;
    }
}
