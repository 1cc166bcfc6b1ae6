package io.millrace.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/** A copy of one record of a shard, to be printed. */
record PrintedRecord(long shardId, long sequenceNumber, long arrivalTimeNs, String key, byte[] data) {

    static PrintedRecord of(
            final long shardId,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        final byte[] key = new byte[keyLength];
        final byte[] data = new byte[dataLength];
        buffer.getBytes(keyOffset, key);
        buffer.getBytes(dataOffset, data);
        return new PrintedRecord(shardId, sequenceNumber, arrivalTimeNs, new String(key, StandardCharsets.UTF_8), data);
    }

    void print(final OutputOptions output) {
        output.print(line(), this::writeTo);
    }

    private String line() {
        return "shard=" + shardId + " sequence=" + sequenceNumber + " arrived=" + ReceivedMessage.instant(arrivalTimeNs)
                + " key=" + TextSink.readable(key.getBytes(StandardCharsets.UTF_8)) + " data="
                + TextSink.readable(data);
    }

    private void writeTo(final JsonGenerator json) throws IOException {
        json.writeNumberField("shardId", shardId);
        json.writeNumberField("sequenceNumber", sequenceNumber);
        json.writeNumberField("arrivalTimeNs", arrivalTimeNs);
        json.writeStringField("key", key);
        JsonLines.writeBytes(json, "data", data);
    }
}
