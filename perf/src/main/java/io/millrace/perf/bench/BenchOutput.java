package io.millrace.perf.bench;

import io.millrace.perf.process.ChildException;
import io.millrace.perf.report.Environment;
import io.millrace.perf.report.HistogramFiles;
import io.millrace.perf.report.JsonFile;
import io.millrace.perf.report.LatencyPlot;
import io.millrace.perf.report.Progress;
import io.millrace.perf.rig.Measurement;
import io.millrace.server.cli.CommandFailure;
import io.millrace.server.cli.JsonLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all benchmarks do with their findings: print them for people or machines, and leave files. */
final class BenchOutput {
    private static final double BUSY_PART_OF_CORES = 0.5;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", description = "Prints one JSON object and nothing else.")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Also writes result.json, environment.json and, where latencies are taken, all of them (.hlog), their "
                            + "percentiles (.hgrm) and a plot (.svg).")
    private Path out;

    private double loadBefore;

    /**
     * Runs a benchmark with progress on a terminal.
     *
     * @param benchmark what to run.
     * @return what it found.
     */
    <T> T measure(final Function<Progress, T> benchmark) {
        loadBefore = Environment.loadAverage();
        final int cores = Runtime.getRuntime().availableProcessors();
        if (loadBefore > BUSY_PART_OF_CORES * cores) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            Locale.ROOT,
                            "millrace: this machine is busy with other work (load average %.1f on %d cores): the figures will suffer.%n",
                            loadBefore,
                            cores);
        }
        try (Progress progress = new Progress(spec.commandLine().getErr())) {
            return benchmark.apply(progress);
        } catch (final ChildException e) {
            throw new CommandFailure(e.getMessage(), e);
        }
    }

    /**
     * Prints and writes.
     *
     * @param name     of the benchmark, and of its files.
     * @param text     for people.
     * @param fields   for machines.
     * @param findings rounds with histograms, or without.
     */
    void report(final String name, final String text, final JsonLines.Fields fields, final Findings findings) {
        if (json) {
            JsonLines.print(spec.commandLine().getOut(), fields);
        } else {
            spec.commandLine().getOut().print(text);
            spec.commandLine().getOut().flush();
        }
        if (out != null) {
            try {
                writeFiles(name, fields, findings);
            } catch (final IOException e) {
                throw new CommandFailure("The files could not be written to " + out + ": " + e.getMessage() + ".", e);
            }
        }
    }

    /** {@return where a further file of this name goes, empty if none are wanted} */
    Optional<Path> file(final String name) {
        return Optional.ofNullable(out).map(directory -> directory.resolve(name));
    }

    private void writeFiles(final String name, final JsonLines.Fields fields, final Findings findings)
            throws IOException {
        Files.createDirectories(out);
        JsonFile.write(out.resolve("result.json"), fields);
        JsonFile.write(out.resolve("environment.json"), json -> Environment.write(json, loadBefore));
        if (!findings.labels().isEmpty()) {
            writeRounds(name, findings);
        }
        final Map<String, Histogram> lines = new LinkedHashMap<>();
        for (final String label : findings.labels()) {
            final List<Histogram> histograms =
                    findings.rounds(label).stream().map(Measurement::histogram).toList();
            if (histograms.stream().allMatch(histogram -> histogram.getTotalCount() > 0)) {
                HistogramFiles.write(out, name + "-" + label.replaceAll("[^a-z0-9]+", "-"), histograms);
                lines.put(label, findings.total(label).histogram());
            }
        }
        if (!lines.isEmpty()) {
            LatencyPlot.write(out.resolve(name + ".svg"), "millrace bench " + name, lines);
        }
    }

    private void writeRounds(final String name, final Findings findings) throws IOException {
        final StringBuilder csv = new StringBuilder("measured,round,messages,durationNs,messagesPerSecond\n");
        for (final String label : findings.labels()) {
            int round = 1;
            for (final Measurement measurement : findings.rounds(label)) {
                csv.append(String.format(
                        Locale.ROOT,
                        "%s,%d,%d,%d,%.0f%n",
                        label.replace(',', ' '),
                        round++,
                        measurement.messages(),
                        measurement.durationNs(),
                        measurement.messagesPerSecond()));
            }
        }
        Files.writeString(out.resolve(name + "-rounds.csv"), csv, StandardCharsets.UTF_8);
    }
}
