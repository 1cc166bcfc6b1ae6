package io.millrace.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.client.BlobReference;
import io.millrace.client.Delivery;
import java.io.IOException;
import java.time.Instant;
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
        long deadLetterSourceId,
        int receiveCount,
        int failedCount,
        int priority,
        boolean isRedelivered,
        boolean isReplayed,
        String groupId,
        String deduplicationId,
        String traceHeader,
        List<MessageAttribute> attributes,
        byte[] body,
        BlobReference blob) {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    static ReceivedMessage of(final Delivery delivery) {
        final UnsafeBuffer handle = new UnsafeBuffer(new byte[ReceiptText.BYTES]);
        delivery.copyReceiptTo(handle, 0);
        return new ReceivedMessage(
                handle.byteArray(),
                delivery.messageId(),
                delivery.sequenceNumber(),
                delivery.sentTimeNs(),
                delivery.firstReceivedTimeNs(),
                delivery.deadLetterSourceId(),
                delivery.receiveCount(),
                delivery.failedCount(),
                delivery.priority(),
                delivery.isRedelivered(),
                delivery.isReplayed(),
                delivery.groupId(),
                deduplicationId(delivery),
                delivery.traceHeader(),
                MessageAttribute.all(delivery.attributes()),
                bytes(delivery.buffer(), delivery.offset(), delivery.length()),
                delivery.isClaim() ? BlobReference.decode(delivery.buffer(), delivery.offset()) : null);
    }

    /** A message that came from another queue has its own id as its deduplication id here. */
    private static String deduplicationId(final Delivery delivery) {
        return delivery.isMoved() && delivery.deduplicationIdLength() > 0
                ? Long.toString(delivery.messageId())
                : delivery.deduplicationId();
    }

    private static byte[] bytes(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    /** One line for people: what a message is, and its handle for {@code queue ack}. */
    String text() {
        return ReceiptText.format(handle) + " " + line();
    }

    /** The same without the handle. */
    String line() {
        final StringBuilder line = new StringBuilder("message=").append(messageId);
        line.append(" sequence=").append(sequenceNumber);
        line.append(" sent=").append(instant(sentTimeNs));
        line.append(" receives=").append(receiveCount);
        line.append(failedCount > 0 ? " failures=" + failedCount : "");
        line.append(isRedelivered ? " redelivered" : "");
        line.append(isReplayed ? " replayed" : "");
        line.append(priority > 0 ? " priority=" + priority : "");
        line.append(groupId.isEmpty() ? "" : " group=" + groupId);
        for (final MessageAttribute attribute : attributes) {
            line.append(' ').append(attribute.text());
        }
        return blob == null
                ? line.append(" body=").append(TextSink.readable(body)).toString()
                : line.append(" blob=").append(blob.blobId()).toString();
    }

    void writeTo(final JsonGenerator json) throws IOException {
        json.writeStringField("handle", ReceiptText.format(handle));
        json.writeNumberField("messageId", messageId);
        json.writeNumberField("sequenceNumber", sequenceNumber);
        json.writeNumberField("sentTimeNs", sentTimeNs);
        json.writeNumberField("firstReceivedTimeNs", firstReceivedTimeNs);
        json.writeNumberField("receiveCount", receiveCount);
        json.writeBooleanField("redelivered", isRedelivered);
        json.writeBooleanField("replayed", isReplayed);
        json.writeNumberField("failedCount", failedCount);
        json.writeNumberField("priority", priority);
        json.writeNumberField("deadLetterSourceId", deadLetterSourceId);
        json.writeStringField("groupId", groupId);
        json.writeStringField("deduplicationId", deduplicationId);
        json.writeStringField("traceHeader", traceHeader);
        PayloadFields.write(attributes, body, true, json);
        if (blob != null) {
            json.writeObjectFieldStart("blob");
            BlobList.write(blob, json);
            json.writeEndObject();
        }
    }

    static Instant instant(final long timeNs) {
        return Instant.ofEpochSecond(Math.floorDiv(timeNs, NANOS_PER_SECOND), Math.floorMod(timeNs, NANOS_PER_SECOND));
    }
}
