package io.millrace.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.client.BrowsedMessage;
import io.millrace.codecs.MessageStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows messages without receiving them. */
@Command(
        name = "peek",
        description = "Shows the messages of a queue in the order of their arrival, and changes nothing.",
        footer = {"", "Example:", "  millrace queue peek orders --max 20 --status in-flight"})
final class QueuePeek extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many messages at most. Default: ${DEFAULT-VALUE}.")
    private long maxMessages;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            split = ",",
            converter = CodeConverter.Status.class,
            description =
                    "Only messages that are available, delayed (awaiting-retry is shown with these) or in-flight; "
                            + "may be given more than once. Default: all.")
    private List<MessageStatus> statuses = new ArrayList<>();

    @Override
    void validate() {
        if (maxMessages < 1) {
            throw new ParameterException(spec.commandLine(), "Option --max must be at least 1");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final Set<MessageStatus> wanted =
                statuses.isEmpty() ? EnumSet.allOf(MessageStatus.class) : EnumSet.copyOf(statuses);
        final Iterator<BrowsedMessage> messages =
                server.queues().browse(server.lookUp(name).queueId(), wanted);
        if (!messages.hasNext()) {
            output.printText("No such message is in queue " + name + ".");
        }
        for (long shown = 0; shown < maxMessages && messages.hasNext(); shown++) {
            final BrowsedMessage message = messages.next();
            output.print(text(message), json -> write(message, json));
        }
    }

    private static String text(final BrowsedMessage message) {
        final StringBuilder line = new StringBuilder("message=").append(message.messageId());
        line.append(" sequence=").append(message.sequenceNumber());
        line.append(" status=").append(CodeConverter.format(message.status()));
        line.append(" sent=").append(ReceivedMessage.instant(message.sentTimeNs()));
        line.append(" receives=").append(message.receiveCount());
        line.append(" failures=").append(message.failedCount());
        if (message.visibleTimeNs() != 0) {
            line.append(" visible=").append(ReceivedMessage.instant(message.visibleTimeNs()));
        }
        if (!message.groupId().isEmpty()) {
            line.append(" group=").append(message.groupId());
        }
        for (final MessageAttribute attribute : MessageAttribute.all(message.attributes())) {
            line.append(' ').append(attribute.text());
        }
        line.append(" body=").append(TextSink.readable(message.body()));
        return line.append(message.isComplete() ? "" : " (cut off)").toString();
    }

    private static void write(final BrowsedMessage message, final JsonGenerator json) throws IOException {
        json.writeNumberField("messageId", message.messageId());
        json.writeNumberField("sequenceNumber", message.sequenceNumber());
        json.writeStringField("status", CodeConverter.format(message.status()));
        json.writeNumberField("sentTimeNs", message.sentTimeNs());
        json.writeNumberField("arrivedTimeNs", message.arrivedTimeNs());
        json.writeNumberField("visibleTimeNs", message.visibleTimeNs());
        json.writeNumberField("holderSessionId", message.holderSessionId());
        json.writeNumberField("deadLetterSourceId", message.deadLetterSourceId());
        json.writeNumberField("receiveCount", message.receiveCount());
        json.writeNumberField("failedCount", message.failedCount());
        json.writeNumberField("priority", message.priority());
        json.writeStringField("groupId", message.groupId());
        json.writeStringField("deduplicationId", message.deduplicationId());
        json.writeBooleanField("complete", message.isComplete());
        json.writeNumberField("bodyLength", message.bodyLength());
        PayloadFields.write(MessageAttribute.all(message.attributes()), message.body(), message.isComplete(), json);
    }
}
