package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** Removes tags of a stream. */
@Command(
        name = "untag",
        description = "Removes tags of a stream; keys that it does not have are none.",
        footer = {"", "Example:", "  millrace stream untag tape stage"})
final class StreamUntag extends UntagAction {

    @Override
    Owner owner(final ServerConnection server, final String ownerName) {
        return Owner.stream(server, ownerName);
    }
}
