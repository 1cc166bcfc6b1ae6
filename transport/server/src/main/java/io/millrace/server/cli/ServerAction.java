package io.millrace.server.cli;

import picocli.CommandLine.Mixin;

/** One command to a server: connects, does it, prints what came of it. */
abstract class ServerAction implements Runnable {

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private OutputOptions output;

    @Override
    public final void run() {
        validate();
        try (ServerConnection server = ServerConnection.open(connection.address())) {
            execute(server, output);
        }
    }

    /** Refuses a command line that does not make sense, before anything is done. */
    void validate() {}

    /** Where the server is. */
    final ConnectionOptions connection() {
        return connection;
    }

    /** Does it. */
    abstract void execute(ServerConnection server, OutputOptions output);
}
