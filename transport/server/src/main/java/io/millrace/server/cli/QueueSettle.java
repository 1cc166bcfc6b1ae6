package io.millrace.server.cli;

import io.millrace.client.MillraceClient;
import io.millrace.codecs.Disposition;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends deliveries without acknowledging them. */
@Command(
        name = "settle",
        description = "Ends deliveries without acknowledging them: the messages are retried, released or rejected.",
        footer = {
            "",
            "Examples:",
            "  millrace queue settle orders --retry --after 30s 0000000001000000010000000000000051c96a9f2c0b77e4",
            "  millrace queue settle orders --reject 0000000001000000010000000000000051c96a9f2c0b77e4"
        })
final class QueueSettle extends ServerAction {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "HANDLE",
            converter = ReceiptText.class,
            description = "Handles as queue receive printed them.")
    private List<byte[]> handles;

    @ArgGroup(multiplicity = "1")
    private Choice choice;

    @Option(
            names = "--after",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long the messages wait. Default: the queue's back-off with --retry, else not at all.")
    private Long afterNs;

    /** What is to become of the messages. */
    private static final class Choice {
        @Option(names = "--retry", description = "They could not be processed, and are delivered again.")
        private boolean retry;

        @Option(names = "--release", description = "They are given back, which is no failure.")
        private boolean release;

        @Option(names = "--reject", description = "They go straight to the dead-letter queue.")
        private boolean reject;

        private Disposition disposition() {
            if (retry) {
                return Disposition.RETRY;
            }
            return release ? Disposition.RELEASE : Disposition.REJECT;
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final Disposition disposition = choice.disposition();
        server.settle(
                server.lookUp(name).queueId(),
                handles,
                disposition,
                afterNs == null ? MillraceClient.QUEUE_DEFAULT : afterNs);
        final String done = done(disposition);
        output.print(
                handles.size() == 1 ? "The message is " + done + "." : handles.size() + " messages are " + done + ".",
                json -> {
                    json.writeStringField("queue", name);
                    json.writeStringField("disposition", CodeConverter.format(disposition));
                    json.writeNumberField("settled", handles.size());
                });
    }

    private static String done(final Disposition disposition) {
        return switch (disposition) {
            case RETRY -> "to be retried";
            case RELEASE -> "released";
            default -> "rejected";
        };
    }
}
