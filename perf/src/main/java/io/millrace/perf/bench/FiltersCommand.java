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
import picocli.CommandLine.Spec;

/** What subscriptions that a message is not for cost a publisher. */
@Command(
        name = "filters",
        description =
                "Measures the CPU time of publishing a message of 200 bytes to topics with ever more subscriptions, each with a filter policy "
                        + "and a queue of its own: ten of them match. It is the kernel's apply alone, inside this process: no Aeron, no "
                        + "journal, no server around it. A million subscriptions need about 3 GB.",
        footer = {"", "Example:", "  millrace bench filters --subscriptions 100,1000000"})
final class FiltersCommand implements Callable<Integer> {
    private static final double HUNDREDTHS = 100.0;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Option(
            names = "--subscriptions",
            paramLabel = "N",
            split = ",",
            defaultValue = "100,1000000",
            description = "Subscriptions of each topic. Default: ${DEFAULT-VALUE}.")
    private int[] subscriptions;

    @Option(names = "--rounds", defaultValue = "7", description = "Interleaved rounds. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--batches",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Measurements in each round, of ten messages each. Default: ${DEFAULT-VALUE}.")
    private int batches;

    @Override
    public Integer call() {
        for (final int count : subscriptions) {
            Usage.require(spec, "--subscriptions", count, Filters.ByTens.TEN, 1_000_000);
        }
        Usage.require(spec, "--rounds", rounds, 1, 100);
        Usage.require(spec, "--batches", batches, 10, 100_000);
        final List<FanOutPoint> points = output.measure(this::measure);
        output.report("filters", text(points), json -> writeFields(json, points), new Findings());
        return 0;
    }

    private List<FanOutPoint> measure(final Progress progress) {
        progress.show("warm-up");
        final List<FanOutPoint> points = Arrays.stream(subscriptions)
                .mapToObj(count -> new FanOutPoint(count, Filters.byTens(count)))
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
        for (final FanOutPoint point : points) {
            json.writeStartObject();
            json.writeNumberField("subscriptions", point.queues());
            json.writeNumberField("publishNs", Math.round(point.publishNs()));
            json.writeNumberField("ratio", ratio(points, point));
            json.writeNumberField("subscriptionBytes", Math.round(point.subscriptionBytes()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private String text(final List<FanOutPoint> points) {
        final Table table = new Table().row("subscriptions", "publish, ns", "ratio", "bytes a subscription");
        for (final FanOutPoint point : points) {
            table.row(
                    Table.count(point.queues()),
                    Table.count(Math.round(point.publishNs())),
                    String.valueOf(ratio(points, point)),
                    Table.count(Math.round(point.subscriptionBytes())));
        }
        return String.format(
                Locale.ROOT,
                "The kernel's apply alone, CPU time, one message of %d bytes a command, ten subscriptions match, %,d batches of %d in %d "
                        + "interleaved rounds%n%n%s",
                FanOutKernel.SIZE,
                batches,
                FanOutKernel.BATCH,
                rounds,
                table);
    }

    /** To two decimals, against the first point. */
    private static double ratio(final List<FanOutPoint> points, final FanOutPoint point) {
        return Math.round(point.publishNs() / points.get(0).publishNs() * HUNDREDTHS) / HUNDREDTHS;
    }
}
