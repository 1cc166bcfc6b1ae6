package io.millrace.server.cli;

import io.millrace.client.QueueInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows settings and counts of a queue. */
@Command(
        name = "describe",
        description = "Shows the settings of a queue and how many messages it holds.",
        footer = {"", "Example:", "  millrace queue describe orders --json"})
final class QueueDescribe extends QueueAction {

    @Parameters(paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final QueueInfo queue = server.lookUp(name);
        final String text = String.join(
                System.lineSeparator(),
                "queue               " + queue.name() + " (id " + queue.queueId() + ")",
                "created             " + ReceivedMessage.instant(queue.createdTimeNs()),
                "visibility timeout  " + DurationConverter.format(queue.visibilityTimeoutNs()),
                "delay               " + DurationConverter.format(queue.delayNs()),
                "receive wait        " + DurationConverter.format(queue.receiveWaitNs()),
                "largest message     " + queue.maxMessageBytes() + " bytes",
                "available           " + queue.availableCount(),
                "delayed             " + queue.delayedCount(),
                "in flight           " + queue.inFlightCount());
        output.print(text, json -> {
            json.writeStringField("queue", queue.name());
            json.writeNumberField("queueId", queue.queueId());
            json.writeNumberField("createdTimeNs", queue.createdTimeNs());
            json.writeNumberField("visibilityTimeoutNs", queue.visibilityTimeoutNs());
            json.writeNumberField("delayNs", queue.delayNs());
            json.writeNumberField("receiveWaitNs", queue.receiveWaitNs());
            json.writeNumberField("maxMessageBytes", queue.maxMessageBytes());
            json.writeNumberField("available", queue.availableCount());
            json.writeNumberField("delayed", queue.delayedCount());
            json.writeNumberField("inFlight", queue.inFlightCount());
        });
    }
}
