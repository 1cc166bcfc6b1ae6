package io.millrace.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.client.SqsDigests;
import java.io.IOException;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** What was sent in a message, for machines: attributes and body, and the MD5 digests of both as SQS makes them. */
final class PayloadFields {

    private PayloadFields() {}

    /**
     * Writes the fields.
     *
     * @param attributes of the message, or those that were asked for.
     * @param body       of the message.
     * @param isComplete whether nothing is cut off: only then are there digests.
     * @param json       generator inside an object.
     * @throws IOException never for the writers used here.
     */
    static void write(
            final List<MessageAttribute> attributes,
            final byte[] body,
            final boolean isComplete,
            final JsonGenerator json)
            throws IOException {
        MessageAttribute.writeAll(attributes, json);
        JsonLines.writeBytes(json, "body", body);
        if (isComplete) {
            json.writeStringField("bodyMD5", SqsDigests.ofBody(new UnsafeBuffer(body), 0, body.length));
            if (!attributes.isEmpty()) {
                json.writeStringField(
                        "attributesMD5",
                        SqsDigests.ofAttributes(attributes.stream()
                                .map(one ->
                                        new SqsDigests.Attribute(one.name(), one.type(), one.customType(), one.value()))
                                .toList()));
            }
        }
    }
}
