package io.millrace.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes all messages of a queue. */
@Command(
        name = "purge",
        description = "Removes all messages of a queue, delayed and in flight ones too.",
        footer = {"", "Example:", "  millrace queue purge orders"})
final class QueuePurge extends ServerAction {

    @Parameters(paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long queueId = server.lookUp(name).queueId();
        server.queues().purge(queueId);
        output.print("Queue " + name + " is purged.", json -> {
            json.writeStringField("queue", name);
            json.writeNumberField("queueId", queueId);
        });
    }
}
