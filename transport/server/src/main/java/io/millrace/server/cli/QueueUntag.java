package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** Removes tags of a queue. */
@Command(
        name = "untag",
        description = "Removes tags of a queue; keys that it does not have are none.",
        footer = {"", "Example:", "  millrace queue untag orders stage"})
final class QueueUntag extends UntagAction {

    @Override
    Owner owner(final ServerConnection server, final String ownerName) {
        return Owner.queue(server, ownerName);
    }
}
