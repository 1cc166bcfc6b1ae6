package io.millrace.server.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command prints its results. */
public final class OutputOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", description = "Prints one JSON object a line and nothing else.")
    private boolean json;

    /**
     * Prints one result.
     *
     * @param text   for people.
     * @param fields for machines.
     */
    void print(final String text, final JsonLines.Fields fields) {
        if (json) {
            JsonLines.print(out(), fields);
        } else {
            out().println(text);
        }
    }

    /** Prints what is for people only. */
    void printText(final String text) {
        if (!json) {
            out().println(text);
        }
    }

    /** A word at the start of a sentence. */
    String capital(final String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    boolean isJson() {
        return json;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
