package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** Sets or shows who may do what with a topic. */
@Command(
        name = "access",
        description = "Sets who may publish to a topic, subscribe to it and manage it; without an option, shows it.",
        footer = {
            "",
            "Example:",
            "  millrace topic access trades --allow feed=publish --allow settlement=publish,subscribe --allow admin=all"
        })
final class TopicAccess extends AccessAction {

    TopicAccess() {
        super("publish", "subscribe");
    }

    @Override
    Owner owner(final ServerConnection server, final String ownerName) {
        return Owner.topic(server, ownerName);
    }
}
