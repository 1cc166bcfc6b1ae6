package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** Removes tags of a topic. */
@Command(
        name = "untag",
        description = "Removes tags of a topic; keys that it does not have are none.",
        footer = {"", "Example:", "  millrace topic untag trades stage"})
final class TopicUntag extends UntagAction {

    @Override
    Owner owner(final ServerConnection server, final String ownerName) {
        return Owner.topic(server, ownerName);
    }
}
