package io.millrace.server.cli;

import io.millrace.server.ServerContext;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The directory of a command that reads files. */
public final class DirectoryOption {

    private static final String JOURNAL = "journal";

    @Option(names = "--dir", paramLabel = "DIR", description = "Directory of the server. Default: ./millrace-data.")
    private Path directory;

    /**
     * The directory.
     *
     * @return a directory that holds a journal.
     */
    Path path() {
        final Path path = directory == null ? new ServerContext().directory() : directory;
        if (!Files.isDirectory(path.resolve(JOURNAL))) {
            throw new CommandFailure("There is no journal in "
                    + path.toAbsolutePath().normalize() + ": name the directory of a server with --dir");
        }
        return path;
    }
}
