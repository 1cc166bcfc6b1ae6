package io.millrace.server.cli;

import io.millrace.client.QueueName;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists queues. */
@Command(
        name = "list",
        description = "Lists the queues in order of creation.",
        footer = {"", "Example:", "  millrace queue list --prefix order"})
final class QueueList extends ServerAction {

    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only names that start with this.")
    private String prefix = "";

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final List<QueueName> queues = server.queues().list(prefix);
        print(queues, output);
        if (queues.isEmpty()) {
            output.printText(
                    "There is no queue" + (prefix.isEmpty() ? "." : " whose name starts with " + prefix + "."));
        }
    }

    /** Prints a queue a line. */
    static void print(final List<QueueName> queues, final OutputOptions output) {
        for (final QueueName queue : queues) {
            output.print(String.format("%8d  %s", queue.queueId(), queue.name()), json -> {
                json.writeStringField("queue", queue.name());
                json.writeNumberField("queueId", queue.queueId());
            });
        }
    }
}
