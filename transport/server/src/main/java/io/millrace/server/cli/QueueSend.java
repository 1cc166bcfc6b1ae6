package io.millrace.server.cli;

import io.millrace.client.SendBatch;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            "  cat orders.txt | millrace queue send orders --stdin"
        })
final class QueueSend extends QueueAction {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "BODY", description = "Body of the message.")
    private String body;

    @Option(names = "--stdin", description = "Sends each line of stdin instead of BODY.")
    private boolean stdin;

    @Option(
            names = "--attribute",
            paramLabel = "NAME=VALUE",
            description = "Attribute of type String; may be given more than once.")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long before it can be delivered. Default: the queue's delay.")
    private Long delayNs;

    @Override
    void validate() {
        if (stdin == (body != null)) {
            throw new ParameterException(
                    spec.commandLine(), stdin ? "Give BODY or --stdin, not both" : "Give BODY, or --stdin");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final Iterable<byte[]> bodies = stdin ? lines() : List.of(body.getBytes(StandardCharsets.UTF_8));
        final ServerConnection.Stored stored = server.send(
                server.lookUp(name).queueId(), bodies, attributes, delayNs == null ? SendBatch.QUEUE_DELAY : delayNs);
        output.print(text(stored), json -> {
            json.writeStringField("queue", name);
            json.writeNumberField("sent", stored.count());
            json.writeNumberField("firstMessageId", stored.firstMessageId());
            json.writeNumberField("lastMessageId", stored.lastMessageId());
        });
    }

    private static String text(final ServerConnection.Stored stored) {
        return stored.count() == 1
                ? "Message " + stored.firstMessageId() + " is stored."
                : stored.count() + " messages are stored.";
    }

    private static Iterable<byte[]> lines() {
        final BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return () -> reader.lines()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .iterator();
    }
}
