package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** Sets or shows who may do what with a stream. */
@Command(
        name = "access",
        description = "Sets who may put records to a stream, read and manage it; without an option, shows it.",
        footer = {
            "",
            "Example:",
            "  millrace stream access tape --allow feed=put --allow settlement=put,read --allow admin=all"
        })
final class StreamAccess extends AccessAction {

    StreamAccess() {
        super("put", "read");
    }

    @Override
    Owner owner(final ServerConnection server, final String ownerName) {
        return Owner.stream(server, ownerName);
    }
}
