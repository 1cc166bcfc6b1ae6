package io.millrace.server.cli;

import io.millrace.client.QueueSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates a queue. */
@Command(
        name = "create",
        description = "Creates a queue. A queue of this name and these settings is left as it is.",
        footer = {"", "Example:", "  millrace queue create orders --visibility-timeout 30s --receive-wait 5s"})
final class QueueCreate extends QueueAction {

    @Parameters(paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Option(
            names = "--visibility-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long a delivery stays in flight. Default: 30s.")
    private Long visibilityTimeoutNs;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long a new message waits before it can be delivered. Default: 0.")
    private Long delayNs;

    @Option(
            names = "--receive-wait",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long a receive waits for a first message. Default: 0.")
    private Long receiveWaitNs;

    @Option(
            names = "--max-message-bytes",
            paramLabel = "BYTES",
            description = "Largest message, attributes included. Default: the server's limit.")
    private Integer maxMessageBytes;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long queueId = server.createQueue(settings());
        output.print("Queue " + name + " has id " + queueId + ".", json -> {
            json.writeStringField("queue", name);
            json.writeNumberField("queueId", queueId);
        });
    }

    private QueueSettings settings() {
        final QueueSettings settings = QueueSettings.named(name);
        if (visibilityTimeoutNs != null) {
            settings.visibilityTimeoutNs(visibilityTimeoutNs);
        }
        if (delayNs != null) {
            settings.delayNs(delayNs);
        }
        if (receiveWaitNs != null) {
            settings.receiveWaitNs(receiveWaitNs);
        }
        if (maxMessageBytes != null) {
            settings.maxMessageBytes(maxMessageBytes);
        }
        return settings;
    }
}
