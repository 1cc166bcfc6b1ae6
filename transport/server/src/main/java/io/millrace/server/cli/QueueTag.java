package io.millrace.server.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Adds tags to a queue, or shows them. */
@Command(
        name = "tag",
        description = "Adds tags to a queue, or replaces their values; without a tag, shows those it has.",
        footer = {"", "Example:", "  millrace queue tag orders team=settlement stage=test"})
final class QueueTag extends QueueAction {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", description = "Tags to add.")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long queueId = server.lookUp(name).queueId();
        if (!tags.isEmpty()) {
            server.queues().tag(queueId, tags);
        }
        final Map<String, String> all = server.queues().tags(queueId);
        all.forEach((key, value) -> output.print(key + "=" + value, json -> {
            json.writeStringField("queue", name);
            json.writeStringField("key", key);
            json.writeStringField("value", value);
        }));
        if (all.isEmpty()) {
            output.printText("Queue " + name + " has no tags.");
        }
    }
}
