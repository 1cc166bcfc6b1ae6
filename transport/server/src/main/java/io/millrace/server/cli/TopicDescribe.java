package io.millrace.server.cli;

import io.millrace.client.TopicInfo;
import io.millrace.codecs.QueueType;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows settings and counts of a topic. */
@Command(
        name = "describe",
        description = "Shows the settings of a topic and what was published to it.",
        footer = {"", "Example:", "  millrace topic describe trades --json"})
final class TopicDescribe extends ServerAction {

    @Parameters(paramLabel = "NAME", description = "Name of the topic.")
    private String name;

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final TopicInfo topic = server.topics().lookUp(name);
        output.print(String.join(System.lineSeparator(), lines(topic)), json -> {
            json.writeStringField("topic", topic.name());
            json.writeNumberField("topicId", topic.topicId());
            json.writeNumberField("createdTimeNs", topic.createdTimeNs());
            json.writeNumberField("changedTimeNs", topic.changedTimeNs());
            json.writeStringField("type", CodeConverter.format(topic.topicType()));
            json.writeStringField("contentDeduplication", CodeConverter.format(topic.contentDeduplication()));
            json.writeStringField("deduplicationScope", CodeConverter.format(topic.deduplicationScope()));
            json.writeNumberField("archivePeriodNs", topic.archivePeriodNs());
            json.writeNumberField("archiveBeganNs", topic.archiveBeganNs());
            json.writeNumberField("subscriptions", topic.subscriptionCount());
            json.writeNumberField("published", topic.publishedCount());
            json.writeNumberField("pending", topic.pendingCount());
        });
    }

    private static List<String> lines(final TopicInfo topic) {
        final List<String> lines = new ArrayList<>();
        add(lines, "topic", topic.name() + " (id " + topic.topicId() + ")");
        add(lines, "type", CodeConverter.format(topic.topicType()));
        add(lines, "created", ReceivedMessage.instant(topic.createdTimeNs()));
        add(lines, "changed", ReceivedMessage.instant(topic.changedTimeNs()));
        if (topic.topicType() == QueueType.FIFO) {
            add(lines, "content dedup", CodeConverter.format(topic.contentDeduplication()));
            add(lines, "dedup scope", CodeConverter.format(topic.deduplicationScope()));
            add(lines, "archive", archive(topic));
        }
        add(lines, "subscriptions", topic.subscriptionCount());
        add(lines, "published", topic.publishedCount());
        add(lines, "pending", topic.pendingCount());
        return lines;
    }

    private static String archive(final TopicInfo topic) {
        return topic.archivePeriodNs() == 0
                ? "none"
                : DurationConverter.format(topic.archivePeriodNs())
                        + (topic.archiveBeganNs() == 0
                                ? ", not begun"
                                : ", since " + ReceivedMessage.instant(topic.archiveBeganNs()));
    }

    private static void add(final List<String> lines, final String label, final Object value) {
        lines.add(String.format("%-18s  %s", label, value));
    }
}
