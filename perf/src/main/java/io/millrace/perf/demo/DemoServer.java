package io.millrace.perf.demo;

import io.millrace.perf.process.ParentLink;
import io.millrace.perf.process.Workspace;
import io.millrace.server.MillraceServer;
import io.millrace.server.ServerContext;
import java.nio.file.Path;

/** The server process of the demo: a server with its defaults, in a directory of its own. */
final class DemoServer {
    private DemoServer() {}

    public static void main(final String[] args) {
        final Path directory = Path.of(args[0]);
        final String aeronDirectory = args[1];
        final ParentLink parent = ParentLink.open();
        final ServerContext context = new ServerContext().directory(directory).aeronDirectoryName(aeronDirectory);
        try (MillraceServer server = MillraceServer.launch(context)) {
            parent.report("ready", server.directory());
            parent.awaitEnd();
        }
        if (parent.isOrphaned()) {
            Workspace.delete(directory, Path.of(aeronDirectory));
        }
    }
}
