package io.millrace.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes a queue. */
@Command(
        name = "delete",
        description = "Deletes a queue and all its messages.",
        footer = {"", "Example:", "  millrace queue delete orders"})
final class QueueDelete extends ServerAction {

    @Parameters(paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long queueId = server.lookUp(name).queueId();
        server.queues().delete(queueId);
        output.print("Queue " + name + " is deleted.", json -> {
            json.writeStringField("queue", name);
            json.writeNumberField("queueId", queueId);
        });
    }
}
