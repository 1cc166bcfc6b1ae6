package io.millrace.server.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes messages to a topic. */
@Command(
        name = "publish",
        description = "Publishes a message, or each line of stdin as a message, to all subscriptions of a topic.",
        footer = {
            "",
            "Examples:",
            "  millrace topic publish trades 'buy 100' --subject 'a trade' --attribute symbol=BTCUSD",
            "  millrace topic publish trades 'buy 100' --body-for session=B100",
            "  millrace topic publish orders 'sell 5' --group BTCUSD --dedup-id 4711",
            "  cat trades.txt | millrace topic publish trades --stdin"
        })
final class TopicPublish extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the topic.")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "BODY", description = "Body of the message.")
    private String body;

    @Option(names = "--stdin", description = "Publishes each line of stdin instead of BODY.")
    private boolean stdin;

    @Option(
            names = "--blob",
            paramLabel = "ID",
            description = "Publishes a reference to a blob that was declared before, instead of BODY.")
    private Long blobId;

    @Option(
            names = "--dedup-id",
            paramLabel = "ID",
            description = "FIFO topics: a second message with this id is accepted and dropped.")
    private String deduplicationId = "";

    @Mixin
    private PublishingOptions publishing;

    @Override
    void validate() {
        final int contents = (stdin ? 1 : 0) + (body != null ? 1 : 0) + (blobId != null ? 1 : 0);
        if (contents != 1) {
            throw new ParameterException(spec.commandLine(), "Give one of BODY, --stdin and --blob");
        }
        if (stdin && !deduplicationId.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "Give --dedup-id with BODY only: all lines of stdin but one would be dropped");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final Iterable<byte[]> bodies = stdin ? QueueSend.lines() : List.of(body(server));
        final ServerConnection.Stored stored = server.publish(
                server.topics().lookUp(name).topicId(),
                bodies,
                publishing.attributes(),
                publishing.options().deduplicationId(deduplicationId).claim(blobId != null));
        output.print(text(stored), json -> {
            json.writeStringField("topic", name);
            json.writeNumberField("published", stored.count());
            json.writeNumberField("duplicates", stored.duplicates());
            json.writeNumberField("firstMessageId", stored.firstMessageId());
            json.writeNumberField("lastMessageId", stored.lastMessageId());
            if (stored.lastSequenceNumber() > 0) {
                json.writeNumberField("lastSequenceNumber", stored.lastSequenceNumber());
            }
        });
    }

    private byte[] body(final ServerConnection server) {
        return blobId == null ? body.getBytes(StandardCharsets.UTF_8) : server.reference(blobId);
    }

    private static String text(final ServerConnection.Stored stored) {
        if (stored.count() == 1) {
            return "Message " + stored.firstMessageId()
                    + (stored.duplicates() == 1
                            ? " was published before: the duplicate is dropped."
                            : " is published.");
        }
        return stored.count() - stored.duplicates() + " messages are published"
                + (stored.duplicates() == 0 ? "." : ", " + stored.duplicates() + " duplicates are dropped.");
    }
}
