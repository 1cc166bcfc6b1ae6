package io.millrace.kernel;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** N1: what a queue gets of a publication unless it gets it raw. */
final class ModelEnvelope {

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Map<Integer, String> TYPES = Map.of(1, "String", 2, "Number", 3, "Binary");
    private static final Map<Character, String> SHORT =
            Map.of('"', "\\\"", '\\', "\\\\", '\b', "\\b", '\f', "\\f", '\n', "\\n", '\r', "\\r", '\t', "\\t");

    private ModelEnvelope() {}

    /**
     * The envelope, null if something that would have to stand in it is no text.
     *
     * @param publication whose message is in the entry.
     * @param deduplicationId that stands for the whole message, empty if the topic has none.
     */
    static Payload of(
            final ModelTopicState.Topic topic,
            final ModelTopicState.Publication publication,
            final Command.Published entry,
            final String deduplicationId) {
        final Payload payload = entry.payload();
        final boolean isText = Utf8.isWellFormed(payload.body())
                && payload.attributes().stream().allMatch(ModelEnvelope::isText);
        if (!isText) {
            return null;
        }
        final StringJoiner json = new StringJoiner(",", "{", "}");
        json.add(member("Type", "Notification"));
        json.add(member("MessageId", Long.toString(publication.messageId)));
        if (topic.isFifo()) {
            json.add(member("SequenceNumber", Long.toString(publication.sequence)));
        }
        json.add(member("TopicArn", topic.name));
        if (!entry.subject().isEmpty()) {
            json.add(member("Subject", entry.subject()));
        }
        json.add(member("Message", payload.body()));
        json.add(member("Timestamp", TIMESTAMP.format(Instant.ofEpochMilli(publication.publishedNs / 1_000_000))));
        if (publication.replayed) {
            json.add(string("Replayed") + ":true");
        }
        if (!payload.attributes().isEmpty()) {
            json.add(string("MessageAttributes") + ":" + attributes(payload.attributes()));
        }
        return new Payload(List.of(), json.toString(), payload.groupId(), deduplicationId, payload.traceHeader());
    }

    private static boolean isText(final Payload.Attribute attribute) {
        return Utf8.isWellFormed(attribute.customType())
                && (attribute.type() == 3 || Utf8.isWellFormed(attribute.value()));
    }

    private static String attributes(final List<Payload.Attribute> attributes) {
        final StringJoiner json = new StringJoiner(",", "{", "}");
        for (final Payload.Attribute attribute : attributes) {
            final String type = TYPES.get(attribute.type())
                    + (attribute.customType().isEmpty() ? "" : "." + attribute.customType());
            final String value = attribute.type() == 3
                    ? new String(
                            Base64.getEncoder().encode(Payload.raw(attribute.value())), StandardCharsets.ISO_8859_1)
                    : attribute.value();
            json.add(string(attribute.name()) + ":{" + member("Type", type) + "," + member("Value", value) + "}");
        }
        return json.toString();
    }

    private static String member(final String name, final String value) {
        return string(name) + ":" + string(value);
    }

    private static String string(final String chars) {
        final StringBuilder json = new StringBuilder("\"");
        for (final char c : chars.toCharArray()) {
            if (SHORT.containsKey(c)) {
                json.append(SHORT.get(c));
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
