package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** Sets or shows who may do what with a queue. */
@Command(
        name = "access",
        description = "Sets who may send to a queue, receive from it and manage it; without an option, shows it.",
        footer = {
            "",
            "Example:",
            "  millrace queue access orders --allow feed=send --allow settlement=send,receive --allow admin=all"
        })
final class QueueAccess extends AccessAction {

    QueueAccess() {
        super("send", "receive");
    }

    @Override
    Owner owner(final ServerConnection server, final String ownerName) {
        return Owner.queue(server, ownerName);
    }
}
