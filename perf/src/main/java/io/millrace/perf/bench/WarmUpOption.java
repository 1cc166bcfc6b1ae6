package io.millrace.perf.bench;

import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long a benchmark warms up at most. */
final class WarmUpOption {
    private static final int MOST_SECONDS = 60;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "15",
            description =
                    "Longest warm-up of each pair of processes. It ends as soon as the compilers of both are quiet. "
                            + "Default: ${DEFAULT-VALUE}.")
    private int seconds;

    /**
     * The longest warm-up.
     *
     * @return nanoseconds.
     * @throws picocli.CommandLine.ParameterException if it is out of range.
     */
    long mostNs() {
        Usage.require(spec, "--warm-up", seconds, 1, MOST_SECONDS);
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
