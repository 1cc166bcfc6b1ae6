package io.millrace.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs one command in this process and keeps what it printed.
 *
 * @param exitCode its exit code.
 * @param out      its stdout.
 * @param err      its stderr.
 */
record Cli(int exitCode, String out, String err) {

    static Cli run(final Object... args) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final String[] words = new String[args.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = args[i].toString();
        }
        final int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), words);
        return new Cli(exitCode, out.toString(), err.toString());
    }

    /** Runs a command that must succeed without a word on stderr. */
    static Cli done(final Object... args) {
        final Cli cli = run(args);
        if (cli.exitCode != Main.DONE || !cli.err.isEmpty()) {
            throw new AssertionError(List.of(args) + " gave " + cli);
        }
        return cli;
    }

    List<String> lines() {
        return out.lines().collect(Collectors.toList());
    }
}
