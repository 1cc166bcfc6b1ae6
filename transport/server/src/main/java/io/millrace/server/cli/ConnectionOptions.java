package io.millrace.server.cli;

import io.millrace.server.ServerContext;
import io.millrace.server.ServerProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of every command that talks to a running server. */
public final class ConnectionOptions {

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Directory of the server; its server.properties says how to reach it. Default: ./millrace-data.")
    private Path directory;

    @Option(names = "--aeron-dir", paramLabel = "DIR", description = "Directory of the media driver.")
    private String aeronDirectory;

    @Option(names = "--channel", paramLabel = "CHANNEL", description = "Ingress channel of the server.")
    private String channel;

    /**
     * Where the server is: what the options say, else what its directory says, else the defaults.
     *
     * @return the address; nothing says yet that a server answers there.
     */
    ServerAddress address() {
        final ServerContext defaults = new ServerContext();
        final Path from = directory == null ? defaults.directory() : directory;
        final boolean isDirectoryMeant = directory != null || aeronDirectory == null;
        if (isDirectoryMeant && Files.exists(from.resolve(ServerProperties.FILE_NAME))) {
            final ServerProperties found = ServerProperties.read(from);
            return new ServerAddress(
                    aeronDirectory == null ? found.aeronDirectoryName() : aeronDirectory,
                    channel == null ? found.channels().get(0) : channel,
                    found.streamId(),
                    from);
        }
        if (directory != null && aeronDirectory == null) {
            throw new CommandFailure(
                    "No server has used " + directory.toAbsolutePath().normalize()
                            + ": start one with ./millrace server --dir " + directory + ", or name another directory.");
        }
        return new ServerAddress(
                aeronDirectory == null ? defaults.aeronDirectoryName() : aeronDirectory,
                channel == null ? defaults.channels().get(0) : channel,
                defaults.ingressStreamId(),
                null);
    }
}
