package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** Adds tags to a stream, or shows them. */
@Command(
        name = "tag",
        aliases = "tags",
        description = "Adds tags to a stream, or replaces their values; without a tag, shows those it has.",
        footer = {"", "Example:", "  millrace stream tag tape team=settlement stage=test"})
final class StreamTag extends TagAction {

    @Override
    Owner owner(final ServerConnection server, final String ownerName) {
        return Owner.stream(server, ownerName);
    }
}
