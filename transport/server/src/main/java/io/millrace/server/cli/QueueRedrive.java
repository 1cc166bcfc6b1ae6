package io.millrace.server.cli;

import io.millrace.client.QueueName;
import io.millrace.client.RedriveTask;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Moves the messages of dead-letter queues. */
@Command(
        name = "redrive",
        description = "Moves the messages of a dead-letter queue back, or to another queue.",
        footer = {"", "Example:", "  millrace queue redrive start failed --rate 100"},
        subcommands = {
            QueueRedrive.Start.class,
            QueueRedrive.Cancel.class,
            QueueRedrive.ListTasks.class,
            QueueRedrive.Sources.class
        })
final class QueueRedrive extends Main.CommandGroup {

    /** Starts a task. */
    @Command(
            name = "start",
            description = "Starts to move the available messages of a dead-letter queue, as new messages.",
            footer = {"", "Example:", "  millrace queue redrive start failed --to orders --rate 100"})
    static final class Start extends ServerAction {

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "NAME", description = "Name of the dead-letter queue.")
        private String name;

        @Option(
                names = "--to",
                paramLabel = "NAME",
                description = "Queue to move to. Default: each message to the queue it came from.")
        private String destination;

        @Option(
                names = "--rate",
                paramLabel = "N",
                description = "At most this many messages a second. Default: the server's limit.")
        private int rate;

        @Override
        void validate() {
            if (rate < 0) {
                throw new ParameterException(spec.commandLine(), "Option --rate must not be negative");
            }
        }

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final long queueId = server.lookUp(name).queueId();
            final long destinationId =
                    destination == null ? 0 : server.lookUp(destination).queueId();
            final long taskId = server.queues().startRedrive(queueId, destinationId, rate);
            output.print("Redrive task " + taskId + " of queue " + name + " is started.", json -> {
                json.writeStringField("queue", name);
                json.writeNumberField("taskId", taskId);
            });
        }
    }

    /** Ends a task. */
    @Command(
            name = "cancel",
            description = "Ends a redrive task; what was moved stays moved.",
            footer = {"", "Example:", "  millrace queue redrive cancel 17"})
    static final class Cancel extends ServerAction {

        @Parameters(paramLabel = "TASK", description = "Id of the task, as start or list printed it.")
        private long taskId;

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final long moved = server.queues().cancelRedrive(taskId);
            output.print(
                    "Redrive task " + taskId + " is cancelled; it moved " + moved
                            + (moved == 1 ? " message." : " messages."),
                    json -> {
                        json.writeNumberField("taskId", taskId);
                        json.writeNumberField("moved", moved);
                    });
        }
    }

    /** Shows tasks. */
    @Command(
            name = "list",
            description = "Shows the redrive tasks of a dead-letter queue, the newest first.",
            footer = {"", "Example:", "  millrace queue redrive list failed --json"})
    static final class ListTasks extends ServerAction {

        @Parameters(paramLabel = "NAME", description = "Name of the dead-letter queue.")
        private String name;

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final List<RedriveTask> tasks =
                    server.queues().redrives(server.lookUp(name).queueId());
            for (final RedriveTask task : tasks) {
                output.print(text(task, server), json -> {
                    json.writeStringField("queue", name);
                    json.writeNumberField("taskId", task.taskId());
                    json.writeStringField("status", CodeConverter.format(task.status()));
                    json.writeNumberField("destinationQueueId", task.destinationQueueId());
                    json.writeNumberField("startedTimeNs", task.startedTimeNs());
                    json.writeNumberField("moved", task.movedCount());
                    json.writeNumberField("toMove", task.toMoveCount());
                    json.writeNumberField("messagesPerSecond", task.messagesPerSecond());
                });
            }
            if (tasks.isEmpty()) {
                output.printText("Queue " + name + " has no redrive task.");
            }
        }

        private static String text(final RedriveTask task, final ServerConnection server) {
            return task.taskId() + " " + CodeConverter.format(task.status()) + " moved=" + task.movedCount() + " of="
                    + task.toMoveCount() + " to="
                    + (task.destinationQueueId() == 0 ? "sources" : server.nameOf(task.destinationQueueId())) + " rate="
                    + task.messagesPerSecond() + " started=" + ReceivedMessage.instant(task.startedTimeNs());
        }
    }

    /** Shows the sources of a dead-letter queue. */
    @Command(
            name = "sources",
            description = "Lists the queues that have a queue as their dead-letter queue.",
            footer = {"", "Example:", "  millrace queue redrive sources failed"})
    static final class Sources extends ServerAction {

        @Parameters(paramLabel = "NAME", description = "Name of the dead-letter queue.")
        private String name;

        @Override
        void execute(final ServerConnection server, final OutputOptions output) {
            final List<QueueName> sources =
                    server.queues().deadLetterSources(server.lookUp(name).queueId());
            QueueList.print(sources, output);
            if (sources.isEmpty()) {
                output.printText("No queue has " + name + " as its dead-letter queue.");
            }
        }
    }
}
