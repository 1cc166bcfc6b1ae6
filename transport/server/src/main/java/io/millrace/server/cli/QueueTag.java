package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** Adds tags to a queue, or shows them. */
@Command(
        name = "tag",
        description = "Adds tags to a queue, or replaces their values; without a tag, shows those it has.",
        footer = {"", "Example:", "  millrace queue tag orders team=settlement stage=test"})
final class QueueTag extends TagAction {

    @Override
    Owner owner(final ServerConnection server, final String ownerName) {
        return Owner.queue(server, ownerName);
    }
}
