package io.millrace.server.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Acknowledges messages. */
@Command(
        name = "ack",
        description = "Acknowledges messages, so that they do not come back.",
        footer = {"", "Example:", "  millrace queue ack orders 0000000001000000010000000000000051c96a9f2c0b77e4"})
final class QueueAck extends ServerAction {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "HANDLE",
            converter = ReceiptText.class,
            description = "Handles as queue receive printed them.")
    private List<byte[]> handles;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        server.acknowledge(server.lookUp(name).queueId(), handles);
        output.print(
                handles.size() == 1 ? "The message is acknowledged." : handles.size() + " messages are acknowledged.",
                json -> {
                    json.writeStringField("queue", name);
                    json.writeNumberField("acknowledged", handles.size());
                });
    }
}
