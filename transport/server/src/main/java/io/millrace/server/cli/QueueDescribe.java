package io.millrace.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.client.QueueInfo;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.QueueType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows settings and counts of a queue. */
@Command(
        name = "describe",
        description = "Shows the settings of a queue and how many messages it holds.",
        footer = {"", "Example:", "  millrace queue describe orders --json"})
final class QueueDescribe extends ServerAction {

    @Parameters(paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final QueueInfo queue = server.lookUp(name);
        output.print(String.join(System.lineSeparator(), lines(queue, deadLetterQueue(server, queue))), json -> {
            json.writeStringField("queue", queue.name());
            json.writeNumberField("queueId", queue.queueId());
            json.writeNumberField("createdTimeNs", queue.createdTimeNs());
            json.writeNumberField("changedTimeNs", queue.changedTimeNs());
            writeSettings(queue, json);
            json.writeNumberField("available", queue.availableCount());
            json.writeNumberField("delayed", queue.delayedCount());
            json.writeNumberField("inFlight", queue.inFlightCount());
            json.writeNumberField("reclaiming", queue.reclaimingCount());
            json.writeNumberField("oldestTimeNs", queue.oldestTimeNs());
        });
    }

    /** Its name and when it comes into play; null if there is none. */
    private static String deadLetterQueue(final ServerConnection server, final QueueInfo queue) {
        if (queue.deadLetterQueueId() == 0) {
            return null;
        }
        return server.nameOf(queue.deadLetterQueueId()) + " after " + queue.maxReceiveCount() + " receives";
    }

    private static List<String> lines(final QueueInfo queue, final String deadLetterQueue) {
        final List<String> lines = new ArrayList<>();
        add(lines, "queue", queue.name() + " (id " + queue.queueId() + ")");
        add(lines, "type", CodeConverter.format(queue.queueType()));
        add(lines, "created", ReceivedMessage.instant(queue.createdTimeNs()));
        add(lines, "changed", ReceivedMessage.instant(queue.changedTimeNs()));
        add(lines, "visibility timeout", DurationConverter.format(queue.visibilityTimeoutNs()));
        add(lines, "delay", DurationConverter.format(queue.delayNs()));
        add(lines, "receive wait", DurationConverter.format(queue.receiveWaitNs()));
        add(lines, "retention", DurationConverter.format(queue.retentionNs()));
        add(lines, "largest message", queue.maxMessageBytes() + " bytes");
        if (queue.queueType() == QueueType.FIFO) {
            add(lines, "content dedup", CodeConverter.format(queue.contentDeduplication()));
            add(lines, "dedup scope", CodeConverter.format(queue.deduplicationScope()));
            add(lines, "throughput scope", CodeConverter.format(queue.throughputScope()));
        } else {
            add(lines, "priorities", queue.priorities());
        }
        add(lines, "dead-letter queue", deadLetterQueue == null ? "none" : deadLetterQueue);
        add(
                lines,
                "redrive permission",
                CodeConverter.format(queue.redrivePermission())
                        + (queue.redriveSources().isEmpty() ? "" : " " + queue.redriveSources()));
        add(lines, "back-off", backoff(queue));
        add(lines, "depth alarm", queue.highDepth() == 0 ? "none" : queue.highDepth() + " to " + queue.lowDepth());
        add(lines, "age alarm", ageAlarm(queue));
        add(lines, "available", queue.availableCount());
        add(lines, "delayed", queue.delayedCount());
        add(lines, "in flight", queue.inFlightCount());
        add(lines, "being reclaimed", queue.reclaimingCount());
        add(
                lines,
                "oldest message",
                queue.oldestTimeNs() == 0 ? "none" : ReceivedMessage.instant(queue.oldestTimeNs()));
        return lines;
    }

    private static void add(final List<String> lines, final String label, final Object value) {
        lines.add(String.format("%-18s  %s", label, value));
    }

    private static String backoff(final QueueInfo queue) {
        return queue.backoff() == Backoff.NONE
                ? "none"
                : CodeConverter.format(queue.backoff()) + " of " + DurationConverter.format(queue.backoffDelayNs())
                        + ", at most " + DurationConverter.format(queue.backoffMaxNs());
    }

    private static String ageAlarm(final QueueInfo queue) {
        return queue.highAgeNs() == 0
                ? "none"
                : DurationConverter.format(queue.highAgeNs()) + " to " + DurationConverter.format(queue.lowAgeNs());
    }

    private static void writeSettings(final QueueInfo queue, final JsonGenerator json) throws IOException {
        json.writeStringField("type", CodeConverter.format(queue.queueType()));
        json.writeNumberField("visibilityTimeoutNs", queue.visibilityTimeoutNs());
        json.writeNumberField("delayNs", queue.delayNs());
        json.writeNumberField("receiveWaitNs", queue.receiveWaitNs());
        json.writeNumberField("retentionNs", queue.retentionNs());
        json.writeNumberField("maxMessageBytes", queue.maxMessageBytes());
        json.writeStringField("contentDeduplication", CodeConverter.format(queue.contentDeduplication()));
        json.writeStringField("deduplicationScope", CodeConverter.format(queue.deduplicationScope()));
        json.writeStringField("throughputScope", CodeConverter.format(queue.throughputScope()));
        json.writeNumberField("deadLetterQueueId", queue.deadLetterQueueId());
        json.writeNumberField("maxReceiveCount", queue.maxReceiveCount());
        json.writeStringField("redrivePermission", CodeConverter.format(queue.redrivePermission()));
        json.writeArrayFieldStart("redriveSources");
        for (final long source : queue.redriveSources()) {
            json.writeNumber(source);
        }
        json.writeEndArray();
        json.writeStringField("backoff", CodeConverter.format(queue.backoff()));
        json.writeNumberField("backoffDelayNs", queue.backoffDelayNs());
        json.writeNumberField("backoffMaxNs", queue.backoffMaxNs());
        json.writeNumberField("priorities", queue.priorities());
        json.writeNumberField("highDepth", queue.highDepth());
        json.writeNumberField("lowDepth", queue.lowDepth());
        json.writeNumberField("highAgeNs", queue.highAgeNs());
        json.writeNumberField("lowAgeNs", queue.lowAgeNs());
    }
}
