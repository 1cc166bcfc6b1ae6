package io.millrace.server.cli;

import io.millrace.client.QueueSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates a queue. */
@Command(
        name = "create",
        description = "Creates a queue. A queue of this name and these settings is left as it is.",
        footer = {
            "",
            "Examples:",
            "  millrace queue create orders --visibility-timeout 30s --receive-wait 5s",
            "  millrace queue create trades --type fifo --content-deduplication on --dead-letter-queue failed "
                    + "--max-receive-count 3"
        })
final class QueueCreate extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Mixin
    private SettingOptions settings;

    @Override
    void validate() {
        if (settings.complaint() != null) {
            throw new ParameterException(spec.commandLine(), settings.complaint());
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long queueId = server.queues().create(settings.applyTo(QueueSettings.named(name), server));
        output.print("Queue " + name + " has id " + queueId + ".", json -> {
            json.writeStringField("queue", name);
            json.writeNumberField("queueId", queueId);
        });
    }
}
