package io.millrace.server.cli;

import picocli.CommandLine.Command;

/** The commands on queues. */
@Command(
        name = "queue",
        description =
                "Creates, lists, describes, changes and deletes queues; sends, receives, shows and settles messages.",
        footer = {
            "",
            "Example:",
            "  millrace queue create orders && millrace queue send orders 'buy 100' && millrace queue receive orders"
        },
        subcommands = {
            QueueCreate.class,
            QueueList.class,
            QueueDescribe.class,
            QueueSet.class,
            QueueDelete.class,
            QueuePurge.class,
            QueueTag.class,
            QueueUntag.class,
            QueueAccess.class,
            QueueSend.class,
            QueueReceive.class,
            QueuePeek.class,
            QueueAck.class,
            QueueSettle.class,
            QueueRedrive.class,
            QueueWatch.class
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
