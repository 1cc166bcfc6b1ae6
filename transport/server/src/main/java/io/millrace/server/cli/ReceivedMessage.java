package io.millrace.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.client.Attributes;
import io.millrace.client.Delivery;
import io.millrace.codecs.AttributeType;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A copy of one delivery, to be printed. */
record ReceivedMessage(
        byte[] handle,
        long messageId,
        long sequenceNumber,
        long sentTimeNs,
        long firstReceivedTimeNs,
        int receiveCount,
        boolean isRedelivered,
        List<Attribute> attributes,
        byte[] body) {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** One attribute. */
    record Attribute(String name, AttributeType type, byte[] value) {}

    static ReceivedMessage of(final Delivery delivery) {
        final UnsafeBuffer handle = new UnsafeBuffer(new byte[ReceiptText.BYTES]);
        delivery.copyReceiptTo(handle, 0);
        final List<Attribute> attributes = new ArrayList<>();
        final Attributes source = delivery.attributes();
        while (source.next()) {
            attributes.add(new Attribute(
                    source.name(), source.type(), bytes(source.buffer(), source.valueOffset(), source.valueLength())));
        }
        return new ReceivedMessage(
                handle.byteArray(),
                delivery.messageId(),
                delivery.sequenceNumber(),
                delivery.sentTimeNs(),
                delivery.firstReceivedTimeNs(),
                delivery.receiveCount(),
                delivery.isRedelivered(),
                attributes,
                bytes(delivery.buffer(), delivery.offset(), delivery.length()));
    }

    private static byte[] bytes(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    /** One line for people: what a message is, and its handle for {@code queue ack}. */
    String text() {
        final StringBuilder line = new StringBuilder(ReceiptText.format(handle));
        line.append(" message=").append(messageId);
        line.append(" sequence=").append(sequenceNumber);
        line.append(" sent=").append(instant(sentTimeNs));
        line.append(" receives=").append(receiveCount);
        line.append(isRedelivered ? " redelivered" : "");
        for (final Attribute attribute : attributes) {
            line.append(' ').append(attribute.name()).append('=').append(TextSink.readable(attribute.value()));
        }
        return line.append(" body=").append(TextSink.readable(body)).toString();
    }

    void writeTo(final JsonGenerator json) throws IOException {
        json.writeStringField("handle", ReceiptText.format(handle));
        json.writeNumberField("messageId", messageId);
        json.writeNumberField("sequenceNumber", sequenceNumber);
        json.writeNumberField("sentTimeNs", sentTimeNs);
        json.writeNumberField("firstReceivedTimeNs", firstReceivedTimeNs);
        json.writeNumberField("receiveCount", receiveCount);
        json.writeBooleanField("redelivered", isRedelivered);
        json.writeArrayFieldStart("attributes");
        for (final Attribute attribute : attributes) {
            json.writeStartObject();
            json.writeStringField("name", attribute.name());
            json.writeStringField("type", attribute.type().name());
            JsonLines.writeBytes(json, "value", attribute.value());
            json.writeEndObject();
        }
        json.writeEndArray();
        JsonLines.writeBytes(json, "body", body);
    }

    static Instant instant(final long timeNs) {
        return Instant.ofEpochSecond(Math.floorDiv(timeNs, NANOS_PER_SECOND), Math.floorMod(timeNs, NANOS_PER_SECOND));
    }
}
