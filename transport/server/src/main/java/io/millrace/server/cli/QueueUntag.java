package io.millrace.server.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes tags of a queue. */
@Command(
        name = "untag",
        description = "Removes tags of a queue; keys that it does not have are none.",
        footer = {"", "Example:", "  millrace queue untag orders stage"})
final class QueueUntag extends QueueAction {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY", description = "Keys of the tags.")
    private List<String> keys;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long queueId = server.lookUp(name).queueId();
        server.queues().untag(queueId, keys);
        final int left = server.queues().tags(queueId).size();
        output.print("Queue " + name + " has " + (left == 1 ? "1 tag" : left + " tags") + " now.", json -> {
            json.writeStringField("queue", name);
            json.writeNumberField("tags", left);
        });
    }
}
