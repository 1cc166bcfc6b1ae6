package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** Adds tags to a topic, or shows them. */
@Command(
        name = "tag",
        aliases = "tags",
        description = "Adds tags to a topic, or replaces their values; without a tag, shows those it has.",
        footer = {"", "Example:", "  millrace topic tag trades team=settlement stage=test"})
final class TopicTag extends TagAction {

    @Override
    Owner owner(final ServerConnection server, final String ownerName) {
        return Owner.topic(server, ownerName);
    }
}
