package io.millrace.server.cli;

import io.millrace.client.QueueSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Changes settings of a queue. */
@Command(
        name = "set",
        description = "Changes settings of a queue; those that are not named stay as they are.",
        footer = {"", "Example:", "  millrace queue set orders --retention 1d --backoff exponential --backoff-delay 1s"
        })
final class QueueSet extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Mixin
    private SettingOptions settings;

    @Override
    void validate() {
        final String complaint = settings.isEmpty() ? "Name a setting to change" : settings.complaint();
        if (complaint != null) {
            throw new ParameterException(spec.commandLine(), complaint);
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long queueId = server.lookUp(name).queueId();
        server.queues().set(queueId, settings.applyTo(QueueSettings.changes(), server));
        output.print("Queue " + name + " is changed.", json -> {
            json.writeStringField("queue", name);
            json.writeNumberField("queueId", queueId);
        });
    }
}
