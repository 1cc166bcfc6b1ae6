package io.millrace.server.cli;

import io.millrace.client.PublishOptions;
import io.millrace.codecs.SubscriberProtocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Option;

/** What messages are published with, besides their bodies and deduplication ids, as options. */
final class PublishingOptions {

    @Option(
            names = "--attribute",
            paramLabel = "NAME=[TYPE:]VALUE",
            converter = MessageAttribute.Converter.class,
            description = "Attribute of type String, or of the TYPE String, Number or Binary (VALUE in Base64), with a "
                    + "custom part as in Number.int if there is one; may be given more than once.")
    private List<MessageAttribute> attributes = new ArrayList<>();

    @Option(
            names = "--subject",
            paramLabel = "TEXT",
            description = "Subject, shown to subscribers that get the message in an envelope.")
    private String subject = "";

    @Option(names = "--group", paramLabel = "ID", description = "Message group: FIFO topics need one.")
    private String groupId = "";

    @Option(names = "--trace-header", paramLabel = "TEXT", description = "The system attribute AWSTraceHeader.")
    private String traceHeader = "";

    @Option(
            names = "--text",
            description = "Refuses a body that is empty or has a character that XML 1.0 does not allow.")
    private boolean text;

    @Option(
            names = "--body-for",
            paramLabel = "PROTOCOL=TEXT",
            converter = CodeConverter.Protocol.class,
            description = "Body for the subscribers of a protocol, queue, session or stream, instead of the message's, "
                    + "which the others get; nobody gets the attributes then. May be given for each protocol.")
    private Map<SubscriberProtocol, String> bodies = new EnumMap<>(SubscriberProtocol.class);

    List<MessageAttribute> attributes() {
        return attributes;
    }

    PublishOptions options() {
        final PublishOptions options = new PublishOptions()
                .subject(subject)
                .groupId(groupId)
                .traceHeader(traceHeader)
                .text(text);
        bodies.forEach((protocol, body) -> {
            final byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            options.body(protocol, new UnsafeBuffer(bytes), 0, bytes.length);
        });
        return options;
    }
}
