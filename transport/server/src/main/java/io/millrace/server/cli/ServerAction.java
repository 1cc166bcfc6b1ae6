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
        try (ServerConnection server = ServerConnection.open(connection.address(), resendBufferBytes())) {
            execute(server, output);
        }
    }

    /** Refuses a command line that does not make sense, before anything is done. */
    void validate() {}

    /** Room for what is sent and not answered: the largest command at least. */
    int resendBufferBytes() {
        return 4 * 1024 * 1024;
    }

    /** Where the server is. */
    final ConnectionOptions connection() {
        return connection;
    }

    /** Does it. */
    abstract void execute(ServerConnection server, OutputOptions output);
}
