package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** The commands on queues. */
@Command(
        name = "queue",
        description = "Creates, lists, describes and deletes queues; sends, receives and acknowledges messages.",
        footer = {
            "",
            "Example:",
            "  millrace queue create orders && millrace queue send orders 'buy 100' && millrace queue receive orders"
        },
        subcommands = {
            QueueCreate.class,
            QueueList.class,
            QueueDescribe.class,
            QueueDelete.class,
            QueueSend.class,
            QueueReceive.class,
            QueueAck.class
        })
final class QueueCommand extends Main.CommandGroup {

    /** Adds the command to the command line. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new QueueCommand();
        }
    }
}
