package io.millrace.perf.bench;

import io.millrace.server.cli.CommandProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The benchmarks on the command line. */
@Command(
        name = "bench",
        description = {
            "Measures this machine. Ratios are against floors measured in the same run: an echo over Aeron, and an echo that "
                    + "journals.",
            "Server and client are processes of their own in temporary directories, one busy thread each: leave them two cores."
        },
        subcommands = {
            RttCommand.class,
            ThroughputCommand.class,
            OpenLoopCommand.class,
            AllocationCommand.class,
            IsolationCommand.class,
            ScaleCommand.class,
            FanOutCommand.class,
            FiltersCommand.class,
            PutCommand.class,
            SharedReadCommand.class,
            JmhCommand.class
        },
        footer = {"", "Example:", "  millrace bench rtt --seconds 10 --out ./bench-rtt"})
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Adds the command to the command line. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new BenchCommand();
        }
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Name a benchmark: " + String.join(", ", spec.subcommands().keySet()) + ".");
    }
}
