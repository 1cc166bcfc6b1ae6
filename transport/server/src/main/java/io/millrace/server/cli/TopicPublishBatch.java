package io.millrace.server.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes messages in one command, with a result for each. */
@Command(
        name = "publish-batch",
        description =
                "Publishes messages in one command. Each stands for itself: those that are right are published even "
                        + "if others are refused, and the command fails then.",
        footer = {
            "",
            "Examples:",
            "  millrace topic publish-batch trades 'buy 100' 'sell 5' 'buy 7' --attribute venue=Number:7",
            "  millrace topic publish-batch orders one two --group a --dedup-id 1 --dedup-id 2 --json"
        })
final class TopicPublishBatch extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the topic.")
    private String name;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "BODY", description = "Bodies of the messages.")
    private List<String> bodies;

    @Option(
            names = "--dedup-id",
            paramLabel = "ID",
            description = "FIFO topics: deduplication id; given once for each BODY, in their order, or not at all.")
    private List<String> deduplicationIds = new ArrayList<>();

    @Mixin
    private PublishingOptions publishing;

    @Override
    void validate() {
        if (!deduplicationIds.isEmpty() && deduplicationIds.size() != bodies.size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Give --dedup-id for each of the " + bodies.size() + " messages, not " + deduplicationIds.size());
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final List<ServerConnection.EntryResult> results = server.publishBatch(
                server.topics().lookUp(name).topicId(),
                bodies.stream()
                        .map(body -> body.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                deduplicationIds,
                publishing.attributes(),
                publishing.options());
        results.forEach(result -> print(result, output));
        final long refused =
                results.stream().filter(result -> result.refusal() != null).count();
        if (refused > 0) {
            throw new CommandFailure(refused + " of " + results.size() + " messages were refused.");
        }
    }

    private void print(final ServerConnection.EntryResult result, final OutputOptions output) {
        output.print(text(result), json -> {
            json.writeStringField("topic", name);
            json.writeNumberField("entry", result.entryIndex());
            if (result.refusal() == null) {
                json.writeNumberField("messageId", result.messageId());
                json.writeNumberField("sequenceNumber", result.sequenceNumber());
                json.writeBooleanField("duplicate", result.isDuplicate());
            } else {
                json.writeStringField("refused", result.refusal());
            }
        });
    }

    private static String text(final ServerConnection.EntryResult result) {
        final String entry = "Entry " + result.entryIndex() + ": ";
        if (result.refusal() != null) {
            return entry + result.refusal();
        }
        return entry + "message " + result.messageId()
                + (result.isDuplicate() ? " was published before: the duplicate is dropped." : " is published.");
    }
}
