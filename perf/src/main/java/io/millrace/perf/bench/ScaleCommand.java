package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.kernel.KernelMemory;
import io.millrace.perf.bench.ScalePoint.Costs;
import io.millrace.perf.bench.ScalePoint.Dimension;
import io.millrace.perf.report.Progress;
import io.millrace.perf.report.Table;
import io.millrace.server.cli.CommandFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a command costs the kernel, however much it holds. */
@Command(
        name = "scale",
        description =
                "Measures what a send, a receive and an acknowledgement of one message of 200 bytes cost while the kernel holds "
                        + "ever more messages, queues or timers. It is the kernel's apply alone, inside this process: no Aeron, no "
                        + "journal, no server around it.",
        footer = {"", "Example:", "  millrace bench scale --depths 1,1000,1000000,10000000"})
final class ScaleCommand implements Callable<Integer> {
    private static final int MOST_MESSAGES = 19_000_000;
    private static final int MOST_QUEUES = 999_999;
    private static final int MOST_OPERATIONS = 1_000_000;
    private static final double HUNDREDTHS = 100.0;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Option(
            names = "--depths",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,1000,1000000",
            description =
                    "Messages of the queue, which are received in the order of their arrival. Default: ${DEFAULT-VALUE}.")
    private int[] depths;

    @Option(
            names = "--queues",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,100000",
            description = "Queues, which are used at random. Default: ${DEFAULT-VALUE}.")
    private int[] queues;

    @Option(
            names = "--timers",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,1000000",
            description = "Delayed messages beside the ones that are used. Default: ${DEFAULT-VALUE}.")
    private int[] timers;

    @Option(names = "--rounds", defaultValue = "5", description = "Interleaved rounds. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--operations",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Commands of each kind in each round. Default: ${DEFAULT-VALUE}.")
    private int operations;

    @Override
    public Integer call() {
        requireAll("--depths", depths, MOST_MESSAGES);
        requireAll("--queues", queues, MOST_QUEUES);
        requireAll("--timers", timers, MOST_MESSAGES);
        Usage.require(spec, "--rounds", rounds, 1, 100);
        Usage.require(spec, "--operations", operations, 100, MOST_OPERATIONS);
        final List<ScalePoint> points = output.measure(this::measure);
        output.report("scale", text(points), json -> writeFields(json, points), new Findings());
        return 0;
    }

    private void requireAll(final String option, final int[] values, final int most) {
        for (final int value : values) {
            Usage.require(spec, option, value, 1, most);
        }
    }

    private List<ScalePoint> measure(final Progress progress) {
        requireMemory();
        final Map<Dimension, int[]> sizes = new LinkedHashMap<>();
        sizes.put(Dimension.DEPTH, depths);
        sizes.put(Dimension.QUEUES, queues);
        sizes.put(Dimension.TIMERS, timers);
        final List<ScalePoint> points = new ArrayList<>();
        sizes.forEach((dimension, ns) -> {
            for (final int n : ns) {
                progress.show("filling: " + dimension + " " + Table.count(n));
                points.add(new ScalePoint(dimension, n));
            }
        });
        points.forEach(point -> point.warmUp(operations));
        final long clockNs = ScalePoint.clockNs(operations);
        for (int round = 0; round < rounds; round++) {
            progress.show("round " + (round + 1) + " of " + rounds);
            for (int i = 0; i < points.size(); i++) {
                points.get((round + i) % points.size()).run(operations, clockNs);
            }
        }
        return points;
    }

    /** All kernels are there at the same time, so that their rounds can take turns. */
    private void requireMemory() {
        final long message = KernelMemory.MESSAGE_BYTES + KernelMemory.payloadBytes(ScaleKernel.SIZE + Long.BYTES);
        final long needed = LongStream.concat(
                                LongStream.of(sum(depths), sum(timers)).map(count -> count * message),
                                LongStream.of(sum(queues) * KernelMemory.QUEUE_BYTES))
                        .sum()
                + (long) (depths.length + queues.length + timers.length) * (KernelMemory.MESSAGE_BYTES << 14);
        final long free = DirectMemoryLimit.bytes();
        if (needed > free) {
            throw new CommandFailure(String.format(
                    Locale.ROOT,
                    "The kernels need %.1f GiB outside the heap, and this JVM may take %.1f: measure smaller sizes, or set "
                            + "MILLRACE_JAVA_OPTS=-XX:MaxDirectMemorySize=%dg.",
                    needed / (double) (1 << 30),
                    free / (double) (1 << 30),
                    (needed >> 30) + 1));
        }
    }

    private static long sum(final int[] values) {
        long sum = 0;
        for (final int value : values) {
            sum += value;
        }
        return sum;
    }

    private static void writeFields(final JsonGenerator json, final List<ScalePoint> points) throws IOException {
        json.writeArrayFieldStart("points");
        for (final ScalePoint point : points) {
            final Costs costs = point.costs();
            json.writeStartObject();
            json.writeStringField("dimension", point.dimension().toString());
            json.writeNumberField("n", point.n());
            json.writeNumberField("sendNs", costs.sendNs());
            json.writeNumberField("receiveNs", costs.receiveNs());
            json.writeNumberField("ackNs", costs.ackNs());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("maxGrowth", maxGrowth(points));
    }

    private String text(final List<ScalePoint> points) {
        final Table table = new Table().row("nanoseconds, median", "n", "send", "receive", "acknowledge");
        for (final ScalePoint point : points) {
            final Costs costs = point.costs();
            table.row(
                    point.dimension().toString(),
                    Table.count(point.n()),
                    Table.count(costs.sendNs()),
                    Table.count(costs.receiveNs()),
                    Table.count(costs.ackNs()));
        }
        return String.format(
                Locale.ROOT,
                "The kernel's apply alone, one message of %d bytes a command, %,d of each in %d interleaved rounds%n%n%s%n"
                        + "  largest growth of an operation within a dimension  %.2f%n",
                ScaleKernel.SIZE,
                operations,
                rounds,
                table,
                maxGrowth(points));
    }

    /** Largest cost ÷ smallest cost of the same operation in the same dimension. */
    private static double maxGrowth(final List<ScalePoint> points) {
        double most = 1;
        for (final Dimension dimension : Dimension.values()) {
            final List<Costs> costs = points.stream()
                    .filter(point -> point.dimension() == dimension)
                    .map(ScalePoint::costs)
                    .toList();
            most = Math.max(most, growth(costs, Costs::sendNs));
            most = Math.max(most, growth(costs, Costs::receiveNs));
            most = Math.max(most, growth(costs, Costs::ackNs));
        }
        return Math.round(most * HUNDREDTHS) / HUNDREDTHS;
    }

    private static double growth(final List<Costs> costs, final ToLongFunction<Costs> operation) {
        final long most = costs.stream().mapToLong(operation).max().orElse(1);
        return most / (double) costs.stream().mapToLong(operation).min().orElse(1);
    }
}
