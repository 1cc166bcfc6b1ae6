package io.millrace.server.cli;

/**
 * Adds one subcommand to the command line. Implementations are named in
 * {@code META-INF/services/io.millrace.server.cli.CommandProvider} of their module.
 */
public interface CommandProvider {

    /**
     * Creates the command.
     *
     * @return an object annotated with {@link picocli.CommandLine.Command}, with a name, a description and an example in its footer.
     */
    Object command();
}
