package io.millrace.server.cli;

import io.millrace.client.SendOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends messages to a queue. */
@Command(
        name = "send",
        description = "Sends a message, or each line of stdin as a message.",
        footer = {
            "",
            "Examples:",
            "  millrace queue send orders 'buy 100' --attribute symbol=BTCUSD --delay 500ms",
            "  millrace queue send trades 'sell 5' --group BTCUSD --dedup-id 4711 --attribute venue=Number:7",
            "  cat orders.txt | millrace queue send orders --stdin"
        })
final class QueueSend extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "BODY", description = "Body of the message.")
    private String body;

    @Option(names = "--stdin", description = "Sends each line of stdin instead of BODY.")
    private boolean stdin;

    @Option(
            names = "--blob",
            paramLabel = "ID",
            description = "Sends a reference to a blob that was declared before, instead of BODY.")
    private Long blobId;

    @Option(
            names = "--attribute",
            paramLabel = "NAME=[TYPE:]VALUE",
            converter = MessageAttribute.Converter.class,
            description = "Attribute of type String, or of the TYPE String, Number or Binary (VALUE in Base64), with a "
                    + "custom part as in Number.int if there is one; may be given more than once.")
    private List<MessageAttribute> attributes = new ArrayList<>();

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long before it can be delivered. Default: the queue's delay.")
    private Long delayNs;

    @Option(
            names = "--at",
            paramLabel = "INSTANT",
            converter = InstantConverter.class,
            description = "When it can be delivered first, for example 2030-01-31T08:00:00Z.")
    private Long scheduledTimeNs;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "After this it is discarded. Default: only by the queue's retention.")
    private Long timeToLiveNs;

    @Option(names = "--priority", paramLabel = "N", description = "Higher ones are delivered first. Default: 0.")
    private int priority;

    @Option(
            names = "--group",
            paramLabel = "ID",
            description = "Message group: FIFO queues need one, on others it takes its share of the turns.")
    private String groupId = "";

    @Option(
            names = "--dedup-id",
            paramLabel = "ID",
            description = "FIFO queues: a second message with this id is accepted and dropped.")
    private String deduplicationId = "";

    @Option(names = "--trace-header", paramLabel = "TEXT", description = "The system attribute AWSTraceHeader.")
    private String traceHeader = "";

    @Option(
            names = "--text",
            description = "Refuses a body that is empty or has a character that XML 1.0 does not allow.")
    private boolean text;

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
        if (priority < 0 || priority > 255) {
            throw new ParameterException(spec.commandLine(), "Option --priority must be from 0 to 255");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final Iterable<byte[]> bodies = stdin ? lines() : List.of(body(server));
        final ServerConnection.Stored stored =
                server.send(server.lookUp(name).queueId(), bodies, attributes, options());
        output.print(text(stored), json -> {
            json.writeStringField("queue", name);
            json.writeNumberField("sent", stored.count());
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

    private SendOptions options() {
        final SendOptions options = new SendOptions()
                .priority(priority)
                .groupId(groupId)
                .deduplicationId(deduplicationId)
                .traceHeader(traceHeader)
                .text(text)
                .claim(blobId != null);
        if (delayNs != null) {
            options.delayNs(delayNs);
        }
        if (scheduledTimeNs != null) {
            options.scheduledTimeNs(scheduledTimeNs);
        }
        if (timeToLiveNs != null) {
            options.timeToLiveNs(timeToLiveNs);
        }
        return options;
    }

    private static String text(final ServerConnection.Stored stored) {
        if (stored.count() == 1) {
            return "Message " + stored.firstMessageId()
                    + (stored.duplicates() == 1 ? " was sent before: the duplicate is dropped." : " is stored.");
        }
        return stored.count() - stored.duplicates() + " messages are stored"
                + (stored.duplicates() == 0 ? "." : ", " + stored.duplicates() + " duplicates are dropped.");
    }

    static Iterable<byte[]> lines() {
        final BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return () -> reader.lines()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .iterator();
    }
}
