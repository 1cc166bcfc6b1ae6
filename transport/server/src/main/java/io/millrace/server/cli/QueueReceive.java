package io.millrace.server.cli;

import io.millrace.client.QueueInfo;
import io.millrace.client.ReceiveOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Receives messages from a queue. */
@Command(
        name = "receive",
        description = "Receives messages and prints each with its handle; without --ack they come back after the "
                + "visibility timeout.",
        footer = {"", "Example:", "  millrace queue receive orders --max 10 --wait 20s --ack"})
final class QueueReceive extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many messages at most. Default: ${DEFAULT-VALUE}.")
    private int maxMessages;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long to wait for a first message. Default: as the queue says.")
    private Long waitNs;

    @Option(
            names = "--visibility",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long the messages stay in flight. Default: as the queue says.")
    private Long visibilityNs;

    @Option(
            names = "--attribute-names",
            paramLabel = "NAMES",
            split = ",",
            description = "Attributes to deliver, with commas between: a name, a prefix followed by .*, or All. "
                    + "Default: all.")
    private List<String> attributeNames = new ArrayList<>();

    @Option(
            names = "--attempt-id",
            paramLabel = "ID",
            description = "FIFO queues: a receive with the same id within five minutes returns the same messages.")
    private String attemptId = "";

    @Option(names = "--ack", description = "Acknowledges what was printed.")
    private boolean acknowledge;

    @Override
    void validate() {
        if (maxMessages < 1 || maxMessages > Character.MAX_VALUE) {
            throw new ParameterException(
                    spec.commandLine(), "Option --max must be from 1 to " + (int) Character.MAX_VALUE);
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final QueueInfo queue = server.lookUp(name);
        final List<byte[]> handles = new ArrayList<>();
        server.receive(queue, maxMessages, options(), patienceNs(queue), message -> {
            output.print(message.text(), message::writeTo);
            handles.add(message.handle());
        });
        if (handles.isEmpty()) {
            output.printText("No message is available.");
        }
        if (acknowledge) {
            server.acknowledge(queue.queueId(), handles);
        }
    }

    private ReceiveOptions options() {
        final ReceiveOptions options = new ReceiveOptions().attemptId(attemptId);
        if (waitNs != null) {
            options.waitNs(waitNs);
        }
        if (visibilityNs != null) {
            options.visibilityNs(visibilityNs);
        }
        attributeNames.forEach(options::attributeName);
        return options;
    }

    private long patienceNs(final QueueInfo queue) {
        return waitNs == null ? queue.receiveWaitNs() : waitNs;
    }
}
