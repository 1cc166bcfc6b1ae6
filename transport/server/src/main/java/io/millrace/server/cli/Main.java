package io.millrace.server.cli;

import io.millrace.client.MillraceException;
import io.millrace.server.ServerException;
import io.millrace.store.JournalException;
import io.millrace.store.SnapshotException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Entrance of the command line. */
public final class Main {

    /** Exit code of a command that did what it was asked. */
    public static final int DONE = CommandLine.ExitCode.OK;

    /** Exit code of an operation that was refused or failed. */
    public static final int FAILED = CommandLine.ExitCode.SOFTWARE;

    /** Exit code of a command line that does not make sense. */
    public static final int WRONG_USAGE = CommandLine.ExitCode.USAGE;

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command line.
     */
    public static void main(final String[] args) {
        JvmFlags.setMissingProperties();
        final PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        final PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /**
     * Runs one command in this process.
     *
     * @param out  where results go.
     * @param err  where errors go, one sentence each.
     * @param args the command line.
     * @return {@link #DONE}, {@link #FAILED} or {@link #WRONG_USAGE}.
     */
    public static int run(final PrintWriter out, final PrintWriter err, final String... args) {
        final int exitCode = commandLine().setOut(out).setErr(err).execute(args);
        out.flush();
        err.flush();
        return exitCode;
    }

    /** The whole tree of commands, with subcommands in the order of their names. */
    static CommandLine commandLine() {
        final CommandLine root = new CommandLine(new Root());
        final List<CommandLine> commands = new ArrayList<>();
        for (final CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
            commands.add(new CommandLine(provider.command()));
        }
        commands.sort(Comparator.comparing(CommandLine::getCommandName));
        commands.forEach(command -> root.addSubcommand(command.getCommandName(), command));
        return root.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Main::onWrongUsage)
                .setExecutionExceptionHandler(Main::onFailure);
    }

    private static int onWrongUsage(final ParameterException e, final String[] args) {
        final CommandLine command = e.getCommandLine();
        command.getErr()
                .println("millrace: " + sentence(e.getMessage()) + " See "
                        + command.getCommandSpec().qualifiedName() + " --help.");
        return WRONG_USAGE;
    }

    private static int onFailure(final Exception e, final CommandLine command, final CommandLine.ParseResult parsed) {
        final PrintWriter err = command.getErr();
        if (isOfFiles(e)) {
            err.println("millrace: " + sentence(ioMessage(e)));
        } else if (isExpected(e)) {
            err.println("millrace: " + sentence(e.getMessage()));
        } else {
            err.println("millrace: this is a fault of Millrace, please report it with what follows.");
            e.printStackTrace(err);
        }
        return FAILED;
    }

    /** Whether the message of an exception was written for the person who reads it. */
    private static boolean isExpected(final Exception e) {
        return e instanceof CommandFailure
                || e instanceof ServerException
                || e instanceof MillraceException
                || e instanceof JournalException
                || e instanceof SnapshotException;
    }

    private static boolean isOfFiles(final Exception e) {
        return e instanceof IOException
                || e instanceof UncheckedIOException
                || (e instanceof JournalException || e instanceof SnapshotException)
                        && e.getCause() instanceof IOException;
    }

    /** What was to be done, as far as anybody said so, and what the file system said to it. */
    private static String ioMessage(final Exception e) {
        final Throwable cause = e.getCause() == null ? e : e.getCause();
        final String kind = cause.getClass().getSimpleName().replaceAll("(?<=\\p{Ll})(?=\\p{Lu})", " ");
        final String reason =
                kind.replace(" Exception", "").toLowerCase(Locale.ROOT) + ": " + String.valueOf(cause.getMessage());
        final boolean isBare = e == cause || cause.toString().equals(e.getMessage());
        return isBare ? "A file cannot be used (" + reason + ")" : e.getMessage() + " (" + reason + ")";
    }

    private static String sentence(final String message) {
        final String text = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
        final String capital = Character.toUpperCase(text.charAt(0)) + text.substring(1);
        return capital.matches(".*[.!?]") ? capital : capital + ".";
    }

    /** The command without a subcommand. */
    @Command(
            name = "millrace",
            description = "Queues and topics on shared memory: durable, deterministic, in microseconds.",
            footer = {
                "",
                "Exit codes: 0 done, 1 refused or failed, 2 wrong usage.",
                "",
                "Example:",
                "  millrace server --dir ./millrace-data"
            })
    static final class Root extends CommandGroup {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                scope = ScopeType.INHERIT,
                description = "Shows this help.")
        private boolean help;
    }

    /** A command that only makes sense with a subcommand. */
    abstract static class CommandGroup implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            final List<String> names = new ArrayList<>(spec.subcommands().keySet());
            throw new ParameterException(
                    spec.commandLine(), "Name a command of " + spec.qualifiedName() + ": " + String.join(", ", names));
        }
    }
}
