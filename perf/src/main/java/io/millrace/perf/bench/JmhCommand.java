package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.report.Progress;
import io.millrace.perf.report.Table;
import io.millrace.server.cli.CommandFailure;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The small benchmarks: single operations inside one JVM. */
@Command(
        name = "jmh",
        description =
                "Measures single operations inside one JVM with JMH: codecs, payload arena, timers, journal append.",
        footer = {"", "Example:", "  millrace bench jmh Codec"})
final class JmhCommand implements Callable<Integer> {
    private static final String PACKAGE = "io.millrace.perf.jmh.";

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Parameters(
            arity = "0..1",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "Runs only benchmarks whose name matches. Default: all.")
    private String regex;

    @Option(names = "--forks", defaultValue = "1", description = "JVMs a benchmark. Default: ${DEFAULT-VALUE}.")
    private int forks;

    @Option(
            names = "--seconds",
            defaultValue = "3",
            description =
                    "Seconds that each benchmark is measured in each JVM, after two of warm-up. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Override
    public Integer call() {
        Usage.require(spec, "--forks", forks, 1, 10);
        Usage.requireSeconds(spec, seconds);
        final Collection<RunResult> results = output.measure(this::run);
        output.report("jmh", text(results), json -> writeFields(json, results), new Findings());
        output.file("jmh-raw.json")
                .ifPresent(file -> ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString())
                        .writeOut(results));
        return 0;
    }

    private Collection<RunResult> run(final Progress progress) {
        final Options options = new OptionsBuilder()
                .include(PACKAGE + ".*" + regex)
                .forks(forks)
                .warmupIterations(2)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(seconds)
                .measurementTime(TimeValue.seconds(1))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();
        try {
            progress.show("measuring with JMH, some seconds a benchmark");
            return new Runner(options).run();
        } catch (final NoBenchmarksException e) {
            throw new CommandFailure("No benchmark matches \"" + regex + "\": leave the name out to run all.", e);
        } catch (final RunnerException e) {
            throw new CommandFailure("A benchmark failed: " + e.getMessage(), e);
        }
    }

    private static void writeFields(final JsonGenerator generator, final Collection<RunResult> results)
            throws IOException {
        generator.writeArrayFieldStart("benchmarks");
        for (final RunResult result : results) {
            final Result<?> primary = result.getPrimaryResult();
            generator.writeStartObject();
            generator.writeStringField("name", name(result));
            generator.writeNumberField("score", primary.getScore());
            if (Double.isNaN(primary.getScoreError())) {
                generator.writeNullField("error");
            } else {
                generator.writeNumberField("error", primary.getScoreError());
            }
            generator.writeStringField("unit", primary.getScoreUnit());
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    private static String text(final Collection<RunResult> results) {
        final Table table = new Table().row("average", "score", "error", "unit");
        for (final RunResult result : results) {
            final Result<?> primary = result.getPrimaryResult();
            table.row(
                    name(result),
                    String.format(Locale.ROOT, "%.1f", primary.getScore()),
                    Double.isNaN(primary.getScoreError())
                            ? "-"
                            : String.format(Locale.ROOT, "%.1f", primary.getScoreError()),
                    primary.getScoreUnit());
        }
        return table.toString();
    }

    private static String name(final RunResult result) {
        final StringBuilder name =
                new StringBuilder(result.getParams().getBenchmark().substring(PACKAGE.length()));
        for (final String key : result.getParams().getParamsKeys()) {
            name.append(' ').append(key).append('=').append(result.getParams().getParam(key));
        }
        return name.toString();
    }
}
